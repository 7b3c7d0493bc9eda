//! Finding documents. Each question is answered from the front of a b-tree and reads a bounded number of rows.

use std::collections::BTreeSet;

use domain::search::{Documents, FIRST, Query, is_one_edit_of_beginning, may_be_misspelled, one_edit_away};
use uuid::Uuid;

use crate::error::StoreError;
use crate::tx::{Tx, on, over_each, over_list};
use crate::value::to_json;

/// Documents that one number or one set of words gives at most.
const ENOUGH: usize = 60;
/// Words that an unfinished word is taken for.
const WORDS: i64 = 24;
/// Words among which the most frequent are chosen.
const NEAR: i64 = 300;
/// Blocks that are read at first where words are frequent.
const WINDOW: i64 = 48;
/// Documents of the rarest word up to which all of its blocks are read at once.
const RARE: i64 = 1500;
/// How often more blocks are read.
const ROUNDS: usize = 3;
/// Above every text that begins alike.
const LAST: &str = "\u{10ffff}";

/// Documents with a number that begins with the key; the number itself comes first.
pub(super) async fn numbers_from(tx: &mut Tx, scope: Uuid, key: &str) -> Result<Vec<i64>, StoreError> {
    Ok(on!(tx, |conn| {
        sqlx::query_scalar(
        "SELECT document FROM search_key WHERE scope = $1 AND key >= $2 AND key < $3 ORDER BY key, document LIMIT $4"
    )
    .bind(scope)
    .bind(key)
    .bind(format!("{key}{LAST}"))
    .bind(i64::try_from(ENOUGH).unwrap_or(i64::MAX))
    .fetch_all(conn)
    .await?
    }))
}

/// Documents with a number that is one error away from the text, or else with one that goes on from such a number.
pub(super) async fn misspelled_numbers(
    tx: &mut Tx,
    scope: Uuid,
    query: &Query,
) -> Result<Vec<i64>, StoreError> {
    let keys = query.misspelled_numbers();
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let whole = over_each!(
        tx,
        "SELECT p.document FROM",
        "search_key",
        "p.scope = $1 AND p.key = listed.value",
        "ORDER BY p.key, p.document LIMIT 60"
    );
    let begun = over_list!(
        tx,
        "SELECT document FROM (SELECT (SELECT k.document FROM search_key k WHERE k.scope = $1 AND k.key >= listed.value
             AND k.key < listed.value || $3 ORDER BY k.key, k.document LIMIT 1) AS document FROM",
        ") AS found WHERE document IS NOT NULL LIMIT 60"
    );
    let keys = to_json(&keys, "search", "keys")?;
    let found: Vec<i64> =
        on!(tx, |conn| sqlx::query_scalar(whole).bind(scope).bind(&keys).fetch_all(conn).await?);
    if !found.is_empty() {
        return Ok(found);
    }
    Ok(on!(tx, |conn| sqlx::query_scalar(begun).bind(scope).bind(&keys).bind(LAST).fetch_all(conn).await?))
}

/// A word that documents hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, sqlx::FromRow)]
struct Known {
    word: String,
    documents: i64,
    first_block: i64,
}

/// What a typed word is taken for.
struct Asked {
    words: Vec<Known>,
    /// Whether there may be more of them.
    is_cut: bool,
}

impl Asked {
    fn documents(&self) -> i64 {
        self.words.iter().map(|known| known.documents).sum()
    }

    fn first_block(&self) -> i64 {
        self.words.iter().map(|known| known.first_block).min().unwrap_or_default()
    }
}

/// Documents with all the words of the text, unfinished ones among them; where errors are forgiven, also with words one error away.
pub(super) async fn with_words(
    tx: &mut Tx,
    scope: Uuid,
    query: &Query,
    forgiving: bool,
) -> Result<Vec<i64>, StoreError> {
    let mut asked = Vec::with_capacity(query.words.len());
    for word in &query.words {
        let mut taken = words_from(tx, scope, word).await?;
        if forgiving && may_be_misspelled(word) {
            taken.words.extend(words_alike(tx, scope, word).await?);
        }
        // A figure may be a number instead of a word.
        if !taken.words.is_empty() {
            asked.push(taken);
        } else if !word.bytes().any(|byte| byte.is_ascii_digit()) {
            return Ok(Vec::new());
        }
    }
    let single = query.words.len() == 1;
    let mut found = if single {
        // Names that begin with the word come before those that merely hold it.
        let first = words_from(tx, scope, &format!("{FIRST}{}", query.words[0])).await?;
        common(tx, scope, &mut [first]).await?
    } else {
        Vec::new()
    };
    found.extend(common(tx, scope, &mut asked).await?);
    if found.is_empty() && asked.len() > 1 && asked.iter().any(|asked| asked.is_cut) {
        asked.retain(|asked| !asked.is_cut);
        found = common(tx, scope, &mut asked).await?;
    }
    Ok(found)
}

/// The word itself and the most frequent ones that begin with the text, or end with it where it is long enough to mean something.
async fn words_from(tx: &mut Tx, scope: Uuid, word: &str) -> Result<Asked, StoreError> {
    let backwards: String = word.chars().rev().collect();
    let has_endings = !word.starts_with(FIRST) && word.chars().count() >= 4;
    // A range that is empty asks for no endings.
    let endings_to = if has_endings { format!("{backwards}{LAST}") } else { backwards.clone() };
    let words: Vec<Known> = on!(tx, |conn| {
        sqlx::query_as(
        "SELECT word, documents, first_block FROM (
             SELECT * FROM (SELECT word, documents, first_block FROM search_word WHERE scope = $1 AND word >= $2 AND word < $3
                 ORDER BY word LIMIT $6) AS begun
             UNION
             SELECT * FROM (SELECT word, documents, first_block FROM search_word WHERE scope = $1 AND reversed >= $4 AND reversed < $5
                 ORDER BY reversed LIMIT $6) AS ended) AS near
         ORDER BY CASE WHEN word = $2 THEN 0 ELSE 1 END, documents DESC, word LIMIT $7"
    )
    .bind(scope)
    .bind(word)
    .bind(format!("{word}{LAST}"))
    .bind(&backwards)
    .bind(&endings_to)
    .bind(NEAR)
    .bind(WORDS)
    .fetch_all(conn)
    .await?
    });
    let is_cut = i64::try_from(words.len()).unwrap_or(i64::MAX) == WORDS;
    Ok(Asked { words, is_cut })
}

/// Words that are one error away, or that go on from such a one.
async fn words_alike(tx: &mut Tx, scope: Uuid, word: &str) -> Result<Vec<Known>, StoreError> {
    let first = over_list!(
        tx,
        "SELECT DISTINCT word FROM (SELECT (SELECT w.word FROM search_word w
             WHERE w.scope = $1 AND w.word >= listed.value AND w.word < listed.value || $3 ORDER BY w.word LIMIT 1) AS word FROM",
        ") AS found WHERE word IS NOT NULL ORDER BY word LIMIT 200"
    );
    let keys = to_json(&one_edit_away(word), "search", "words")?;
    let mut found: Vec<String> =
        on!(tx, |conn| sqlx::query_scalar(first).bind(scope).bind(&keys).bind(LAST).fetch_all(conn).await?);
    found.retain(|known| is_one_edit_of_beginning(word, known));
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let known = over_each!(
        tx,
        "SELECT p.word, p.documents, p.first_block FROM",
        "search_word",
        "p.scope = $1 AND p.word = listed.value",
        "ORDER BY p.documents DESC, p.word LIMIT 40"
    );
    let found = to_json(&found, "search", "words")?;
    Ok(on!(tx, |conn| sqlx::query_as(known).bind(scope).bind(&found).fetch_all(conn).await?))
}

/// The first documents that hold a word of each, from the rarest on.
async fn common(tx: &mut Tx, scope: Uuid, asked: &mut [Asked]) -> Result<Vec<i64>, StoreError> {
    asked.sort_by_key(Asked::documents);
    let Some(rarest) = asked.first().filter(|rarest| !rarest.words.is_empty()) else {
        return Ok(Vec::new());
    };
    let mut from = asked.iter().map(Asked::first_block).max().unwrap_or_default();
    let is_rare = rarest.documents() <= RARE;
    let mut window = if is_rare { i64::MAX / 2 } else { WINDOW };
    let mut found = Vec::new();
    for _ in 0..ROUNDS {
        let mut documents = documents_of(tx, scope, rarest, from, from.saturating_add(window)).await?;
        for other in &asked[1..] {
            let Some((first, last)) = documents.span() else { break };
            let theirs = documents_of(tx, scope, other, first, last + 1).await?;
            documents.keep_common(&theirs);
        }
        found.extend(documents.first(ENOUGH - found.len().min(ENOUGH)));
        if is_rare || found.len() >= ENOUGH {
            break;
        }
        from = from.saturating_add(window);
        window *= 4;
    }
    Ok(found)
}

/// The documents that hold one of the words, of the blocks from `from` and below `to`.
async fn documents_of(
    tx: &mut Tx,
    scope: Uuid,
    asked: &Asked,
    from: i64,
    to: i64,
) -> Result<Documents, StoreError> {
    let sql = over_each!(
        tx,
        "SELECT string_agg(CAST(p.block AS TEXT) || ' ' || p.documents, ',') FROM",
        "search_posting",
        "p.scope = $1 AND p.word = listed.value AND p.block >= $3 AND p.block < $4",
        ""
    );
    let words: BTreeSet<&str> = asked.words.iter().map(|known| known.word.as_str()).collect();
    let words = to_json(&words, "search", "words")?;
    let text: Option<String> = on!(tx, |conn| sqlx::query_scalar(sql)
        .bind(scope)
        .bind(&words)
        .bind(from)
        .bind(to)
        .fetch_one(conn)
        .await?);
    let mut documents = Documents::default();
    for block in text.unwrap_or_default().split(',') {
        let Some((block, pairs)) = block.split_once(' ') else { continue };
        documents.add(block.parse().unwrap_or_default(), pairs);
    }
    Ok(documents)
}
