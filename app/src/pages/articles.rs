//! *Artikler*: the own register, and the supplier's number of each article.

mod fields;

use domain::articles::{Article, ArticleRow};
use domain::contacts::ContactRow;
use domain::imports::FileKind;
use domain::paging::Page;
use domain::roles::Permission;
use domain::saved_views::ListName;
use domain::units;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::api::articles::{AddArticle, ArticleForm, EditArticle, list_articles, read_article};
use crate::components::{
    BusyButton, Cell, Column, Crumb, Crumbs, DataTable, EmptyKind, EmptyState, FormErrors, FormState,
    HiddenField, LinkButton, Loading, PageHead, Pager, Receipt, Row, SearchBar, Selection, TitleCell,
    go_to_fragment, list_keys, page_sizes,
};
use crate::format;
use crate::i18n::use_texts;
use crate::page_data::PageData;
use crate::pages::files::files_href;
use crate::pages::links::article_tabs;
use crate::pages::lists::{ListQuery, escaped, shown, use_list_query, use_receipt};
use crate::pages::saved_views::remember;
use crate::session::use_shell;
use fields::ArticleFields;

const PATH: &str = "/artikler";

fn may_write() -> bool {
    use_shell().user.is_some_and(|user| user.role.may(Permission::WriteRegisters))
}

/// The page `/artikler`.
#[component]
pub fn ArticlesPage() -> impl IntoView {
    let query = use_list_query();
    let articles = PageData::new(
        move || query.get(),
        |query| list_articles(query.search(), query.page, query.page_size()),
    );
    view! {
        <Transition fallback=Loading>
            {move || Suspend::new(async move {
                let query = query.get_untracked();
                shown(articles.await, |articles| view! { <ArticleList articles query/> }.into_any())
            })}
        </Transition>
    }
}

#[component]
fn ArticleList(articles: Page<ArticleRow>, query: ListQuery) -> impl IntoView {
    let t = use_texts();
    let Page { rows, total, page, page_size } = articles;
    let receipt = use_receipt();
    let writable = may_write();
    let columns = vec![
        Column::new(t.articles_number()).title(),
        Column::new(t.articles_name()),
        Column::new(t.articles_supplier_number()),
        Column::new(t.articles_supplier()),
        Column::new(t.articles_unit()),
        Column::new(t.articles_price()).num(),
    ];
    remember(ListName::Articles, &query, &[]);
    go_to_fragment();
    list_keys(Selection::provide());
    let sizes = page_sizes(&query, PATH);
    let search = query.search.clone();
    let files = files_href(FileKind::Articles, "", &search);
    let body = if rows.is_empty() {
        view! { <NoArticles search=search.clone() writable/> }.into_any()
    } else {
        let rows: Vec<_> = rows.into_iter().map(|row| view! { <ArticleLine row/> }).collect();
        view! {
            <DataTable caption=t.nav_articles() columns>
                {rows}
            </DataTable>
            <Pager page page_size total sizes href=move |page| query.page_href(PATH, page)/>
        }
        .into_any()
    };
    view! {
        <Crumbs path=vec![Crumb::text(t.nav_articles())]/>
        <PageHead title=t.nav_articles().to_owned() below=move || view! { <span class="muted">{t.articles_intro()}</span> }>
            <LinkButton href=files>{t.files_title()}</LinkButton>
            {writable.then(|| view! { <LinkButton href="/artikler/ny" kind="p" icon="plus" attr:data-key="N">{t.articles_new()}</LinkButton> })}
        </PageHead>
        {article_tabs(t, "artikler")}
        {move || (receipt.get() == "lagret").then(|| view! { <Receipt title=t.articles_saved()/> })}
        <section class="panel listing" aria-label=t.nav_articles()>
            <SearchBar action=PATH label=t.articles_search() placeholder=t.articles_search_hint() value=search/>
            {body}
        </section>
    }
}

#[component]
fn NoArticles(search: String, writable: bool) -> impl IntoView {
    let t = use_texts();
    if search.is_empty() {
        view! {
            <EmptyState kind=EmptyKind::NeverUsed title=t.articles_empty_title() text=t.articles_empty_text()>
                {writable.then(|| view! { <LinkButton href="/artikler/ny">{t.articles_new()}</LinkButton> })}
            </EmptyState>
        }
        .into_any()
    } else {
        view! {
            <EmptyState kind=EmptyKind::NoHits title=t.articles_no_hits(search)>
                <LinkButton href=PATH>{t.frame_remove_filter()}</LinkButton>
            </EmptyState>
        }
        .into_any()
    }
}

#[component]
fn ArticleLine(row: ArticleRow) -> impl IntoView {
    let t = use_texts();
    let language = t.language();
    let href = format!("{PATH}/{}", escaped(&row.number));
    let price = format!("{} {}", format::unit_price(row.price, language), row.currency);
    let per = (row.price_base_quantity != domain::decimal::Quantity::whole(1))
        .then(|| t.draft_price_per(format::quantity(row.price_base_quantity, language)));
    let id = format!("r-{}", escaped(&row.number));
    view! {
        <Row id>
            <TitleCell href text=row.number code=true/>
            <Cell>{row.name}</Cell>
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

/// The page `/artikler/ny`.
#[component]
pub fn NewArticlePage() -> impl IntoView {
    let form = PageData::new(|| (), |()| read_article(None));
    view! {
        <Suspense fallback=Loading>
            {move || Suspend::new(async move { shown(form.await, |form| view! { <NewArticle form/> }.into_any()) })}
        </Suspense>
    }
}

/// The page `/artikler/:nr`.
#[component]
pub fn ArticlePage() -> impl IntoView {
    let params = use_params_map();
    let number = Memo::new(move |_| params.with(|params| params.get("nr").unwrap_or_default()));
    let form = PageData::new(move || number.get(), |number| read_article(Some(number)));
    view! {
        <Transition fallback=Loading>
            {move || Suspend::new(async move {
                shown(
                    form.await,
                    |ArticleForm { article, suppliers }| match article {
                        Some(article) => view! { <ChangeArticle article suppliers/> }.into_any(),
                        None => view! { <NewArticle form=ArticleForm { article: None, suppliers }/> }.into_any(),
                    },
                )
            })}
        </Transition>
    }
}

#[component]
fn NewArticle(form: ArticleForm) -> impl IntoView {
    let t = use_texts();
    let action = ServerAction::<AddArticle>::new();
    let state = FormState::of(action);
    view! {
        <Crumbs path=vec![Crumb::link(t.nav_articles(), PATH), Crumb::text(t.articles_new())]/>
        <PageHead title=t.articles_new().to_owned()/>
        <FormErrors form=state/>
        <ActionForm action attr:class="stack" attr:data-test="article-form">
            <ArticleFields article=None suppliers=form.suppliers form=state/>
            <SaveRow form=state/>
        </ActionForm>
    }
}

#[component]
fn ChangeArticle(article: Article, suppliers: Vec<ContactRow>) -> impl IntoView {
    let t = use_texts();
    let action = ServerAction::<EditArticle>::new();
    let state = FormState::of(action);
    let numbers: Vec<_> = article
        .suppliers
        .iter()
        .map(|supplier| {
            view! {
                <div>
                    <dt>{supplier.supplier_name.clone()}</dt>
                    <dd class="code">{supplier.supplier_article_number.clone()}</dd>
                </div>
            }
        })
        .collect();
    let has_numbers = !numbers.is_empty();
    let title = format!("{} {}", article.number, article.name);
    let changed = t.articles_changed_at(format::day_time(article.updated_at, t.language()));
    view! {
        <Crumbs path=vec![Crumb::link(t.nav_articles(), PATH), Crumb::text(article.number.clone())]/>
        <PageHead title below=move || view! { <span class="muted">{changed.clone()}</span> }/>
        <FormErrors form=state/>
        {has_numbers
            .then(|| {
                view! {
                    <section class="card" aria-labelledby="h-numbers">
                        <h2 id="h-numbers">{t.articles_supplier_number()}</h2>
                        <dl class="dl">{numbers}</dl>
                    </section>
                }
            })}
        <ActionForm action attr:class="stack" attr:data-test="article-form">
            <HiddenField name="article_id" value=article.article_id.to_string()/>
            <HiddenField name="version" value=article.version.to_string()/>
            <ArticleFields article=Some(article) suppliers form=state/>
            {may_write().then(|| view! { <SaveRow form=state/> })}
        </ActionForm>
    }
}

#[component]
fn SaveRow(form: FormState) -> impl IntoView {
    let t = use_texts();
    view! {
        <div class="row">
            <BusyButton kind="p" busy=form.busy()>{t.frame_save()}</BusyButton>
            <LinkButton href=PATH kind="q">{t.frame_cancel()}</LinkButton>
        </div>
    }
}
