//! Transactions whose parents have not come.
//!
//! An orphan costs its sender nothing, since nothing in it can be checked. So each peer has a share
//! of its own; where all together are too heavy, whoever brought most makes room; and an orphan that
//! several peers brought stays as long as one of them has room for it. A flood thus pushes out itself.

use super::limits::OrphanLimits;
use bitcoin::{Transaction, Txid, Wtxid};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone)]
struct Orphan<P> {
    transaction: Transaction,
    weight: u64,
    arrived_ms: u64,
    from: BTreeSet<P>,
}

/// What one peer brought.
#[derive(Debug, Clone, Default)]
struct Share {
    weight: u64,
    /// In the order in which they came.
    order: BTreeSet<(u64, Wtxid)>,
}

/// The orphans of all peers.
#[derive(Debug, Clone)]
pub struct Orphans<P> {
    limits: OrphanLimits,
    orphans: BTreeMap<Wtxid, Orphan<P>>,
    by_parent: BTreeMap<Txid, BTreeSet<Wtxid>>,
    by_age: BTreeSet<(u64, Wtxid)>,
    shares: BTreeMap<P, Share>,
    weight: u64,
}

impl<P: Ord + Copy> Orphans<P> {
    /// None yet.
    #[must_use]
    pub fn new(limits: OrphanLimits) -> Self {
        Self {
            limits,
            orphans: BTreeMap::new(),
            by_parent: BTreeMap::new(),
            by_age: BTreeSet::new(),
            shares: BTreeMap::new(),
            weight: 0,
        }
    }

    /// Keeps one that this peer brought.
    pub fn add(&mut self, transaction: Transaction, from: P, now_ms: u64) {
        let wtxid = transaction.compute_wtxid();
        if self.orphans.contains_key(&wtxid) {
            self.also_from(&wtxid, from);
            return;
        }
        let weight = transaction.weight().to_wu();
        if weight > self.limits.max_weight_per_peer {
            return;
        }
        for input in &transaction.input {
            let parent = input.previous_output.txid;
            self.by_parent.entry(parent).or_default().insert(wtxid);
        }
        self.weight += weight;
        self.by_age.insert((now_ms, wtxid));
        let orphan = Orphan {
            transaction,
            weight,
            arrived_ms: now_ms,
            from: BTreeSet::new(),
        };
        self.orphans.insert(wtxid, orphan);
        self.also_from(&wtxid, from);
        self.bound();
    }

    /// Another peer has it too.
    pub fn also_from(&mut self, wtxid: &Wtxid, from: P) {
        let Some(orphan) = self.orphans.get_mut(wtxid) else {
            return;
        };
        if !orphan.from.insert(from) {
            return;
        }
        let (weight, arrived) = (orphan.weight, orphan.arrived_ms);
        let share = self.shares.entry(from).or_insert_with(|| Share {
            weight: 0,
            order: BTreeSet::new(),
        });
        share.weight += weight;
        share.order.insert((arrived, *wtxid));
        while self
            .shares
            .get(&from)
            .is_some_and(|share| share.weight > self.limits.max_weight_per_peer)
        {
            self.forget_oldest(from);
        }
    }

    /// Whether it is kept.
    #[must_use]
    pub fn contains(&self, wtxid: &Wtxid) -> bool {
        self.orphans.contains_key(wtxid)
    }

    /// How many are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.orphans.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.orphans.is_empty()
    }

    /// The weight of all together.
    #[must_use]
    pub fn weight(&self) -> u64 {
        self.weight
    }

    /// A parent came: takes out the orphans that spend it, each with a peer that brought it.
    pub fn take_children(&mut self, parent: &Txid) -> Vec<(Transaction, P)> {
        let children = self.by_parent.get(parent).cloned().unwrap_or_default();
        children
            .iter()
            .filter_map(|wtxid| {
                let from = *self.orphans.get(wtxid)?.from.first()?;
                Some((self.remove(wtxid)?, from))
            })
            .collect()
    }

    /// A transaction is in a block: neither it nor what spends the same coins is an orphan.
    pub fn confirmed(&mut self, transaction: &Transaction) {
        self.remove(&transaction.compute_wtxid());
        for input in &transaction.input {
            let spent = input.previous_output;
            let rivals = self.by_parent.get(&spent.txid).cloned().unwrap_or_default();
            for rival in rivals {
                let conflicts = self.orphans.get(&rival).is_some_and(|orphan| {
                    let inputs = &orphan.transaction.input;
                    inputs.iter().any(|input| input.previous_output == spent)
                });
                if conflicts {
                    self.remove(&rival);
                }
            }
        }
    }

    /// A peer is gone, and its share with it.
    pub fn forget_peer(&mut self, peer: P) {
        while self.shares.contains_key(&peer) {
            self.forget_oldest(peer);
        }
    }

    /// Drops those whose parents never came.
    pub fn expire(&mut self, now_ms: u64) {
        while let Some((arrived, wtxid)) = self.by_age.first().copied() {
            if arrived.saturating_add(self.limits.expiry_ms) > now_ms {
                break;
            }
            self.remove(&wtxid);
        }
    }

    /// When the next one expires.
    #[must_use]
    pub fn deadline(&self) -> Option<u64> {
        let (arrived, _) = self.by_age.first()?;
        Some(arrived.saturating_add(self.limits.expiry_ms))
    }

    fn bound(&mut self) {
        while self.weight > self.limits.max_weight {
            let heaviest = self.shares.iter().max_by_key(|(_, share)| share.weight);
            let Some((peer, _)) = heaviest else {
                break;
            };
            self.forget_oldest(*peer);
        }
    }

    /// This peer's oldest is no more its own, and goes where it was no other's.
    fn forget_oldest(&mut self, peer: P) {
        let oldest = self.shares.get(&peer).and_then(|share| share.order.first());
        let Some((_, wtxid)) = oldest.copied() else {
            self.shares.remove(&peer);
            return;
        };
        let others = self
            .orphans
            .get(&wtxid)
            .is_some_and(|orphan| orphan.from.len() > 1);
        if others {
            self.unshare(&wtxid, peer);
        } else {
            self.remove(&wtxid);
        }
    }

    fn unshare(&mut self, wtxid: &Wtxid, peer: P) {
        let Some(orphan) = self.orphans.get_mut(wtxid) else {
            return;
        };
        orphan.from.remove(&peer);
        let (weight, arrived) = (orphan.weight, orphan.arrived_ms);
        if let Some(share) = self.shares.get_mut(&peer) {
            share.weight = share.weight.saturating_sub(weight);
            share.order.remove(&(arrived, *wtxid));
            if share.order.is_empty() {
                self.shares.remove(&peer);
            }
        }
    }

    fn remove(&mut self, wtxid: &Wtxid) -> Option<Transaction> {
        let from = self.orphans.get(wtxid)?.from.clone();
        for peer in from {
            self.unshare(wtxid, peer);
        }
        let orphan = self.orphans.remove(wtxid)?;
        self.weight -= orphan.weight;
        self.by_age.remove(&(orphan.arrived_ms, *wtxid));
        for input in &orphan.transaction.input {
            let parent = input.previous_output.txid;
            if let Some(children) = self.by_parent.get_mut(&parent) {
                children.remove(wtxid);
                if children.is_empty() {
                    self.by_parent.remove(&parent);
                }
            }
        }
        Some(orphan.transaction)
    }
}
