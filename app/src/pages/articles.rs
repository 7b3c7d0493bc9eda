//! *Artikler*: the own register, and the supplier's number of each article.

mod fields;
mod list;

use domain::articles::Article;
use domain::contacts::ContactRow;
use domain::roles::Permission;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::api::articles::{AddArticle, ArticleForm, EditArticle, read_article};
use crate::components::{
    BusyButton, Crumb, Crumbs, FormErrors, FormState, HiddenField, LinkButton, Loading, PageHead,
};
use crate::format;
use crate::i18n::use_texts;
use crate::page_data::{PageData, suspend};
use crate::pages::lists::shown;
use crate::session::use_shell;
use fields::ArticleFields;
pub use list::ArticlesPage;

const PATH: &str = "/artikler";

fn may_write() -> bool {
    use_shell().user.is_some_and(|user| user.role.may(Permission::WriteRegisters))
}

/// The page `/artikler/ny`.
#[component]
pub fn NewArticlePage() -> impl IntoView {
    let form = PageData::new(|| (), |()| read_article(None));
    view! {
        <Suspense fallback=Loading>
            {move || suspend(async move { shown(form.await, |form| view! { <NewArticle form/> }.into_any()) })}
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
            {move || suspend(async move {
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
