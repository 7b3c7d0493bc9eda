//! One order: where it stands, its lines, and all that happened to it.

mod again;
mod aside;
mod lines;
mod messages;
mod parts;
mod standing;

use domain::ids::OrderId;
use domain::keyboard::{KeyAction, KeyContext};
use domain::orders::{OrderDetail, OrderStatus, PurchaseOrderRow};
use domain::roles::Permission;
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};

use self::again::{Again, Documents, Writing};
use self::aside::{DeleteForm, Delivery, Partner, PrintButton, Sums};
use self::lines::OrderLines;
use self::messages::Messages;
use self::parts::{OrderLog, Versions};
use self::standing::{Answer, Facts, Next, Unread, sentence};
use super::history::History;
use super::presence::{Presence, Seen, use_presence};
use super::ready::ReadyAsChecked;
use super::{crumbs, edit_href, export_href, order_href};
use crate::api::order_copies::DuplicateOrder;
use crate::api::order_templates::SaveOrderTemplate;
use crate::api::orders::{DeleteOrder, RetryOrder, read_order};
use crate::components::{
    Crumb, Crumbs, FormErrors, FormState, LinkButton, LinkReceipt, Loading, PageHead, Tab, ViewTabs, on_keys,
};
use crate::i18n::{Texts, use_texts};
use crate::live::{ListRow, Live, use_live};
use crate::page_data::{PageData, suspend};
use crate::pages::lists::shown;
use crate::session::use_shell;

/// What can be done to an order on its page.
#[derive(Clone, Copy)]
struct Actions {
    retry: ServerAction<RetryOrder>,
    delete: ServerAction<DeleteOrder>,
    duplicate: ServerAction<DuplicateOrder>,
    template: ServerAction<SaveOrderTemplate>,
    writing: Writing,
}

/// The parts of the page, as tabs with addresses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Part {
    #[default]
    Lines,
    Timeline,
    Messages,
    Log,
    Versions,
}

impl Part {
    /// In the order of the tabs.
    const ALL: [Self; 5] = [Self::Lines, Self::Timeline, Self::Messages, Self::Log, Self::Versions];

    /// The part that a key shows.
    fn of_key(action: KeyAction) -> Option<Self> {
        match action {
            KeyAction::ShowLines => Some(Self::Lines),
            KeyAction::ShowTimeline => Some(Self::Timeline),
            KeyAction::ShowMessages => Some(Self::Messages),
            KeyAction::ShowLog => Some(Self::Log),
            KeyAction::ShowVersions => Some(Self::Versions),
            _ => None,
        }
    }

    /// As in the address; the first part has none.
    fn slug(self) -> &'static str {
        match self {
            Self::Lines => "",
            Self::Timeline => "tidslinje",
            Self::Messages => "meldinger",
            Self::Log => "logg",
            Self::Versions => "versjoner",
        }
    }

    fn from_slug(slug: &str) -> Self {
        Self::ALL.into_iter().find(|part| part.slug() == slug).unwrap_or_default()
    }

    fn href(self, number: &str) -> String {
        match self.slug() {
            "" => order_href(number),
            slug => format!("{}?fane={slug}", order_href(number)),
        }
    }

    fn text(self, t: Texts) -> &'static str {
        match self {
            Self::Lines => t.order_form_lines(),
            Self::Timeline => t.order_detail_history(),
            Self::Messages => t.order_detail_messages(),
            Self::Log => t.order_detail_tab_log(),
            Self::Versions => t.order_detail_versions(),
        }
    }
}

/// The page `/ordre/innkjopsordre/:nr`.
#[component]
pub fn OrderPage() -> impl IntoView {
    let params = use_params_map();
    let number = Memo::new(move |_| params.with(|params| params.get("nr").unwrap_or_default()));
    let actions = Actions {
        retry: ServerAction::new(),
        delete: ServerAction::new(),
        duplicate: ServerAction::new(),
        template: ServerAction::new(),
        writing: Writing::new(),
    };
    let changed = RwSignal::new(0_usize);
    let resets = use_live().map(Live::resets);
    let order = PageData::new(
        move || {
            (number.get(), changed.get(), actions.retry.version().get(), resets.map(|resets| resets.get()))
        },
        |(number, ..)| read_order(number),
    );
    if let Some(live) = use_live() {
        // Little is typed on this page, so what changed is shown at once, or as soon as that is done.
        live.on_event(move |event| {
            if PurchaseOrderRow::pick(&event.change).is_some_and(|row| row.number == number.get_untracked()) {
                actions.writing.when_free(move || changed.update(|count| *count += 1));
            }
        });
    }
    let opened = RwSignal::new(None);
    let seen = use_presence(opened.into());
    let navigate = use_navigate();
    on_keys(&[KeyContext::OrderPage], move |action| {
        let part = Part::of_key(action);
        if let Some(part) = part {
            navigate(&part.href(&number.get_untracked()), Default::default());
        }
        part.is_some()
    });
    view! {
        <Transition fallback=Loading>
            {move || suspend(async move {
                shown(order.await, |detail| view! { <Detail detail actions opened seen/> }.into_any())
            })}
        </Transition>
    }
}

#[component]
fn Detail(
    detail: OrderDetail,
    actions: Actions,
    opened: RwSignal<Option<OrderId>>,
    seen: Seen,
) -> impl IntoView {
    let t = use_texts();
    let order = detail.order.clone();
    let may_purchase = use_shell().user.is_some_and(|user| user.role.may(Permission::Purchase));
    let editable = may_purchase && order.status.is_editable();
    let can_export = editable && order.status == OrderStatus::Ready;
    let (edit, export, order_id) = (edit_href(&order.number), export_href(order.order_id), order.order_id);
    let facts = detail.clone();
    let deleted = order.clone();
    let (has_lines, number) = (!order.lines.is_empty(), order.number.clone());
    Effect::new(move |_| {
        // The page is read again when the order changes; who looks at it stays.
        if opened.get_untracked() != Some(order_id) {
            opened.set(Some(order_id));
        }
    });
    view! {
        <Crumbs path=crumbs(t, vec![Crumb::text(order.number.clone())])/>
        <PageHead title=sentence(t, &detail) below=move || view! { <Facts detail=facts.clone()/> }>
            <PrintButton/>
            {editable.then(|| view! { <LinkButton href=edit icon="pen">{t.order_detail_edit()}</LinkButton> })}
            {can_export.then(|| view! { <LinkButton href=export kind="p" icon="up">{t.order_detail_export()}</LinkButton> })}
        </PageHead>
        <Presence seen/>
        <LinkReceipt back=order_href(&order.number)/>
        <FormErrors form=FormState::of(actions.retry)/>
        <FormErrors form=FormState::of(actions.delete)/>
        <FormErrors form=FormState::of(actions.duplicate)/>
        {detail.has_unread.then(|| view! { <Unread number=order.number.clone() may_purchase/> })}
        <Answer detail=detail.clone() may_purchase actions/>
        <Parts detail=detail.clone()/>
        <div class="cols">
            <div class="stack" id="del">
                <Chosen detail=detail.clone() editable/>
            </div>
            <aside class="stack" aria-label=t.order_detail_about()>
                <Next detail=detail.clone() may_purchase/>
                <Sums currency=order.currency.clone() totals=detail.totals.clone() unread=detail.unread.clone() unread_head=detail.unread_head.clone()/>
                <Delivery order=order.clone() today=detail.today unread_head=detail.unread_head/>
                <Partner order supplier=detail.supplier.clone()/>
                {may_purchase
                    .then(|| view! { <Again order_id duplicate=actions.duplicate template=actions.template has_lines writing=actions.writing/> })}
                <Documents number/>
                {editable.then(|| view! { <DeleteForm order=deleted delete=actions.delete/> })}
            </aside>
        </div>
    }
}

fn use_part() -> Memo<Part> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| Part::from_slug(&query.get("fane").unwrap_or_default())))
}

/// The tabs. Each is a page of its own with an address, so that it can be sent to somebody.
#[component]
fn Parts(detail: OrderDetail) -> impl IntoView {
    let t = use_texts();
    let part = use_part();
    let (number, lines) = (detail.order.number, detail.order.lines.len());
    move || {
        let tabs = Part::ALL
            .into_iter()
            .map(|tab| Tab {
                text: tab.text(t).to_owned(),
                href: tab.href(&number),
                count: (tab == Part::Lines).then(|| i64::try_from(lines).unwrap_or(i64::MAX)),
                current: tab == part.get(),
            })
            .collect();
        view! { <ViewTabs label=t.order_detail_parts() tabs/> }
    }
}

/// The part that is looked at.
#[component]
fn Chosen(detail: OrderDetail, editable: bool) -> impl IntoView {
    let part = use_part();
    move || {
        let detail = detail.clone();
        let (number, correlation_id) = (detail.order.number.clone(), detail.order.correlation_id.to_string());
        match part.get() {
            Part::Lines => {
                let checked = detail.checked.filter(|_| editable);
                view! {
                    {checked.map(|checked| view! { <ReadyAsChecked checked/> })}
                    <OrderLines order=detail.order matches=detail.matches unread=detail.unread/>
                }
                .into_any()
            }
            Part::Timeline => view! { <History detail/> }.into_any(),
            Part::Messages => view! { <Messages detail/> }.into_any(),
            Part::Log => view! { <OrderLog number correlation_id/> }.into_any(),
            Part::Versions => view! { <Versions number/> }.into_any(),
        }
    }
}
