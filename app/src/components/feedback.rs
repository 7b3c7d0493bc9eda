use leptos::prelude::*;

use super::status::Tone;
use super::{Icon, PageHead};
use crate::error::AppError;
use crate::i18n::use_texts;
use crate::live::{ListRow, LiveList};

/// Something to know, in its place. Never on a timer.
#[component]
pub fn Alert(
    /// `Warning` unless told otherwise.
    #[prop(default = Tone::Warning)]
    tone: Tone,
    /// An icon other than the tone's own.
    #[prop(optional)]
    icon: Option<&'static str>,
    /// What happened, in bold.
    #[prop(into)]
    title: String,
    /// What then.
    #[prop(optional, into)]
    text: Option<String>,
    /// Buttons and links.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let class = match tone {
        Tone::Error => "alert err",
        Tone::Info | Tone::Neutral => "alert info",
        Tone::Ok => "receipt",
        Tone::Warning => "alert",
    };
    let icon = icon.unwrap_or(tone.icon());
    view! {
        <div class=class role="status">
            <Icon name=icon/>
            <div>
                <p>
                    <strong>{title}</strong>
                </p>
                {text.map(|text| view! { <p class="sm">{text}</p> })}
            </div>
            {children.map(|children| view! { <div class="row">{children()}</div> })}
        </div>
    }
}

/// What was done, under the heading or in the row; it stays.
#[component]
pub fn Receipt(
    #[prop(into)] title: String,
    #[prop(optional, into)] text: Option<String>,
    /// Links, and *Angre* where there is one.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="receipt" role="status" data-test="receipt">
            <Icon name="okc"/>
            <div>
                <p>
                    <strong>{title}</strong>
                </p>
                {text.map(|text| view! { <p class="sm">{text}</p> })}
            </div>
            {children.map(|children| view! { <div class="row">{children()}</div> })}
        </div>
    }
}

/// While data is on its way.
#[component]
pub fn Loading() -> impl IntoView {
    let t = use_texts();
    view! {
        <div class="loading" role="status">
            <p>{t.frame_loading()}</p>
        </div>
    }
}

/// Says how many new rows wait, and shows them when asked to. Put it above the table.
#[component]
pub fn NewRows<T: ListRow>(list: LiveList<T>) -> impl IntoView {
    let t = use_texts();
    view! {
        <div role="status">
            {move || {
                let count = list.fresh_count();
                (count > 0)
                    .then(|| {
                        let text = t.live_new_rows(i64::try_from(count).unwrap_or(i64::MAX));
                        view! {
                            <div class="alert info">
                                <Icon name="inbox"/>
                                <button class="btn s" type="button" data-test="show-new" on:click=move |_| list.show_fresh()>
                                    {text}
                                </button>
                            </div>
                        }
                    })
            }}
        </div>
    }
}

/// A page that could not be shown: what happened, and where to go.
#[component]
pub fn PageFault(error: AppError) -> impl IntoView {
    let t = use_texts();
    let internal = error.http_status() >= 500;
    let title = if internal { t.broken_title().to_owned() } else { error.text(t) };
    let status = error.http_status();
    crate::status::set(status);
    view! {
        <PageHead title=title.clone()/>
        <article class="errorpage" data-test="page-fault">
            {internal.then(|| view! { <p>{t.broken_text()}</p> })}
            <div class="row">
                <a class="btn" href="">{t.frame_try_again()}</a>
                <a class="btn q" href="/oversikt">{t.not_found_to_overview()}</a>
            </div>
            {error.reference.map(|reference| view! { <p class="muted sm">{t.broken_reference(reference)}</p> })}
        </article>
    }
}
