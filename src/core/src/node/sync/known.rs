//! Which headers and blocks a peer is known to have.

use crate::chain::Store;
use crate::client::PeerId;
use crate::node::machine::Node;
use bitcoin::BlockHash;

impl<S: Store> Node<S> {
    /// The peer showed that it has this header: remembered if nothing with more work is.
    pub(in crate::node) fn peer_has(&mut self, peer: PeerId, hash: BlockHash) {
        let tree = self.chain.headers();
        let Some(work) = tree.get(&hash).map(|entry| entry.work) else {
            return;
        };
        let known = self.ready(peer).and_then(|ready| ready.headers.known);
        let before = known
            .and_then(|known| tree.get(&known))
            .map(|entry| entry.work);
        if before.is_none_or(|before| before < work)
            && let Some(ready) = self.ready_mut(peer)
        {
            ready.headers.known = Some(hash);
        }
    }

    /// Whether the peer has the block, as far as it showed.
    pub(in crate::node) fn has_block(&self, peer: PeerId, hash: &BlockHash) -> bool {
        self.ready(peer).is_some_and(|ready| {
            let known = ready.headers.known;
            known.is_some_and(|known| self.follows_from(&known, hash))
                && !ready.blocks.lacked.contains(hash)
        })
    }

    /// Whether the peer has the header: it showed it, or we told it.
    pub(in crate::node) fn has_header(&self, peer: PeerId, hash: &BlockHash) -> bool {
        self.ready(peer).is_some_and(|ready| {
            let seen = [ready.headers.known, ready.headers.told];
            seen.iter()
                .flatten()
                .any(|seen| self.follows_from(seen, hash))
        })
    }

    /// Whether `tip` is `hash` or comes after it.
    fn follows_from(&self, tip: &BlockHash, hash: &BlockHash) -> bool {
        if tip == hash {
            return true;
        }
        let tree = self.chain.headers();
        // The height up to which the tip's chain is the best one.
        let shared = tree.height_of(tip).or_else(|| tree.fork_of(tip));
        if let (Some(height), Some(shared)) = (tree.height_of(hash), shared) {
            return height <= shared;
        }
        // Both are beside the best chain.
        let Some(wanted) = tree.get(hash) else {
            return false;
        };
        let mut at = tree.get(tip);
        while let Some(entry) = at.filter(|entry| !entry.best && entry.height > wanted.height) {
            at = tree.get(&entry.header.prev_blockhash);
        }
        at.is_some_and(|entry| entry.hash == *hash)
    }
}
