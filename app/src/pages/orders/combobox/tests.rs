//! What the list does with keys, and with answers that do not come.

use domain::errors::ErrorCode;
use domain::matching::Match;
use domain::search::SearchHit;

use super::*;

fn hit() -> SuggestedArticle {
    let hit = SearchHit { own: None, partner: None, bought: None, is_forgiven: false };
    SuggestedArticle { hit, matched: Match::not_checked() }
}

#[test]
fn a_list_does_not_stand_for_a_text_that_was_not_answered() {
    let owner = Owner::new();
    owner.with(|| {
        let list = Suggestions::new();
        assert_eq!(list.answered(3, "skrue m".to_owned(), Ok(vec![hit()])), Some(1));
        assert_eq!((list.line.get_untracked(), list.answers.get_value().as_str()), (Some(3), "skrue m"));
        // Enter would take the article that the old list has.
        let failed = list.answered(3, "skrue m8".to_owned(), Err(ErrorCode::Internal.into()));
        assert_eq!((failed, list.line.get_untracked(), list.nothing.get_untracked()), (None, None, None));
        assert!(list.hits.with_untracked(Vec::is_empty));
        assert_ne!(list.answers.get_value(), "skrue m8");
        assert_eq!(list.answered(3, "xyz".to_owned(), Ok(Vec::new())), Some(0));
        assert_eq!((list.line.get_untracked(), list.nothing.get_untracked()), (None, Some(3)));
    });
}

#[test]
fn enter_without_a_mark() {
    let check = |text: &str, numbers: &[&str], expected| {
        assert_eq!(enter(text, numbers.iter().copied()), expected, "{text} among {numbers:?}");
    };
    check("N-1", &["N-1", "N-10", "N-11"], Enter::Leaves);
    check("N-10", &["N-1", "N-10"], Enter::Leaves);
    check("10 1003", &["101003"], Enter::Takes(0));
    check("sekskant", &["10250", "10251"], Enter::Marks);
    // An article that is only the supplier's has no number of ours.
    check("bolt", &[""], Enter::Takes(0));
    check("ukjent", &[], Enter::Leaves);
}
