//! *Hent fra forrige ordre* over the open form: the supplier's latest orders, and lines of one of them, which come in as one step that can
//! be undone. Without a script the button saves the order and leads to a page of its own, see `previous`.

use std::collections::BTreeSet;

use domain::errors::ErrorCode;
use domain::ids::OrderId;
use domain::orders::{CopiedLine, MAX_LINES, PurchaseOrderRow};
use leptos::html::Dialog;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::form_state::OrderFormState;
use super::previous::change_text;
use crate::api::order_copies::{lines_of_order, list_previous_orders};
use crate::components::{Alert, Cell, Column, DataTable, Row, Select, SelectOption, TitleCell, Tone};
use crate::error::AppError;
use crate::format;
use crate::i18n::{Texts, use_texts};

/// What the parts of the dialog share.
#[derive(Clone, Copy)]
struct Fetching {
    state: OrderFormState,
    /// The order of the form, once it is saved; nobody fetches from it into itself.
    own: Signal<String>,
    dialog: NodeRef<Dialog>,
    /// `None` while the server is asked.
    orders: RwSignal<Option<Vec<PurchaseOrderRow>>>,
    chosen: RwSignal<Option<OrderId>>,
    lines: RwSignal<Option<Vec<CopiedLine>>>,
    picked: RwSignal<BTreeSet<usize>>,
    fault: RwSignal<Option<AppError>>,
}

/// The dialog; closed until the button is pressed.
#[component]
pub(super) fn PreviousDialog(state: OrderFormState, #[prop(into)] order_id: Signal<String>) -> impl IntoView {
    let t = use_texts();
    let fetching = Fetching {
        state,
        own: order_id,
        dialog: NodeRef::new(),
        orders: RwSignal::new(None),
        chosen: RwSignal::new(None),
        lines: RwSignal::new(None),
        picked: RwSignal::new(BTreeSet::new()),
        fault: RwSignal::new(None),
    };
    fetching.open_with_the_button();
    view! {
        <dialog class="dialog" node_ref=fetching.dialog aria-labelledby="h-previous" data-test="previous-dialog">
            <header>
                <h2 id="h-previous">{t.previous_title()}</h2>
                <button class="btn q s" type="button" on:click=move |_| fetching.close()>{t.frame_close()}</button>
            </header>
            <div role="status">
                {move || {
                    fetching.fault.get().map(|error| view! { <Alert tone=Tone::Error title=error.text(t) text=t.paste_nothing_changed()/> })
                }}
            </div>
            {move || fetching.orders.get().map(|orders| order_choice(t, fetching, &orders))}
            {move || fetching.lines.get().map(|lines| line_choice(t, fetching, lines))}
        </dialog>
    }
}

impl Fetching {
    /// The button sends the form to a page of its own; here it opens the dialog instead.
    #[cfg(feature = "hydrate")]
    fn open_with_the_button(self) {
        use leptos::wasm_bindgen::JsCast;
        let handle = window_event_listener(leptos::ev::click, move |event| {
            let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
            let button =
                target.and_then(|target| target.closest("[data-test='previous-lines']").ok().flatten());
            if button.is_some_and(|button| button.tag_name() == "BUTTON") {
                event.prevent_default();
                self.open();
            }
        });
        on_cleanup(move || handle.remove());
    }

    #[cfg(not(feature = "hydrate"))]
    fn open_with_the_button(self) {
        // Nobody presses a button on the server.
        let _ = Self::open;
    }

    fn open(self) {
        self.orders.set(None);
        self.chosen.set(None);
        self.lines.set(None);
        self.fault.set(None);
        if let Some(dialog) = self.dialog.get_untracked()
            && !dialog.open()
        {
            let _ = dialog.show_modal();
        }
        let supplier = self.state.supplier_id.get_untracked();
        spawn_local(async move {
            match list_previous_orders(supplier).await {
                Ok(mut orders) => {
                    let own = self.own.get_untracked();
                    orders.retain(|row| row.order_id.to_string() != own);
                    let newest = orders.first().map(|row| row.order_id);
                    self.orders.set(Some(orders));
                    if let Some(newest) = newest {
                        self.choose(newest);
                    }
                }
                Err(error) => self.fault.set(Some(error)),
            }
        });
    }

    fn close(self) {
        if let Some(dialog) = self.dialog.get_untracked() {
            dialog.close();
        }
    }

    /// Asks for the lines of an order, with today's prices; all of them are ticked.
    fn choose(self, order_id: OrderId) {
        self.chosen.set(Some(order_id));
        self.lines.set(None);
        spawn_local(async move {
            let lines = lines_of_order(order_id).await;
            if self.chosen.try_get_untracked().flatten() != Some(order_id) {
                // Another one was chosen meanwhile.
                return;
            }
            match lines {
                Ok(lines) => {
                    self.picked.set((0..lines.len()).collect());
                    self.lines.set(Some(lines));
                }
                Err(error) => self.fault.set(Some(error)),
            }
        });
    }

    /// Adds the ticked lines as one step.
    fn add(self) {
        let picked = self.picked.get_untracked();
        let lines: Vec<_> = self.lines.with_untracked(|lines| {
            let lines = lines.iter().flatten().enumerate();
            lines.filter(|(place, _)| picked.contains(place)).map(|(_, copied)| copied.line.clone()).collect()
        });
        if lines.is_empty() {
            self.fault.set(Some(ErrorCode::NoLines.into()));
            return;
        }
        if self.state.typed_lines().len() + lines.len() > MAX_LINES {
            let refusal = domain::errors::Refusal::from(ErrorCode::TooManyLines).with("max", MAX_LINES);
            self.fault.set(Some(refusal.into()));
            return;
        }
        self.close();
        self.state.insert_lines(lines);
    }
}

/// Which order: a native list, the newest chosen.
fn order_choice(t: Texts, fetching: Fetching, orders: &[PurchaseOrderRow]) -> AnyView {
    if orders.is_empty() {
        let text = match fetching.state.supplier_name() {
            Some(name) => t.previous_none(name),
            None => t.previous_no_supplier().to_owned(),
        };
        return view! { <p>{text}</p> }.into_any();
    }
    let language = t.language();
    let options = orders
        .iter()
        .map(|row| {
            let text = t.previous_order(
                row.number.clone(),
                format::whole(row.line_count, language),
                super::sum_text(row, language),
                format::day_time(row.updated_at, language),
            );
            SelectOption::new(row.order_id.to_string(), text)
        })
        .collect();
    let value = orders.first().map(|row| row.order_id.to_string()).unwrap_or_default();
    let choose = move |event: leptos::ev::Event| {
        if let Ok(order_id) = event_target_value(&event).parse() {
            fetching.choose(order_id);
        }
    };
    view! {
        <div class="stack s" on:change=choose>
            <Select name="previous_order" label=t.previous_orders() value options/>
            <p class="muted sm">{t.previous_prices()}</p>
        </div>
    }
    .into_any()
}

/// Its lines, each with its box, and the button that adds them.
fn line_choice(t: Texts, fetching: Fetching, lines: Vec<CopiedLine>) -> AnyView {
    let label = |name: &str| t.label(name).unwrap_or_default();
    let columns = vec![
        Column::new(t.orders_pick()).hidden(),
        Column::new(label("article_number")).title(),
        Column::new(label("description")),
        Column::new(label("quantity")).num(),
        Column::new(label("unit_price")).num(),
    ];
    let rows: Vec<AnyView> =
        lines.into_iter().enumerate().map(|(place, copied)| line_row(t, fetching, place, copied)).collect();
    view! {
        <DataTable caption=t.orders_lines() columns>{rows}</DataTable>
        <footer class="row">
            <button class="btn p" type="button" data-test="previous-add" on:click=move |_| fetching.add()>
                {t.previous_add()}
            </button>
        </footer>
    }
    .into_any()
}

fn line_row(t: Texts, fetching: Fetching, place: usize, copied: CopiedLine) -> AnyView {
    let CopiedLine { line, change } = copied;
    let name =
        if line.article_number.is_empty() { line.description.clone() } else { line.article_number.clone() };
    let change = change.map(|change| view! { <small>{change_text(t, &change)}</small> });
    let quantity = format::typed_quantity(&line.quantity, &line.unit, t.language());
    let price = format::typed_price(t, &line.unit_price, &line.price_base_quantity);
    let tick = move |event: leptos::ev::Event| {
        let ticked = event_target_checked(&event);
        fetching.picked.update(|picked| {
            if ticked {
                picked.insert(place);
            } else {
                picked.remove(&place);
            }
        });
    };
    view! {
        <Row>
            <Cell>
                <input class="check" type="checkbox" checked aria-label=t.orders_pick_one(name) on:change=tick/>
            </Cell>
            <TitleCell text=line.article_number code=true/>
            <Cell label=t.label("description").unwrap_or_default()>{line.description}</Cell>
            <Cell class="num" label=t.label("quantity").unwrap_or_default()>{quantity}</Cell>
            <Cell class="num" label=t.label("unit_price").unwrap_or_default()>{price}" "{change}</Cell>
        </Row>
    }
    .into_any()
}
