//! The address of a partner, as a person types it.

use domain::errors::{ErrorCode, FieldError, Refusal};
use std::fmt;
use std::net::IpAddr;
use url::{Host, Url};

use crate::guard::Guard;

const MAX_LENGTH: usize = 500;

/// Names under which clouds answer with a machine's credentials; blocked whatever they resolve to.
const METADATA_NAMES: [&str; 5] =
    ["metadata", "metadata.google.internal", "metadata.goog", "instance-data", "instance-data.ec2.internal"];

/// A checked address: scheme, host, port and perhaps a path, without a slash at the end and without `/partner/v1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    text: String,
}

impl Endpoint {
    /// The address as it is stored and shown.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Scheme, host and port: whom a token given for this address was given to.
    pub fn origin(&self) -> String {
        Url::parse(&self.text).map_or_else(|_| self.text.clone(), |url| url.origin().ascii_serialization())
    }

    /// The address of one call. `path` begins with a slash.
    pub(crate) fn url(&self, path: &str, query: &[(&str, &str)]) -> Result<Url, ErrorCode> {
        let mut url = Url::parse(&format!("{}{path}", self.text)).map_err(|_| ErrorCode::InvalidUrl)?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Ok(url)
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Guard {
    /// Checks an address that a person typed, without asking the name servers: what a name means is checked when it is dialled.
    ///
    /// # Errors
    /// `invalid_url`, `https_required`, `url_userinfo_forbidden`, `port_forbidden` or `endpoint_blocked`, each in the field
    /// `/endpoint`.
    pub fn check_endpoint(&self, typed: &str) -> Result<Endpoint, Refusal> {
        self.check(typed).map_err(|code| Refusal {
            code,
            errors: vec![FieldError::new("/endpoint", code)],
            params: std::collections::BTreeMap::new(),
        })
    }

    fn check(&self, typed: &str) -> Result<Endpoint, ErrorCode> {
        let typed = typed.trim();
        if typed.len() > MAX_LENGTH
            || typed.chars().any(|c| c.is_whitespace() || c == '\\' || domain::text::is_hidden(c))
        {
            return Err(ErrorCode::InvalidUrl);
        }
        let url = Url::parse(typed).map_err(|_| ErrorCode::InvalidUrl)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(ErrorCode::HttpsRequired);
        }
        if !url.username().is_empty() || url.password().is_some() || authority(typed).contains('@') {
            return Err(ErrorCode::UrlUserinfoForbidden);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(ErrorCode::InvalidUrl);
        }
        let (host, named) = self.judge_host(url.host().ok_or(ErrorCode::InvalidUrl)?)?;
        if url.scheme() == "http" && !(self.allows_http() && named == Named::ByOperator) {
            return Err(ErrorCode::HttpsRequired);
        }
        if named == Named::Blocked {
            return Err(ErrorCode::EndpointBlocked);
        }
        let port = url.port_or_known_default().unwrap_or(0);
        let free = named == Named::ByOperator && port != 0;
        if !free && !self.permits_port(port) {
            return Err(ErrorCode::PortForbidden);
        }
        let path = url.path().trim_end_matches('/');
        let path = path.strip_suffix("/partner/v1").unwrap_or(path).trim_end_matches('/');
        let written_port = url.port().map_or_else(String::new, |port| format!(":{port}"));
        let text = format!("{}://{host}{written_port}{path}", url.scheme());
        // Other alphabets are written longer than they were typed, and what is stored is checked again before each call.
        if text.len() > MAX_LENGTH {
            return Err(ErrorCode::InvalidUrl);
        }
        Ok(Endpoint { text })
    }

    fn judge_host(&self, host: Host<&str>) -> Result<(String, Named), ErrorCode> {
        let text = host.to_string();
        let literal = |address: IpAddr| match (self.allows(address), self.permits(address)) {
            (true, _) => Named::ByOperator,
            (false, true) => Named::Freely,
            (false, false) => Named::Blocked,
        };
        let named = match host {
            Host::Ipv4(address) => literal(IpAddr::V4(address)),
            Host::Ipv6(address) => literal(IpAddr::V6(address)),
            Host::Domain(name) => {
                if name.trim_end_matches('.').is_empty() {
                    return Err(ErrorCode::InvalidUrl);
                }
                match name_kind(name) {
                    NameKind::Metadata => Named::Blocked,
                    NameKind::Localhost if self.allows_localhost() => Named::ByOperator,
                    NameKind::Localhost => Named::Blocked,
                    NameKind::Other => Named::Freely,
                }
            }
        };
        Ok((text, named))
    }
}

/// How a host stands to the guard.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Named {
    ByOperator,
    Freely,
    Blocked,
}

/// Names that are judged before they are resolved.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameKind {
    Metadata,
    Localhost,
    Other,
}

/// What kind of name it is. Case and a dot at the end make no difference.
pub(crate) fn name_kind(name: &str) -> NameKind {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    if METADATA_NAMES.contains(&name.as_str()) {
        NameKind::Metadata
    } else if name == "localhost" || name.ends_with(".localhost") {
        NameKind::Localhost
    } else {
        NameKind::Other
    }
}

/// What stands between `//` and the next slash. The reader of URLs forgets an empty name before `@`; we do not.
fn authority(typed: &str) -> &str {
    let rest = typed.split_once("//").map_or(typed, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest)
}
