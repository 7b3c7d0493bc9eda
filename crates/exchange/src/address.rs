//! Addresses: which are on the public internet, which are never called, and ranges that an operator writes down.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// Addresses with the same leading bits, written `10.0.0.0/8`, `fd00::/8` or as one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddressRange {
    network: IpAddr,
    prefix: u8,
}

/// The text was not a range of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a range of addresses such as 10.0.0.0/8")]
pub struct AddressRangeError;

impl AddressRange {
    const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Self {
        Self { network: IpAddr::V4(Ipv4Addr::new(a, b, c, d)), prefix }
    }

    const fn v6(first: [u16; 3], prefix: u8) -> Self {
        Self { network: IpAddr::V6(Ipv6Addr::new(first[0], first[1], first[2], 0, 0, 0, 0, 0)), prefix }
    }

    /// Whether the address lies in the range. An IPv4 address never lies in an IPv6 range or the other way round.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.network, address) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                let shift = 32 - u32::from(self.prefix);
                u32::from(network).checked_shr(shift) == u32::from(address).checked_shr(shift)
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                let shift = 128 - u32::from(self.prefix);
                u128::from(network).checked_shr(shift) == u128::from(address).checked_shr(shift)
            }
            _ => false,
        }
    }
}

impl FromStr for AddressRange {
    type Err = AddressRangeError;

    fn from_str(text: &str) -> Result<Self, AddressRangeError> {
        let (network, prefix) = match text.trim().split_once('/') {
            Some((network, prefix)) => (network, Some(prefix)),
            None => (text.trim(), None),
        };
        let network: IpAddr = network.parse().map_err(|_| AddressRangeError)?;
        let most = if network.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            Some(prefix) => prefix.parse().map_err(|_| AddressRangeError)?,
            None => most,
        };
        if prefix > most {
            return Err(AddressRangeError);
        }
        Ok(Self { network, prefix })
    }
}

impl fmt::Display for AddressRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.network, self.prefix)
    }
}

/// IPv4 blocks that are not on the public internet (IANA special-purpose registry, and multicast).
const SPECIAL_V4: [AddressRange; 15] = [
    AddressRange::v4(0, 0, 0, 0, 8),
    AddressRange::v4(10, 0, 0, 0, 8),
    AddressRange::v4(100, 64, 0, 0, 10),
    AddressRange::v4(127, 0, 0, 0, 8),
    AddressRange::v4(169, 254, 0, 0, 16),
    AddressRange::v4(172, 16, 0, 0, 12),
    AddressRange::v4(192, 0, 0, 0, 24),
    AddressRange::v4(192, 0, 2, 0, 24),
    AddressRange::v4(192, 88, 99, 0, 24),
    AddressRange::v4(192, 168, 0, 0, 16),
    AddressRange::v4(198, 18, 0, 0, 15),
    AddressRange::v4(198, 51, 100, 0, 24),
    AddressRange::v4(203, 0, 113, 0, 24),
    AddressRange::v4(224, 0, 0, 0, 4),
    AddressRange::v4(240, 0, 0, 0, 4),
];

/// The one IPv6 block of global unicast addresses, and the special ones inside it.
const GLOBAL_V6: AddressRange = AddressRange::v6([0x2000, 0, 0], 3);
const SPECIAL_V6: [AddressRange; 4] = [
    AddressRange::v6([0x2001, 0, 0], 23),
    AddressRange::v6([0x2001, 0x0db8, 0], 32),
    AddressRange::v6([0x2002, 0, 0], 16),
    AddressRange::v6([0x3fff, 0, 0], 20),
];

/// What no operator can allow: link-local addresses, multicast, and where clouds answer with a machine's credentials.
const NEVER: [AddressRange; 9] = [
    AddressRange::v4(0, 0, 0, 0, 8),
    AddressRange::v4(169, 254, 0, 0, 16),
    AddressRange::v4(100, 100, 100, 200, 32),
    AddressRange::v4(168, 63, 129, 16, 32),
    AddressRange::v4(192, 0, 0, 192, 32),
    AddressRange::v4(224, 0, 0, 0, 4),
    AddressRange::v4(240, 0, 0, 0, 4),
    AddressRange::v6([0xfe80, 0, 0], 10),
    AddressRange::v6([0xff00, 0, 0], 8),
];
const METADATA_V6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x0254);

/// An IPv4 address inside an IPv6 one (`::ffff:127.0.0.1`) is dialled as IPv4, and judged as it.
pub(crate) fn canonical(address: IpAddr) -> IpAddr {
    address.to_canonical()
}

/// Blocked whatever the operator says.
pub(crate) fn is_never_called(address: IpAddr) -> bool {
    address == IpAddr::V6(METADATA_V6)
        || address.is_unspecified()
        || NEVER.iter().any(|range| range.contains(address))
}

/// On the public internet. A gateway address that wraps an IPv4 address (NAT64) is judged by what it wraps; the other
/// wrappings (IPv4-compatible, 6to4, Teredo) are not in use any more and lie outside what is global here.
pub(crate) fn is_global(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(_) => !is_never_called(address) && !SPECIAL_V4.iter().any(|range| range.contains(address)),
        IpAddr::V6(v6) => match nat64(v6) {
            Some(inner) => is_global(IpAddr::V4(inner)),
            None => {
                GLOBAL_V6.contains(address)
                    && !SPECIAL_V6.iter().any(|range| range.contains(address))
                    && !is_isatap_of_special(v6)
            }
        },
    }
}

/// The IPv4 address behind `64:ff9b::/96` (RFC 6052).
fn nat64(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let segments = address.segments();
    (segments[..6] == [0x64, 0xff9b, 0, 0, 0, 0]).then(|| last_four_bytes(address))
}

/// ISATAP puts an IPv4 address behind `:5efe:` in any network; a tunnel would carry us to it.
fn is_isatap_of_special(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    segments[5] == 0x5efe && segments[4] & !0x0200 == 0 && !is_global(IpAddr::V4(last_four_bytes(address)))
}

fn last_four_bytes(address: Ipv6Addr) -> Ipv4Addr {
    let octets = address.octets();
    Ipv4Addr::new(octets[12], octets[13], octets[14], octets[15])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        let range: AddressRange = "10.1.0.0/16".parse().expect("a range");
        assert!(range.contains("10.1.255.255".parse().expect("an address")));
        assert!(!range.contains("10.2.0.0".parse().expect("an address")));
        let all: AddressRange = "0.0.0.0/0".parse().expect("a range");
        assert!(all.contains("1.2.3.4".parse().expect("an address")));
        assert!(!all.contains("::1".parse().expect("an address")));
        let one: AddressRange = "::1".parse().expect("a range");
        assert!(one.contains("::1".parse().expect("an address")));
        assert_eq!(one.to_string(), "::1/128");
        for text in ["", "10.0.0.0/33", "::/129", "10.0.0/8", "localhost", "10.0.0.0/-1", "10.0.0.0/"] {
            assert_eq!(text.parse::<AddressRange>(), Err(AddressRangeError), "{text}");
        }
    }
}
