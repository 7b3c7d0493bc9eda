//! What a form knows: the error of its last try and the values that were typed, with and without a script.

use domain::errors::FieldError;
use leptos::html::Div;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::error::{AppError, field_text, pointer_text};
use crate::flash::{Flash, use_flash};
use crate::i18n::use_texts;

/// The state of one form, for [`FormErrors`] and the fields. Copy it freely.
#[derive(Clone, Copy)]
pub struct FormState {
    error: Signal<Option<AppError>>,
    busy: Signal<bool>,
    flash: StoredValue<Option<Flash>>,
}

impl FormState {
    /// The state of the form that posts to the action's server function.
    pub fn of<S>(action: ServerAction<S>) -> Self
    where
        S: ServerFn<Error = AppError> + Clone + Send + Sync + 'static,
        S::Output: Clone + Send + Sync + 'static,
    {
        Self::new(action, use_flash().filter(|flash| flash.path == S::PATH))
    }

    /// The same, for one of many like forms on a page: the one whose field `name` has this value.
    pub fn of_row<S>(action: ServerAction<S>, name: &str, value: &str) -> Self
    where
        S: ServerFn<Error = AppError> + Clone + Send + Sync + 'static,
        S::Output: Clone + Send + Sync + 'static,
    {
        let flash = use_flash().filter(|flash| flash.path == S::PATH && flash.value(name) == Some(value));
        Self::new(action, flash)
    }

    /// The state of a plain form that a script never takes over: it posts to the path, and a refusal comes back as a flash.
    pub fn plain(path: &str) -> Self {
        let flash = use_flash().filter(|flash| flash.path == path);
        let error = flash.as_ref().map(|flash| flash.error.clone());
        Self { error: Signal::stored(error), busy: Signal::stored(false), flash: StoredValue::new(flash) }
    }

    fn new<S>(action: ServerAction<S>, flash: Option<Flash>) -> Self
    where
        S: ServerFn<Error = AppError> + Clone + Send + Sync + 'static,
        S::Output: Clone + Send + Sync + 'static,
    {
        let value = action.value();
        let before = flash.as_ref().map(|flash| flash.error.clone());
        let error = Signal::derive(move || match value.get() {
            None => before.clone(),
            Some(Ok(_)) => None,
            Some(Err(error)) => Some(error),
        });
        Self { error, busy: action.pending().into(), flash: StoredValue::new(flash) }
    }

    /// The error of the last try. A view that is just being replaced may still ask, when its signals are gone: it hears of none.
    pub fn error(self) -> Option<AppError> {
        self.error.try_get().flatten()
    }

    /// The same form with faults from elsewhere: of what was saved although it is not right yet.
    #[must_use]
    pub fn with_error(self, error: Signal<Option<AppError>>) -> Self {
        Self { error, ..self }
    }

    /// A try is under way.
    pub fn busy(self) -> Signal<bool> {
        self.busy
    }

    /// What was typed under the name, when the form came back; otherwise `saved`.
    pub fn value_or(self, name: &str, saved: impl Into<String>) -> String {
        let typed = self
            .flash
            .with_value(|flash| flash.as_ref().and_then(|flash| flash.value(name)).map(str::to_owned));
        typed.unwrap_or_else(|| saved.into())
    }

    /// The form came back with what was typed.
    pub fn came_back(self) -> bool {
        self.flash.with_value(Option::is_some)
    }

    /// The fault at the pointer.
    pub fn fault(self, pointer: &str) -> Option<FieldError> {
        self.error.try_with(|error| error.as_ref().and_then(|error| error.at(pointer)).cloned()).flatten()
    }
}

/// The id of the field that a pointer means: `/lines/3/quantity` is `lines-3-quantity`.
pub fn field_id(pointer: &str) -> String {
    pointer.trim_start_matches('/').replace('/', "-")
}

/// A form on this page was refused: its title says so. Given by `App`.
#[derive(Clone, Copy)]
pub struct PageRefused(pub RwSignal<bool>);

/// The summary above a form: what must be fixed, each with a link to its field. Focus moves to it when it appears.
#[component]
pub fn FormErrors(form: FormState) -> impl IntoView {
    let summary = NodeRef::<Div>::new();
    let page = use_context::<PageRefused>();
    Effect::new(move |before: Option<Option<AppError>>| {
        let error = form.error();
        if let Some(PageRefused(signal)) = page {
            signal.set(error.is_some());
        }
        let is_rest = error.as_ref().is_some_and(|now| is_rest_of(now, before.flatten().as_ref()));
        // Whoever has put one fault right is writing elsewhere.
        if error.is_some()
            && !is_rest
            && let Some(element) = summary.get()
        {
            let _ = element.focus();
        }
        error
    });
    on_cleanup(move || {
        if let Some(PageRefused(signal)) = page {
            signal.try_set(false);
        }
    });
    move || form.error().map(|error| view! { <Summary error node_ref=summary/> })
}

/// Fewer faults than before, and no new one.
fn is_rest_of(now: &AppError, before: Option<&AppError>) -> bool {
    before.is_some_and(|before| {
        let (now, before) = (&now.refusal.errors, &before.refusal.errors);
        !now.is_empty() && now.len() < before.len() && now.iter().all(|fault| before.contains(fault))
    })
}

#[component]
fn Summary(error: AppError, node_ref: NodeRef<Div>) -> impl IntoView {
    let t = use_texts();
    let lines = if error.refusal.errors.is_empty() {
        vec![view! { <li>{error.text(t)}</li> }.into_any()]
    } else {
        let line = |fault: &FieldError| {
            let text = field_text(t, fault);
            let text = match pointer_text(t, &fault.pointer) {
                Some(field) => format!("{field}: {text}"),
                None => text,
            };
            view! {
                <li>
                    <a href=format!("#{}", field_id(&fault.pointer))>{text}</a>
                </li>
            }
            .into_any()
        };
        error.refusal.errors.iter().map(line).collect()
    };
    view! {
        <div class="errsum" role="group" aria-labelledby="form-errors" tabindex="-1" autofocus=true node_ref=node_ref data-test="form-errors">
            <h2 id="form-errors">{t.form_summary()}</h2>
            <ul>{lines}</ul>
            {error
                .reference
                .map(|reference| view! { <p class="muted sm">{t.form_reference(reference)}</p> })}
        </div>
    }
}
