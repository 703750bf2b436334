//! What is on a list: where it is said to be, and where it may be.
//!
//! A name of ours is resolved when it is first used; an address that it has later, and had not then,
//! is refused.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;
use tokio::sync::OnceCell;

/// It is not told where something is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected HOST:PORT, as 127.0.0.1:18444, found {0:?}")]
pub(crate) struct EndpointError(String);

/// Where something listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoint {
    pub(super) host: Host,
    pub(super) port: u16,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Host {
    Address(IpAddr),
    Name(String),
}

impl FromStr for Endpoint {
    type Err = EndpointError;

    fn from_str(text: &str) -> Result<Self, EndpointError> {
        let form = || EndpointError(text.to_owned());
        let (host, port) = text.rsplit_once(':').ok_or_else(form)?;
        let port = match port.parse() {
            Ok(port) if port > 0 && !port_text_is_odd(text) => port,
            _ => return Err(form()),
        };
        let bracketed = host.strip_prefix('[').and_then(|h| h.strip_suffix(']'));
        let host = match (bracketed.unwrap_or(host).parse::<IpAddr>(), bracketed) {
            // ::ffff:10.0.0.1 is 10.0.0.1 by another name.
            (Ok(IpAddr::V6(address)), Some(_)) => Host::Address(address.to_canonical()),
            (Ok(IpAddr::V4(address)), None) => Host::Address(address.into()),
            (Err(_), None) if is_name(host) => Host::Name(host.to_ascii_lowercase()),
            _ => return Err(form()),
        };
        Ok(Self { host, port })
    }
}

/// `u16` takes `+8333` and `08333`; an address has one spelling.
fn port_text_is_odd(text: &str) -> bool {
    let port = text.rsplit(':').next().unwrap_or_default();
    port.starts_with(['+', '0'])
}

fn is_name(host: &str) -> bool {
    let ordinary = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    // A name of digits and dots alone would be read as an address by some resolvers.
    (1..=253).contains(&host.len())
        && host.bytes().all(ordinary)
        && host.bytes().any(|byte| byte.is_ascii_alphabetic())
        && !host.starts_with(['-', '.'])
        && !host.to_ascii_lowercase().starts_with("0x")
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.host {
            Host::Address(address) => SocketAddr::new(*address, self.port).fmt(f),
            Host::Name(name) => write!(f, "{name}:{}", self.port),
        }
    }
}

/// Why a listed target has no address to connect to.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AddressError {
    #[error("the name {endpoint} cannot be resolved: {reason}")]
    Unresolved { endpoint: String, reason: String },
    #[error(
        "{endpoint} is now at {}, expected it at {}: start again if that is meant",
        list(now),
        list(first)
    )]
    Changed {
        endpoint: String,
        first: Vec<SocketAddr>,
        now: Vec<SocketAddr>,
    },
    #[error("{endpoint} is at {address}, which is no address of a node or a pool")]
    Forbidden {
        endpoint: String,
        address: SocketAddr,
    },
}

fn list(addresses: &[SocketAddr]) -> String {
    let texts: Vec<String> = addresses.iter().map(ToString::to_string).collect();
    texts.join(", ")
}

/// Something on a list. It is asked for exactly as it was named at the start, so that no stranger's
/// name is ever resolved.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) endpoint: Endpoint,
    addresses: OnceCell<Vec<SocketAddr>>,
}

impl Target {
    pub(super) fn new(endpoint: Endpoint) -> Self {
        Self {
            endpoint,
            addresses: OnceCell::new(),
        }
    }

    /// Where it is, checked: what comes back is what is to be connected to, with no second look-up.
    pub(crate) async fn addresses(&self) -> Result<Vec<SocketAddr>, AddressError> {
        let now = match &self.endpoint.host {
            Host::Address(address) => vec![SocketAddr::new(*address, self.endpoint.port)],
            Host::Name(name) => self.resolve(name).await?,
        };
        self.check(now).await
    }

    async fn resolve(&self, name: &str) -> Result<Vec<SocketAddr>, AddressError> {
        let unresolved = |reason: String| AddressError::Unresolved {
            endpoint: self.endpoint.to_string(),
            reason,
        };
        let found = tokio::net::lookup_host((name, self.endpoint.port))
            .await
            .map_err(|error| unresolved(error.to_string()))?;
        let mut found: Vec<SocketAddr> = found
            .map(|address| SocketAddr::new(address.ip().to_canonical(), address.port()))
            .collect();
        found.sort_unstable();
        found.dedup();
        if found.is_empty() {
            return Err(unresolved("it has no address".to_owned()));
        }
        Ok(found)
    }

    pub(super) async fn check(
        &self,
        now: Vec<SocketAddr>,
    ) -> Result<Vec<SocketAddr>, AddressError> {
        let endpoint = || self.endpoint.to_string();
        if let Some(&address) = now.iter().find(|address| is_forbidden(address.ip())) {
            let endpoint = endpoint();
            return Err(AddressError::Forbidden { endpoint, address });
        }
        let first = self.addresses.get_or_init(async || now.clone()).await;
        if now.iter().all(|address| first.contains(address)) {
            return Ok(now);
        }
        Err(AddressError::Changed {
            endpoint: endpoint(),
            first: first.clone(),
            now,
        })
    }
}

/// Addresses that reach this machine's surroundings in a way no node and no pool is reached: link-local ones
/// (a cloud's metadata among them), the unspecified one, multicast and broadcast.
fn is_forbidden(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            address.is_link_local()
                || address.octets()[0] == 0
                || address.is_multicast()
                || address.is_broadcast()
        }
        IpAddr::V6(address) => {
            address.is_unicast_link_local() || address.is_unspecified() || address.is_multicast()
        }
    }
}
