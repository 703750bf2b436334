//! What a block changes, and what its leaving the best chain changes.
//!
//! Only verified blocks come here, in sequence; on a reorganisation the abandoned ones leave before
//! the new ones come. A block that is told twice changes nothing, so that keys which joined later
//! are looked for by telling the same blocks again.

use super::entry::Place;
use super::machine::{Origin, Wallet};
use crate::merkle::block::{VerifiedBlock, Witnesses};
use crate::primitives::{BlockHeight, UnixTime};
use bitcoin::{BlockHash, Transaction, Txid};
use std::collections::BTreeSet;

/// Blocks after which a transaction is not kept whole any more: nobody will need it sent again.
const WHOLE_DEPTH: BlockHeight = 144;
/// How often that is looked at, in blocks.
const TIDY_EVERY: BlockHeight = 16;

impl Wallet {
    /// A block joined the best chain; says whether anything of one's own changed.
    pub fn connect_block(&mut self, block: &VerifiedBlock, height: BlockHeight) -> bool {
        let place = Place {
            block: block.hash(),
            height,
        };
        let origin = Origin {
            place: Some(place),
            first_seen: block.block().header.time,
            verified: false,
            brought_by: None,
            whole: block.witnesses() == Witnesses::Verified,
        };
        let mut changed = false;
        for (txid, tx) in block.transactions() {
            if self.entries.contains_key(&txid) || self.concerns(tx) {
                changed |= self.put(tx, txid, &origin);
            } else {
                changed |= self.oppose(tx, txid, place.block);
            }
        }
        if height.is_multiple_of(TIDY_EVERY) {
            self.tidy(height);
        }
        if changed {
            self.bound_mined(height);
        }
        changed
    }

    /// These blocks left the best chain, in one reorganisation; says whether anything of one's own
    /// changed.
    pub fn disconnect_blocks(&mut self, hashes: &[BlockHash], now: UnixTime) -> bool {
        let left: BTreeSet<BlockHash> = hashes.iter().copied().collect();
        let mut touched = Vec::new();
        for (txid, entry) in &mut self.entries {
            let deaths = entry.deaths.len();
            entry.deaths.retain(|(block, _)| !left.contains(block));
            let mut changed = entry.deaths.len() < deaths;
            if entry.place.is_some_and(|place| left.contains(&place.block)) {
                entry.place = None;
                entry.waiting_since = now;
                changed = true;
            }
            if changed {
                touched.push(*txid);
            }
        }
        for txid in &touched {
            self.touch(txid);
            // What it was once believed for, the block, is gone.
            self.judge_again(txid);
        }
        self.bound_dead();
        !touched.is_empty()
    }

    /// Every block that holds a transaction of the wallet, or another spend of its coins.
    #[must_use]
    pub fn blocks(&self) -> BTreeSet<BlockHash> {
        self.entries
            .values()
            .flat_map(|entry| {
                let deaths = entry.deaths.iter().map(|(block, _)| *block);
                deaths.chain(entry.place.map(|place| place.block))
            })
            .collect()
    }

    /// Whether a transaction pays one of the keys, or spends a coin of theirs.
    pub(super) fn concerns(&self, tx: &Transaction) -> bool {
        let pays = |output: &bitcoin::TxOut| {
            output.value.to_sat() > 0 && self.keys.path_of(&output.script_pubkey).is_some()
        };
        tx.output.iter().any(pays)
            || tx
                .input
                .iter()
                .any(|input| self.own_coin(&input.previous_output).is_some())
    }

    /// Somebody else's transaction is in a block: what waits and spends the same is dead.
    fn oppose(&mut self, tx: &Transaction, txid: Txid, block: BlockHash) -> bool {
        let mut losers = BTreeSet::new();
        for input in &tx.input {
            let rivals = self.spends.get(&input.previous_output);
            losers.extend(rivals.into_iter().flatten().copied());
        }
        let mut changed = false;
        for loser in losers {
            if let Some(entry) = self.entries.get_mut(&loser)
                && entry.place.is_none()
                && entry.deaths.insert((block, txid))
            {
                self.touch(&loser);
                changed = true;
            }
        }
        changed
    }

    /// Lets go of what deep transactions are not needed for any more.
    fn tidy(&mut self, height: BlockHeight) {
        let deep: Vec<Txid> = self
            .entries
            .values()
            .filter(|entry| {
                entry.raw.is_some()
                    && entry
                        .place
                        .is_some_and(|place| place.height.saturating_add(WHOLE_DEPTH) < height)
            })
            .map(|entry| entry.txid)
            .collect();
        for txid in deep {
            self.touch(&txid);
            if let Some(entry) = self.entries.get_mut(&txid) {
                entry.raw = None;
            }
        }
    }
}
