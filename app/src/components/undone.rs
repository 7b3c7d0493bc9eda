//! That a decision about a number was taken back, and in which orders that changed lines. The address tells which, so that it is said
//! without a script and after a reload as well.

use domain::links::{GivenBack, MAX_NAMED};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::Receipt;
use crate::i18n::use_texts;
use crate::pages::orders::order_href;

const ORDERS: &str = "ordrer";
const MORE: &str = "flere";
const BETWEEN: char = ',';

/// What an address says of the changed orders; empty when there are none.
pub fn given_back_query(back: &GivenBack) -> String {
    if back.orders.is_empty() {
        return String::new();
    }
    // Numbers of our own orders have nothing that an address would have to spell otherwise.
    let orders = back.orders.join(&BETWEEN.to_string());
    let more = if back.more > 0 { format!("&{MORE}={}", back.more) } else { String::new() };
    format!("&{ORDERS}={orders}{more}")
}

/// Reads it again. An address can be written by anybody, so only what may be an order's number is shown.
fn given_back(orders: &str, more: &str) -> GivenBack {
    let is_number = |number: &&str| {
        !number.is_empty()
            && number.len() <= 32
            && number.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    let orders: Vec<String> =
        orders.split(BETWEEN).filter(is_number).take(MAX_NAMED).map(str::to_owned).collect();
    let more = more.parse().ok().filter(|more| *more > 0 && !orders.is_empty()).unwrap_or_default();
    GivenBack { orders, more }
}

/// *Det er angret*, with the orders whose lines have their own number back.
#[component]
pub fn UndoneReceipt() -> impl IntoView {
    let t = use_texts();
    let query = use_query_map();
    let back = move || {
        query.with(|query| {
            let of = |name: &str| query.get(name).unwrap_or_default();
            given_back(&of(ORDERS), &of(MORE))
        })
    };
    let told = move || {
        let GivenBack { orders, more } = back();
        (!orders.is_empty()).then(|| {
            let links: Vec<_> = orders
                .into_iter()
                .enumerate()
                .map(|(place, number)| {
                    let before = if place > 0 { ", " } else { " " };
                    let href = order_href(&number);
                    view! { {before} <a class="code" href=href>{number}</a> }
                })
                .collect();
            let more = (more > 0).then(|| format!(" {}", t.links_and_more(more)));
            view! { <p class="sm" data-test="given-back">{t.links_given_back()} {links} {more}</p> }
        })
    };
    view! { <Receipt title=t.links_undone()>{told}</Receipt> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_tells_which_orders_were_changed() {
        let mut back = GivenBack::default();
        assert_eq!(given_back_query(&back), "");
        for number in 1..=MAX_NAMED + 3 {
            back.add(format!("PO-2026-0000{number}"));
        }
        let orders = "PO-2026-00001,PO-2026-00002,PO-2026-00003,PO-2026-00004,PO-2026-00005";
        assert_eq!(given_back_query(&back), format!("&ordrer={orders}&flere=3"));
        assert_eq!(given_back(orders, "3"), back);
    }

    #[test]
    fn an_address_says_nothing_else() {
        let strange = given_back("Ring 815 00 000,PO-1,//evil.example,", "-4");
        assert_eq!(strange, GivenBack { orders: vec!["PO-1".to_owned()], more: 0 });
        assert_eq!(given_back("", "12"), GivenBack::default());
    }
}
