use domain::time::Timestamp;
use leptos::prelude::*;

use super::Icon;
use crate::format;
use crate::i18n::use_texts;

/// One thing that happened, or that is to come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineItem {
    pub icon: &'static str,
    /// `ok`, `err`, or empty for what has not happened yet.
    pub tone: &'static str,
    pub title: String,
    /// Who, what and why, one line each.
    pub lines: Vec<String>,
    pub at: Option<Timestamp>,
    /// Where it stands now.
    pub current: bool,
}

/// What happened, oldest first.
#[component]
pub fn Timeline(items: Vec<TimelineItem>) -> impl IntoView {
    let t = use_texts();
    let items: Vec<_> = items
        .into_iter()
        .map(|item| {
            let lines: Vec<_> = item.lines.into_iter().map(|line| view! { <p>{line}</p> }).collect();
            let time = item.at.map(|at| {
                view! {
                    <p>
                        <time datetime=at.to_rfc3339()>{format::day_time(at, t.language())}</time>
                    </p>
                }
            });
            view! {
                <li class=item.tone aria-current=item.current.then_some("step")>
                    <span class="dot" aria-hidden="true">
                        <Icon name=item.icon/>
                    </span>
                    <div>
                        <h3>{item.title}</h3>
                        {lines}
                        {time}
                    </div>
                </li>
            }
        })
        .collect();
    view! { <ol class="timeline">{items}</ol> }
}
