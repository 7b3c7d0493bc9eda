use leptos::prelude::*;
use leptos_meta::Title;

use super::{Icon, PageRefused};
use crate::flash::use_flash;
use crate::i18n::use_texts;

/// One step of the menu path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crumb {
    text: String,
    href: Option<String>,
}

impl Crumb {
    /// A step that is no page, such as *Ordre*, or the page itself as the last.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), href: None }
    }

    /// A step that is a page.
    pub fn link(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { text: text.into(), href: Some(href.into()) }
    }
}

/// The menu path. The last step is this page; the last link is the way up, which is all that a phone shows.
#[component]
pub fn Crumbs(path: Vec<Crumb>) -> impl IntoView {
    let t = use_texts();
    let last = path.len().saturating_sub(1);
    let up = path.iter().rposition(|step| step.href.is_some());
    let steps: Vec<_> = path
        .into_iter()
        .enumerate()
        .map(|(at, step)| {
            let class = (up == Some(at)).then_some("up");
            let inside = match step.href {
                Some(href) => view! { <a href=href><Icon name="prev"/>{step.text}</a> }.into_any(),
                None if at == last => view! { <span aria-current="page">{step.text}</span> }.into_any(),
                None => view! { <span>{step.text}</span> }.into_any(),
            };
            view! { <li class=class>{inside}</li> }
        })
        .collect();
    view! {
        <nav class="crumb" aria-label=t.nav_breadcrumb()>
            <ol>{steps}</ol>
        </nav>
    }
}

/// The heading of a page, with the browser's title. Actions stand at the right.
#[component]
pub fn PageHead(
    /// The heading; also the title of the page.
    #[prop(into)]
    title: Signal<String>,
    /// What stands under the heading: a tag, a number, a time.
    #[prop(optional, into)]
    below: Option<ViewFn>,
    /// Buttons and links.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let t = use_texts();
    let came_back = use_flash().is_some();
    let refused = use_context::<PageRefused>();
    let refused =
        move || came_back || refused.is_some_and(|PageRefused(signal)| signal.try_get().unwrap_or_default());
    let full = move || {
        // Asked once more while the page is being replaced, when the signal is gone already.
        let title = title.try_get().unwrap_or_default();
        if refused() { t.app_title_with_error(title) } else { t.app_title(title) }
    };
    view! {
        <Title text=full/>
        <header class="head">
            <div class="stack s">
                <h1>{title}</h1>
                {below.map(|below| view! { <div class="row">{below.run()}</div> })}
            </div>
            {children.map(|children| view! { <div class="row">{children()}</div> })}
        </header>
    }
}
