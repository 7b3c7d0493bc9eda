//! Saved views: tabs after the built-in ones, and the forms that save, name, share, copy and delete them.

use domain::ids::SavedViewId;
use domain::saved_views::{ListName, SavedView};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlElement;
use leptos_router::hooks::use_query_map;

use crate::api::lists::{ChangeView, SaveView};
use crate::components::{
    BusyButton, Choice, Field, FormErrors, FormState, HiddenField, Icon, LinkButton, Receipt, Tab,
};
use crate::error::AppError;
use crate::i18n::{Texts, use_texts};
use crate::pages::lists::{ListQuery, address, use_receipt};

/// The parameter that says which saved view is shown.
const CHOSEN: &str = "visning";
/// What the address says after a view was deleted.
const DELETED: &str = "visning-slettet";

/// The address of a view.
pub fn view_href(path: &str, view: &SavedView) -> String {
    let joint = if view.query.is_empty() { "" } else { "&" };
    format!("{path}?{}{joint}{CHOSEN}={}", view.query, view.view_id)
}

/// The list after one of its views was deleted.
pub fn deleted_href(path: &str, view: SavedViewId) -> String {
    address(path, &[("kvittering", DELETED), ("slettet", &view.to_string()), ("vis", "alle")])
}

/// The address with which the person's list opens, when nothing is asked.
pub fn opens_with(list: ListName, views: &[SavedView], question: &str, page: i64) -> Option<String> {
    let is_bare = question.is_empty() && page <= 1;
    views.iter().find(|view| is_bare && view.is_default).map(|view| view_href(list.path(), view))
}

/// The built-in views, the saved ones, and the tab that saves what is asked now.
pub fn view_tabs(
    t: Texts,
    path: &str,
    built_in: Vec<Tab>,
    views: &[SavedView],
    query: &ListQuery,
) -> Vec<Tab> {
    let chosen = query.get(CHOSEN);
    let saved = views.iter().map(|view| Tab {
        text: view.name.clone(),
        href: view_href(path, view),
        count: None,
        current: view.view_id.to_string() == chosen,
    });
    let address = query.href(path);
    let joint = if address.contains('?') { '&' } else { '?' };
    let new = Tab {
        text: t.lists_new_view().to_owned(),
        href: format!("{address}{joint}lagre=1"),
        count: None,
        current: false,
    };
    built_in.into_iter().chain(saved).chain([new]).collect()
}

/// Rises when a saved view was changed, copied or deleted: the list that shows it must ask again, also where its address stays the
/// same. The page of a list gives it by context.
#[derive(Clone, Copy)]
struct ViewsChanged(RwSignal<u64>);

/// For the source of a list's data.
pub fn provide_views_changed() -> Signal<u64> {
    let changed = RwSignal::new(0);
    provide_context(ViewsChanged(changed));
    changed.into()
}

/// Whether the address asks for something beside the list itself, such as the form of a new view.
fn use_asked(name: &'static str) -> Memo<Option<String>> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| query.get(name).filter(|value| !value.is_empty())))
}

/// The form of a new view when it was asked for, what can be done with the chosen one, and what was just deleted.
#[component]
pub fn SavedViews(
    list: ListName,
    path: &'static str,
    views: Vec<SavedView>,
    query: ListQuery,
) -> impl IntoView {
    let t = use_texts();
    let receipt = use_receipt();
    let (asks_new, deleted) = (use_asked("lagre"), use_asked("slettet"));
    let change = ServerAction::<ChangeView>::new();
    let save = ServerAction::<SaveView>::new();
    if let Some(ViewsChanged(changed)) = use_context() {
        Effect::new(move |_| {
            // What was refused stays on the page, beside what was typed.
            let is_done = |value: &Option<Result<(), AppError>>| matches!(value, Some(Ok(())));
            if change.value().with(is_done) || save.value().with(is_done) {
                changed.update(|count| *count += 1);
            }
        });
    }
    let chosen = views.into_iter().find(|view| view.view_id.to_string() == query.get(CHOSEN));
    let new_query = query.clone();
    view! {
        {move || {
            let id = deleted.get().filter(|_| receipt.get() == DELETED)?;
            Some(view! {
                <Receipt title=t.lists_view_deleted()>
                    <ActionForm action=change>
                        <ViewFields list id=id action="angre"/>
                        <button class="btn s" type="submit" data-test="undo-view">{t.frame_undo()}</button>
                    </ActionForm>
                </Receipt>
            })
        }}
        <FormErrors form=FormState::of(change)/>
        {move || asks_new.get().map(|_| view! { <NewView list path query=new_query.clone() action=save/> })}
        {move || {
            let view = chosen.clone().filter(|_| asks_new.get().is_none())?;
            Some(view! { <ChosenView list view query=query.clone() action=change/> })
        }}
    }
    .into_any()
}

#[component]
fn ViewFields(list: ListName, #[prop(into)] id: String, action: &'static str) -> impl IntoView {
    view! {
        <HiddenField name="list" value=list.as_str()/>
        <HiddenField name="view_id" value=id/>
        <HiddenField name="action" value=action/>
    }
}

#[component]
fn NewView(
    list: ListName,
    path: &'static str,
    query: ListQuery,
    action: ServerAction<SaveView>,
) -> impl IntoView {
    let t = use_texts();
    let form = FormState::of(action);
    // A page that is opened has the focus there by itself; this page was there already.
    Effect::new(|_| request_animation_frame(|| focus("[data-test=new-view] input[name=name]")));
    view! {
        <FormErrors form/>
        <ActionForm action attr:class="card" attr:data-test="new-view">
            <h2>{t.lists_save_view()}</h2>
            <p class="sm muted">{t.lists_save_view_text()}</p>
            <HiddenField name="list" value=list.as_str()/>
            <HiddenField name="question" value=query.with(CHOSEN, "").question()/>
            <div class="fields">
                <Field name="name" label=t.lists_view_name() form autofocus=true/>
            </div>
            <Choice name="shared" value="true" label=t.lists_view_shared() hint=t.lists_view_shared_hint()/>
            <Choice name="default" value="true" label=t.lists_view_default()/>
            <div class="row">
                <BusyButton kind="p" busy=form.busy()>{t.lists_save_view()}</BusyButton>
                <LinkButton href=query.href(path) kind="q">{t.frame_cancel()}</LinkButton>
            </div>
        </ActionForm>
    }
}

fn focus(selector: &str) {
    let field = document().query_selector(selector).ok().flatten();
    if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
        let _ = field.focus();
    }
}

/// What can be done with the chosen view.
#[component]
fn ChosenView(
    list: ListName,
    view: SavedView,
    query: ListQuery,
    action: ServerAction<ChangeView>,
) -> impl IntoView {
    let t = use_texts();
    let id = view.view_id.to_string();
    let question = query.with(CHOSEN, "").question();
    let is_changed = view.is_own && question != view.query;
    let (own, name) = (view.is_own, view.name.clone());
    let simple = |of: &'static str, text: &'static str, icon: Option<&'static str>| {
        let id = id.clone();
        view! {
            <ActionForm action>
                <ViewFields list id action=of/>
                <button class="btn s" type="submit" data-test=format!("view-{of}")>
                    {icon.map(|name| view! { <Icon name/> })}
                    {text}
                </button>
            </ActionForm>
        }
        .into_any()
    };
    let open = if view.is_default {
        simple("ikke-apne", t.lists_view_not_default(), Some("check"))
    } else {
        simple("apne", t.lists_view_default(), None)
    };
    let delete = own.then(|| simple("slett", t.lists_view_delete(), None));
    let save = is_changed.then(|| update(list, &view, question, action));
    let rename = own.then(|| rename(list, &view, action));
    let copied = t.lists_view_copy_of(&view.name);
    let copy = view! {
        <ActionForm action>
            <ViewFields list id=id.clone() action="kopier"/>
            <HiddenField name="name" value=copied/>
            <button class="btn s" type="submit" data-test="view-kopier">{t.lists_view_copy()}</button>
        </ActionForm>
    };
    let summary = t.lists_this_view(name);
    view! {
        <div class="row" data-test="chosen-view">
            {save}
            <details class="filters menu-of">
                <summary>{summary}</summary>
                <div class="stack">
                    {rename}
                    <div class="row">{open}{copy}{delete}</div>
                    {(!own).then(|| view! { <p class="sm muted">{t.lists_view_of_others()}</p> })}
                </div>
            </details>
        </div>
    }
}

/// The button that keeps what the list is asked for now.
fn update(list: ListName, view: &SavedView, question: String, action: ServerAction<ChangeView>) -> AnyView {
    let t = use_texts();
    let (id, name, shared) = (view.view_id.to_string(), view.name.clone(), view.is_shared);
    view! {
        <ActionForm action>
            <ViewFields list id action="endre"/>
            <HiddenField name="name" value=name/>
            <HiddenField name="question" value=question/>
            {shared.then(|| view! { <HiddenField name="shared" value="true"/> })}
            <button class="btn s p" type="submit" data-test="view-update">{t.lists_view_update()}</button>
        </ActionForm>
    }
    .into_any()
}

fn rename(list: ListName, view: &SavedView, action: ServerAction<ChangeView>) -> AnyView {
    let t = use_texts();
    let (id, name, shared) = (view.view_id.to_string(), view.name.clone(), view.is_shared);
    view! {
        <ActionForm action attr:class="stack s" attr:data-test="rename-view">
            <ViewFields list id action="endre"/>
            <Field name="name" label=t.lists_view_name() value=name/>
            <Choice name="shared" value="true" label=t.lists_view_shared() hint=t.lists_view_shared_hint() checked=shared/>
            <div class="row">
                <button class="btn s" type="submit">{t.frame_save()}</button>
            </div>
        </ActionForm>
    }
    .into_any()
}

/// A list as it was shown last in this tab: its address, and the name of its view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastShown {
    pub href: String,
    pub view: String,
}

/// Where the browser keeps it, for this tab alone.
#[cfg(feature = "hydrate")]
fn storage() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}

/// Notes what the list shows, so that its menu entry and the pages below it lead back to it.
pub fn remember(list: ListName, query: &ListQuery, tabs: &[Tab]) {
    let view = tabs.iter().find(|tab| tab.current).map(|tab| tab.text.clone()).unwrap_or_default();
    let href = query.href(list.path());
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| {
        if let Some(storage) = storage() {
            let _ = storage.set_item(list.path(), &format!("{view}\n{href}"));
        }
    });
    #[cfg(not(feature = "hydrate"))]
    let _ = (view, href);
}

/// What the list at the path showed last in this tab; nothing on the server.
pub fn last_shown(path: &str) -> Option<LastShown> {
    #[cfg(feature = "hydrate")]
    {
        let kept = storage()?.get_item(path).ok().flatten()?;
        let (view, href) = kept.split_once('\n')?;
        href.starts_with(path).then(|| LastShown { href: href.to_owned(), view: view.to_owned() })
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = path;
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(query: &str, is_default: bool) -> SavedView {
        SavedView {
            view_id: "0190a5b2-7c1e-7000-8000-000000000001".parse().unwrap(),
            name: "Mine".to_owned(),
            query: query.to_owned(),
            is_shared: false,
            is_default,
            is_own: true,
        }
    }

    #[test]
    fn a_list_opens_with_the_default_when_nothing_is_asked() {
        let list = ListName::PurchaseOrders;
        let views = [view("vis=kladder", true)];
        let href = "/ordre/innkjopsordre?vis=kladder&visning=0190a5b2-7c1e-7000-8000-000000000001";
        assert_eq!(opens_with(list, &views, "", 1).as_deref(), Some(href));
        assert_eq!(opens_with(list, &views, "vis=alle", 1), None);
        assert_eq!(opens_with(list, &views, "", 2), None);
        assert_eq!(opens_with(list, &[view("", false)], "", 1), None);
    }
}
