//! What an order is good for again: a new draft, a template, and its lines as a file.

use domain::ids::OrderId;
use leptos::prelude::*;

use crate::api::order_copies::DuplicateOrder;
use crate::api::order_templates::SaveOrderTemplate;
use crate::components::{BusyButton, Field, FormErrors, FormState, HiddenField};
use crate::i18n::use_texts;
use crate::pages::orders::TEMPLATES_PATH;

/// How often it is looked whether the field was left.
const LOOK_AGAIN: std::time::Duration = std::time::Duration::from_millis(500);

/// *Dupliser*, *Lagre som mal* and *Maler*.
#[component]
pub(super) fn Again(
    order_id: OrderId,
    duplicate: ServerAction<DuplicateOrder>,
    template: ServerAction<SaveOrderTemplate>,
    /// An order without lines makes no template.
    has_lines: bool,
    writing: Writing,
) -> impl IntoView {
    let t = use_texts();
    view! {
        <section class="card no-print" aria-labelledby="h-again" data-test="again">
            <h2 id="h-again">{t.order_detail_again_title()}</h2>
            <p class="sm">{t.order_detail_again_text()}</p>
            <div class="row">
                <Duplicate order_id duplicate text=t.order_detail_duplicate()/>
            </div>
            {has_lines.then(|| view! { <SaveTemplate order_id template writing/> })}
            <p class="row"><a class="more" href=TEMPLATES_PATH>{t.templates_title()}</a></p>
        </section>
    }
}

/// A new draft with the order's lines; the browser is sent to its form.
#[component]
pub(super) fn Duplicate(
    order_id: OrderId,
    duplicate: ServerAction<DuplicateOrder>,
    text: &'static str,
) -> impl IntoView {
    let busy = FormState::of(duplicate).busy();
    view! {
        <ActionForm action=duplicate attr:data-test="duplicate">
            <HiddenField name="order_id" value=order_id.to_string()/>
            <BusyButton kind="s" busy>{text}</BusyButton>
        </ActionForm>
    }
}

/// The name that is being typed for a template. It outlives the page's being drawn anew, which waits while somebody is in the field.
#[derive(Clone, Copy)]
pub(super) struct Writing {
    name: RwSignal<Option<(OrderId, String)>>,
    /// The focus is in the form.
    is_in: RwSignal<bool>,
    /// Something changed meanwhile.
    is_waiting: RwSignal<bool>,
}

impl Writing {
    pub(super) fn new() -> Self {
        Self { name: RwSignal::new(None), is_in: RwSignal::new(false), is_waiting: RwSignal::new(false) }
    }

    /// Does it at once, or as soon as nobody is in the field: several changes are one then.
    pub(super) fn when_free(self, draw: impl Fn() + Copy + 'static) {
        if self.is_in.try_get_untracked() != Some(true) {
            draw();
        } else if self.is_waiting.try_get_untracked() == Some(false) {
            self.is_waiting.set(true);
            self.wait(draw);
        }
    }

    fn wait(self, draw: impl Fn() + Copy + 'static) {
        set_timeout(
            move || match self.is_in.try_get_untracked() {
                Some(true) => self.wait(draw),
                Some(false) => {
                    self.is_waiting.set(false);
                    draw();
                }
                // The page was left.
                None => {}
            },
            LOOK_AGAIN,
        );
    }

    /// What was typed for this order.
    fn name_of(self, order_id: OrderId) -> Option<String> {
        self.name.with_untracked(|name| {
            name.as_ref().filter(|(of, _)| *of == order_id).map(|(_, name)| name.clone())
        })
    }
}

/// Asks for the template's name; open again when the name was refused, and while one is written.
#[component]
fn SaveTemplate(
    order_id: OrderId,
    template: ServerAction<SaveOrderTemplate>,
    writing: Writing,
) -> impl IntoView {
    let t = use_texts();
    let form = FormState::of(template);
    let name = writing.name_of(order_id);
    let open = form.error().is_some() || name.is_some();
    view! {
        <details
            open=open
            data-test="save-template"
            on:input=move |event| writing.name.set(Some((order_id, event_target_value(&event))))
            on:focusin=move |_| writing.is_in.set(true)
            on:focusout=move |_| writing.is_in.set(false)
        >
            <summary>{t.templates_save()}</summary>
            <FormErrors form/>
            <ActionForm action=template attr:class="stack s">
                <HiddenField name="order_id" value=order_id.to_string()/>
                <Field
                    name="name"
                    value=name.unwrap_or_default()
                    label=t.order_detail_template_name()
                    hint=t.order_detail_template_hint().to_owned()
                    form
                    autocomplete="off"
                />
                <div class="row">
                    <BusyButton kind="s" busy=form.busy()>{t.frame_save()}</BusyButton>
                </div>
            </ActionForm>
        </details>
    }
}

/// The order's lines as files. Without `download`: the answer says that it is a file, and a refusal is shown instead of saved.
#[component]
pub(super) fn Documents(number: String) -> impl IntoView {
    let t = use_texts();
    let file = |extension: &str| format!("/filer/ned/ordre-{number}.{extension}");
    view! {
        <section class="card no-print" aria-labelledby="h-documents" data-test="documents">
            <h2 id="h-documents">{t.order_detail_documents()}</h2>
            <ul class="stack s">
                <li><a href=file("csv") rel="external">{t.order_detail_lines_file("CSV")}</a></li>
                <li><a href=file("xlsx") rel="external">{t.order_detail_lines_file("XLSX")}</a></li>
            </ul>
        </section>
    }
}
