//! Which addresses the program may call.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::address::{self, AddressRange, AddressRangeError};

/// Ports that an address may name without the operator's word.
const USUAL_PORTS: [u16; 2] = [443, 8443];

/// By default only https to the public internet. An operator may allow more, from file or environment alone; link-local
/// addresses and the clouds' metadata services stay blocked even then.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guard {
    allow: Vec<AddressRange>,
    allow_http: bool,
    ports: Vec<u16>,
}

impl Guard {
    /// Allows the ranges beside the public internet. With `allow_http` an address written as one of these ranges' numbers (or
    /// `localhost`) may be called without TLS.
    pub fn new(allow: Vec<AddressRange>, allow_http: bool) -> Self {
        Self { allow, allow_http, ports: Vec::new() }
    }

    /// The same from texts such as `10.0.0.0/8`.
    ///
    /// # Errors
    /// When one of them is no range of addresses.
    pub fn parse<T: AsRef<str>>(ranges: &[T], allow_http: bool) -> Result<Self, AddressRangeError> {
        let allow = ranges.iter().map(|range| range.as_ref().parse()).collect::<Result<_, _>>()?;
        Ok(Self::new(allow, allow_http))
    }

    /// Two instances on one machine: loopback, without TLS.
    pub fn loopback() -> Self {
        Self::parse(&["127.0.0.0/8", "::1/128"], true).unwrap_or_default()
    }

    /// Allows a further port for every address.
    #[must_use]
    pub fn with_port(mut self, port: u16) -> Self {
        self.ports.push(port);
        self
    }

    /// Whether the address may be called.
    pub fn permits(&self, address: IpAddr) -> bool {
        let address = address::canonical(address);
        !address::is_never_called(address) && (self.allows(address) || address::is_global(address))
    }

    /// Whether TLS may be missing at all.
    pub(crate) fn allows_http(&self) -> bool {
        self.allow_http
    }

    /// Whether the operator has named the address.
    pub(crate) fn allows(&self, address: IpAddr) -> bool {
        let address = address::canonical(address);
        !address::is_never_called(address) && self.allow.iter().any(|range| range.contains(address))
    }

    /// Whether the operator has named this machine itself.
    pub(crate) fn allows_localhost(&self) -> bool {
        self.allows(IpAddr::V4(Ipv4Addr::LOCALHOST)) || self.allows(IpAddr::V6(Ipv6Addr::LOCALHOST))
    }

    pub(crate) fn permits_port(&self, port: u16) -> bool {
        USUAL_PORTS.contains(&port) || (port != 0 && self.ports.contains(&port))
    }
}
