//! The allow-list: the nodes that pages may be carried to, and nothing else.
//!
//! A node is asked for exactly as it was named at the start, so that no stranger's name is ever
//! resolved. A name of ours is resolved when it is first used; an address that it has later, and
//! had not then, is refused.

use farthing_core::params::{NetworkParams, SpendRule, UnknownNetworkError};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::str::FromStr;
use tokio::sync::OnceCell;

/// A node could not be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NodeError {
    #[error("expected [NETWORK@]HOST:PORT, as regtest@127.0.0.1:18444, found {0:?}")]
    Form(String),
    #[error(transparent)]
    Network(#[from] UnknownNetworkError),
    #[error(
        "port {port} does not tell which network {endpoint} is on: write NETWORK@{endpoint}, as \
         regtest@{endpoint}"
    )]
    WhichNetwork { endpoint: Endpoint, port: u16 },
}

/// Where a node listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoint {
    host: Host,
    port: u16,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Host {
    Address(IpAddr),
    Name(String),
}

impl FromStr for Endpoint {
    type Err = NodeError;

    fn from_str(text: &str) -> Result<Self, NodeError> {
        let form = || NodeError::Form(text.to_owned());
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

/// `[NETWORK@]HOST:PORT` on the command line.
#[derive(Debug, Clone)]
pub(crate) struct NodeOption {
    network: Option<String>,
    endpoint: Endpoint,
}

impl FromStr for NodeOption {
    type Err = NodeError;

    fn from_str(text: &str) -> Result<Self, NodeError> {
        let (network, endpoint) = match text.split_once('@') {
            Some((network, endpoint)) => (Some(network.to_owned()), endpoint),
            None => (None, text),
        };
        let endpoint = endpoint.parse()?;
        Ok(Self { network, endpoint })
    }
}

/// A node on the list.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) network: String,
    pub(crate) magic: [u8; 4],
    pub(crate) endpoint: Endpoint,
    /// Nobody named it: it may be there or not.
    pub(crate) guessed: bool,
    addresses: OnceCell<Vec<SocketAddr>>,
}

/// Why a listed node has no address to connect to.
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
    #[error("{endpoint} is at {address}, which is no address of a node")]
    Forbidden {
        endpoint: String,
        address: SocketAddr,
    },
}

fn list(addresses: &[SocketAddr]) -> String {
    let texts: Vec<String> = addresses.iter().map(ToString::to_string).collect();
    texts.join(", ")
}

impl Node {
    fn new(network: &str, endpoint: Endpoint, guessed: bool) -> Result<Self, NodeError> {
        let params = NetworkParams::by_name(network)?;
        Ok(Self {
            network: params.name,
            magic: params.magic,
            endpoint,
            guessed,
            addresses: OnceCell::new(),
        })
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

    async fn check(&self, now: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, AddressError> {
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

/// Addresses that reach this machine's surroundings in a way no node is reached: link-local ones
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

/// The nodes that pages may be carried to.
#[derive(Debug)]
pub(crate) struct AllowList(Vec<Node>);

impl AllowList {
    /// The named nodes; none named: this machine's well-known ports, so that a node that runs here
    /// is found by itself.
    pub(crate) fn new(nodes: &[NodeOption]) -> Result<Self, NodeError> {
        if nodes.is_empty() {
            return Self::well_known();
        }
        let mut list: Vec<Node> = Vec::new();
        for NodeOption { network, endpoint } in nodes {
            let name = network
                .clone()
                .or_else(|| network_of_port(endpoint.port))
                .ok_or_else(|| NodeError::WhichNetwork {
                    endpoint: endpoint.clone(),
                    port: endpoint.port,
                })?;
            if !list.iter().any(|node| node.endpoint == *endpoint) {
                list.push(Node::new(&name, endpoint.clone(), false)?);
            }
        }
        Ok(Self(list))
    }

    fn well_known() -> Result<Self, NodeError> {
        let mut list = Vec::new();
        for name in NetworkParams::names() {
            let params = NetworkParams::by_name(name)?;
            // No node of Bitcoin's listens where another network's would.
            if params.spend_rule != SpendRule::Script {
                continue;
            }
            let endpoint = Endpoint {
                host: Host::Address(Ipv4Addr::LOCALHOST.into()),
                port: params.default_port,
            };
            list.push(Node::new(name, endpoint, true)?);
        }
        Ok(Self(list))
    }

    /// A list with one node that nobody named.
    #[cfg(test)]
    pub(crate) fn guessed(network: &str, endpoint: &str) -> Self {
        let endpoint = endpoint.parse().unwrap();
        Self(vec![Node::new(network, endpoint, true).unwrap()])
    }

    /// The node of that name, if it is on the list.
    pub(crate) fn find(&self, asked: &str) -> Option<&Node> {
        let endpoint: Endpoint = asked.parse().ok()?;
        self.0.iter().find(|node| node.endpoint == endpoint)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Node> {
        self.0.iter()
    }
}

fn network_of_port(port: u16) -> Option<String> {
    let params = NetworkParams::names()
        .iter()
        .filter_map(|name| NetworkParams::by_name(name).ok());
    let mut found = params.filter(|params| params.default_port == port);
    found.next().map(|params| params.name)
}

#[cfg(test)]
#[path = "node_tests.rs"]
mod tests;
