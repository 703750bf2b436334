//! The tip is announced: by headers to who asked for that (BIP130), else by `inv`.

use crate::chain::Store;
use crate::client::PeerId;
use crate::node::limits;
use crate::node::machine::{Done, Node};
use bitcoin::BlockHash;
use bitcoin::block::Header;
use bitcoin::p2p::message::NetworkMessage;
use bitcoin::p2p::message_blockdata::Inventory;

impl<S: Store> Node<S> {
    /// Tells everyone who does not know it: the validated tip, whatever headers are above it. Before
    /// the node has caught up once nobody is told: the next block would follow at once.
    pub(in crate::node) fn announce_tip(&mut self) -> Done {
        self.announce = false;
        let tip = self.chain.tip();
        if tip.height == 0 || self.is_catching_up() {
            return Ok(());
        }
        for peer in self.ready_peers() {
            if self.has_header(peer, &tip.hash) {
                continue;
            }
            // It takes nothing now: it is told when it has taken what was sent.
            if let Some(full) = self.peers.get_mut(&peer).filter(|peer| peer.is_full()) {
                full.missed_tip = true;
                continue;
            }
            let message = match self.new_headers(peer) {
                Some(headers) => NetworkMessage::Headers(headers),
                None => NetworkMessage::Inv(vec![Inventory::Block(tip.hash)]),
            };
            if let Some(ready) = self.ready_mut(peer) {
                ready.headers.told = Some(tip.hash);
            }
            self.send(peer, message);
        }
        Ok(())
    }

    /// The headers from what the peer has up to the tip, if it wants them and they are few.
    fn new_headers(&self, peer: PeerId) -> Option<Vec<Header>> {
        if !self.ready(peer)?.headers.wants_headers {
            return None;
        }
        let tree = self.chain.headers();
        let mut headers = Vec::new();
        let mut at: BlockHash = self.chain.tip().hash;
        while !self.has_header(peer, &at) {
            if headers.len() >= limits::HEADERS_ANNOUNCED {
                return None;
            }
            let entry = tree.get(&at)?;
            headers.push(entry.header);
            at = entry.header.prev_blockhash;
        }
        headers.reverse();
        Some(headers)
    }
}
