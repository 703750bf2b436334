//! What a block changes, and what its leaving the best chain changes.
//!
//! Only verified blocks of the best chain come here, in order; on a reorganisation the abandoned
//! ones leave from the tip down before the new ones come.

use super::kept::{Death, Place};
use super::ledger::Ledger;
use crate::merkle::block::COMMITMENT_PREFIX;
use crate::primitives::{BlockHeight, UnixTime};
use bitcoin::{Block, BlockHash, Txid};
use std::collections::{BTreeMap, BTreeSet};

/// Transactions that one block's spends are followed to: the losers, their children, and so on.
const CHASE: usize = 10_000;

impl Ledger {
    /// A block joined the best chain; says whether any payment changed.
    pub fn connect_block(
        &mut self,
        block: &Block,
        height: BlockHeight,
        hash: BlockHash,
        now: UnixTime,
    ) -> bool {
        let txids: Vec<Txid> = block.txdata.iter().map(|tx| tx.compute_txid()).collect();
        let mut changed = false;
        let mut losers = Vec::new();
        let stripped = is_stripped(block);
        for (tx, txid) in block.txdata.iter().zip(&txids) {
            if self.pays(tx) {
                self.keep(tx.clone(), *txid, "", now);
            }
            if let Some(kept) = self.kept.get_mut(txid) {
                let place = Place {
                    block: hash,
                    height,
                };
                changed |= kept.mined != Some(place);
                kept.mined = Some(place);
                // Whoever announced it first may have changed its witness, which its id does not
                // commit to: such a copy would be refused when it is sent again.
                if !stripped {
                    kept.tx = tx.clone();
                }
                kept.left = None;
                // One block cannot hold it and another spend of its coins; nor can one chain.
                kept.deaths.clear();
            }
            if tx.is_coinbase() {
                continue;
            }
            for input in &tx.input {
                let outpoint = input.previous_output;
                losers.extend(
                    self.announced
                        .spenders(&outpoint)
                        .filter(|spender| spender != txid),
                );
                for holder in self.spends.get(&outpoint).into_iter().flatten() {
                    let Some(kept) = self.kept.get_mut(holder) else {
                        continue;
                    };
                    if kept.mined.is_none() && kept.lineage.get(&outpoint) != Some(txid) {
                        changed |= kept.die(Death {
                            by: *txid,
                            block: hash,
                        });
                    }
                }
            }
        }
        changed |= self.bury(losers, hash);
        for txid in &txids {
            self.announced.remove(txid);
        }
        self.bound_mined();
        changed
    }

    /// A block left the best chain; says whether any payment changed.
    pub fn disconnect_block(&mut self, hash: &BlockHash, now: UnixTime) -> bool {
        self.disconnect_blocks(std::slice::from_ref(hash), now)
    }

    /// These blocks left the best chain, in one reorganisation; says whether any payment changed.
    /// All at once: on a chain without work a peer can have thousands of blocks leave, again and
    /// again.
    pub fn disconnect_blocks(&mut self, hashes: &[BlockHash], now: UnixTime) -> bool {
        let left: BTreeSet<BlockHash> = hashes.iter().copied().collect();
        self.sequence += 1;
        let sequence = self.sequence;
        self.announced.unbury(&left);
        let mut changed = false;
        let mut parents = Vec::new();
        for (txid, kept) in &mut self.kept {
            if let Some(place) = kept.mined.filter(|place| left.contains(&place.block)) {
                kept.mined = None;
                kept.left = Some(place.height);
                kept.waiting_since = now;
                parents.push(*txid);
                changed = true;
            }
            let freed: Vec<Txid> = kept
                .deaths
                .extract_if(.., |death| left.contains(&death.block))
                .map(|death| death.by)
                .collect();
            for by in freed {
                // The nodes that followed that block hold its transactions again, not the loser.
                kept.oppose_from_block(by, sequence);
                changed = true;
            }
            for rival in kept.rivals.values_mut() {
                if rival.dead_in.is_some_and(|block| left.contains(&block)) {
                    rival.dead_in = None;
                    changed = true;
                }
            }
        }
        for parent in parents {
            changed |= self.adopt_parent(parent);
        }
        changed
    }

    /// Every block that a payment rests on, where known with its height: it is in it, or the block
    /// holds another spend of a coin of the payment or of its rival.
    #[must_use]
    pub fn blocks(&self) -> BTreeMap<BlockHash, Option<BlockHeight>> {
        let mut blocks = BTreeMap::new();
        for kept in self.kept.values() {
            let killed = kept.deaths.iter().map(|death| death.block);
            let dead_rivals = kept.rivals.values().filter_map(|rival| rival.dead_in);
            for block in killed.chain(dead_rivals) {
                blocks.entry(block).or_insert(None);
            }
            if let Some(place) = kept.mined {
                blocks.insert(place.block, Some(place.height));
            }
        }
        blocks
    }

    /// Follows the losers of a block to their children, and takes all of them out of every
    /// conflict: what can be mined no more is no rival.
    fn bury(&mut self, losers: Vec<Txid>, hash: BlockHash) -> bool {
        let mut open = losers;
        // A dead payment is a loser too, where the memory of announcements has lost it.
        open.extend(
            self.kept
                .iter()
                .filter(|(_, kept)| kept.is_dead() && kept.deaths.iter().any(|d| d.block == hash))
                .map(|(txid, _)| *txid),
        );
        let mut buried = BTreeSet::new();
        while let Some(txid) = open.pop() {
            if buried.len() >= CHASE {
                break;
            }
            if !buried.insert(txid) {
                continue;
            }
            open.extend(self.announced.children(&txid));
        }
        let mut changed = false;
        for kept in self.kept.values_mut() {
            for (txid, rival) in &mut kept.rivals {
                if rival.dead_in.is_none() && buried.contains(txid) {
                    rival.dead_in = Some(hash);
                    changed = true;
                }
            }
        }
        for txid in &buried {
            self.announced.bury(txid, hash);
        }
        changed
    }
}

/// Whether it came without the witnesses that it commits to (BIP141).
fn is_stripped(block: &Block) -> bool {
    block.txdata.first().is_some_and(|coinbase| {
        let committed = coinbase.output.iter().any(|output| {
            let script = output.script_pubkey.as_bytes();
            script.starts_with(&COMMITMENT_PREFIX)
        });
        committed && coinbase.input.iter().all(|input| input.witness.is_empty())
    })
}
