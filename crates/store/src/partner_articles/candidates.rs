//! Which of a supplier's articles come into question for a line. Bounded: three questions for all lines together, and one more for those
//! that nothing was found for.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::ids::ConnectionId;
use domain::matching::{PartnerArticle, gtin_forms, gtin_key, loose_key, name_likeness};
use domain::search::Query;

use super::{COLUMNS, Row};
use crate::error::StoreError;
use crate::search::{self, Place};
use crate::tx::{ROWS, Tx, on, push_list};

/// Candidates that a line is compared with at most.
const ALIKE: usize = 10;
/// Lines of one call for which numbers with a typing error are looked for; those that come later are only compared as written.
const MISSPELLED_LINES: usize = 300;
/// Lines of one call for which articles of the same name are looked for; each is a question of its own.
const NAMED_LINES: usize = 25;
/// Names that are less alike say nothing.
const NAME_LIKENESS: u8 = 50;
/// Keys of one statement that looks for numbers with a typing error. Statements of one size are prepared once.
const KEYS: usize = 1_000;
/// Keys that are shorter are like too many, and longer ones are no article numbers.
const KEY_LENGTH: std::ops::RangeInclusive<usize> = 3..=40;
/// A part of a number that says something.
const PART: usize = 5;

/// A line whose article is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The number, normalised; empty when there is none.
    pub number: String,
    pub gtin: Option<String>,
    /// What the article is called; empty when nobody says.
    pub name: String,
    /// The supplier's numbers that people have decided on.
    pub decided: Vec<String>,
}

/// An article with its loose key, so that it is computed once.
type Keyed = (String, PartnerArticle);

/// Articles that come into question for each of the lines: the identical number first, then what people decided on, then those that look
/// alike or have the same GTIN, and where there are none, those whose number has one character more, fewer or other, or is a part of what is
/// written; and where there are none either, those whose name has the same words. At most ten for each line, and beside them the articles that have taken the place of one of them.
pub async fn candidates(
    tx: &mut Tx,
    connection: ConnectionId,
    wanted: &[Wanted],
) -> Result<Vec<Vec<PartnerArticle>>, StoreError> {
    let mut found: Vec<Vec<PartnerArticle>> = Vec::with_capacity(wanted.len());
    for chunk in wanted.chunks(ROWS) {
        let articles = alike(tx, connection, chunk).await?;
        let index = Index::of(&articles);
        found.extend(chunk.iter().map(|wanted| index.candidates_of(wanted)));
    }
    misspelled(tx, connection, wanted, &mut found).await?;
    named_alike(tx, connection, wanted, &mut found).await?;
    replacements(tx, connection, &mut found).await?;
    Ok(found)
}

/// Articles of one chunk by what they are found by.
struct Index<'a> {
    by_number: HashMap<&'a str, &'a PartnerArticle>,
    by_key: HashMap<&'a str, Vec<&'a PartnerArticle>>,
    by_gtin: HashMap<String, Vec<&'a PartnerArticle>>,
}

impl<'a> Index<'a> {
    /// The articles are in the order of their numbers.
    fn of(articles: &'a [Keyed]) -> Self {
        let mut index = Self { by_number: HashMap::new(), by_key: HashMap::new(), by_gtin: HashMap::new() };
        for (key, article) in articles {
            index.by_number.insert(&article.number, article);
            index.by_key.entry(key).or_default().push(article);
            if let Some(gtin) = article.gtin.as_deref().and_then(gtin_key) {
                index.by_gtin.entry(gtin).or_default().push(article);
            }
        }
        index
    }

    fn candidates_of(&self, wanted: &Wanted) -> Vec<PartnerArticle> {
        let key = loose_key(&wanted.number);
        let gtin = wanted.gtin.as_deref().and_then(gtin_key);
        let numbers = std::iter::once(&wanted.number).chain(&wanted.decided);
        let named = numbers.filter_map(|number| self.by_number.get(number.as_str()).copied());
        let by_key = self.by_key.get(key.as_str()).filter(|_| !key.is_empty()).into_iter().flatten().copied();
        let by_gtin = gtin.and_then(|gtin| self.by_gtin.get(&gtin)).into_iter().flatten().copied();
        let mut taken = BTreeSet::new();
        let all = named.chain(by_key.take(ALIKE)).chain(by_gtin.take(ALIKE));
        all.filter(|article| taken.insert(article.number.as_str())).take(ALIKE).cloned().collect()
    }
}

/// Articles with one of the numbers, one that looks like one of them, or one of the GTINs; of those that look alike the first ten each.
/// In the order of their numbers.
async fn alike(tx: &mut Tx, connection: ConnectionId, wanted: &[Wanted]) -> Result<Vec<Keyed>, StoreError> {
    let numbers = wanted.iter().flat_map(|line| std::iter::once(&line.number).chain(&line.decided));
    let numbers: BTreeSet<&str> = numbers.map(String::as_str).filter(|number| !number.is_empty()).collect();
    let keys = wanted.iter().map(|line| loose_key(&line.number)).filter(|key| !key.is_empty());
    let keys: BTreeSet<String> = keys.collect();
    let gtins = wanted.iter().filter_map(|line| line.gtin.as_deref()).flat_map(gtin_forms);
    let gtins: BTreeSet<String> = gtins.collect();
    if numbers.is_empty() && gtins.is_empty() {
        return Ok(Vec::new());
    }
    // Three questions, each answered by its index: one question with three conditions makes SQLite read the partner's whole catalogue.
    let rows: Vec<Row> = on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new(format!("SELECT {COLUMNS} FROM ("));
        let mut before = "";
        if !numbers.is_empty() {
            query.push(format_args!("SELECT {COLUMNS} FROM partner_article WHERE connection_id = "));
            query.push_bind(connection.0).push(" AND number IN ");
            push_list(&mut query, numbers.iter().map(|number| (*number).to_owned()));
            before = " UNION ";
        }
        for (column, values) in [("loose_key", &keys), ("gtin", &gtins)] {
            if values.is_empty() {
                continue;
            }
            query.push(before).push(format_args!(
                "SELECT {COLUMNS} FROM (SELECT {COLUMNS}, ROW_NUMBER() OVER (PARTITION BY {column} ORDER BY number) AS place
                 FROM partner_article WHERE connection_id = "
            ));
            query.push_bind(connection.0).push(format_args!(" AND {column} IN "));
            push_list(&mut query, values.iter().cloned());
            query.push(format_args!(") AS {column}_alike WHERE place <= {ALIKE}"));
            before = " UNION ";
        }
        query.push(") AS alike ORDER BY number");
        query.build_query_as().fetch_all(conn).await?
    });
    Ok(keyed(rows))
}

fn keyed(rows: Vec<Row>) -> Vec<Keyed> {
    rows.into_iter().map(|row| (loose_key(&row.number), PartnerArticle::from(row))).collect()
}

/// Adds articles whose number has a typing error to the lines that nothing was found for. Every number that the error could have made is
/// looked up, for all lines in the same statements.
async fn misspelled(
    tx: &mut Tx,
    connection: ConnectionId,
    wanted: &[Wanted],
    found: &mut [Vec<PartnerArticle>],
) -> Result<(), StoreError> {
    let mut lines_of: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let missing = (0..wanted.len()).filter(|index| found[*index].is_empty()).take(MISSPELLED_LINES);
    for index in missing {
        for key in near_keys(&loose_key(&wanted[index].number)) {
            lines_of.entry(key).or_default().push(index);
        }
    }
    let keys: Vec<&String> = lines_of.keys().collect();
    for chunk in keys.chunks(KEYS) {
        let rows: Vec<Row> = on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new(format!(
                "SELECT {COLUMNS} FROM partner_article WHERE connection_id = "
            ));
            query.push_bind(connection.0).push(" AND loose_key IN ");
            // Filled up with a key that there is, so that the statement has one size.
            let filled = chunk.iter().chain(std::iter::repeat_n(&chunk[0], KEYS - chunk.len()));
            push_list(&mut query, filled.map(|key| (*key).clone()));
            query.push(format_args!(" ORDER BY number LIMIT {}", MISSPELLED_LINES * ALIKE));
            query.build_query_as().fetch_all(conn).await?
        });
        for (key, article) in keyed(rows) {
            for index in lines_of.get(&key).into_iter().flatten() {
                if found[*index].len() < ALIKE {
                    found[*index].push(article.clone());
                }
            }
        }
    }
    Ok(())
}

/// Adds articles whose name has all the words of the line's to the lines that nothing was found for.
async fn named_alike(
    tx: &mut Tx,
    connection: ConnectionId,
    wanted: &[Wanted],
    found: &mut [Vec<PartnerArticle>],
) -> Result<(), StoreError> {
    let missing =
        (0..wanted.len()).filter(|index| found[*index].is_empty() && !wanted[*index].name.is_empty());
    let missing: Vec<usize> = missing.take(NAMED_LINES).collect();
    for index in missing {
        let name = &wanted[index].name;
        let Some(query) = Query::read(name) else { continue };
        let documents = search::candidates(tx, Place::Partner(connection), &query).await?;
        let articles = super::found(tx, connection, &documents, &[]).await?;
        let mut alike: Vec<(u8, PartnerArticle)> = articles
            .into_iter()
            .map(|article| (name_likeness(name, &article.name), article))
            .filter(|(likeness, _)| *likeness >= NAME_LIKENESS)
            .collect();
        alike.sort_by_key(|(likeness, _)| u8::MAX - likeness);
        found[index] = alike.into_iter().take(ALIKE).map(|(_, article)| article).collect();
    }
    Ok(())
}

/// The keys that are one typing error away: a character changed, added or taken away, or two neighbours that changed places. A digit is
/// taken for another digit and a letter for another letter. Beside them the starts and ends of the key that say something.
fn near_keys(key: &str) -> BTreeSet<String> {
    let characters: Vec<char> = key.chars().collect();
    let mut keys = BTreeSet::new();
    if !KEY_LENGTH.contains(&characters.len()) {
        return keys;
    }
    let with = |start: &[char], middle: &[char], end: &[char]| -> String {
        start.iter().chain(middle).chain(end).collect()
    };
    for place in 0..=characters.len() {
        let (start, end) = characters.split_at(place);
        let around = [start.last(), end.first()];
        for character in alphabet(&around) {
            keys.insert(with(start, &[character], end));
        }
        let Some((first, rest)) = end.split_first() else { continue };
        keys.insert(with(start, &[], rest));
        for character in alphabet(&[Some(first), None]) {
            keys.insert(with(start, &[character], rest));
        }
        if let Some((second, rest)) = rest.split_first() {
            keys.insert(with(start, &[*second, *first], rest));
        }
        if place >= PART {
            keys.insert(with(start, &[], &[]));
        }
        if end.len() >= PART {
            keys.insert(with(&[], &[], end));
        }
    }
    // What is typed wrong at the front can be a zero, which no key begins with.
    let mut keys: BTreeSet<String> = keys.into_iter().map(|near| loose_key(&near)).collect();
    keys.remove(key);
    keys
}

/// What can stand beside or in place of these characters. `O`, `I` and `L` are digits in a key.
fn alphabet(around: &[Option<&char>; 2]) -> impl Iterator<Item = char> {
    let is = |kind: fn(&char) -> bool| around.iter().flatten().any(|character| kind(character));
    let digits = if is(char::is_ascii_digit) { "0123456789" } else { "" };
    let letters =
        if is(|character| character.is_alphabetic()) { "ABCDEFGHJKMNPQRSTUVWXYZÆØÅ" } else { "" };
    digits.chars().chain(letters.chars())
}

/// Adds the articles that have taken the place of those that a line certainly means, so that they can be named.
async fn replacements(
    tx: &mut Tx,
    connection: ConnectionId,
    found: &mut [Vec<PartnerArticle>],
) -> Result<(), StoreError> {
    let mut lines_of: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, of_line) in found.iter().enumerate() {
        for number in of_line.iter().filter_map(|article| article.replaced_by.as_ref()) {
            let lines = lines_of.entry(number.clone()).or_default();
            // Two of a line's articles may have been replaced by the same one.
            if lines.last() != Some(&index) && !of_line.iter().any(|article| article.number == *number) {
                lines.push(index);
            }
        }
    }
    let numbers: Vec<&String> = lines_of.keys().collect();
    for chunk in numbers.chunks(ROWS) {
        let rows: Vec<Row> = on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new(format!(
                "SELECT {COLUMNS} FROM partner_article WHERE connection_id = "
            ));
            query.push_bind(connection.0).push(" AND number IN ");
            push_list(&mut query, chunk.iter().map(|number| (*number).clone()));
            query.build_query_as().fetch_all(conn).await?
        });
        for article in rows.into_iter().map(PartnerArticle::from) {
            for index in lines_of.get(&article.number).into_iter().flatten() {
                found[*index].push(article.clone());
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::matching::one_edit_apart;

    #[test]
    fn near_keys_are_one_edit_away_or_a_part() {
        let keys = near_keys("BF10250");
        for near in ["BF10251", "BF1025", "F10250", "BF102505", "FB10250", "BG10250", "10250"] {
            assert!(keys.contains(&loose_key(near)), "{near}");
        }
        assert!(keys.iter().all(|key| one_edit_apart(key, "BF10250") || "BF10250".contains(key.as_str())));
        assert!(!keys.contains("BF10250") && keys.len() < 500, "{}", keys.len());
        assert!(
            near_keys("7").is_empty() && near_keys("").is_empty() && near_keys(&"1".repeat(41)).is_empty()
        );
        assert!(near_keys("11007").contains("1107"));
    }
}
