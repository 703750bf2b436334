//! A block came: the chain judges it, and what follows from it is told to everyone.

use crate::chain::{Arrival, BlockOutcome, BlockRefusal, Change, InvalidBlock, Store};
use crate::client::PeerId;
use crate::node::limits;
use crate::node::machine::{Done, Node};
use bitcoin::block::Block;
use bitcoin::hashes::Hash;
use bitcoin::{BlockHash, Transaction};

impl<S: Store> Node<S> {
    pub(in crate::node) fn on_block(&mut self, peer: PeerId, block: Block) -> Done {
        let hash = block.block_hash();
        let now = self.now.monotonic_ms;
        let asked = self.block_brought(peer, &hash);
        let Some(ready) = self.ready_mut(peer) else {
            return Ok(());
        };
        let stray = ready.blocks.stray.take_if(|stray| *stray == hash).is_some();
        if !asked && !stray && !self.is_welcome(&block) {
            return Ok(());
        }
        match self.take_block(block)? {
            Ok(outcome) => {
                self.peer_has(peer, hash);
                let new = matches!(outcome.arrival, Arrival::Connected);
                if new && let Some(ready) = self.ready_mut(peer) {
                    ready.brought_block_ms = now;
                }
                // Who lets us wait for blocks that turned out to be invalid is told apart by the
                // headers: whoever keeps building on them is left then.
            }
            Err(BlockRefusal::Header(error)) => self.header_refused(peer, &error),
            Err(error) if error.is_misbehaviour() => self.misbehaved(peer, error.to_string()),
            Err(_) => {}
        }
        Ok(())
    }

    /// Nobody asked for it. It is taken where it would be asked for next: it has more work than the
    /// tip, on a parent that is known. Its header is proof of that work.
    fn is_welcome(&self, block: &Block) -> bool {
        let tree = self.chain.headers();
        let parent = tree.get(&block.header.prev_blockhash);
        parent.is_some_and(|parent| parent.work >= self.chain.tip().work)
    }

    /// Gives a block to the chain, and everything else its news.
    pub(in crate::node) fn take_block(
        &mut self,
        block: Block,
    ) -> Result<Result<BlockOutcome, BlockRefusal>, crate::chain::StoreError> {
        let now = self.now.unix();
        let result = self.chain.accept_block(block, now);
        self.fetch = true;
        match result {
            Ok(outcome) => {
                self.invalid_found(&outcome.invalid);
                self.changed(&outcome.change)?;
                let mut more = outcome.more;
                while more {
                    let progress = self.chain.advance()?;
                    self.invalid_found(&progress.invalid);
                    self.changed(&progress.change)?;
                    more = progress.more;
                }
                Ok(Ok(outcome))
            }
            Err(BlockRefusal::Store(error)) => Err(error),
            Err(error) => {
                if let BlockRefusal::Invalid(invalid) = &error {
                    self.invalid_found(std::slice::from_ref(invalid));
                }
                Ok(Err(error))
            }
        }
    }

    fn invalid_found(&mut self, invalid: &[InvalidBlock]) {
        for invalid in invalid {
            self.log_of_peer(true, format!("{invalid}; what follows it is refused"));
        }
    }

    /// The validated chain changed.
    fn changed(&mut self, change: &Change) -> Done {
        if change.is_empty() {
            return Ok(());
        }
        self.counts.connected += change.connected.len() as u64;
        self.counts.disconnected += change.disconnected.len() as u64;
        self.log_change(change);
        let now = self.now.monotonic_ms;
        let context = self.chain.next_context();
        let (left, came) = (&change.disconnected, &change.connected);
        let pool = self
            .mempool
            .on_change(left, came, &self.chain, context, now)?;
        self.caught_up.moved();
        self.announce = true;
        self.long_polls.tip_changed();
        self.transactions.tip_changed();
        if !change.disconnected.is_empty() {
            self.transactions.reorganised();
        }
        // Nobody else would tell those who never had them: their block told of them.
        for txid in pool.back {
            self.announce_transaction(txid);
        }
        for transaction in change.connected.iter().flat_map(|block| &block.txdata) {
            self.transaction_confirmed(transaction);
        }
        for transaction in change.connected.iter().flat_map(|block| &block.txdata) {
            self.parents_came(transaction.compute_txid())?;
        }
        Ok(())
    }

    fn transaction_confirmed(&mut self, transaction: &Transaction) {
        self.transactions.confirmed(transaction);
        self.orphans.confirmed(transaction);
    }

    fn log_change(&mut self, change: &Change) {
        let tip = self.chain.tip();
        let behind = self.blocks_behind();
        if !change.disconnected.is_empty() {
            let (left, came) = (change.disconnected.len(), change.connected.len());
            let fork = tip.height.saturating_sub(came as u32);
            self.warn(format!(
                "reorganisation after block {fork}: {left} blocks left the chain and {came} came; \
                 the tip is block {} {}",
                tip.height,
                short(&tip.hash)
            ));
        } else if behind <= limits::FAR_BEHIND {
            if let Some(block) = change.connected.last() {
                let (height, hash) = (tip.height, short(&tip.hash));
                let count = block.txdata.len().saturating_sub(1);
                let weight = block.weight().to_wu();
                self.log(format!(
                    "block {height} {hash}: {count} transactions beside the coinbase, weight {weight}"
                ));
            }
        } else if tip.height >= self.counts.told.saturating_add(500) {
            self.counts.told = tip.height;
            let all = tip.height + behind;
            self.log(format!("catching up: block {} of {all}", tip.height));
        }
    }

    /// Headers of the best chain whose blocks are not validated yet.
    pub(in crate::node) fn blocks_behind(&self) -> u32 {
        let best = self.chain.headers().tip().height;
        best.saturating_sub(self.chain.tip().height)
    }
}

/// The beginning of a hash as people read it, without its zeros.
pub(in crate::node) fn short(hash: &BlockHash) -> String {
    let text = hash.to_string();
    let bytes = hash.to_byte_array();
    let zeros = 2 * bytes.iter().rev().take_while(|byte| **byte == 0).count();
    let digits: String = text.chars().skip(zeros.min(52)).take(12).collect();
    match zeros {
        0 => format!("{digits}.."),
        _ => format!("..{digits}.."),
    }
}
