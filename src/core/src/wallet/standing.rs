//! Where each transaction in no block stands. Computed from all of them together: of two that spend
//! one coin at most one counts, and what spends an output of one that does not count does not count
//! either.

use super::entry::Entry;
use super::machine::Wallet;
use bitcoin::Txid;
use std::collections::{BTreeMap, BTreeSet};

/// Nodes take no longer chains of transactions that wait (Bitcoin Core: 25 with itself); a longer
/// one is not looked through.
pub(super) const MOST_ANCESTORS: u32 = 24;

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

/// What is being found out.
struct Search<'a> {
    wallet: &'a Wallet,
    known: BTreeMap<Txid, Standing>,
    /// On the way to these: whoever comes back to one of them has gone in a circle.
    open: BTreeSet<Txid>,
}

impl Wallet {
    /// Every transaction in no block, and how it stands.
    pub(super) fn standings(&self) -> BTreeMap<Txid, Standing> {
        let mut search = Search {
            wallet: self,
            known: BTreeMap::new(),
            open: BTreeSet::new(),
        };
        for (txid, entry) in &self.entries {
            if entry.place.is_none() {
                search.standing(txid, entry, 0);
            }
        }
        search.known
    }

    /// The one that counts of two in no block that spend one coin. Of one's own the one that pays
    /// more to the miner, as nodes have it; of other people's the newer one, which replaced it if
    /// anything did.
    fn beats(&self, rival: &Entry, entry: &Entry) -> bool {
        let rank = |entry: &Entry| match entry.verified {
            true => (true, entry.fee(), std::cmp::Reverse(Some(entry.sequence))),
            false => (false, Some(entry.sequence), std::cmp::Reverse(None)),
        };
        rank(rival) > rank(entry)
    }
}

impl Search<'_> {
    fn standing(&mut self, txid: &Txid, entry: &Entry, depth: u32) -> Standing {
        if let Some(known) = self.known.get(txid) {
            return *known;
        }
        // Only inventions go so deep or in circles, and none of them was verified.
        if depth > 2 * MOST_ANCESTORS || !self.open.insert(*txid) {
            return Standing::Abandoned;
        }
        let standing = self.look(txid, entry, depth);
        self.open.remove(txid);
        self.known.insert(*txid, standing);
        standing
    }

    fn look(&mut self, txid: &Txid, entry: &Entry, depth: u32) -> Standing {
        if let Some((_, by)) = entry.deaths.first() {
            return Standing::Replaced { by: *by };
        }
        let wallet = self.wallet;
        let rivals: BTreeSet<&Txid> = entry
            .inputs
            .iter()
            .filter_map(|outpoint| wallet.spends.get(outpoint))
            .flatten()
            .filter(|rival| *rival != txid)
            .collect();
        for rival in &rivals {
            if wallet
                .entries
                .get(*rival)
                .is_some_and(|r| r.place.is_some())
            {
                return Standing::Replaced { by: **rival };
            }
        }
        if entry.coinbase || entry.abandoned || !self.may_count(entry) {
            return Standing::Abandoned;
        }
        let mut ancestors = 0;
        let parents: BTreeSet<Txid> = entry.inputs.iter().map(|o| o.txid).collect();
        for parent in parents {
            let Some(above) = wallet.entries.get(&parent).filter(|p| p.place.is_none()) else {
                continue;
            };
            match self.standing(&parent, above, depth + 1) {
                Standing::Waiting { ancestors: more } => ancestors = ancestors.max(more + 1),
                other => return other,
            }
        }
        for rival in rivals {
            let Some(other) = wallet.entries.get(rival) else {
                continue;
            };
            if wallet.beats(other, entry)
                && let Standing::Waiting { .. } = self.standing(rival, other, depth + 1)
            {
                return Standing::Replaced { by: *rival };
            }
        }
        Standing::Waiting { ancestors }
    }

    /// What spends one's own coins counts only where it was verified.
    fn may_count(&self, entry: &Entry) -> bool {
        entry.verified || entry.spent.is_empty()
    }
}
