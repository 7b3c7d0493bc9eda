use leptos::prelude::*;

/// A line of a sum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Total {
    pub label: String,
    pub amount: String,
    /// The line that counts.
    pub is_sum: bool,
}

/// Net, value added tax, total.
#[component]
pub fn Totals(#[prop(into)] lines: Signal<Vec<Total>>) -> impl IntoView {
    let rows = move || {
        lines
            .get()
            .into_iter()
            .map(|line| {
                view! {
                    <div class=line.is_sum.then_some("sum")>
                        <dt>{line.label}</dt>
                        <dd class="num">{line.amount}</dd>
                    </div>
                }
            })
            .collect::<Vec<_>>()
    };
    view! { <dl class="totals">{rows}</dl> }
}

/// Names and values, one pair a row.
#[component]
pub fn DefinitionList(rows: Vec<(String, AnyView)>) -> impl IntoView {
    let rows: Vec<_> = rows
        .into_iter()
        .map(|(name, value)| {
            view! {
                <div>
                    <dt>{name}</dt>
                    <dd>{value}</dd>
                </div>
            }
        })
        .collect();
    view! { <dl class="dl">{rows}</dl> }
}

/// How much of something is done, with the same in words beside it for everyone.
#[component]
pub fn Progress(
    #[prop(into)] value: Signal<i64>,
    #[prop(into)] max: Signal<i64>,
    /// What it counts.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! { <progress max=move || max.get().to_string() value=move || value.get().to_string() aria-label=label></progress> }
}
