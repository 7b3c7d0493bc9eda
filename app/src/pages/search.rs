//! The page `/sok`: what *Søk eller kjør kommando* finds, as a page that needs no script.

use domain::palette::PaletteHits;
use leptos::prelude::*;

use crate::api::palette::palette_search;
use crate::components::{
    Command, Crumb, Crumbs, EmptyKind, EmptyState, Leads, Loading, PageHead, SearchBar, answering, found,
    local,
};
use crate::i18n::use_texts;
use crate::page_data::{PageData, suspend};
use crate::pages::lists::{shown, use_list_query};
use crate::session::use_shell;

/// The page `/sok`.
#[component]
pub fn SearchPage() -> impl IntoView {
    let query = use_list_query();
    let text = Memo::new(move |_| query.with(|query| query.search.clone()));
    let hits = PageData::new(move || text.get(), palette_search);
    view! {
        <Transition fallback=Loading>
            {move || suspend(async move {
                let text = text.get_untracked();
                shown(hits.await, |hits| view! { <Answers hits text/> }.into_any())
            })}
        </Transition>
    }
}

#[component]
fn Answers(hits: PaletteHits, text: String) -> impl IntoView {
    let t = use_texts();
    let shell = use_shell();
    let Some(user) = shell.user else { return ().into_any() };
    let mut groups = answering(local(t, user.role, shell.module_on), &text);
    groups.extend(found(t, hits, &text, user.role));
    let count = groups.iter().map(|(_, commands)| commands.len()).sum::<usize>();
    let sections: Vec<_> = groups
        .into_iter()
        .map(|(heading, commands)| {
            let links: Vec<_> = commands.into_iter().map(|command| view! { <Found command/> }).collect();
            view! {
                <section class="card">
                    <h2>{heading}</h2>
                    <ul class="stack s">{links}</ul>
                </section>
            }
        })
        .collect();
    let nothing =
        (count == 0).then(|| view! { <EmptyState kind=EmptyKind::NoHits title=t.palette_nothing()/> });
    view! {
        <Crumbs path=vec![Crumb::text(t.palette_page())]/>
        <PageHead title=t.palette_page().to_owned()/>
        <section class="panel" aria-label=t.palette_page()>
            <SearchBar action="/sok" label=t.palette_search_label() value=text/>
        </section>
        {nothing}
        <div class="half">{sections}</div>
    }
    .into_any()
}

#[component]
fn Found(command: Command) -> impl IntoView {
    let Leads::To(href) = command.leads else { return ().into_any() };
    let hint = (!command.hint.is_empty()).then(|| view! { " "<small class="muted">{command.hint}</small> });
    view! {
        <li>
            <a href=href>{command.text}</a>
            {hint}
        </li>
    }
    .into_any()
}
