//! Where two texts differ, character by character: 11**O**07 and 11**0**07.

use serde::{Deserialize, Serialize};

/// Longest text that is compared character by character.
const MAX_COMPARED: usize = 200;

/// A part of a text that is the same in the other, or is not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    pub text: String,
    pub differs: bool,
}

/// Both texts in parts. The same start and the same end are the same; between them, the longest that both have in the same order. Put
/// together, the parts are the texts again. Texts too long for this are one part each.
pub fn marked(a: &str, b: &str) -> (Vec<Mark>, Vec<Mark>) {
    let (left, right): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if left.len().max(right.len()) > MAX_COMPARED {
        let whole = |text: &str| vec![Mark { text: text.to_owned(), differs: a != b }];
        return (whole(a), whole(b));
    }
    let start = left.iter().zip(&right).take_while(|(a, b)| a == b).count();
    let ends = left[start..].iter().rev().zip(right[start..].iter().rev());
    let end = ends.take_while(|(a, b)| a == b).count();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let both = |ours: &mut Vec<Mark>, theirs: &mut Vec<Mark>, character: char| {
        push(ours, character, false);
        push(theirs, character, false);
    };
    left[..start].iter().for_each(|character| both(&mut ours, &mut theirs, *character));
    let middles = (&left[start..left.len() - end], &right[start..right.len() - end]);
    mark_middles(middles, &mut ours, &mut theirs);
    left[left.len() - end..].iter().for_each(|character| both(&mut ours, &mut theirs, *character));
    (ours, theirs)
}

fn mark_middles((left, right): (&[char], &[char]), ours: &mut Vec<Mark>, theirs: &mut Vec<Mark>) {
    // common[i][j]: how many characters the texts from i and from j on have in common.
    let mut common = vec![vec![0_u16; right.len() + 1]; left.len() + 1];
    for i in (0..left.len()).rev() {
        for j in (0..right.len()).rev() {
            common[i][j] = if left[i] == right[j] {
                common[i + 1][j + 1] + 1
            } else {
                common[i + 1][j].max(common[i][j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < left.len() || j < right.len() {
        if i < left.len() && j < right.len() && left[i] == right[j] {
            push(ours, left[i], false);
            push(theirs, right[j], false);
            (i, j) = (i + 1, j + 1);
        } else if j == right.len() || (i < left.len() && common[i + 1][j] >= common[i][j + 1]) {
            push(ours, left[i], true);
            i += 1;
        } else {
            push(theirs, right[j], true);
            j += 1;
        }
    }
}

fn push(marks: &mut Vec<Mark>, character: char, differs: bool) {
    match marks.last_mut() {
        Some(mark) if mark.differs == differs => mark.text.push(character),
        _ => marks.push(Mark { text: character.to_string(), differs }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(marks: &[Mark]) -> String {
        marks
            .iter()
            .map(|mark| if mark.differs { format!("[{}]", mark.text) } else { mark.text.clone() })
            .collect()
    }

    #[test]
    fn what_differs_is_marked() {
        let cases = [
            ("11O07", "11007", "11[O]07", "11[0]07"),
            ("007", "7", "[00]7", "7"),
            ("10-250", "10250", "10[-]250", "10250"),
            ("", "A", "", "[A]"),
            ("same", "same", "same", "same"),
            ("ærlig", "ÆRLIG", "[ærlig]", "[ÆRLIG]"),
        ];
        for (a, b, left, right) in cases {
            let (ours, theirs) = marked(a, b);
            assert_eq!((shown(&ours).as_str(), shown(&theirs).as_str()), (left, right));
        }
        let long = "x".repeat(500);
        assert_eq!(marked(&long, "x").0.len(), 1);
    }
}
