//! How the node is.

use crate::chain::Store;
use crate::node::machine::Node;
use crate::node::{NodeStatus, PeerStatus};

impl<S: Store> Node<S> {
    /// For `/health`, `/metrics` and people.
    #[must_use]
    pub fn status(&self) -> NodeStatus {
        let tip = self.chain.tip();
        NodeStatus {
            network: self.params.name.clone(),
            height: tip.height,
            tip: tip.hash.to_string(),
            tip_time: tip.header.time,
            headers: self.chain.headers().tip().height,
            mempool_transactions: self.mempool.len() as u64,
            mempool_bytes: self.mempool.weight().div_ceil(4),
            blocks_connected: self.counts.connected,
            blocks_disconnected: self.counts.disconnected,
            misbehaving: self.counts.misbehaving,
            peers: self
                .peers
                .values()
                .map(|peer| PeerStatus {
                    peer: peer.id,
                    address: peer.address.clone(),
                    direction: peer.direction,
                    user_agent: peer
                        .ready()
                        .map_or_else(String::new, |ready| ready.facts.user_agent.clone()),
                    ready: peer.ready().is_some(),
                    received: peer.received,
                    sent: peer.sent,
                })
                .collect(),
        }
    }
}
