//! The views of *Koblinger*, with how many numbers each holds.

use domain::links::{LinkPage, LinkView, ViewCount};
use leptos::prelude::*;

use super::Query;
use crate::components::{Tab, ViewTabs};
use crate::i18n::Texts;

pub(super) fn view_tabs(t: Texts, read: &LinkPage, query: &Query) -> AnyView {
    let tab = |view: LinkView| {
        let (text, count) = counted(t, view, &read.counts);
        Tab { text, href: query.href(view, "", false), count, current: view == query.view }
    };
    view! { <ViewTabs label=t.links_views() tabs=LinkView::TABS.map(tab).to_vec()/> }.into_any()
}

/// What the view is called, and how many it holds, as far as that is known.
fn counted(t: Texts, view: LinkView, counts: &[ViewCount]) -> (String, Option<i64>) {
    let name = view_name(t, view);
    match counts.iter().find(|known| known.view == view) {
        None | Some(ViewCount { count: 0, is_at_least: true, .. }) => (name.to_owned(), None),
        Some(ViewCount { count, is_at_least: true, .. }) => (t.links_at_least(name), Some(*count)),
        Some(ViewCount { count, is_at_least: false, .. }) => (name.to_owned(), Some(*count)),
    }
}

fn view_name(t: Texts, view: LinkView) -> &'static str {
    match view {
        LinkView::All => t.links_all(),
        LinkView::Likely => t.links_likely(),
        LinkView::Several => t.links_several(),
        LinkView::None => t.links_none(),
        LinkView::Exact => t.links_exact(),
        LinkView::Confirmed => t.links_confirmed(),
        LinkView::Misspelled => t.links_misspelled(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;

    #[test]
    fn a_count_that_may_be_higher_says_so() {
        let t = Texts::new(Language::Nb);
        let check = |known: Option<(i64, bool)>, text: &str, shown: Option<i64>| {
            let view = LinkView::Likely;
            let counts: Vec<ViewCount> = known
                .into_iter()
                .map(|(count, is_at_least)| ViewCount { view, count, is_at_least })
                .collect();
            assert_eq!(counted(t, view, &counts), (text.to_owned(), shown), "{known:?}");
        };
        check(Some((12, false)), "Trolige", Some(12));
        check(Some((0, false)), "Trolige", Some(0));
        check(Some((900, true)), "Trolige, minst", Some(900));
        // Nobody has judged them, or none of them so far.
        check(None, "Trolige", None);
        check(Some((0, true)), "Trolige", None);
    }
}
