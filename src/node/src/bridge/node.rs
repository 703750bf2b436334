//! The allow-list: the nodes that pages may be carried to, and nothing else.

use super::target::{Endpoint, Host, Target};
use farthing_core::params::{NetworkParams, SpendRule, UnknownNetworkError};
use std::net::Ipv4Addr;
use std::str::FromStr;

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
        let endpoint = endpoint
            .parse()
            .map_err(|_| NodeError::Form(text.to_owned()))?;
        Ok(Self { network, endpoint })
    }
}

/// A node on the list.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) network: String,
    pub(crate) magic: [u8; 4],
    pub(crate) target: Target,
    /// Nobody named it: it may be there or not.
    pub(crate) guessed: bool,
}

impl Node {
    fn new(network: &str, endpoint: Endpoint, guessed: bool) -> Result<Self, NodeError> {
        let params = NetworkParams::by_name(network)?;
        Ok(Self {
            network: params.name,
            magic: params.magic,
            target: Target::new(endpoint),
            guessed,
        })
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
            if !list.iter().any(|node| node.target.endpoint == *endpoint) {
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
        self.0.iter().find(|node| node.target.endpoint == endpoint)
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
