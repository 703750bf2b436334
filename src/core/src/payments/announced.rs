//! A bounded memory of what the announced transactions spend.
//!
//! A thief announces two spends of one coin, and not always the honest one first. When a payment
//! arrives, this memory knows whether its coin, or the coin of an ancestor, was seen spent
//! elsewhere. It holds unverified claims of peers, so it is a ring: the oldest go first.

use bitcoin::{BlockHash, OutPoint, Txid};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

/// Spends that are remembered: about two hours of Bitcoin's stream, and at most 20 MB.
pub(super) const SPENDS: usize = 100_000;
/// Inputs of one transaction that are remembered: a standard transaction has fewer than 2,500.
const INPUTS: usize = 3_000;
/// Operators that are told apart: one bit each.
const OPERATORS: usize = 64;

#[derive(Debug, Clone)]
struct Entry {
    txid: Txid,
    inputs: Box<[OutPoint]>,
    /// One bit for each name in `Announced::names`.
    operators: u64,
    /// A block that holds another spend of its coins, or of an ancestor's.
    dead_in: Option<BlockHash>,
}

/// The memory.
#[derive(Debug, Clone)]
pub(super) struct Announced {
    limit: usize,
    next: u64,
    /// By age.
    entries: BTreeMap<u64, Entry>,
    by_txid: BTreeMap<Txid, u64>,
    by_outpoint: BTreeSet<(OutPoint, u64)>,
    names: Vec<String>,
}

impl Announced {
    /// A memory of at most so many spends.
    pub(super) fn new(limit: usize) -> Self {
        Self {
            limit,
            next: 0,
            entries: BTreeMap::new(),
            by_txid: BTreeMap::new(),
            by_outpoint: BTreeSet::new(),
            names: Vec::new(),
        }
    }

    /// Whether this transaction is remembered.
    pub(super) fn contains(&self, txid: &Txid) -> bool {
        self.by_txid.contains_key(txid)
    }

    /// How many spends are remembered.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.by_outpoint.len()
    }

    /// Remembers a transaction. An empty operator is nobody's word.
    pub(super) fn note(
        &mut self,
        txid: Txid,
        inputs: impl Iterator<Item = OutPoint>,
        operator: &str,
    ) {
        if self.vouch(&txid, operator) {
            return;
        }
        let inputs: BTreeSet<OutPoint> = inputs.take(INPUTS).collect();
        let operators = self.bit(operator);
        let number = self.next;
        self.next += 1;
        for outpoint in &inputs {
            self.by_outpoint.insert((*outpoint, number));
        }
        self.by_txid.insert(txid, number);
        self.entries.insert(
            number,
            Entry {
                txid,
                inputs: inputs.into_iter().collect(),
                operators,
                dead_in: None,
            },
        );
        while self.by_outpoint.len() > self.limit {
            let Some((number, entry)) = self.entries.pop_first() else {
                break;
            };
            self.forget(number, &entry);
        }
    }

    /// Adds an operator to a remembered transaction; says whether it is remembered.
    pub(super) fn vouch(&mut self, txid: &Txid, operator: &str) -> bool {
        let Some(&number) = self.by_txid.get(txid) else {
            return false;
        };
        let bit = self.bit(operator);
        if let Some(entry) = self.entries.get_mut(&number) {
            entry.operators |= bit;
        }
        true
    }

    /// Marks a transaction that can be in no block while this one is on the best chain.
    pub(super) fn bury(&mut self, txid: &Txid, block: BlockHash) {
        if let Some(number) = self.by_txid.get(txid)
            && let Some(entry) = self.entries.get_mut(number)
        {
            entry.dead_in.get_or_insert(block);
        }
    }

    /// That block left the best chain.
    pub(super) fn unbury(&mut self, block: &BlockHash) {
        for entry in self.entries.values_mut() {
            entry.dead_in.take_if(|dead_in| dead_in == block);
        }
    }

    /// The block that a remembered transaction died of.
    pub(super) fn dead_in(&self, txid: &Txid) -> Option<BlockHash> {
        let number = self.by_txid.get(txid)?;
        self.entries.get(number)?.dead_in
    }

    /// Forgets a transaction: it is in a block.
    pub(super) fn remove(&mut self, txid: &Txid) {
        if let Some(number) = self.by_txid.get(txid).copied()
            && let Some(entry) = self.entries.remove(&number)
        {
            self.forget(number, &entry);
        }
    }

    /// What a remembered transaction spends.
    pub(super) fn inputs(&self, txid: &Txid) -> &[OutPoint] {
        self.by_txid
            .get(txid)
            .and_then(|number| self.entries.get(number))
            .map_or(&[], |entry| &entry.inputs)
    }

    /// The remembered transactions that spend this output, oldest first.
    pub(super) fn spenders(&self, outpoint: &OutPoint) -> impl Iterator<Item = Txid> + '_ {
        self.range(
            Bound::Included((*outpoint, 0)),
            Bound::Included((*outpoint, u64::MAX)),
        )
    }

    /// The remembered transactions that spend any output of this transaction.
    pub(super) fn children(&self, txid: &Txid) -> impl Iterator<Item = Txid> + '_ {
        let first = OutPoint::new(*txid, 0);
        let last = OutPoint::new(*txid, u32::MAX);
        self.range(
            Bound::Included((first, 0)),
            Bound::Included((last, u64::MAX)),
        )
    }

    /// The operators that announced it.
    pub(super) fn operators(&self, txid: &Txid) -> impl Iterator<Item = &str> + '_ {
        let operators = self
            .by_txid
            .get(txid)
            .and_then(|number| self.entries.get(number))
            .map_or(0, |entry| entry.operators);
        self.names
            .iter()
            .enumerate()
            .filter(move |(index, _)| operators & (1u64 << index) != 0)
            .map(|(_, name)| name.as_str())
    }

    fn range(
        &self,
        from: Bound<(OutPoint, u64)>,
        to: Bound<(OutPoint, u64)>,
    ) -> impl Iterator<Item = Txid> + '_ {
        self.by_outpoint
            .range((from, to))
            .filter_map(|(_, number)| self.entries.get(number))
            .map(|entry| entry.txid)
    }

    fn bit(&mut self, operator: &str) -> u64 {
        if operator.is_empty() {
            return 0;
        }
        let index = match self.names.iter().position(|name| name == operator) {
            Some(index) => index,
            None if self.names.len() < OPERATORS => {
                self.names.push(operator.to_owned());
                self.names.len() - 1
            }
            // A user has eight nodes; whoever names more than 64 operators shares the last bit.
            None => OPERATORS - 1,
        };
        1u64 << index
    }

    fn forget(&mut self, number: u64, entry: &Entry) {
        self.by_txid.remove(&entry.txid);
        for outpoint in &entry.inputs {
            self.by_outpoint.remove(&(*outpoint, number));
        }
    }
}
