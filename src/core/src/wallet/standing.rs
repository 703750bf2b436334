//! Where each transaction in no block stands. Computed from all of them together: of two that spend
//! one coin at most one counts, and what spends an output of one that does not count does not count
//! either.
//!
//! Peers choose which of them spend what, so the way through them is a few passes in one order, not
//! a search.

use super::entry::Entry;
use super::machine::Wallet;
use bitcoin::{OutPoint, Txid};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Nodes take no longer chains of transactions that wait (Bitcoin Core: 25 with itself).
pub(super) const MOST_ANCESTORS: u32 = 24;
/// Each pass decides at least the next of a line. Only inventions are longer, or go in a circle of
/// rivals and parents; those are given up.
const PASSES: u32 = 2 * MOST_ANCESTORS;

/// How a transaction in no block stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It waits for a block.
    Waiting {
        /// The longest line of one's own transactions that wait before it.
        ancestors: u32,
    },
    /// Another transaction counts in its place.
    Replaced {
        /// That one.
        by: Txid,
    },
    /// Nothing is expected of it.
    Abandoned,
}

/// What is known of a transaction's parents.
enum Parents {
    Count { ancestors: u32 },
    Lost(Standing),
    Undecided,
}

impl Wallet {
    /// Every transaction in no block, and how it stands.
    pub(super) fn standings(&self) -> BTreeMap<Txid, Standing> {
        let waiting = self.entries.values().filter(|entry| entry.place.is_none());
        let mut open: Vec<&Entry> = waiting.collect();
        // The one that counts comes before its rivals. Of one's own it is the one that pays more to
        // the miner, as nodes have it; of other people's the newer one, which replaced the older if
        // anything did.
        open.sort_by_cached_key(|entry| match entry.verified {
            true => (0, Reverse(entry.fee().unwrap_or(0)), entry.sequence),
            false => (1, Reverse(entry.sequence), 0),
        });
        let mut known: BTreeMap<Txid, Standing> = BTreeMap::new();
        let mut mined = BTreeMap::new();
        for entry in &open {
            if let Some(lost) = self.lost_for_good(entry, &mut mined) {
                known.insert(entry.txid, lost);
            }
        }
        let mut won: BTreeMap<OutPoint, Txid> = BTreeMap::new();
        for _ in 0..PASSES {
            open.retain(|entry| !known.contains_key(&entry.txid));
            let before = known.len();
            // Coins of those before it that may still count.
            let mut claimed: BTreeSet<OutPoint> = BTreeSet::new();
            for entry in &open {
                let standing = match self.parents(entry, &known) {
                    Parents::Lost(standing) => Some(standing),
                    parents => {
                        match (entry.inputs.iter().find_map(|coin| won.get(coin)), parents) {
                            (Some(by), _) => Some(Standing::Replaced { by: *by }),
                            (None, Parents::Count { ancestors })
                                if !entry.inputs.iter().any(|coin| claimed.contains(coin)) =>
                            {
                                won.extend(entry.inputs.iter().map(|coin| (*coin, entry.txid)));
                                Some(Standing::Waiting { ancestors })
                            }
                            _ => None,
                        }
                    }
                };
                match standing {
                    Some(standing) => drop(known.insert(entry.txid, standing)),
                    None => claimed.extend(&entry.inputs),
                }
            }
            if known.len() == before {
                break;
            }
        }
        for entry in open {
            known.entry(entry.txid).or_insert(Standing::Abandoned);
        }
        known
    }

    /// Why it cannot count, whatever the others in no block do. `mined` holds, for each coin that was
    /// looked at, what spends it in a block: hundreds may spend one coin, and all ask the same.
    fn lost_for_good(
        &self,
        entry: &Entry,
        mined: &mut BTreeMap<OutPoint, Option<Txid>>,
    ) -> Option<Standing> {
        if let Some((_, by)) = entry.deaths.first() {
            return Some(Standing::Replaced { by: *by });
        }
        let by = entry.inputs.iter().find_map(|coin| {
            let spender = mined.entry(*coin);
            *spender.or_insert_with(|| self.mined_spender(coin))
        });
        if let Some(by) = by {
            return Some(Standing::Replaced { by });
        }
        // What spends one's own coins counts only where it was verified.
        let may_count = entry.verified || entry.spent.is_empty();
        (entry.coinbase || entry.abandoned || !may_count).then_some(Standing::Abandoned)
    }

    /// What spends a coin in a block.
    fn mined_spender(&self, coin: &OutPoint) -> Option<Txid> {
        let mut spenders = self.spends.get(coin).into_iter().flatten().copied();
        spenders.find(|txid| {
            let spender = self.entries.get(txid);
            spender.is_some_and(|spender| spender.place.is_some())
        })
    }

    fn parents(&self, entry: &Entry, known: &BTreeMap<Txid, Standing>) -> Parents {
        let mut ancestors = 0;
        let mut undecided = false;
        for coin in &entry.inputs {
            let parent = self.entries.get(&coin.txid);
            let Some(parent) = parent.filter(|parent| parent.place.is_none()) else {
                continue;
            };
            // Peers alone speak of the parent, whose coins may not exist: nothing of one's own is
            // bound by it. Once a block held it, its work speaks for it.
            if entry.verified && parent.brought_by.is_some() {
                return Parents::Lost(Standing::Abandoned);
            }
            match known.get(&coin.txid) {
                Some(Standing::Waiting { ancestors: more }) => {
                    ancestors = ancestors.max(more.saturating_add(1));
                }
                Some(lost) => return Parents::Lost(*lost),
                None => undecided = true,
            }
        }
        match undecided {
            true => Parents::Undecided,
            false => Parents::Count { ancestors },
        }
    }
}
