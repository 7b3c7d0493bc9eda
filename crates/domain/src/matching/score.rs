//! The score of a candidate, and the level that follows from all of them.
//!
//! Points come from this table. What is known of the number counts once, the best that is true; the rest is added, up to 99.
//!
//! | what is true | points |
//! | --- | --- |
//! | the numbers are identical after NFC and outer trim | 100, *Eksakt treff* |
//! | a person has confirmed it | 99, before all others |
//! | only punctuation, spaces or capitals differ | 96 |
//! | only zeros in front differ | 92 |
//! | only look-alikes differ (O/0, I/l/1) | 90 |
//! | zeros in front and look-alikes differ | 85 |
//! | one character is changed, missing or too many, or two changed places: of six or more, of five, of three or four, of fewer | 78, 72, 60, 40 |
//! | the same, when look-alikes or zeros in front differ as well | 8 fewer |
//! | one number contains the other, which has six or more characters and is half of it, or has five | 72, 65 |
//! | the GTIN is equal | 90, or 5 more |
//! | the names are half alike or more | 4 more |
//! | the names have no word in common, and the number is one character off or contained | 12 fewer |
//! | the names alone | 80 hundredths of their likeness; 72 where a number is written that fits nothing |
//! | the number has one or two characters and is not identical | 20 fewer: short numbers are like many |

use super::alike::{Edit, bare, edit_apart, gtin_key, looks_like, loose_key, name_likeness};
use super::differences::differences;
use super::{
    Catalogue, CatalogueState, LineFacts, Match, MatchCandidate, MatchLevel, MatchReason, OwnNumber,
    PartnerArticle,
};
use crate::links::Decided;
use crate::text;

/// Points from which one candidate is *Trolig treff*.
pub const ENOUGH: u8 = 70;
/// Points by which the best must be ahead of the next; otherwise *Flere mulige*.
pub const MARGIN: u8 = 5;
/// Candidates that are listed at most.
pub const LISTED: usize = 5;
/// Points below which an article is not named at all.
const NAMED: u8 = 40;
/// Most points without being identical.
const MOST: u8 = 99;

/// Judges one line against the supplier's articles that came into question. Which ones they are, and in what order, does not matter as long
/// as those that fit are among them.
pub fn judge(
    line: &LineFacts,
    candidates: &[PartnerArticle],
    catalogue: &Catalogue,
    decided: &Decided,
) -> Match {
    let written = Written::of(line);
    let identical = |article: &&PartnerArticle| text::normalise(&article.number) == written.number;
    let identical = candidates.iter().find(identical).filter(|_| !written.number.is_empty());
    let mut matched = match identical {
        Some(article) => exact(article, decided),
        None => ranked(&written, candidates, catalogue, decided),
    };
    if let Some(article) = &matched.article {
        let named = |number: &str| {
            candidates.iter().find(|article| article.number == number).map(|article| article.name.clone())
        };
        matched.differences = differences(line, article, catalogue.price_tolerance, named);
    }
    if let CatalogueState::Away { read_at } = catalogue.state {
        matched.level = MatchLevel::NotChecked;
        matched.reasons.insert(0, MatchReason::LastChecked { at: read_at });
    }
    matched
}

/// What of a line is compared with every candidate.
struct Written<'a> {
    number: String,
    bare: String,
    gtin: Option<String>,
    name: &'a str,
}

impl<'a> Written<'a> {
    fn of(line: &'a LineFacts) -> Self {
        let number = text::normalise(&line.supplier_article_number);
        Self {
            bare: bare(&number),
            gtin: line.gtin.as_deref().and_then(gtin_key),
            name: line.description.trim(),
            number,
        }
    }
}

fn exact(article: &PartnerArticle, decided: &Decided) -> Match {
    let confirmed = decided.same.as_ref().filter(|confirmed| confirmed.partner_number == article.number);
    let reason = confirmed.map_or(MatchReason::SameNumber, |confirmed| MatchReason::Confirmed {
        by: confirmed.by.clone(),
        at: confirmed.at,
    });
    Match {
        level: MatchLevel::Exact,
        score: 100,
        reasons: vec![reason.clone()],
        article: Some(article.clone()),
        candidates: vec![MatchCandidate { article: article.clone(), score: 100, reasons: vec![reason] }],
        differences: Vec::new(),
        own: OwnNumber::Settled,
    }
}

fn ranked(
    written: &Written,
    candidates: &[PartnerArticle],
    catalogue: &Catalogue,
    decided: &Decided,
) -> Match {
    let confirmed = decided.same.as_ref();
    let is_confirmed = |article: &PartnerArticle| {
        confirmed.is_some_and(|confirmed| confirmed.partner_number == article.number)
    };
    let mut scored: Vec<MatchCandidate> = candidates
        .iter()
        .filter(|article| is_confirmed(article) || !decided.not_same.contains(&article.number))
        .filter_map(|article| {
            let (mut score, mut reasons) = points(written, article);
            if let Some(confirmed) = confirmed.filter(|_| is_confirmed(article)) {
                score = MOST;
                reasons.insert(0, MatchReason::Confirmed { by: confirmed.by.clone(), at: confirmed.at });
            }
            (score >= NAMED).then(|| MatchCandidate { article: article.clone(), score, reasons })
        })
        .collect();
    let place = |candidate: &MatchCandidate| (!is_confirmed(&candidate.article), u8::MAX - candidate.score);
    scored.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| a.article.number.cmp(&b.article.number)));
    scored.dedup_by(|a, b| a.article.number == b.article.number);
    let missing = if written.number.is_empty() { MatchReason::NumberMissing } else { MatchReason::NotFound };
    let mut matched = match scored.first() {
        _ if catalogue.state == CatalogueState::Unread => Match::not_checked(),
        None => Match::plain(MatchLevel::None, missing),
        Some(best) if best.score < ENOUGH => {
            Match { score: best.score, ..Match::plain(MatchLevel::None, missing) }
        }
        Some(best) => {
            let near = |candidate: &&MatchCandidate| {
                candidate.score >= ENOUGH && best.score.abs_diff(candidate.score) < MARGIN
            };
            let count = scored.iter().filter(near).count();
            if count == 1 || is_confirmed(&best.article) {
                let (article, reasons) = (Some(best.article.clone()), best.reasons.clone());
                Match { score: best.score, article, reasons, ..Match::plain(MatchLevel::Likely, missing) }
            } else {
                let reason = MatchReason::SeveralFit { count };
                Match { score: best.score, ..Match::plain(MatchLevel::Several, reason) }
            }
        }
    };
    scored.truncate(LISTED);
    matched.candidates = scored;
    matched
}

/// How the numbers are alike, as far as the table goes.
enum Likeness {
    Number {
        points: u8,
        reasons: Vec<MatchReason>,
    },
    /// Alike by one character or a part: what the names say counts.
    Weak {
        points: u8,
        reason: MatchReason,
    },
    Unlike,
}

/// The points of an article that is not identical, and why it has them.
fn points(written: &Written, article: &PartnerArticle) -> (u8, Vec<MatchReason>) {
    let same_gtin = written.gtin.is_some() && written.gtin == article.gtin.as_deref().and_then(gtin_key);
    let names = name_likeness(written.name, &article.name);
    let names_known = !written.name.is_empty() && !article.name.trim().is_empty();
    let number = article.number.clone();
    let (mut points, mut reasons) = match likeness(written, &article.number) {
        Likeness::Number { points, reasons } => (points, reasons),
        Likeness::Weak { points, reason } => {
            (points.saturating_sub(if names_known && names == 0 { 12 } else { 0 }), vec![reason])
        }
        Likeness::Unlike => (0, Vec::new()),
    };
    if same_gtin {
        points = if reasons.is_empty() { 90 } else { points.max(90) + 5 };
        reasons.push(MatchReason::SameGtin { number });
    }
    if names >= 50 {
        points = if reasons.is_empty() {
            let worth = if written.number.is_empty() { 80 } else { 72 };
            u8::try_from(u16::from(names) * worth / 100).unwrap_or(MOST)
        } else {
            points + 4
        };
        reasons.push(MatchReason::NameAlike { name: article.name.clone() });
    }
    (points.min(MOST), reasons)
}

fn likeness(written: &Written, theirs: &str) -> Likeness {
    let number = theirs.to_owned();
    let (ours, theirs) = (written.bare.as_str(), bare(theirs));
    if ours.is_empty() || theirs.is_empty() {
        return Likeness::Unlike;
    }
    let zeros = |text: &str| text.trim_start_matches('0').to_owned();
    let looks = |text: &str| text.chars().map(looks_like).collect::<String>();
    let (our_key, their_key) = (loose_key(ours), loose_key(&theirs));
    let strong = if ours == theirs {
        Some((96, vec![MatchReason::Punctuation { number: number.clone() }]))
    } else if zeros(ours) == zeros(&theirs) {
        Some((92, vec![MatchReason::LeadingZeros { number: number.clone() }]))
    } else if looks(ours) == looks(&theirs) {
        Some((90, vec![MatchReason::LookAlike { number: number.clone() }]))
    } else if our_key == their_key {
        let look_alike = MatchReason::LookAlike { number: number.clone() };
        Some((85, vec![look_alike, MatchReason::LeadingZeros { number: number.clone() }]))
    } else {
        None
    };
    if let Some((points, reasons)) = strong {
        let short = our_key.chars().count().min(their_key.chars().count()) <= 2;
        return Likeness::Number { points: if short { points - 20 } else { points }, reasons };
    }
    let length = our_key.chars().count().max(their_key.chars().count());
    let plain_edit = edit_apart(ours, &theirs);
    if let Some(edit) = plain_edit.or_else(|| edit_apart(&our_key, &their_key)) {
        let points = match length {
            6.. => 78,
            5 => 72,
            3..=4 => 60,
            _ => 40,
        };
        let reason = match edit {
            Edit::Character => MatchReason::OneLetter { number },
            Edit::Swap => MatchReason::Swapped { number },
        };
        return Likeness::Weak { points: if plain_edit.is_some() { points } else { points - 8 }, reason };
    }
    let shorter = our_key.chars().count().min(their_key.chars().count());
    let contained = our_key.contains(&their_key) || their_key.contains(&our_key);
    if contained && shorter >= 5 && shorter * 2 >= length {
        return Likeness::Weak {
            points: if shorter >= 6 { 72 } else { 65 },
            reason: MatchReason::Contained { number },
        };
    }
    Likeness::Unlike
}
