//! What is measured, one file for each part.

mod batch;
mod browser;
mod entry;
mod export;
mod live;
mod pages;
mod partner;
mod search;
mod sizes;
mod stored;

use futures::FutureExt;
use futures::future::LocalBoxFuture;

use crate::failure::Outcome;
use crate::report::Report;
use crate::setting::{Kind, Setting};

/// A part that can be asked for by its name.
pub struct Part {
    /// After `--only`.
    pub name: &'static str,
    /// Whether it is measured on each database.
    pub on_databases: bool,
    /// Measures it.
    pub measure: Measure,
}

type Measure = for<'a> fn(&'a Setting, Kind, &'a mut Report) -> LocalBoxFuture<'a, Outcome<()>>;

/// All parts, in the order in which they run.
pub const PARTS: &[Part] = &[
    Part {
        name: "sizes",
        on_databases: false,
        measure: |setting, _, report| async { sizes::measure(setting, report) }.boxed_local(),
    },
    Part {
        name: "export",
        on_databases: true,
        measure: |setting, kind, report| export::measure(setting, kind, report).boxed_local(),
    },
    Part {
        name: "batch",
        on_databases: true,
        measure: |setting, kind, report| batch::measure(setting, kind, report).boxed_local(),
    },
    Part {
        name: "partner",
        on_databases: true,
        measure: |setting, kind, report| partner::measure(setting, kind, report).boxed_local(),
    },
    Part {
        name: "live",
        on_databases: true,
        measure: |setting, kind, report| live::measure(setting, kind, report).boxed_local(),
    },
    Part {
        name: "pages",
        on_databases: true,
        measure: |setting, kind, report| pages::measure(setting, kind, report).boxed_local(),
    },
    Part {
        name: "screen",
        on_databases: true,
        measure: |setting, kind, report| browser::screen(setting, kind, report).boxed_local(),
    },
    Part {
        name: "phone",
        on_databases: false,
        measure: |setting, kind, report| browser::phone(setting, kind, report).boxed_local(),
    },
    Part {
        name: "search",
        on_databases: true,
        measure: |setting, kind, report| search::measure(setting, kind, report).boxed_local(),
    },
    Part {
        name: "entry",
        on_databases: true,
        measure: |setting, kind, report| entry::measure(setting, kind, report).boxed_local(),
    },
    Part {
        name: "stored",
        on_databases: true,
        measure: |setting, kind, report| stored::measure(setting, kind, report).boxed_local(),
    },
];
