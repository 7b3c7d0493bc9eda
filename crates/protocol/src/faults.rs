//! Crash points and bug switches, for the tests that show that nothing is lost. In debug builds alone: in a release a point is
//! nothing and every switch is off.
//!
//! They stand here because every crate that needs them sees this one. Nothing is read or written here: the program hands in what to do
//! when a point is passed, and which bug it shall have.

macro_rules! named {
    ($(#[$meta:meta])* $kind:ident { $($(#[$doc:meta])* $name:ident = $code:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $kind {
            $($(#[$doc])* $name,)+
        }

        impl $kind {
            /// The name in settings and in reports.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)+
                }
            }

            /// The one with the name.
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($code => Some(Self::$name),)+
                    _ => None,
                }
            }
        }
    };
}

named! {
    /// Where a process may end in the middle of things. B: the buyer, S: the supplier, G: both.
    Point {
        /// An order is exported, its transaction not committed.
        B1 = "B1",
        /// The export is committed, the person not told.
        B2 = "B2",
        /// Messages are claimed and their attempts written, nothing is connected.
        B3 = "B3",
        /// Connected to the partner, nothing sent.
        B4 = "B4",
        /// Half of the body is sent.
        B5 = "B5",
        /// All is sent, nothing answered.
        B6 = "B6",
        /// The head of the answer is read.
        B7 = "B7",
        /// The answer is read, the outcome not written.
        B8 = "B8",
        /// The outcome is committed.
        B9 = "B9",
        /// A message is put off, its transaction not committed.
        B10 = "B10",
        /// A page of the feed is read, nothing of it applied.
        B11 = "B11",
        /// A page of the feed is applied, its cursor not saved, the one transaction of both not committed.
        B12 = "B12",
        /// A connection is accepted.
        S1 = "S1",
        /// A request is known to be a partner's.
        S2 = "S2",
        /// The body is read.
        S3 = "S3",
        /// The message is written, its draft not.
        S4 = "S4",
        /// Message, draft and receipt are written, their transaction not committed.
        S5 = "S5",
        /// An order is committed, nothing answered.
        S6 = "S6",
        /// Half of the answer to an order is sent.
        S7 = "S7",
        /// A draft is approved, its transaction not committed.
        S8 = "S8",
        /// The approval is committed, the person not told.
        S9 = "S9",
        /// Something is committed with its events, no reader woken.
        S10 = "S10",
        /// Half of a page of the feed is sent.
        S11 = "S11",
        /// In a migration.
        G1 = "G1",
        /// Told to end: no new connections, requests and workers finish.
        G5 = "G5",
        /// Any transaction, before its commit.
        BeforeCommit = "before_commit",
    }
}

named! {
    /// Mistakes that the program can be given, to show that the tests would find them.
    Bug {
        /// A message that came before is taken for a new one.
        NoDedup = "no_dedup",
        /// A message is sent again under another id.
        NewKeyPerRetry = "new_key_per_retry",
        /// Whoever comes last writes the outcome, whether or not the message is still theirs.
        SettleWithoutFence = "settle_without_fence",
        /// Any answer with status 200 counts as delivered, receipt or not.
        Any200Delivered = "any_200_delivered",
        /// An answer leaves before its transaction is committed.
        AcknowledgeBeforeCommit = "acknowledge_before_commit",
    }
}

#[cfg(debug_assertions)]
mod armed {
    use std::sync::OnceLock;

    use super::{Bug, Point};

    /// What a test put in.
    #[derive(Default)]
    pub struct Faults {
        /// The point that is watched, and what happens when it is passed.
        pub watched: Option<(Point, Box<dyn Fn() + Send + Sync>)>,
        pub bug: Option<Bug>,
    }

    static FAULTS: OnceLock<Faults> = OnceLock::new();

    /// Puts faults into this process, once.
    pub fn install(faults: Faults) {
        // Later ones are left out: a process has the faults that it was started with.
        let _ = FAULTS.set(faults);
    }

    /// Marks a place in the program.
    pub fn pass(point: Point) {
        if let Some((watched, passed)) = FAULTS.get().and_then(|faults| faults.watched.as_ref())
            && *watched == point
        {
            passed();
        }
    }

    /// Whether the point is watched. Asked where passing it takes more than a call.
    pub fn is_watched(point: Point) -> bool {
        FAULTS.get().and_then(|faults| faults.watched.as_ref()).is_some_and(|(watched, _)| *watched == point)
    }

    /// Whether the program shall have the bug.
    pub fn has(bug: Bug) -> bool {
        FAULTS.get().is_some_and(|faults| faults.bug == Some(bug))
    }
}
#[cfg(debug_assertions)]
pub use armed::{Faults, has, install, is_watched, pass};

#[cfg(not(debug_assertions))]
mod off {
    use super::{Bug, Point};

    /// Nothing, in a release.
    #[inline(always)]
    pub fn pass(_: Point) {}

    /// Never, in a release.
    #[inline(always)]
    pub fn is_watched(_: Point) -> bool {
        false
    }

    /// Never, in a release.
    #[inline(always)]
    pub fn has(_: Bug) -> bool {
        false
    }
}
#[cfg(not(debug_assertions))]
pub use off::{has, is_watched, pass};
