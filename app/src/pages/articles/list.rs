//! The list.

use domain::articles::{ArticleRow, ArticleStatus};
use domain::ids::ContactId;
use domain::imports::FileKind;
use domain::paging::{Direction, MAX_COUNTED, Page};
use domain::saved_views::ListName;
use domain::units;
use leptos::prelude::*;
use leptos_router::components::Redirect;

use super::{PATH, may_write};
use crate::api::articles::{ArticleList, list_articles};
use crate::components::{
    Cell, ChosenFilters, Column, Crumb, Crumbs, DataTable, EmptyKind, EmptyState, FilterFields, FilterSelect,
    FilterSwitch, LinkButton, Loading, PageHead, Pager, Receipt, Row, SearchBar, Selection, Tab, Tag,
    TitleCell, Tone, ViewTabs, go_to_fragment, list_keys, page_sizes,
};
use crate::format;
use crate::i18n::{Texts, use_texts};
use crate::page_data::{PageData, suspend};
use crate::pages::files::{Downloads, files_href_of, list_file};
use crate::pages::links::article_tabs;
use crate::pages::lists::{ListQuery, escaped, shown, use_list_query, use_receipt};
use crate::pages::saved_views::{SavedViews, provide_views_changed, remember, view_tabs};

/// The sort when the address says none, and nothing is searched for.
const USUAL_SORT: &str = "nummer";
/// The view of everything; without it in the address the list may open with a saved view.
const ALL: &str = "alle";

/// The page `/artikler`.
#[component]
pub fn ArticlesPage() -> impl IntoView {
    let query = use_list_query();
    let views = provide_views_changed();
    let articles = PageData::new(
        move || (query.get(), views.get()),
        |(query, _)| list_articles(query.question(), query.page),
    );
    view! {
        <Transition fallback=Loading>
            {move || suspend(async move {
                let query = query.get_untracked();
                shown(articles.await, |list| view! { <ArticlesOf list query/> }.into_any())
            })}
        </Transition>
    }
}

#[component]
fn ArticlesOf(list: ArticleList, query: ListQuery) -> impl IntoView {
    let t = use_texts();
    if let Some(path) = list.opens_with {
        return view! { <Redirect path/> }.into_any();
    }
    let receipt = use_receipt();
    let writable = may_write();
    let all = Tab {
        text: t.articles_view_all().to_owned(),
        href: query.view_href(PATH, ALL),
        count: None,
        current: query.get("visning").is_empty(),
    };
    let tabs = view_tabs(t, PATH, vec![all], &list.views, &query);
    remember(ListName::Articles, &query, &tabs);
    go_to_fragment();
    list_keys(Selection::provide());
    let files = files_href_of(FileKind::Articles, &query.with("vis", ""));
    view! {
        <Crumbs path=vec![Crumb::text(t.nav_articles())]/>
        <PageHead title=t.nav_articles().to_owned() below=move || view! { <span class="muted">{t.articles_intro()}</span> }>
            <LinkButton href=files>{t.files_title()}</LinkButton>
            {writable.then(|| view! { <LinkButton href="/artikler/ny" kind="p" icon="plus" attr:data-key="N">{t.articles_new()}</LinkButton> })}
        </PageHead>
        {article_tabs(t, "artikler")}
        {move || (receipt.get() == "lagret").then(|| view! { <Receipt title=t.articles_saved()/> })}
        <SavedViews list=ListName::Articles path=PATH views=list.views query=query.clone()/>
        <section class="panel listing" aria-label=t.nav_articles()>
            <ViewTabs label=t.articles_views() tabs/>
            <ArticleFilters query=query.clone() suppliers=list.suppliers.clone()/>
            <ArticleChips query=query.clone() suppliers=list.suppliers/>
            <div class="row looks">
                <Downloads file=list_file::ARTICLES question=query.question()/>
            </div>
            <Articles articles=list.articles query writable/>
        </section>
    }
    .into_any()
}

fn status_text(t: Texts, status: ArticleStatus) -> &'static str {
    match status {
        ArticleStatus::Active => t.articles_status_active(),
        ArticleStatus::GoingOut => t.articles_status_going_out(),
        ArticleStatus::Discontinued => t.articles_status_discontinued(),
    }
}

#[component]
fn ArticleFilters(query: ListQuery, suppliers: Vec<(ContactId, String)>) -> impl IntoView {
    let t = use_texts();
    let suppliers = suppliers.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
    let statuses = ArticleStatus::ALL
        .iter()
        .map(|status| (status.as_str().to_owned(), status_text(t, *status).to_owned()))
        .collect();
    let (supplier, status) = (query.get("lev").to_owned(), query.get("status").to_owned());
    let (without, chosen) = (!query.get("uten").is_empty(), query.filters());
    view! {
        <SearchBar
            action=PATH
            label=t.articles_search()
            placeholder=t.articles_search_hint()
            value=query.search.clone()
            keep=query.kept()
        >
            <FilterFields chosen>
                <FilterSelect name="lev" label=t.articles_supplier() chosen=supplier options=suppliers/>
                <FilterSelect name="status" label=t.articles_status() chosen=status options=statuses/>
                <FilterSwitch name="uten" label=t.articles_without_supplier() chosen=without/>
            </FilterFields>
        </SearchBar>
    }
}

/// What is left out, in words that can be taken away.
#[component]
fn ArticleChips(query: ListQuery, suppliers: Vec<(ContactId, String)>) -> impl IntoView {
    let t = use_texts();
    let mut chips = Vec::new();
    let mut chip = |name: &'static str, text: &dyn Fn(&str) -> String| {
        let value = query.get(name);
        if !value.is_empty() {
            chips.push((text(value), query.with(name, "").href(PATH)));
        }
    };
    chip("sok", &|text| t.lists_searched(text));
    chip("lev", &|id| {
        let known = suppliers.iter().find(|(known, _)| known.to_string() == id);
        known.map_or_else(|| t.articles_unknown_supplier().to_owned(), |(_, name)| name.clone())
    });
    chip("status", &|code| {
        ArticleStatus::parse(code).map_or_else(|| code.to_owned(), |status| status_text(t, status).to_owned())
    });
    chip("uten", &|_| t.articles_without_supplier().to_owned());
    view! { <ChosenFilters chips none=query.unfiltered().href(PATH)/> }
}

#[component]
fn Articles(articles: Page<ArticleRow>, query: ListQuery, writable: bool) -> impl IntoView {
    let t = use_texts();
    let Page { rows, total, page, page_size } = articles;
    if rows.is_empty() {
        return view! { <NoArticles query writable/> }.into_any();
    }
    // What was searched for has the best hits first until a column is chosen.
    let usual = if query.search.is_empty() { USUAL_SORT } else { "" };
    let sorted = |slug: &str, first| query.sorted(PATH, slug, usual, first);
    let columns = vec![
        Column::new(t.articles_number()).title().sort(sorted("nummer", Direction::Ascending)),
        Column::new(t.articles_name()).sort(sorted("navn", Direction::Ascending)),
        Column::new(t.articles_supplier_number()),
        Column::new(t.articles_supplier()),
        Column::new(t.articles_unit()),
        Column::new(t.articles_price()).num().sort(sorted("pris", Direction::Descending)),
    ];
    let more = query.is_filtered() && total > MAX_COUNTED;
    let total = if more { MAX_COUNTED } else { total };
    let sizes = page_sizes(&query, PATH);
    let compact = query.is_compact();
    let rows: Vec<_> = rows.into_iter().map(|row| view! { <ArticleLine row/> }).collect();
    view! {
        <DataTable caption=t.nav_articles() columns compact>
            {rows}
        </DataTable>
        <Pager page page_size total more sizes href=move |page| query.page_href(PATH, page)/>
    }
    .into_any()
}

#[component]
fn NoArticles(query: ListQuery, writable: bool) -> impl IntoView {
    let t = use_texts();
    if query.is_filtered() {
        let title = match query.search() {
            Some(search) => t.articles_no_hits(search),
            None => t.articles_none_fit().to_owned(),
        };
        return view! {
            <EmptyState kind=EmptyKind::NoHits title>
                <LinkButton href=query.unfiltered().href(PATH)>{t.frame_remove_filter()}</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    view! {
        <EmptyState kind=EmptyKind::NeverUsed title=t.articles_empty_title() text=t.articles_empty_text()>
            {writable.then(|| view! { <LinkButton href="/artikler/ny">{t.articles_new()}</LinkButton> })}
        </EmptyState>
    }
    .into_any()
}

#[component]
fn ArticleLine(row: ArticleRow) -> impl IntoView {
    let t = use_texts();
    let language = t.language();
    let href = format!("{PATH}/{}", escaped(&row.number));
    let price = format::unit_price_with_currency(row.price, &row.currency, language);
    let per = (row.price_base_quantity != domain::decimal::Quantity::whole(1))
        .then(|| t.draft_price_per(format::quantity(row.price_base_quantity, language)));
    let id = format!("r-{}", escaped(&row.number));
    let status = (row.status != ArticleStatus::Active)
        .then(|| view! { " "<Tag text=status_text(t, row.status) tone=Tone::Warning/> });
    view! {
        <Row id>
            <TitleCell href text=row.number code=true/>
            <Cell>{row.name}{status}</Cell>
            <Cell label=t.articles_supplier_number()>
                {row.supplier_article_number.map(|number| view! { <span class="code">{number}</span> })}
            </Cell>
            <Cell label=t.articles_supplier()>{row.supplier_name}</Cell>
            <Cell class="lf" label=t.articles_unit()>{units::label(&row.unit, language).to_owned()}</Cell>
            <Cell class="num rt" label=t.articles_price()>
                {price}
                {per.map(|per| view! { <small>{per}</small> })}
            </Cell>
        </Row>
    }
}
