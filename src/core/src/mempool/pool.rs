//! What waits: entries, their relatives, and which leaves first.
//!
//! A transaction's worth is the rate of it with all that follows from it, or its own if that is
//! better: who pays for its parents keeps them here. The worst leaves first, with its descendants.

use super::limits::MempoolLimits;
use super::rate::{FeeRate, Floor};
use crate::params::NetworkParams;
use bitcoin::{OutPoint, Transaction, Txid, Wtxid};
use std::collections::{BTreeMap, BTreeSet};

/// One that waits.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) transaction: Transaction,
    pub(super) wtxid: Wtxid,
    pub(super) weight: u64,
    pub(super) fee: u64,
    pub(super) arrived_ms: u64,
    pub(super) parents: BTreeSet<Txid>,
    pub(super) children: BTreeSet<Txid>,
    pub(super) worth: FeeRate,
}

/// What one that waits is announced by: its hashes as they are kept, worked out once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// Its id.
    pub txid: Txid,
    /// Its hash with witnesses.
    pub wtxid: Wtxid,
    /// Its fee rate, alone.
    pub rate: FeeRate,
}

impl Waiting {
    fn of(txid: &Txid, entry: &Entry) -> Self {
        Self {
            txid: *txid,
            wtxid: entry.wtxid,
            rate: FeeRate::of(entry.fee, entry.weight),
        }
    }
}

/// The transactions that wait for a block.
#[derive(Debug)]
pub struct Mempool {
    pub(super) params: NetworkParams,
    pub(super) limits: MempoolLimits,
    pub(super) entries: BTreeMap<Txid, Entry>,
    wtxids: BTreeMap<Wtxid, Txid>,
    /// Who spends what.
    pub(super) spends: BTreeMap<OutPoint, Txid>,
    by_worth: BTreeSet<(FeeRate, Txid)>,
    by_age: BTreeSet<(u64, Txid)>,
    weight: u64,
    changes: u64,
    floor: Floor,
}

impl Mempool {
    /// An empty one.
    #[must_use]
    pub fn new(params: NetworkParams, limits: MempoolLimits) -> Self {
        Self {
            params,
            limits,
            entries: BTreeMap::new(),
            wtxids: BTreeMap::new(),
            spends: BTreeMap::new(),
            by_worth: BTreeSet::new(),
            by_age: BTreeSet::new(),
            weight: 0,
            changes: 0,
            floor: Floor::default(),
        }
    }

    /// A transaction by its id.
    #[must_use]
    pub fn get(&self, txid: &Txid) -> Option<&Transaction> {
        self.entries.get(txid).map(|entry| &entry.transaction)
    }

    /// A transaction by its hash with witnesses.
    #[must_use]
    pub fn get_by_wtxid(&self, wtxid: &Wtxid) -> Option<&Transaction> {
        self.wtxids.get(wtxid).and_then(|txid| self.get(txid))
    }

    /// Whether this transaction waits.
    #[must_use]
    pub fn contains(&self, txid: &Txid) -> bool {
        self.entries.contains_key(txid)
    }

    /// What one that waits is announced by.
    #[must_use]
    pub fn waiting(&self, txid: &Txid) -> Option<Waiting> {
        Some(Waiting::of(txid, self.entries.get(txid)?))
    }

    /// The same of all, in the order of their ids.
    pub fn all_waiting(&self) -> impl Iterator<Item = Waiting> {
        self.entries
            .iter()
            .map(|(txid, entry)| Waiting::of(txid, entry))
    }

    /// Which waiting transaction spends this.
    #[must_use]
    pub fn spender(&self, outpoint: &OutPoint) -> Option<Txid> {
        self.spends.get(outpoint).copied()
    }

    /// How many wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether none waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The weight of all together.
    #[must_use]
    pub fn weight(&self) -> u64 {
        self.weight
    }

    /// Rises with every change.
    #[must_use]
    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// The rate below which nothing enters now.
    #[must_use]
    pub fn least_rate(&self, now_ms: u64) -> FeeRate {
        let limits = &self.limits;
        self.floor
            .rate(limits.min_rate, limits.half_life_ms, now_ms)
    }

    /// Every transaction, in the order of their ids.
    pub fn transactions(&self) -> impl Iterator<Item = (&Txid, &Transaction)> {
        self.entries
            .iter()
            .map(|(txid, entry)| (txid, &entry.transaction))
    }

    /// Those that this one follows from.
    pub(super) fn ancestors(&self, txid: &Txid) -> BTreeSet<Txid> {
        self.relatives(txid, |entry| &entry.parents)
    }

    /// Those that follow from this one.
    pub(super) fn descendants(&self, txid: &Txid) -> BTreeSet<Txid> {
        self.relatives(txid, |entry| &entry.children)
    }

    fn relatives(&self, txid: &Txid, next: impl Fn(&Entry) -> &BTreeSet<Txid>) -> BTreeSet<Txid> {
        let mut found = BTreeSet::new();
        let mut open = vec![*txid];
        while let Some(at) = open.pop() {
            let Some(entry) = self.entries.get(&at) else {
                continue;
            };
            for relative in next(entry) {
                if found.insert(*relative) {
                    open.push(*relative);
                }
            }
        }
        found
    }

    /// Puts a checked transaction in. Its parents are here or confirmed.
    pub(super) fn insert(&mut self, transaction: Transaction, fee: u64, now_ms: u64) {
        let txid = transaction.compute_txid();
        let wtxid = transaction.compute_wtxid();
        let weight = transaction.weight().to_wu();
        let mut parents = BTreeSet::new();
        for input in &transaction.input {
            self.spends.insert(input.previous_output, txid);
            if let Some(parent) = self.entries.get_mut(&input.previous_output.txid) {
                parent.children.insert(txid);
                parents.insert(input.previous_output.txid);
            }
        }
        // Back from a block that was disconnected, it may find its children here.
        let outputs = OutPoint::new(txid, 0)..=OutPoint::new(txid, u32::MAX);
        let children: BTreeSet<Txid> = self
            .spends
            .range(outputs)
            .map(|(_, child)| *child)
            .collect();
        for child in &children {
            if let Some(child) = self.entries.get_mut(child) {
                child.parents.insert(txid);
            }
        }
        self.weight += weight;
        self.changes += 1;
        self.wtxids.insert(wtxid, txid);
        self.by_age.insert((now_ms, txid));
        self.by_worth.insert((FeeRate::default(), txid));
        let entry = Entry {
            transaction,
            wtxid,
            weight,
            fee,
            arrived_ms: now_ms,
            parents,
            children,
            worth: FeeRate::default(),
        };
        self.entries.insert(txid, entry);
        let mut changed = self.ancestors(&txid);
        changed.insert(txid);
        self.value_anew(&changed);
    }

    /// Takes these out. What follows from them is taken out too, or its coins are confirmed now.
    pub(super) fn remove(&mut self, leaving: &BTreeSet<Txid>) -> Vec<Transaction> {
        let mut changed = BTreeSet::new();
        for txid in leaving {
            changed.extend(self.ancestors(txid));
        }
        let mut gone = Vec::new();
        for txid in leaving {
            let Some(entry) = self.entries.remove(txid) else {
                continue;
            };
            for input in &entry.transaction.input {
                if self.spends.get(&input.previous_output) == Some(txid) {
                    self.spends.remove(&input.previous_output);
                }
            }
            for parent in &entry.parents {
                if let Some(parent) = self.entries.get_mut(parent) {
                    parent.children.remove(txid);
                }
            }
            for child in &entry.children {
                if let Some(child) = self.entries.get_mut(child) {
                    child.parents.remove(txid);
                }
            }
            self.wtxids.remove(&entry.wtxid);
            self.by_age.remove(&(entry.arrived_ms, *txid));
            self.by_worth.remove(&(entry.worth, *txid));
            self.weight -= entry.weight;
            self.changes += 1;
            gone.push(entry.transaction);
        }
        self.value_anew(&changed);
        gone
    }

    /// Takes one out with all that follows from it.
    pub(super) fn remove_with_descendants(&mut self, txid: &Txid) -> Vec<Transaction> {
        let mut leaving = self.descendants(txid);
        leaving.insert(*txid);
        self.remove(&leaving)
    }

    /// Takes out what has waited too long.
    pub fn expire(&mut self, now_ms: u64) -> usize {
        let mut expired = 0;
        while let Some((arrived, txid)) = self.by_age.first().copied() {
            if arrived.saturating_add(self.limits.expiry_ms) > now_ms {
                break;
            }
            expired += self.remove_with_descendants(&txid).len();
        }
        expired
    }

    /// Pushes out the worst until the bound holds.
    pub(super) fn trim(&mut self, now_ms: u64) -> Vec<Txid> {
        let mut out = Vec::new();
        while self.weight > self.limits.max_weight {
            let Some((worth, txid)) = self.by_worth.first().copied() else {
                break;
            };
            self.floor.rise(worth, self.limits.min_rate, now_ms);
            let gone = self.remove_with_descendants(&txid);
            out.extend(gone.iter().map(Transaction::compute_txid));
        }
        out
    }

    fn value_anew(&mut self, changed: &BTreeSet<Txid>) {
        for txid in changed {
            let family = self.descendants(txid);
            let Some(entry) = self.entries.get(txid) else {
                continue;
            };
            let (mut fee, mut weight) = (entry.fee, entry.weight);
            for member in family.iter().filter_map(|member| self.entries.get(member)) {
                fee = fee.saturating_add(member.fee);
                weight += member.weight;
            }
            let worth = FeeRate::of(entry.fee, entry.weight).max(FeeRate::of(fee, weight));
            if let Some(entry) = self.entries.get_mut(txid) {
                self.by_worth.remove(&(entry.worth, *txid));
                entry.worth = worth;
                self.by_worth.insert((worth, *txid));
            }
        }
    }
}
