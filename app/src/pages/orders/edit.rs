//! The form that writes an order: one plain form, which a script makes quicker.

use domain::errors::{ErrorCode, Refusal};
use domain::matching::MatchLevel;
use domain::orders::{OrderInput, OrderLineInput, OrderStatus, PurchaseOrder};
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};
use leptos_router::hooks::{use_params_map, use_query_map};

use super::article_panel::ArticlePanel;
use super::autosave::Autosave;
use super::catalogue::CatalogueLine;
use super::chooser::{CameIn, ConflictChooser};
use super::copied::CopiedReceipt;
use super::form_state::{FirstLines, OrderFormState};
use super::head::Head;
use super::line_sheet::LineSheet;
use super::lines::Lines;
use super::paste_dialog::PasteDialog;
use super::presence::{Presence, use_presence};
use super::previous_dialog::PreviousDialog;
use super::ready::Ready;
use super::restore::FoundOnDevice;
use super::save_state::SaveText;
use super::sums::{Bar, Sums};
use super::typed::{FormLine, input_of, with_unit_label};
use super::{EMPTY_LINES, TEMPLATES_PATH, crumbs, order_href};
use crate::api::orders::{OrderFormPage, SaveOrder, read_order_form};
use crate::components::{
    Crumb, Crumbs, FormErrors, FormState, HiddenField, LinkButton, Loading, OrderTag, PageHead, Receipt, Tag,
    Tone, go_to_fragment,
};
use crate::error::AppError;
use crate::flash::use_flash;
use crate::i18n::{Language, Texts, use_texts};
use crate::page_data::{PageData, suspend};
use crate::pages::lists::{shown, use_back, use_receipt};
use crate::session::use_shell;

/// The page `/ordre/innkjopsordre/ny`.
#[component]
pub fn NewOrderPage() -> impl IntoView {
    view! { <FormPage number=Signal::stored(None::<String>)/> }
}

/// The page `/ordre/innkjopsordre/:nr/rediger`.
#[component]
pub fn EditOrderPage() -> impl IntoView {
    let params = use_params_map();
    view! { <FormPage number=Memo::new(move |_| params.with(|params| params.get("nr")))/> }
}

#[component]
fn FormPage(#[prop(into)] number: Signal<Option<String>>) -> impl IntoView {
    // Asked for once: a form that somebody types into is not drawn again.
    let page = PageData::new(move || number.get(), read_order_form);
    view! {
        <Transition fallback=Loading>
            {move || suspend(async move { shown(page.await, |page| view! { <OrderForm page/> }.into_any()) })}
        </Transition>
    }
}

/// What stands in the way of sending; saving alone does not ask for what is merely missing.
fn told(refusal: Option<Refusal>, checking: bool) -> Option<AppError> {
    let mut refusal = refusal?;
    if !checking {
        refusal.errors.retain(|error| !matches!(error.code, ErrorCode::Required | ErrorCode::NoLines));
    }
    (!refusal.errors.is_empty()).then(|| refusal.into())
}

/// The first lines: what was typed, and empty ones up to what the page was asked to show.
fn first_lines(page: &OrderFormPage, input: &OrderInput, language: Language, shown: usize) -> FirstLines {
    let mut lines: Vec<OrderLineInput> =
        input.lines.iter().map(|line| with_unit_label(line.clone(), language)).collect();
    let shown = shown.clamp(EMPTY_LINES, domain::orders::MAX_LINES);
    lines.resize_with(lines.len().max(shown), OrderLineInput::default);
    let saved = page.order.iter().flat_map(|order| &order.lines);
    let rates = saved.map(|line| (line.article_number.clone(), line.vat_rate)).collect();
    FirstLines { lines, matches: page.matches.clone(), rates, form_key: page.form_key }
}

/// What is shown as wrong: what stood in the way of the last check, without what has been put right since.
fn still_wrong(error: AppError, missing: Option<&Refusal>) -> Option<AppError> {
    let Some(missing) = missing else { return Some(error) };
    let mut error = error;
    error.refusal.errors.retain(|fault| {
        missing.errors.iter().any(|now| now.pointer == fault.pointer && now.code == fault.code)
    });
    (!error.refusal.errors.is_empty()).then_some(error)
}

#[component]
fn OrderForm(page: OrderFormPage) -> impl IntoView {
    let t = use_texts();
    let action = ServerAction::<SaveOrder>::new();
    let flash = use_flash().filter(|flash| flash.path == SaveOrder::PATH);
    let input = flash.as_ref().map_or_else(|| page.input.clone(), input_of);
    let query = use_query_map();
    let checking = query.with_untracked(|query| query.get("kontroll").is_some());
    let asked = query.with_untracked(|query| query.get("linjer").and_then(|shown| shown.parse().ok()));
    let receipt = use_receipt();
    let first_error = if checking || !receipt.get_untracked().is_empty() {
        told(page.refusal.clone(), checking)
    } else {
        None
    };
    let back = use_back().get_untracked().unwrap_or_default();
    let form = FormState::of(action);
    let person = use_shell().user.map(|user| user.name).unwrap_or_default();
    // A form that came back shows what was sent, of which the order that was read says nothing.
    let missing = page.refusal.clone().filter(|_| flash.is_none());
    let autosave = Autosave::new(page.order.as_ref(), &page.input, missing, person);
    let sent_to_check = move || query.with(|query| query.get("kontroll").is_some());
    // Compared, since every line asks: a save that found nothing new draws nothing again.
    let error = Memo::new(move |_| {
        let checked = || told(autosave.checked.get(), true);
        let error = form.error().or_else(checked).or_else(|| match action.value().get() {
            Some(Ok(_)) => told(autosave.missing_in_form.get(), sent_to_check()),
            Some(Err(error)) => Some(error),
            None => first_error.clone(),
        })?;
        if error.refusal.errors.is_empty() {
            return Some(error);
        }
        autosave.missing.with(|missing| still_wrong(error, missing.as_ref()))
    });
    let first = first_lines(&page, &input, t.language(), asked.unwrap_or(input.lines.len() + 1));
    let state = OrderFormState::new(first, &input, page.suppliers.clone(), form.with_error(error.into()));
    autosave.follow(state);
    follow_action(action, autosave, state);
    go_to_fragment();
    check_outside_form();
    let (order_id, version) = (autosave.order_id, autosave.version);
    let status = page.order.as_ref().map(|order| order.status);
    let seen = use_presence(Signal::derive(move || order_id.get().parse().ok()));
    let order_number = page.order.as_ref().map(|order| order.number.clone());
    let checked = page.order.as_ref().zip(page.stopped_lines).map(|(order, stopped)| Checked {
        version: order.version,
        stopped,
        by_level: page.matches.iter().flatten().filter(|matched| matched.level != MatchLevel::Exact).count(),
    });
    view! {
        <div class="contents" on:click=|event| stay_on_page(&event)>
        <Crumbs path=form_crumbs(t, page.order.as_ref())/>
        {move || {
            let title = match autosave.number.get() {
                Some(number) => t.order_form_title(number),
                None => t.nav_new_order().to_owned(),
            };
            // What has a number is begun; before that it can begin with a template's lines.
            let is_new = autosave.number.with(Option::is_none);
            view! {
                <PageHead title below=move || view! { <Below status checked state autosave/> }>
                    {is_new.then(|| view! { <LinkButton href=TEMPLATES_PATH kind="s">{t.templates_new_order()}</LinkButton> })}
                </PageHead>
            }
        }}
        {move || {
            // What was saved before says nothing about a try that was refused.
            let refused = action.value().with(|last| matches!(last, Some(Err(_))));
            (!refused && receipt.with(|receipt| receipt.starts_with("lagret")))
                .then(|| view! { <Receipt title=t.order_form_saved() text=t.order_form_saved_text()/> })
        }}
        {order_number.map(|number| view! { <CopiedReceipt number/> })}
        <FoundOnDevice state autosave/>
        <ConflictChooser state autosave/>
        <CameIn autosave/>
        <FormErrors form=state.form/>
        <ActionForm action attr:class="stack" attr:id="order-form" attr:novalidate=true attr:data-test="order-form">
            // Enter in a field presses the first button of a form; that must never be one that removes.
            <HiddenField name="back" value=back/>
            <button class="vh" type="submit" name="action" value="lagre" tabindex="-1" aria-hidden="true">{t.frame_save()}</button>
            <input type="hidden" name="order_id" prop:value=order_id value=order_id.get_untracked()/>
            <input type="hidden" name="version" prop:value=move || version.get().to_string() value=version.get_untracked().to_string()/>
            <HiddenField name="form_key" value=page.form_key.to_string()/>
            <div
                class="stack"
                on:keydown=check_by_key
                on:focusout=move |event| autosave.on_blur(&event, state)
                on:click=move |event| autosave.on_click(&event, state)
            >
                // The lines have the whole width where there is room beside the head, and stand before the sums where there is none.
                <div class="cols worksheet">
                    <Head state input suppliers=page.suppliers.clone() today=page.today is_new=page.order.is_none()>
                        <CatalogueLine state catalogues=page.catalogues.clone() now=page.now/>
                    </Head>
                    <Lines state/>
                    <aside class="stack" aria-label=t.order_form_summary()>
                        <Sums state/>
                        <Ready state autosave/>
                        <Presence seen/>
                    </aside>
                </div>
                <Bar state autosave/>
            </div>
        </ActionForm>
        <PasteDialog state/>
        <PreviousDialog state order_id/>
        // Outside the form: Enter in its fields sends nothing.
        <LineSheet state/>
        <ArticlePanel state autosave/>
        </div>
    }
}

fn form_crumbs(t: Texts, order: Option<&PurchaseOrder>) -> Vec<Crumb> {
    match order {
        None => crumbs(t, vec![Crumb::text(t.nav_new_order())]),
        Some(order) => {
            let up = Crumb::link(order.number.clone(), order_href(&order.number));
            crumbs(t, vec![up, Crumb::text(t.order_form_edit())])
        }
    }
}

/// The whole form and the saves in between are the same order: they take turns, and each knows what the other has done.
fn follow_action(action: ServerAction<SaveOrder>, autosave: Autosave, state: OrderFormState) {
    Effect::watch(
        move || action.pending().get(),
        move |pending, _, _| {
            if *pending {
                autosave.form_is_sent(state);
            } else if let Some(answer) = action.value().get_untracked() {
                autosave.form_is_answered(state, answer);
            }
        },
        false,
    );
}

/// Status of the order, how many lines would stop it all the same, and how safe what was typed is.
#[component]
fn Below(
    status: Option<OrderStatus>,
    checked: Option<Checked>,
    state: OrderFormState,
    autosave: Autosave,
) -> impl IntoView {
    let t = use_texts();
    // As the last save has made it.
    let status = Memo::new(move |_| match autosave.missing.with(|missing| missing.as_ref().map(is_whole)) {
        Some(true) => Some(OrderStatus::Ready),
        Some(false) => Some(OrderStatus::Draft),
        None => status,
    });
    let stopped = Memo::new(move |_| match status.get() {
        Some(OrderStatus::Ready) => {
            let is_as_read = state.changes.get() == 0
                && checked.is_some_and(|checked| checked.version == autosave.version.get());
            stopped_now(checked.filter(|_| is_as_read), stopped_lines(state))
        }
        _ => 0,
    });
    view! {
        {move || status.get().map(|status| view! { <OrderTag status=Signal::stored(status)/> })}
        {move || {
            let count = i64::try_from(stopped.get()).ok().filter(|count| *count > 0);
            count.map(|count| view! { <span data-test="stopped-lines"><Tag text=t.order_form_stopped(count) tone=Tone::Warning/></span> })
        }}
        <span class="muted" role="status" data-test="saved-at">
            <SaveText autosave/>
        </span>
    }
}

fn is_whole(missing: &Refusal) -> bool {
    missing.errors.is_empty()
}

/// What the check before the export said of the order as it was read.
#[derive(Clone, Copy)]
struct Checked {
    version: i64,
    stopped: usize,
    /// What the levels of the lines alone said then.
    by_level: usize,
}

/// How many lines stop the order. The check knows what the partner itself has answered about this version of the order, which goes before
/// what was read of its articles; of what has changed since, also by a decision on a line, there are the levels alone.
fn stopped_now(checked: Option<Checked>, by_level: usize) -> usize {
    checked.filter(|checked| checked.by_level == by_level).map_or(by_level, |checked| checked.stopped)
}

/// Lines that the check before the export would refuse by their levels, as far as they have been compared.
fn stopped_lines(state: OrderFormState) -> usize {
    let stops = |line: &FormLine| {
        let level = line.matched.with(|matched| matched.as_ref().map(|matched| matched.level));
        !line.is_empty.get() && level.is_some_and(|level| level != MatchLevel::Exact)
    };
    state.lines.with(|lines| lines.iter().filter(|line| stops(line)).count())
}

/// Links to places of this page are followed by hand. The address has changed under the router when the order got its number, and to it
/// they would be links to another page.
fn stay_on_page(event: &MouseEvent) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let link = target.and_then(|target| target.closest("a[href^='#']").ok().flatten());
    let Some(href) = link.and_then(|link| link.get_attribute("href")) else { return };
    let Some(place) = document().get_element_by_id(href.trim_start_matches('#')) else { return };
    event.prevent_default();
    if let Ok(Some(folded)) = place.closest("details") {
        let _ = folded.set_attribute("open", "");
    }
    if let Ok(place) = place.dyn_into::<HtmlElement>() {
        let _ = place.focus();
    }
}

/// Ctrl+Enter anywhere in the form is *Kontroller og eksporter*.
fn check_by_key(event: KeyboardEvent) {
    if event.key() != "Enter" || !(event.ctrl_key() || event.meta_key()) {
        return;
    }
    event.prevent_default();
    if let Ok(Some(button)) = document().query_selector("#order-form button[value=kontroller]")
        && let Ok(button) = button.dyn_into::<HtmlElement>()
    {
        button.click();
    }
}

/// Outside the form, as on a page that was just opened, the key means the same; in a dialog it means nothing.
#[cfg(feature = "hydrate")]
fn check_outside_form() {
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        let in_dialog = matches!(document().query_selector("dialog[open]"), Ok(Some(_)));
        if !event.default_prevented() && !in_dialog {
            check_by_key(event);
        }
    });
    on_cleanup(move || handle.remove());
}

/// On the server nobody presses anything.
#[cfg(not(feature = "hydrate"))]
fn check_outside_form() {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_check_says_of_an_order_goes_before_the_levels() {
        let checked = Some(Checked { version: 2, stopped: 0, by_level: 3 });
        assert_eq!(stopped_now(checked, 3), 0, "the partner has linked all three");
        assert_eq!(stopped_now(checked, 2), 2, "one was decided since");
        assert_eq!(stopped_now(None, 3), 3, "the order has changed since");
    }
}
