use leptos::prelude::*;

/// A view of a list or a part of a page, as a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab {
    pub text: String,
    pub href: String,
    pub count: Option<i64>,
    pub current: bool,
}

/// Tabs that are links, so that a view has an address.
#[component]
pub fn ViewTabs(
    /// What the tabs choose among, for those who do not see them.
    #[prop(into)]
    label: String,
    tabs: Vec<Tab>,
) -> impl IntoView {
    let items: Vec<_> = tabs
        .into_iter()
        .map(|tab| {
            view! {
                <li>
                    <a href=tab.href aria-current=tab.current.then_some("page")>
                        {tab.text}
                        {tab.count.map(|count| view! { " "<span class="n">{count}</span> })}
                    </a>
                </li>
            }
        })
        .collect();
    view! {
        <nav aria-label=label>
            <ul class="tabs">{items}</ul>
        </nav>
    }
}
