//! A label, a control, a hint and an error that belong together. Controls are uncontrolled: the server writes the value, the
//! browser keeps what is typed, and nothing is written back while a person types.

use leptos::either::Either;
use leptos::prelude::*;

use super::form::{FormState, field_id};
use crate::error::field_text;
use crate::i18n::use_texts;

/// What is typed into a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FieldKind {
    #[default]
    Text,
    Email,
    Password,
    /// A new password, which the browser may suggest.
    NewPassword,
    Telephone,
    Url,
    /// A decimal number, typed with comma or point.
    Decimal,
    /// A date as Norwegians type it, `01.12.2026`.
    Date,
    /// A code: monospaced, never corrected.
    Code,
}

impl FieldKind {
    fn input_type(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Password | Self::NewPassword => "password",
            Self::Telephone => "tel",
            Self::Url => "url",
            Self::Text | Self::Decimal | Self::Date | Self::Code => "text",
        }
    }

    fn input_mode(self) -> Option<&'static str> {
        match self {
            Self::Decimal => Some("decimal"),
            Self::Date => Some("numeric"),
            _ => None,
        }
    }

    fn autocomplete(self) -> Option<&'static str> {
        match self {
            Self::Email => Some("username"),
            Self::Password => Some("current-password"),
            Self::NewPassword => Some("new-password"),
            Self::Decimal | Self::Date | Self::Code => Some("off"),
            Self::Text | Self::Telephone | Self::Url => None,
        }
    }

    fn class(self) -> &'static str {
        match self {
            Self::Decimal => "input num",
            Self::Date => "input date",
            Self::Code => "input code",
            _ => "input",
        }
    }
}

/// The ids and the fault that a field's parts share.
#[derive(Clone, Copy)]
struct Wiring {
    id: StoredValue<String>,
    pointer: StoredValue<String>,
    has_hint: bool,
    form: Option<FormState>,
}

impl Wiring {
    fn new(name: &str, pointer: Option<String>, has_hint: bool, form: Option<FormState>) -> Self {
        let pointer = pointer.unwrap_or_else(|| format!("/{name}"));
        Self { id: StoredValue::new(field_id(&pointer)), pointer: StoredValue::new(pointer), has_hint, form }
    }

    fn id(self) -> String {
        self.id.try_get_value().unwrap_or_default()
    }

    fn fault(self) -> Option<domain::errors::FieldError> {
        self.form.and_then(|form| self.pointer.try_with_value(|pointer| form.fault(pointer)).flatten())
    }

    fn aria_invalid(self) -> Option<&'static str> {
        self.fault().map(|_| "true")
    }

    fn described_by(self) -> Option<String> {
        let id = self.id();
        match (self.has_hint, self.fault().is_some()) {
            (true, true) => Some(format!("{id}-hint {id}-error")),
            (true, false) => Some(format!("{id}-hint")),
            (false, true) => Some(format!("{id}-error")),
            (false, false) => None,
        }
    }
}

fn typed_or_saved(form: Option<FormState>, name: &str, saved: String) -> String {
    match form {
        Some(form) => form.value_or(name, saved),
        None => saved,
    }
}

/// Label above, hint and error below.
#[component]
fn FieldFrame(
    wiring: Wiring,
    label: String,
    hint: Option<String>,
    optional: bool,
    wide: bool,
    hide_label: bool,
    children: Children,
) -> impl IntoView {
    let t = use_texts();
    let id = wiring.id();
    let hint_id = format!("{id}-hint");
    view! {
        <div class=if wide { "field wide" } else { "field" }>
            <label for=id class=hide_label.then_some("vh")>
                {label}
                {optional.then(|| view! { <span class="opt">" "{t.frame_optional()}</span> })}
            </label>
            {children()}
            {hint.map(|hint| view! { <span class="hint" id=hint_id>{hint}</span> })}
            {move || {
                wiring
                    .fault()
                    .map(|fault| {
                        view! {
                            <p class="errmsg" id=format!("{}-error", wiring.id())>
                                <super::Icon name="stop"/>
                                {field_text(t, &fault)}
                            </p>
                        }
                    })
            }}
        </div>
    }
}

/// A one-line field.
#[component]
pub fn Field(
    /// The name it is sent under.
    #[prop(into)]
    name: String,
    #[prop(into)] label: String,
    /// The value before anyone typed; what was typed into a refused form stands in its place.
    #[prop(optional, into)]
    value: String,
    #[prop(default = FieldKind::Text)] kind: FieldKind,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional)] form: Option<FormState>,
    /// Where the server says a fault of this field is, when it is not `/name`.
    #[prop(optional, into)]
    pointer: Option<String>,
    /// Says "(valgfritt)" beside the label.
    #[prop(optional)]
    optional: bool,
    /// Takes the whole width among other fields.
    #[prop(optional)]
    wide: bool,
    /// The label is only for those who do not see the table head.
    #[prop(optional)]
    hide_label: bool,
    #[prop(optional, into)] autocomplete: Option<String>,
    /// The id of a `<datalist>` with suggestions.
    #[prop(optional, into)]
    list: Option<String>,
    /// Has the focus when the page opens.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let wiring = Wiring::new(&name, pointer, hint.is_some(), form);
    let value = typed_or_saved(form, &name, value);
    let secret = matches!(kind, FieldKind::Password | FieldKind::NewPassword);
    let autocomplete = autocomplete.or(kind.autocomplete().map(str::to_owned));
    view! {
        <FieldFrame wiring label hint optional wide hide_label>
            <input
                class=kind.class()
                id=wiring.id()
                name=name
                type=kind.input_type()
                inputmode=kind.input_mode()
                autocomplete=autocomplete
                list=list
                autofocus=autofocus
                value=(!secret).then_some(value)
                aria-invalid=move || wiring.aria_invalid()
                aria-describedby=move || wiring.described_by()
            />
        </FieldFrame>
    }
}

/// A field of several lines.
#[component]
pub fn TextArea(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] value: String,
    #[prop(default = 2)] rows: u32,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional)] form: Option<FormState>,
    #[prop(optional, into)] pointer: Option<String>,
    #[prop(optional)] optional: bool,
    #[prop(default = true)] wide: bool,
) -> impl IntoView {
    let wiring = Wiring::new(&name, pointer, hint.is_some(), form);
    let value = typed_or_saved(form, &name, value);
    view! {
        <FieldFrame wiring label hint optional wide hide_label=false>
            <textarea
                class="input"
                id=wiring.id()
                name=name
                rows=rows.to_string()
                aria-invalid=move || wiring.aria_invalid()
                aria-describedby=move || wiring.described_by()
            >
                {value}
            </textarea>
        </FieldFrame>
    }
}

/// One choice of a [`Select`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectOption {
    pub value: String,
    pub text: String,
}

impl SelectOption {
    /// A choice with its words.
    pub fn new(value: impl Into<String>, text: impl Into<String>) -> Self {
        Self { value: value.into(), text: text.into() }
    }
}

/// A native list of choices.
#[component]
pub fn Select(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    /// The chosen value before anyone chose.
    #[prop(optional, into)]
    value: String,
    options: Vec<SelectOption>,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional)] form: Option<FormState>,
    #[prop(optional, into)] pointer: Option<String>,
    #[prop(optional)] optional: bool,
    #[prop(optional)] wide: bool,
    #[prop(optional)] hide_label: bool,
) -> impl IntoView {
    let wiring = Wiring::new(&name, pointer, hint.is_some(), form);
    let chosen = typed_or_saved(form, &name, value);
    let options: Vec<_> = options
        .into_iter()
        .map(|option| {
            let selected = option.value == chosen;
            view! { <option value=option.value selected=selected>{option.text}</option> }
        })
        .collect();
    view! {
        <FieldFrame wiring label hint optional wide hide_label>
            <select
                class="input"
                id=wiring.id()
                name=name
                aria-invalid=move || wiring.aria_invalid()
                aria-describedby=move || wiring.described_by()
            >
                {options}
            </select>
        </FieldFrame>
    }
}

/// A box to tick, or one of several to pick, with an explanation under its words.
#[component]
pub fn Choice(
    #[prop(into)] name: String,
    #[prop(into)] value: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional)] checked: bool,
    /// One of several with the same name.
    #[prop(optional)]
    radio: bool,
    /// Where a fault's link leads.
    #[prop(optional, into)]
    id: Option<String>,
) -> impl IntoView {
    let words = match hint {
        Some(hint) => Either::Left(view! {
            <span>
                {label}
                <span class="hint">{hint}</span>
            </span>
        }),
        None => Either::Right(view! { <span>{label}</span> }),
    };
    view! {
        <label class="choice">
            <input class="pickbox" type=if radio { "radio" } else { "checkbox" } id=id name=name value=value checked=checked/>
            {words}
        </label>
    }
}

/// A value that travels with the form unseen.
#[component]
pub fn HiddenField(#[prop(into)] name: String, #[prop(into)] value: String) -> impl IntoView {
    view! { <input type="hidden" name=name value=value/> }
}
