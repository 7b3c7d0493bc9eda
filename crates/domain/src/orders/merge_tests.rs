use super::*;
use crate::orders::differences;
use crate::samples::{Random, order_input, varied};

fn line(id: &str, number: &str, quantity: &str) -> OrderLineInput {
    OrderLineInput {
        line_id: id.to_owned(),
        article_number: number.to_owned(),
        quantity: quantity.to_owned(),
        ..OrderLineInput::default()
    }
}

fn order(lines: &[(&str, &str, &str)]) -> OrderInput {
    OrderInput {
        lines: lines.iter().map(|(id, number, quantity)| line(id, number, quantity)).collect(),
        ..OrderInput::default()
    }
}

fn written(input: &OrderInput) -> Vec<String> {
    input.lines.iter().map(|line| format!("{}:{}", line.article_number, line.quantity)).collect()
}

#[test]
fn each_field_has_what_the_one_who_changed_it_wrote() {
    let base = order(&[("1", "A", "1"), ("2", "B", "2")]);
    let mut mine = base.clone();
    mine.note = "Hall B".to_owned();
    mine.lines[0].quantity = "10".to_owned();
    let mut theirs = base.clone();
    theirs.our_reference = "Ola".to_owned();
    theirs.lines[1].quantity = "20".to_owned();
    theirs.lines[0].unit_price = "4,20".to_owned();
    let merged = merge(&base, &mine, &theirs);
    assert_eq!(merged.conflicts, []);
    assert_eq!(written(&merged.input), ["A:10", "B:20"]);
    assert_eq!(merged.input.lines[0].unit_price, "4,20");
    assert_eq!((merged.input.note.as_str(), merged.input.our_reference.as_str()), ("Hall B", "Ola"));
}

#[test]
fn a_field_that_both_changed_is_asked_about_unless_both_say_the_same() {
    let base = order(&[("1", "A", "1"), ("2", "B", "2")]);
    let mine = order(&[("1", "A", "10"), ("2", "B", "1 000")]);
    let theirs = order(&[("1", "A", "12"), ("2", "B", "1000,0")]);
    let merged = merge(&base, &mine, &theirs);
    let conflict = Conflict {
        pointer: "/lines/0/quantity".to_owned(),
        base: "1".to_owned(),
        mine: "10".to_owned(),
        theirs: "12".to_owned(),
    };
    assert_eq!(merged.conflicts, [conflict]);
    assert_eq!(written(&merged.resolve(|_| false)), ["A:10", "B:1 000"]);
    assert_eq!(written(&merged.resolve(|_| true)), ["A:12", "B:1 000"]);
}

#[test]
fn new_lines_of_both_stand_after_the_line_they_were_written_after() {
    let base = order(&[("1", "A", "1"), ("2", "B", "2")]);
    let mine = order(&[("1", "A", "1"), ("m", "M", "1"), ("2", "B", "2"), ("", "N", "1")]);
    let theirs = order(&[("t", "T", "1"), ("1", "A", "1"), ("2", "B", "2"), ("u", "U", "1")]);
    let merged = merge(&base, &mine, &theirs);
    assert_eq!(merged.conflicts, []);
    assert_eq!(written(&merged.input), ["T:1", "A:1", "M:1", "B:2", "N:1", "U:1"]);
}

#[test]
fn a_line_that_is_gone_at_one_and_changed_at_the_other_is_asked_about() {
    let base = order(&[("1", "A", "1"), ("2", "B", "2"), ("3", "C", "3"), ("4", "D", "4")]);
    let mine = order(&[("2", "B", "2"), ("4", "D", "44")]);
    let theirs = order(&[("1", "A", "11"), ("3", "C", "3")]);
    let merged = merge(&base, &mine, &theirs);
    assert_eq!(written(&merged.input), ["A:11", "D:44"]);
    let asked: Vec<_> = merged
        .conflicts
        .iter()
        .map(|conflict| (conflict.pointer.as_str(), conflict.mine.as_str(), conflict.theirs.as_str()))
        .collect();
    assert_eq!(asked, [("/lines/0", "", "A, 11"), ("/lines/1", "D, 44", "")]);
    assert_eq!(written(&merged.resolve(|_| false)), ["D:44"]);
    assert_eq!(written(&merged.resolve(|_| true)), ["A:11"]);
}

#[test]
fn lines_stand_in_the_order_of_the_one_who_moved_them() {
    let base = order(&[("1", "A", ""), ("2", "B", ""), ("3", "C", "")]);
    let moved = order(&[("3", "C", ""), ("1", "A", ""), ("2", "B", "")]);
    let with_new = order(&[("1", "A", ""), ("2", "B", ""), ("n", "N", ""), ("3", "C", "")]);
    assert_eq!(written(&merge(&base, &moved, &with_new).input), ["C:", "A:", "B:", "N:"]);
    assert_eq!(written(&merge(&base, &with_new, &moved).input), ["C:", "A:", "B:", "N:"]);
}

#[test]
fn a_form_that_is_sent_again_doubles_nothing() {
    let base = order(&[("1", "A", "1")]);
    let sent = order(&[("1", "A", "1"), ("", "B", "2"), ("", "B", "2")]);
    let kept = order(&[("1", "A", "1"), ("8", "B", "2"), ("9", "B", "2,0")]);
    let merged = merge(&base, &sent, &kept);
    assert_eq!(merged.conflicts, []);
    assert_eq!(written(&merged.input).len(), 3);
    assert_eq!(differences(&kept, &merged.input), []);
}

#[test]
fn merging_with_an_unchanged_side_is_the_other_side() {
    let mut random = Random::new(11);
    for _ in 0..2_000 {
        let base = order_input(&mut random);
        let changed = varied(&mut random, &base);
        for merged in [merge(&base, &changed, &base), merge(&base, &base, &changed)] {
            assert_eq!(merged.conflicts, []);
            assert_eq!(differences(&changed, &merged.input), [], "\n{base:#?}\n{changed:#?}");
        }
        let same = merge(&base, &changed, &changed);
        assert_eq!((same.conflicts.len(), differences(&changed, &same.input)), (0, Vec::new()));
    }
}

#[test]
fn nothing_that_one_of_two_typed_is_lost() {
    let mut random = Random::new(13);
    for _ in 0..2_000 {
        let base = order_input(&mut random);
        let (mine, theirs) = (varied(&mut random, &base), varied(&mut random, &base));
        let merged = merge(&base, &mine, &theirs);
        let (of_base, of_merged) = (by_id(&base), by_id(&merged.input));
        for (one, is_mine) in [(&mine, true), (&theirs, false)] {
            for field in OrderInput::FIELDS
                .into_iter()
                .filter(|field| !alike(field, one.field(field), base.field(field)))
            {
                let there = alike(field, merged.input.field(field), one.field(field));
                let asked = has_conflict(&merged, &format!("/{field}"), is_mine, one.field(field));
                assert!(there || asked, "{field} of {one:#?}\n{merged:#?}");
            }
            for line in &one.lines {
                let id = line.line_id.as_str();
                let before = of_base.get(id).copied();
                if before.is_some_and(|before| before.is_alike(line)) {
                    continue;
                }
                let kept = of_merged.get(id).unwrap_or_else(|| panic!("line {id} is lost\n{merged:#?}"));
                let place = merged.input.lines.iter().position(|line| line.line_id == id).unwrap();
                let nothing = OrderLineInput::default();
                for field in OrderLineInput::FIELDS {
                    let text = line.field(field);
                    let changed = !alike(field, text, before.unwrap_or(&nothing).field(field));
                    let asked = has_conflict(&merged, &format!("/lines/{place}/{field}"), is_mine, text);
                    assert!(
                        !changed || alike(field, kept.field(field), text) || asked,
                        "{field} of {line:#?}"
                    );
                }
            }
        }
    }
}

fn has_conflict(merged: &Merged, pointer: &str, is_mine: bool, text: &str) -> bool {
    merged.conflicts.iter().any(|conflict| {
        conflict.pointer == pointer && text == if is_mine { &conflict.mine } else { &conflict.theirs }
    })
}

#[test]
fn who_merges_makes_no_difference_but_for_what_is_asked() {
    let mut random = Random::new(17);
    for _ in 0..2_000 {
        let base = order_input(&mut random);
        let (mine, theirs) = (varied(&mut random, &base), varied(&mut random, &base));
        let (here, there) = (merge(&base, &mine, &theirs), merge(&base, &theirs, &mine));
        let places = |merged: &Merged| {
            let mut places: Vec<(String, String, String)> = merged
                .conflicts
                .iter()
                .map(|conflict| {
                    let at = conflict.pointer.split('/').nth(2).and_then(|at| at.parse::<usize>().ok());
                    let id = at.map(|at| merged.input.lines[at].line_id.clone()).unwrap_or_default();
                    let field = conflict.pointer.rsplit('/').next().unwrap_or_default().to_owned();
                    (
                        id,
                        if field.parse::<usize>().is_ok() { String::new() } else { field },
                        conflict.base.clone(),
                    )
                })
                .collect();
            places.sort();
            places
        };
        assert_eq!(places(&here), places(&there));
        // When mine is chosen here and theirs there, both have the same lines and fields.
        let (chosen_here, chosen_there) = (here.resolve(|_| false), there.resolve(|_| true));
        let sorted = |mut input: OrderInput| {
            input.lines.sort_by(|one, other| one.line_id.cmp(&other.line_id));
            input
        };
        assert_eq!(differences(&sorted(chosen_here), &sorted(chosen_there)), []);
    }
}

#[test]
fn a_line_of_which_little_is_left_is_not_taken_away() {
    let line = |quantity: &str, note: &str| OrderLineInput {
        line_id: "a".to_owned(),
        quantity: quantity.to_owned(),
        note: note.to_owned(),
        ..OrderLineInput::default()
    };
    let state = |lines: Vec<OrderLineInput>| OrderInput { lines, ..OrderInput::default() };
    for left in [line("", "Haster"), line("", "")] {
        let merged = merge(&state(vec![line("4", "")]), &state(vec![left.clone()]), &state(Vec::new()));
        assert_eq!(merged.conflicts.len(), 1);
        assert_eq!(merged.resolve(|_| false).lines, [left]);
        assert_eq!(merged.resolve(|_| true).lines, []);
    }
}
