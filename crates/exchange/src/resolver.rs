//! Names are resolved here, and only addresses that the guard permits come out: what was checked is what is dialled.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

use crate::endpoint::{NameKind, name_kind};
use crate::guard::Guard;

/// The addresses of a name, some time later.
pub type LookupFuture = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;

/// Asks for the addresses of a name. The machine's own resolver in production; a test puts its own here.
pub trait Lookup: Send + Sync {
    /// Every address that the name has.
    fn lookup(&self, name: String) -> LookupFuture;
}

/// The machine's own resolver.
pub(crate) struct SystemLookup;

impl Lookup for SystemLookup {
    fn lookup(&self, name: String) -> LookupFuture {
        Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.collect()) })
    }
}

/// One of the name's addresses is blocked, so the name is.
#[derive(Debug, thiserror::Error)]
#[error("the name leads to an address that may not be called")]
pub(crate) struct BlockedName;

/// The name has no address, or the name servers did not answer.
#[derive(Debug, thiserror::Error)]
#[error("the name could not be resolved")]
pub(crate) struct UnresolvedName;

/// The resolver that the client dials by.
pub(crate) struct GuardedResolver {
    pub(crate) guard: Guard,
    pub(crate) lookup: Arc<dyn Lookup>,
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let name = name.as_str().to_owned();
        let guard = self.guard.clone();
        if name_kind(&name) == NameKind::Metadata {
            return Box::pin(async { Err(BlockedName.into()) });
        }
        let found = self.lookup.lookup(name);
        Box::pin(async move {
            let addresses = found.await.map_err(|_| UnresolvedName)?;
            if addresses.is_empty() {
                return Err(UnresolvedName.into());
            }
            // A single blocked address blocks the name: whoever mixes them is trying which one we take.
            if !addresses.iter().all(|address| guard.permits(address.ip())) {
                return Err(BlockedName.into());
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}
