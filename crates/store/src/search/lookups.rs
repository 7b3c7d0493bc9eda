//! Finding documents. Each question is answered from the front of a b-tree and reads a bounded number of rows.

use std::collections::BTreeSet;

use domain::search::{
    Documents, FIRST, Halves, MIN_PART, Query, is_one_edit_of_beginning, may_be_misspelled, one_edit_away,
};
use uuid::Uuid;

use crate::error::StoreError;
use crate::tx::{Tx, on, over_each, over_list};
use crate::value::to_json;

/// Documents that one number or one set of words gives at most.
const ENOUGH: usize = 60;
/// Words that an unfinished word is taken for.
const WORDS: usize = 24;
/// Of these at least, those that hold it inside, where there are so many.
const INSIDE: usize = 8;
/// Words among which the most frequent are chosen.
const NEAR: i64 = 300;
/// The same of words that hold the text inside, each of which is looked up by itself.
const NEAR_INSIDE: i64 = 120;
/// Words with a half of a misspelled one, up to which they are read instead of trying every error.
const WITH_A_HALF: i64 = 400;
/// Blocks that are read at first where words are frequent.
const WINDOW: i64 = 12;
/// Documents of the rarest word up to which all of its blocks are read at once.
const RARE: i64 = 1500;
/// How often more blocks are read.
const ROUNDS: usize = 4;
/// Below every text that goes on.
const NO_MORE: &str = "\u{1}";
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

/// The words near a typed one, the best of each kind first.
struct Near {
    /// That begin with it, and where errors are forgiven those one error away.
    begun: Vec<Known>,
    /// That hold it inside, as compounds do.
    inside: Vec<Known>,
}

impl Near {
    fn is_empty(&self) -> bool {
        self.begun.is_empty() && self.inside.is_empty()
    }

    /// Both kinds, for a word that others stand beside.
    fn together(mut self) -> Asked {
        self.begun.truncate(WORDS - self.inside.len().min(INSIDE));
        self.begun.extend(self.inside);
        self.begun.truncate(WORDS);
        Asked { is_cut: self.begun.len() == WORDS, words: self.begun }
    }
}

/// Documents with all the words of the text, unfinished ones among them; where errors are forgiven, also with words one error away.
pub(super) async fn with_words(
    tx: &mut Tx,
    scope: Uuid,
    query: &Query,
    forgiving: bool,
) -> Result<Vec<i64>, StoreError> {
    if let [word] = query.words.as_slice() {
        return with_one_word(tx, scope, word, forgiving).await;
    }
    let mut asked = Vec::with_capacity(query.words.len());
    for word in &query.words {
        let near = words_near(tx, scope, word, forgiving).await?;
        // A figure may be a number instead of a word.
        if !near.is_empty() {
            asked.push(near.together());
        } else if !word.bytes().any(|byte| byte.is_ascii_digit()) {
            return Ok(Vec::new());
        }
    }
    let mut found = common(tx, scope, &mut asked).await?;
    if found.is_empty() && asked.len() > 1 && asked.iter().any(|asked| asked.is_cut) {
        asked.retain(|asked| !asked.is_cut);
        found = common(tx, scope, &mut asked).await?;
    }
    Ok(found)
}

/// Names that begin with the word come before those that merely hold it, and these before those that hold it inside a word.
async fn with_one_word(
    tx: &mut Tx,
    scope: Uuid,
    word: &str,
    forgiving: bool,
) -> Result<Vec<i64>, StoreError> {
    let first = words_near(tx, scope, &format!("{FIRST}{word}"), false).await?;
    let near = words_near(tx, scope, word, forgiving).await?;
    let mut found = Vec::new();
    for words in [first.begun, near.begun, near.inside] {
        if found.len() < ENOUGH {
            let missing = common(tx, scope, &mut [Asked { words, is_cut: false }]).await?;
            found.extend(missing);
        }
    }
    Ok(found)
}

async fn words_near(tx: &mut Tx, scope: Uuid, word: &str, forgiving: bool) -> Result<Near, StoreError> {
    let mut near = words_from(tx, scope, word).await?;
    if forgiving && may_be_misspelled(word) {
        near.begun.extend(words_alike(tx, scope, word).await?);
    }
    Ok(near)
}

/// A word that was found, and how: by its beginning (0), as an ending of it (1), or as the beginning of one (2).
#[derive(sqlx::FromRow)]
struct Found {
    word: String,
    documents: i64,
    first_block: i64,
    kind: i32,
}

/// The words that begin with a text, the text itself first, and those that hold it inside; the most frequent of either.
/// `$4` to `$5` are the endings that are asked for.
macro_rules! near {
    ($each:literal) => {
        concat!(
            "SELECT * FROM (
                 SELECT word, documents, first_block, 0 AS kind FROM (
                     SELECT word, documents, first_block FROM search_word WHERE scope = $1 AND word >= $2 AND word < $3
                     ORDER BY word LIMIT $6) AS near
                 ORDER BY CASE WHEN word = $2 THEN 0 ELSE 1 END, documents DESC, word LIMIT $8) AS begun
             UNION ALL
             SELECT * FROM (
                 SELECT w.word, w.documents, w.first_block, e.kind FROM (
                     SELECT word, CASE WHEN ending = $4 THEN 1 ELSE 2 END AS kind FROM search_ending
                     WHERE scope = $1 AND ending >= $4 AND ending < $5 ORDER BY ending, word LIMIT $7) AS e ",
            $each,
            " ORDER BY e.kind, w.documents DESC, w.word LIMIT $8) AS inside"
        )
    };
}

async fn words_from(tx: &mut Tx, scope: Uuid, word: &str) -> Result<Near, StoreError> {
    let sql = if tx.is_postgres() {
        near!(
            "CROSS JOIN LATERAL (SELECT * FROM search_word p WHERE p.scope = $1 AND p.word = e.word OFFSET 0) AS w"
        )
    } else {
        near!("CROSS JOIN search_word w WHERE w.scope = $1 AND w.word = e.word")
    };
    let length = word.chars().count();
    let endings_to = match length {
        // A range that is empty asks for no endings.
        _ if word.starts_with(FIRST) || length < MIN_PART => word.to_owned(),
        MIN_PART => format!("{word}{NO_MORE}"),
        _ => format!("{word}{LAST}"),
    };
    let rows: Vec<Found> = on!(tx, |conn| sqlx::query_as(sql)
        .bind(scope)
        .bind(word)
        .bind(format!("{word}{LAST}"))
        .bind(word)
        .bind(&endings_to)
        .bind(NEAR)
        .bind(NEAR_INSIDE)
        .bind(i64::try_from(WORDS).unwrap_or(i64::MAX))
        .fetch_all(conn)
        .await?);
    let mut seen = BTreeSet::new();
    let mut near = Near { begun: Vec::new(), inside: Vec::new() };
    for Found { word, documents, first_block, kind } in rows {
        let list = if kind == 0 { &mut near.begun } else { &mut near.inside };
        // One that begins with the text and holds it again is one word.
        if seen.insert(word.clone()) {
            list.push(Known { word, documents, first_block });
        }
    }
    Ok(near)
}

/// Words that are one error away, or that go on from such a one.
async fn words_alike(tx: &mut Tx, scope: Uuid, word: &str) -> Result<Vec<Known>, StoreError> {
    let mut found = match words_with_a_half(tx, scope, word).await? {
        Some(words) => words,
        None => words_tried(tx, scope, word).await?,
    };
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

/// Words with one half of the typed one as it is, which a single error always leaves. `None` where it has no halves that tell enough, or
/// where there are too many such words. A word that goes on with figures has no endings of letters: of those only the ones are found that
/// have the first half as it is, since trying every error as well would cost a statement for each word that is nowhere.
async fn words_with_a_half(tx: &mut Tx, scope: Uuid, word: &str) -> Result<Option<Vec<String>>, StoreError> {
    let Some(halves) = Halves::of(word) else { return Ok(None) };
    let sql = "SELECT word FROM (SELECT word FROM search_word WHERE scope = $1 AND word >= $2 AND word < $3
                   ORDER BY word LIMIT $8) AS begun
               UNION ALL
               SELECT word FROM (SELECT word FROM search_word WHERE scope = $1 AND word >= $4 AND word < $5
                   ORDER BY word LIMIT $8) AS begun_with_changed_places
               UNION ALL
               SELECT word FROM (SELECT word FROM search_ending WHERE scope = $1 AND ending >= $6 AND ending < $7
                   ORDER BY ending, word LIMIT $8) AS inside";
    let mut found: Vec<String> = on!(tx, |conn| sqlx::query_scalar(sql)
        .bind(scope)
        .bind(&halves.front)
        .bind(format!("{}{LAST}", halves.front))
        .bind(&halves.with_changed_places)
        .bind(format!("{}{LAST}", halves.with_changed_places))
        .bind(&halves.back)
        .bind(format!("{}{LAST}", halves.back))
        .bind(WITH_A_HALF)
        .fetch_all(conn)
        .await?);
    // As many rows as one of the three gives at most may have cut it off.
    if i64::try_from(found.len()).is_ok_and(|rows| rows >= WITH_A_HALF) {
        return Ok(None);
    }
    found.sort_unstable();
    found.dedup();
    Ok(Some(found))
}

/// The first word that goes on from each text that one error makes of the typed one.
async fn words_tried(tx: &mut Tx, scope: Uuid, word: &str) -> Result<Vec<String>, StoreError> {
    let first = over_list!(
        tx,
        "SELECT DISTINCT word FROM (SELECT (SELECT w.word FROM search_word w
             WHERE w.scope = $1 AND w.word >= listed.value AND w.word < listed.value || $3 ORDER BY w.word LIMIT 1) AS word FROM",
        ") AS found WHERE word IS NOT NULL ORDER BY word LIMIT 200"
    );
    let keys = to_json(&one_edit_away(word), "search", "words")?;
    Ok(on!(tx, |conn| sqlx::query_scalar(first).bind(scope).bind(&keys).bind(LAST).fetch_all(conn).await?))
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
