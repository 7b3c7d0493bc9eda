//! *Admin > Integrasjoner > ProdSys to ProdSys*: suppliers' endpoints and the tokens that they gave us.

mod form;
mod list;
mod outcome;

pub use form::{ConnectionPage, NewConnectionPage};
pub use list::ConnectionsPage;

use domain::connections::{CatalogueAge, ConnectionRow, ConnectionState};

use crate::components::{Crumb, Tone};
use crate::format;
use crate::i18n::Texts;

/// The path of the list.
pub(crate) const PATH: &str = "/admin/integrasjoner/prodsys-to-prodsys";

/// The menu path, with a page under the list when there is one.
fn crumbs(t: Texts, last: Option<String>) -> Vec<Crumb> {
    let mut path = vec![Crumb::text(t.nav_admin()), Crumb::text(t.nav_integrations())];
    match last {
        Some(last) => path.extend([Crumb::link(t.nav_prodsys_to_prodsys(), PATH), Crumb::text(last)]),
        None => path.push(Crumb::text(t.nav_prodsys_to_prodsys())),
    }
    path
}

/// How much is known of the supplier's articles, and how old it is.
fn catalogue(t: Texts, row: &ConnectionRow) -> String {
    let known: CatalogueAge = row.catalogue;
    if row.is_price_file() {
        let at = known.read_at.map(|at| format::day_time(at, t.language())).unwrap_or_default();
        return match known.prices_from {
            Some(from) => t.catalogue_from_file_of(known.articles, format::date(from, t.language()), at),
            None => t.catalogue_from_file_at(known.articles, at),
        };
    }
    match (known.read_at, known.articles) {
        (Some(at), count) => t.connections_catalogue_read(count, format::day_time(at, t.language())),
        (None, 0) => t.connections_catalogue_never().to_owned(),
        (None, count) => t.connections_catalogue_part(count),
    }
}

/// How a connection stands: words, tone, icon. A price file stands nowhere.
fn look(t: Texts, row: &ConnectionRow) -> (&'static str, Tone, &'static str) {
    if row.is_price_file() {
        return (t.catalogue_price_file(), Tone::Neutral, "list");
    }
    match row.state {
        ConnectionState::Unverified => (t.connections_unverified(), Tone::Warning, "help"),
        ConnectionState::Verified => (t.connections_verified(), Tone::Ok, "check"),
        ConnectionState::Paused => (t.connections_paused(), Tone::Error, "stop"),
    }
}
