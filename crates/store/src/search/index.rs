//! Writing what documents are found by.

use std::collections::btree_map::Entry::{Occupied, Vacant};
use std::collections::{BTreeMap, HashSet};

use domain::search::{Entry, endings, place_of};
use serde::Serialize;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use super::Place;
use crate::error::StoreError;
use crate::tx::{Tx, on, over_list, over_rows};
use crate::value::to_json;

/// The counter that gives documents their numbers.
const DOCUMENTS: &str = "search_document";
/// Of how many documents one statement writes what they are found by.
const DOCUMENTS_AT_ONCE: usize = 1_000;

/// How what a document is found by changes. A new document had nothing before.
#[derive(Clone, Debug, Default)]
pub(crate) struct Change {
    pub document: i64,
    pub before: Entry,
    pub after: Entry,
}

/// The first of `count` numbers for new documents.
pub(crate) async fn new_documents(tx: &mut Tx, count: usize) -> Result<i64, StoreError> {
    crate::counters::next_numbers(tx, DOCUMENTS, count).await
}

/// Makes an own article be found by what it holds: from the commit on, and by searches of this transaction.
pub(crate) fn note(tx: &mut Tx, change: Change) {
    tx.unindexed.push(change);
}

/// Writes what was noted. Who adds or saves articles holds their counter to the end, so that two such transactions follow each other and
/// do not lock each other out over words.
pub(crate) async fn write(tx: &mut Tx) -> Result<(), StoreError> {
    if tx.unindexed.is_empty() {
        return Ok(());
    }
    if tx.is_in_savepoint() {
        // Written now, what was noted before the savepoint would go when it is undone.
        return Err(StoreError::Refused("own articles cannot be searched within a savepoint".to_owned()));
    }
    let mut changes: BTreeMap<i64, Change> = BTreeMap::new();
    for noted in std::mem::take(&mut tx.unindexed) {
        match changes.entry(noted.document) {
            Vacant(vacant) => {
                vacant.insert(noted);
            }
            // What was between the first and the last was never written.
            Occupied(mut known) => known.get_mut().after = noted.after,
        }
    }
    let changes: Vec<Change> = changes.into_values().collect();
    for chunk in changes.chunks(DOCUMENTS_AT_ONCE) {
        change(tx, Place::Own, chunk).await?;
    }
    Ok(())
}

/// Makes documents be found by what they hold now, and no longer by what they held before.
pub(crate) async fn change(tx: &mut Tx, place: Place, changes: &[Change]) -> Result<(), StoreError> {
    let scope = place.scope();
    let (mut keys, mut words) = (Difference::default(), Difference::default());
    for change in changes {
        keys.note(change.document, &change.before.keys, &change.after.keys);
        words.note(change.document, &change.before.words, &change.after.words);
    }
    take_out_keys(tx, scope, &keys.gone).await?;
    put_in_keys(tx, scope, &keys.new).await?;
    take_out_words(tx, scope, &words.gone).await?;
    put_in_words(tx, scope, &words.new).await
}

/// What has gone and what is new, each with its document.
#[derive(Default)]
struct Difference<'a> {
    gone: Vec<(&'a str, i64)>,
    new: Vec<(&'a str, i64)>,
}

impl<'a> Difference<'a> {
    fn note(&mut self, document: i64, before: &'a [String], after: &'a [String]) {
        let (had, has): (HashSet<&str>, HashSet<&str>) = (texts(before).collect(), texts(after).collect());
        self.gone.extend(texts(before).filter(|text| !has.contains(text)).map(|text| (text, document)));
        self.new.extend(texts(after).filter(|text| !had.contains(text)).map(|text| (text, document)));
    }
}

fn texts(list: &[String]) -> impl Iterator<Item = &str> {
    list.iter().map(String::as_str)
}

async fn put_in_keys(tx: &mut Tx, scope: Uuid, keys: &[(&str, i64)]) -> Result<(), StoreError> {
    let sql = over_rows!(
        tx,
        "INSERT INTO search_key (scope, key, document)
         SELECT $1, listed.value ->> 0, CAST(listed.value ->> 1 AS BIGINT) FROM",
        "WHERE true ON CONFLICT (scope, key, document) DO NOTHING"
    );
    let mut keys = keys.to_vec();
    keys.sort_unstable();
    run(tx, sql, scope, &keys).await
}

async fn take_out_keys(tx: &mut Tx, scope: Uuid, keys: &[(&str, i64)]) -> Result<(), StoreError> {
    let sql = over_rows!(
        tx,
        "DELETE FROM search_key WHERE scope = $1
         AND (key, document) IN (SELECT listed.value ->> 0, CAST(listed.value ->> 1 AS BIGINT) FROM",
        ")"
    );
    run(tx, sql, scope, keys).await
}

/// A word's postings: its documents by block.
type Postings<'a> = BTreeMap<(&'a str, i64), Vec<String>>;

fn postings<'a>(words: &[(&'a str, i64)]) -> Postings<'a> {
    let mut postings: Postings<'a> = BTreeMap::new();
    for (word, document) in words {
        let (block, pair) = place_of(*document);
        postings.entry((*word, block)).or_default().push(pair);
    }
    postings
}

async fn put_in_words(tx: &mut Tx, scope: Uuid, words: &[(&str, i64)]) -> Result<(), StoreError> {
    let postings = postings(words);
    let rows: Vec<(&str, i64, String)> =
        postings.iter().map(|((word, block), pairs)| (*word, *block, pairs.concat())).collect();
    let sql = over_rows!(
        tx,
        "INSERT INTO search_posting (scope, word, block, documents)
         SELECT $1, listed.value ->> 0, CAST(listed.value ->> 1 AS BIGINT), listed.value ->> 2 FROM",
        "WHERE true ON CONFLICT (scope, word, block) DO UPDATE SET documents = search_posting.documents || excluded.documents"
    );
    run(tx, sql, scope, &rows).await?;
    count_words(tx, scope, &postings, 1).await
}

/// Adds to how many documents hold a word; one that is new begins with it.
macro_rules! raise {
    ($tx:expr, $after:literal) => {
        over_rows!(
            $tx,
            "INSERT INTO search_word (scope, word, documents, first_block)
             SELECT $1, listed.value ->> 0, CAST(listed.value ->> 1 AS BIGINT), CAST(listed.value ->> 2 AS BIGINT) FROM",
            "WHERE true ON CONFLICT (scope, word) DO UPDATE SET documents = search_word.documents + excluded.documents,
                 first_block = CASE WHEN excluded.first_block < search_word.first_block THEN excluded.first_block
                     ELSE search_word.first_block END",
            $after
        )
    };
}

/// Raises or lowers how many documents hold the words. Words that are new get their endings.
async fn count_words(tx: &mut Tx, scope: Uuid, postings: &Postings<'_>, sign: i64) -> Result<(), StoreError> {
    let mut counts: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for ((word, block), pairs) in postings {
        let (count, first) = counts.entry(word).or_insert((0, *block));
        *count += sign * i64::try_from(pairs.len()).unwrap_or_default();
        *first = (*first).min(*block);
    }
    let rows = counts.iter().map(|(word, (count, first))| (*word, *count, *first));
    let (compound, plain): (Vec<_>, Vec<_>) = rows.partition(|(word, ..)| !endings(word).is_empty());
    run(tx, raise!(tx, ""), scope, &plain).await?;
    let known: Vec<(String, i64)> =
        told(tx, raise!(tx, " RETURNING word, documents"), scope, &compound).await?;
    // Only these documents hold it, so it was not there before.
    let is_new = |(word, documents): &&(String, i64)| {
        counts.get(word.as_str()).is_some_and(|(count, _)| count == documents)
    };
    let new: Vec<&str> = known.iter().filter(is_new).map(|(word, _)| word.as_str()).collect();
    let sql = over_rows!(
        tx,
        "INSERT INTO search_ending (scope, ending, word) SELECT $1, listed.value ->> 0, listed.value ->> 1 FROM",
        "WHERE true ON CONFLICT (scope, ending, word) DO NOTHING"
    );
    run(tx, sql, scope, &with_endings(&new)).await
}

/// The endings of the words, each with its word, as their index has them.
fn with_endings<'a>(words: &[&'a str]) -> Vec<(&'a str, &'a str)> {
    let each = words.iter().flat_map(|word| endings(word).into_iter().map(move |ending| (ending, *word)));
    let mut rows: Vec<(&str, &str)> = each.collect();
    rows.sort_unstable();
    rows
}

async fn take_out_words(tx: &mut Tx, scope: Uuid, words: &[(&str, i64)]) -> Result<(), StoreError> {
    if words.is_empty() {
        return Ok(());
    }
    let postings = postings(words);
    // One statement changes a row once, so each takes one document out of every block.
    let rounds = postings.values().map(Vec::len).max().unwrap_or_default();
    for round in 0..rounds {
        let rows: Vec<(&str, i64, &str)> = postings
            .iter()
            .filter_map(|((word, block), pairs)| Some((*word, *block, pairs.get(round)?.as_str())))
            .collect();
        let sql = over_rows!(
            tx,
            "UPDATE search_posting SET documents = REPLACE(search_posting.documents, listed.value ->> 2, '') FROM",
            "WHERE search_posting.scope = $1 AND search_posting.word = listed.value ->> 0
                 AND search_posting.block = CAST(listed.value ->> 1 AS BIGINT)"
        );
        run(tx, sql, scope, &rows).await?;
    }
    count_words(tx, scope, &postings, -1).await?;
    let places: Vec<&(&str, i64)> = postings.keys().collect();
    let sql = over_rows!(
        tx,
        "DELETE FROM search_posting WHERE scope = $1 AND documents = ''
         AND (word, block) IN (SELECT listed.value ->> 0, CAST(listed.value ->> 1 AS BIGINT) FROM",
        ")"
    );
    run(tx, sql, scope, &places).await?;
    let words: Vec<&str> = postings.keys().map(|(word, _)| *word).collect();
    let sql = over_list!(
        tx,
        "DELETE FROM search_word WHERE scope = $1 AND documents <= 0 AND word IN (SELECT listed.value FROM",
        ") RETURNING word"
    );
    let gone: Vec<(String,)> = told(tx, sql, scope, &words).await?;
    let gone: Vec<&str> = gone.iter().map(|(word,)| word.as_str()).collect();
    let sql = over_rows!(
        tx,
        "DELETE FROM search_ending WHERE scope = $1
         AND (ending, word) IN (SELECT listed.value ->> 0, listed.value ->> 1 FROM",
        ")"
    );
    run(tx, sql, scope, &with_endings(&gone)).await
}

async fn run<T: Serialize>(
    tx: &mut Tx,
    sql: &'static str,
    scope: Uuid,
    rows: &[T],
) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    let rows = to_json(&rows, "search", "rows")?;
    on!(tx, |conn| sqlx::query(sql).bind(scope).bind(&rows).execute(conn).await?.rows_affected());
    Ok(())
}

/// The same for a statement that tells something of each row it wrote.
async fn told<T: Serialize, R>(
    tx: &mut Tx,
    sql: &'static str,
    scope: Uuid,
    rows: &[T],
) -> Result<Vec<R>, StoreError>
where
    R: Send + Unpin + for<'r> sqlx::FromRow<'r, SqliteRow> + for<'r> sqlx::FromRow<'r, PgRow>,
{
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let rows = to_json(&rows, "search", "rows")?;
    Ok(on!(tx, |conn| sqlx::query_as(sql).bind(scope).bind(&rows).fetch_all(conn).await?))
}

/// Forgets everything that is found in the place.
pub(crate) async fn forget(tx: &mut Tx, place: Place) -> Result<(), StoreError> {
    let scope = place.scope();
    for sql in [
        "DELETE FROM search_key WHERE scope = $1",
        "DELETE FROM search_word WHERE scope = $1",
        "DELETE FROM search_ending WHERE scope = $1",
        "DELETE FROM search_posting WHERE scope = $1",
    ] {
        on!(tx, |conn| sqlx::query(sql).bind(scope).execute(conn).await?.rows_affected());
    }
    Ok(())
}
