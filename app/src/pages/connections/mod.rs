//! *Admin > Integrasjoner > ProdSys to ProdSys*: suppliers' endpoints and the tokens that they gave us.

mod form;
mod list;
mod outcome;

pub use form::{ConnectionPage, NewConnectionPage};
pub use list::ConnectionsPage;

use domain::connections::{CatalogueAge, ConnectionState};

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
fn catalogue(t: Texts, known: CatalogueAge) -> String {
    match (known.read_at, known.articles) {
        (Some(at), count) => t.connections_catalogue_read(count, format::day_time(at, t.language())),
        (None, 0) => t.connections_catalogue_never().to_owned(),
        (None, count) => t.connections_catalogue_part(count),
    }
}

/// How a connection stands: words, tone, icon.
fn look(t: Texts, state: ConnectionState) -> (&'static str, Tone, &'static str) {
    match state {
        ConnectionState::Unverified => (t.connections_unverified(), Tone::Warning, "help"),
        ConnectionState::Verified => (t.connections_verified(), Tone::Ok, "check"),
        ConnectionState::Paused => (t.connections_paused(), Tone::Error, "stop"),
    }
}
