//! What whoever runs the node decides.

use crate::mempool::{MempoolLimits, OrphanLimits};
use serde::{Deserialize, Serialize};

/// The settings of a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeOptions {
    /// BIP14: `/farthing:0.1.0/`.
    pub user_agent: String,
    /// `host:port` of the nodes to stay connected to.
    pub peers: Vec<String>,
    /// Connections that may come in.
    pub max_inbound: usize,
    /// Of these, connections from one address. This machine's own may hold all: its tabs share it.
    pub max_per_address: usize,
    /// What may wait for a block.
    pub mempool: MempoolLimits,
    /// What may wait for its parents.
    pub orphans: OrphanLimits,
}

impl Default for NodeOptions {
    fn default() -> Self {
        Self {
            user_agent: concat!("/farthing:", env!("CARGO_PKG_VERSION"), "/").to_owned(),
            peers: Vec::new(),
            max_inbound: 117,
            max_per_address: 16,
            mempool: MempoolLimits::default(),
            orphans: OrphanLimits::default(),
        }
    }
}
