//! Blocks that were found here, told to the nodes. As nodes tell each other: by their headers to who
//! asked for that (BIP130), else by `inv`; the block goes to whoever asks for it. A block that is sent
//! unasked makes some nodes leave (bcoin), and a node that was away when it was found would never
//! learn of it.

use crate::client::{Client, PeerId, limits};
use bitcoin::block::Header;
use bitcoin::p2p::message::NetworkMessage;
use bitcoin::p2p::message_blockdata::{GetHeadersMessage, Inventory};
use bitcoin::{Block, BlockHash};
use std::collections::BTreeSet;

impl Client {
    /// Tells a peer of the blocks at the tip that were found here, as far as it has not shown that
    /// it knows them.
    pub(crate) fn announce_found(&mut self, peer: PeerId) {
        let Some(ready) = self.ready(peer) else {
            return;
        };
        let shown = ready.headers.shown;
        let known = |hash: &BlockHash| {
            shown.is_some_and(|shown| {
                let of = self.tree.height_of(&shown);
                shown == *hash || of.is_some() && of >= self.tree.height_of(hash)
            })
        };
        let headers = self.found_above(known);
        let Some(last) = headers.last() else {
            return;
        };
        let message = match ready.wants_headers {
            true => NetworkMessage::Headers(headers),
            false => NetworkMessage::Inv(vec![Inventory::Block(last.block_hash())]),
        };
        self.send(peer, message);
    }

    /// The headers at the tip whose blocks were found here and are at hand, down to the first that
    /// is known already; the lowest first.
    fn found_above(&self, known: impl Fn(&BlockHash) -> bool) -> Vec<Header> {
        let mut headers = Vec::new();
        let mut at = self.tree.tip().hash;
        while let Some(block) = self.works.found(&at).filter(|_| !known(&at)) {
            headers.push(block.header);
            at = block.header.prev_blockhash;
        }
        headers.reverse();
        headers
    }

    /// A `getheaders`: we serve no chain, but who heard of a block that was found here may ask what
    /// lies below. It is answered where every block of the answer is at hand.
    pub(crate) fn on_get_headers(&mut self, peer: PeerId, ask: &GetHeadersMessage) {
        let fork = ask
            .locator_hashes
            .iter()
            .take(limits::LOCATOR_READ)
            .find(|hash| self.tree.height_of(hash).is_some());
        let Some(fork) = fork.copied() else {
            return;
        };
        let headers = self.found_above(|hash| *hash == fork);
        let joins = headers
            .first()
            .is_some_and(|first| first.prev_blockhash == fork);
        if joins {
            self.send(peer, NetworkMessage::Headers(headers));
        }
    }

    /// The blocks of a `getdata`: those that were found here, in the order asked, for a parent comes
    /// before its child. Each once for each message.
    pub(crate) fn serve_found(&mut self, peer: PeerId, inventory: &[Inventory]) {
        let mut seen = BTreeSet::new();
        let asked = inventory.iter().filter_map(|item| match item {
            Inventory::Block(hash)
            | Inventory::WitnessBlock(hash)
            | Inventory::CompactBlock(hash) => Some(*hash),
            _ => None,
        });
        let asked = asked.filter(|hash| seen.insert(*hash));
        let asked: Vec<BlockHash> = asked.take(limits::FOUND_BLOCKS).collect();
        let mut missing = Vec::new();
        for hash in asked {
            let found: Option<Block> = self.works.found(&hash).cloned();
            match found {
                Some(block) => self.send(peer, NetworkMessage::Block(block)),
                None => missing.push(Inventory::WitnessBlock(hash)),
            }
        }
        if !missing.is_empty() {
            self.send(peer, NetworkMessage::NotFound(missing));
        }
    }
}
