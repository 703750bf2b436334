//! Which coins a payment hangs on, and what else was seen to spend them.
//!
//! A payment whose unconfirmed parent is double-spent is as dead as one that is double-spent
//! itself, so its lineage is every coin that it or a known unconfirmed ancestor spends.

use super::kept::{Death, Kept, Sequence};
use super::ledger::Ledger;
use bitcoin::{OutPoint, Txid};
use std::collections::{BTreeSet, VecDeque};

/// Coins of one payment's ancestors that are known, beside all of its own: nodes relay a
/// transaction with at most 25 unconfirmed ancestors.
const LINEAGE: usize = 200;

/// Coins that are still to be looked at.
pub(super) struct Open {
    /// So many more are taken.
    room: usize,
    /// What was taken.
    known: BTreeSet<OutPoint>,
    queue: VecDeque<(OutPoint, Txid)>,
}

impl Open {
    /// Takes so many at most.
    pub(super) fn new(room: usize) -> Self {
        Self {
            room,
            known: BTreeSet::new(),
            queue: VecDeque::new(),
        }
    }

    /// How many wait.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.queue.len()
    }

    pub(super) fn extend(&mut self, coins: impl Iterator<Item = (OutPoint, Txid)>) {
        for (coin, spender) in coins {
            if self.room == 0 {
                return;
            }
            if self.known.insert(coin) {
                self.room -= 1;
                self.queue.push_back((coin, spender));
            }
        }
    }
}

impl Ledger {
    /// Adds coins to a kept transaction's lineage, with the coins of the unconfirmed transactions
    /// that made these, and every rival that is known for them. Each coin is queued once and each
    /// parent visited once: thousands of outputs of one parent of thousands of inputs would
    /// otherwise be millions of entries.
    pub(super) fn extend_lineage(&mut self, txid: Txid, coins: &[(OutPoint, Txid)]) {
        let Some(mut kept) = self.kept.remove(&txid) else {
            return;
        };
        let bound = kept.tx.input.len() + LINEAGE;
        let mut open = Open::new(bound.saturating_sub(kept.lineage.len()));
        open.known.extend(kept.lineage.keys().copied());
        open.extend(coins.iter().copied());
        let mut parents = BTreeSet::new();
        while let Some((outpoint, spender)) = open.queue.pop_front() {
            kept.lineage.insert(outpoint, spender);
            self.spends.entry(outpoint).or_default().insert(txid);
            let parent = outpoint.txid;
            if parents.insert(parent) {
                match self.kept.get(&parent) {
                    Some(known) if known.mined.is_some() => {}
                    Some(known) => open.extend(known.lineage.iter().map(|(coin, by)| (*coin, *by))),
                    None => {
                        let inputs = self.announced.inputs(&parent).iter();
                        open.extend(inputs.map(|coin| (*coin, parent)));
                    }
                }
            }
            self.find_rivals(&mut kept, outpoint, spender);
        }
        self.kept.insert(txid, kept);
    }

    fn find_rivals(&mut self, kept: &mut Kept, outpoint: OutPoint, spender: Txid) {
        let remembered: Vec<Txid> = self
            .announced
            .spenders(&outpoint)
            .filter(|rival| *rival != spender)
            .collect();
        for rival in remembered {
            // Announced before this payment: any word for the payment is newer.
            let words = self.announced.operators(&rival).map(|name| (name, 0));
            kept.meet_rival(rival, words, self.announced.dead_in(&rival));
        }
        let others = self.spends.get(&outpoint).cloned().unwrap_or_default();
        for other_txid in others {
            let Some(other) = self.kept.get(&other_txid) else {
                continue;
            };
            let Some(&rival) = other.lineage.get(&outpoint) else {
                continue;
            };
            if rival == spender {
                continue;
            }
            // A fee bump belongs to the sale of the payment that it replaces.
            kept.since = kept.since.min(other.since);
            if rival != other_txid {
                continue;
            }
            if let Some(place) = other.mined {
                kept.die(Death {
                    by: rival,
                    block: place.block,
                });
            }
            let words = other.announced_by.iter();
            kept.meet_rival(
                rival,
                words.map(|(operator, sequence)| (operator.as_str(), *sequence)),
                other.deaths.first().map(|death| death.block),
            );
        }
    }

    /// Notes a known transaction as a rival of every kept one whose coins it spends. All that is
    /// known of it is told each time: decoys may have pushed it out of the rivals meanwhile.
    pub(super) fn oppose(&mut self, txid: Txid, operator: &str, sequence: Sequence) -> bool {
        let mut words: Vec<(String, Sequence)> = vec![(operator.to_owned(), sequence)];
        let coins: Vec<OutPoint>;
        let dead_in;
        if let Some(kept) = self.kept.get(&txid) {
            words.extend(kept.announced_by.clone());
            coins = kept.tx.input.iter().map(|i| i.previous_output).collect();
            dead_in = kept.deaths.first().map(|death| death.block);
        } else {
            let names = self.announced.operators(&txid);
            words.extend(names.map(|name| (name.to_owned(), 0)));
            coins = self.announced.inputs(&txid).to_vec();
            dead_in = self.announced.dead_in(&txid);
        }
        let mut opposed: BTreeSet<Txid> = self
            .kept
            .iter()
            .filter(|(_, kept)| kept.rivals.contains_key(&txid))
            .map(|(opposed, _)| *opposed)
            .collect();
        for coin in &coins {
            let holders = self.spends.get(coin).into_iter().flatten();
            opposed.extend(holders.filter(|holder| {
                let kept = self.kept.get(*holder);
                kept.is_some_and(|kept| kept.lineage.get(coin) != Some(&txid))
            }));
        }
        let mut changed = false;
        for opposed in opposed {
            if let Some(kept) = self.kept.get_mut(&opposed) {
                let words = words.iter();
                let words = words.map(|(operator, sequence)| (operator.as_str(), *sequence));
                changed |= kept.oppose(txid, words, dead_in);
            }
        }
        changed
    }

    /// A parent may be announced after its child, or fall back out of its block: then the child's
    /// lineage grows.
    pub(super) fn adopt_parent(&mut self, parent: Txid) -> bool {
        let first = OutPoint::new(parent, 0);
        let last = OutPoint::new(parent, u32::MAX);
        let children: BTreeSet<Txid> = self
            .spends
            .range(first..=last)
            .flat_map(|(_, kept)| kept.iter().copied())
            .collect();
        let coins: Vec<(OutPoint, Txid)> = match self.kept.get(&parent) {
            Some(kept) => kept.lineage.iter().map(|(coin, by)| (*coin, *by)).collect(),
            None => {
                let inputs = self.announced.inputs(&parent);
                inputs.iter().map(|coin| (*coin, parent)).collect()
            }
        };
        let mut changed = false;
        for child in children {
            let before = self.kept.get(&child).map(Kept::standing);
            self.extend_lineage(child, &coins);
            changed |= self.kept.get(&child).map(Kept::standing) != before;
        }
        changed
    }
}
