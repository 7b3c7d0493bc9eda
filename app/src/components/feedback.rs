use domain::errors::ErrorCode;
use leptos::prelude::*;

use super::status::Tone;
use super::{Icon, PageHead};
use crate::api::session::list_administrators;
use crate::error::AppError;
use crate::i18n::{Texts, use_texts};
use crate::live::{ListRow, LiveList};
use crate::page_data::{PageData, suspend};

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

/// A page that could not be shown: what happened, and where to go. Asking again is offered where it can help.
#[component]
pub fn PageFault(error: AppError) -> impl IntoView {
    let t = use_texts();
    let internal = error.http_status() >= 500;
    let status = error.http_status();
    let title = match error.code() {
        ErrorCode::Forbidden => t.no_access_title().to_owned(),
        _ if internal => t.broken_title().to_owned(),
        _ => error.text(t),
    };
    let text = match error.code() {
        ErrorCode::Forbidden => Some(error.text(t)),
        ErrorCode::NotFound => Some(t.not_found_text().to_owned()),
        _ => internal.then(|| t.broken_text().to_owned()),
    };
    crate::status::set(status);
    let is_refused = error.code() == ErrorCode::Forbidden;
    let again =
        (status != 404 && !is_refused).then(|| view! { <a class="btn" href="">{t.frame_try_again()}</a> });
    view! {
        <PageHead title=title.clone()/>
        <article class="errorpage" data-test="page-fault">
            {text.map(|text| view! { <p>{text}</p> })}
            {is_refused.then(|| view! { <WhoGivesAccess/> })}
            <div class="row">
                {again}
                <a class="btn" href="/oversikt">{t.not_found_to_overview()}</a>
            </div>
            {error.reference.map(|reference| view! { <p class="muted sm">{t.broken_reference(reference)}</p> })}
        </article>
    }
}

/// The names of those who can give access.
#[component]
fn WhoGivesAccess() -> impl IntoView {
    let t = use_texts();
    let names = PageData::new(|| (), |()| list_administrators());
    view! {
        <Transition>
            {move || suspend(async move {
                let names = names.await.unwrap_or_default();
                who_gives_access(t, &names).map(|text| view! { <p>{text}</p> })
            })}
        </Transition>
    }
}

/// Who can give access, in words.
pub fn who_gives_access(t: Texts, names: &[String]) -> Option<String> {
    let count = i64::try_from(names.len()).unwrap_or(i64::MAX);
    (count > 0).then(|| t.no_access_who(count, names.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;

    #[test]
    fn those_who_can_help_are_named() {
        let told = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            who_gives_access(Texts::new(Language::Nb), &names)
        };
        assert_eq!(told(&[]), None);
        assert_eq!(told(&["Anne Nordvik"]).as_deref(), Some("Anne Nordvik kan gi deg tilgang."));
        assert_eq!(
            told(&["Anne Nordvik", "Ola Bakke"]).as_deref(),
            Some("Disse kan gi deg tilgang: Anne Nordvik, Ola Bakke.")
        );
    }
}
