//! What has had its time: rows that nobody asks for any more, removed a portion at a time and found by indexes.

use domain::ids::new_uuid;
use domain::time::Timestamp;

use crate::error::StoreError;
use crate::tx::{Tx, on};

/// Statements with the moment as `$1` and how many rows as `$2`: one removes rows or settles them, the other only finds them.
struct Portion {
    remove: &'static str,
    find: &'static str,
}

/// The two statements of what is done with the rows that are found.
macro_rules! portion {
    ($done:literal, $found:literal) => {
        Portion { remove: concat!($done, " IN (", $found, " LIMIT $2)"), find: concat!($found, " LIMIT $2") }
    };
}
/// A kind of rows that are thrown away after their time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leftover {
    /// The keys of order forms: which order a form has made, so that sent again it makes nothing twice.
    Forms,
    /// What each saving of an order changed, where the order was sent. The last change of each is kept: it says who sent it as it is.
    Changes,
    /// What was typed over somebody else's changes, and never chosen.
    Conflicts,
    /// What stood in lines before a link gave them their number, where nothing can be given back: the order was sent or is gone.
    LinkLines,
    /// Files that wait for their columns to be named, and texts of files that were shown again.
    Uploads,
}

impl Leftover {
    pub const ALL: [Self; 5] = [Self::Forms, Self::Changes, Self::Conflicts, Self::LinkLines, Self::Uploads];

    fn portions(self) -> &'static [Portion] {
        match self {
            Self::Forms => &[portion!(
                "DELETE FROM order_form WHERE form_key",
                "SELECT form_key FROM order_form WHERE order_id < $1 ORDER BY order_id"
            )],
            // A last change is looked at once: what is settled is not in the index any more.
            Self::Changes => &[
                portion!(
                    "UPDATE order_change SET is_settled = TRUE WHERE (order_id, version)",
                    "SELECT c.order_id, c.version FROM order_change c WHERE NOT c.is_settled AND c.at < $1
                  AND EXISTS (SELECT 1 FROM purchase_order p WHERE p.order_id = c.order_id AND p.status NOT IN ('draft', 'ready'))
                  AND NOT EXISTS (SELECT 1 FROM order_change n WHERE n.order_id = c.order_id AND n.version > c.version)
                  ORDER BY c.at"
                ),
                portion!(
                    "DELETE FROM order_change WHERE (order_id, version)",
                    "SELECT c.order_id, c.version FROM order_change c WHERE NOT c.is_settled AND c.at < $1
                  AND EXISTS (SELECT 1 FROM purchase_order p WHERE p.order_id = c.order_id AND p.status NOT IN ('draft', 'ready'))
                  AND EXISTS (SELECT 1 FROM order_change n WHERE n.order_id = c.order_id AND n.version > c.version)
                  ORDER BY c.at"
                ),
            ],
            Self::Conflicts => &[portion!(
                "DELETE FROM order_conflict WHERE conflict_id",
                "SELECT conflict_id FROM order_conflict WHERE at < $1 ORDER BY at"
            )],
            Self::LinkLines => &[portion!(
                "DELETE FROM supplier_link_line WHERE (supplier_link_id, line_id)",
                "SELECT k.supplier_link_id, k.line_id FROM supplier_link_line k WHERE k.kept_at < $1
                  AND NOT EXISTS (SELECT 1 FROM order_line l JOIN purchase_order p ON p.order_id = l.order_id
                      WHERE l.line_id = k.line_id AND p.status IN ('draft', 'ready'))
                  ORDER BY k.kept_at"
            )],
            Self::Uploads => &[portion!(
                "DELETE FROM import_upload WHERE import_id",
                "SELECT import_id FROM import_upload WHERE at < $1 ORDER BY at"
            )],
        }
    }
}

/// Whether there is any row of a kind from before the moment. Whoever asks keeps nobody from writing: rows that stay are looked at each time.
pub async fn any_before(tx: &mut Tx, what: Leftover, before: Timestamp) -> Result<bool, StoreError> {
    for portion in what.portions() {
        let is_found = on!(tx, |conn| {
            let query = sqlx::query(portion.find);
            let query = match what {
                Leftover::Forms => query.bind(first_id(before)),
                _ => query.bind(before.0),
            };
            query.bind(1_i64).fetch_optional(conn).await?.is_some()
        });
        if is_found {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Removes rows of a kind from before the moment, at most `limit` by each statement. Tells how many the largest one found: with fewer than
/// `limit` there are no more.
pub async fn remove_before(
    tx: &mut Tx,
    what: Leftover,
    before: Timestamp,
    limit: i64,
) -> Result<u64, StoreError> {
    let mut most = 0;
    for portion in what.portions() {
        let affected = on!(tx, |conn| {
            let query = sqlx::query(portion.remove);
            let query = match what {
                Leftover::Forms => query.bind(first_id(before)),
                _ => query.bind(before.0),
            };
            query.bind(limit).execute(conn).await?.rows_affected()
        });
        most = most.max(affected);
    }
    Ok(most)
}

/// The first id of the moment: an order's id begins with the moment in which it was made.
fn first_id(moment: Timestamp) -> uuid::Uuid {
    new_uuid(moment, [0; 10])
}
