//! A bounded memory of what the announced transactions spend.
//!
//! A thief announces two spends of one coin, and not always the honest one first. When a payment
//! arrives, this memory knows whether its coin, or the coin of an ancestor, was seen spent
//! elsewhere. It holds unverified claims of peers, so it is bounded, and one operator's flood costs
//! nobody else's word: who brought the most makes room, oldest first, in all as for each coin.

use super::kept::RIVALS;
use bitcoin::{BlockHash, OutPoint, Txid};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

/// Spends that are remembered: about two hours of Bitcoin's stream, and at most 20 MB.
pub(super) const SPENDS: usize = 100_000;
/// Spends of one coin that are remembered: a payment keeps no more rivals than that.
const SPENDERS: usize = RIVALS;
/// Inputs of one transaction that are remembered: a standard transaction has fewer than 2,500.
const INPUTS: usize = 3_000;
/// Operators that are told apart: one bit each.
const OPERATORS: usize = 64;
/// In place of an operator's number, for what nobody vouches for.
const NOBODY: usize = OPERATORS;

#[derive(Debug, Clone)]
struct Entry {
    txid: Txid,
    inputs: Box<[OutPoint]>,
    /// One bit for each name in `Announced::names`.
    operators: u64,
    /// The operator, by its place in `Announced::names`, whose share it is part of.
    owner: usize,
    /// A block that holds another spend of its coins, or of an ancestor's.
    dead_in: Option<BlockHash>,
}

/// What counts as one operator's.
#[derive(Debug, Clone, Default)]
struct Share {
    spends: usize,
    /// By age.
    entries: BTreeSet<u64>,
}

impl Share {
    fn take(&mut self, number: u64, entry: &Entry) {
        self.spends += entry.inputs.len();
        self.entries.insert(number);
    }

    fn give(&mut self, number: u64, entry: &Entry) {
        self.spends = self.spends.saturating_sub(entry.inputs.len());
        self.entries.remove(&number);
    }
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
    shares: BTreeMap<usize, Share>,
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
            shares: BTreeMap::new(),
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
        let number = self.next;
        self.next += 1;
        let owner = self.number_of(operator);
        let entry = Entry {
            txid,
            inputs: inputs.iter().copied().collect(),
            operators: bit(owner),
            owner,
            dead_in: None,
        };
        self.by_txid.insert(txid, number);
        self.shares.entry(owner).or_default().take(number, &entry);
        self.entries.insert(number, entry);
        let spends = inputs.iter().map(|outpoint| (*outpoint, number));
        self.by_outpoint.extend(spends);
        for outpoint in &inputs {
            self.bound_spenders(outpoint);
        }
        while self.by_outpoint.len() > self.limit && self.make_room() {}
    }

    /// Adds an operator to a remembered transaction; says whether it is remembered.
    pub(super) fn vouch(&mut self, txid: &Txid, operator: &str) -> bool {
        let Some(&number) = self.by_txid.get(txid) else {
            return false;
        };
        let bit = bit(self.number_of(operator));
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

    /// These blocks left the best chain.
    pub(super) fn unbury(&mut self, blocks: &BTreeSet<BlockHash>) {
        for entry in self.entries.values_mut() {
            entry.dead_in.take_if(|dead_in| blocks.contains(dead_in));
        }
    }

    /// The block that a remembered transaction died of.
    pub(super) fn dead_in(&self, txid: &Txid) -> Option<BlockHash> {
        let number = self.by_txid.get(txid)?;
        self.entries.get(number)?.dead_in
    }

    /// Forgets a transaction: it is in a block.
    pub(super) fn remove(&mut self, txid: &Txid) {
        if let Some(number) = self.by_txid.get(txid).copied() {
            self.forget(number);
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
        numbers(operators)
            .filter_map(|number| self.names.get(number))
            .map(String::as_str)
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

    /// An operator's place in the names.
    fn number_of(&mut self, operator: &str) -> usize {
        if operator.is_empty() {
            return NOBODY;
        }
        match self.names.iter().position(|name| name == operator) {
            Some(number) => number,
            None if self.names.len() < OPERATORS => {
                self.names.push(operator.to_owned());
                self.names.len() - 1
            }
            // A user has eight nodes; whoever names more than 64 operators shares the last bit.
            None => OPERATORS - 1,
        }
    }

    /// Holds a coin to its spenders: the operator that brought the most of them makes room, with
    /// its oldest. What several announced is the matter of the one that brought the fewest.
    fn bound_spenders(&mut self, outpoint: &OutPoint) {
        let spenders: Vec<(u64, u64)> = self
            .by_outpoint
            .range((*outpoint, 0)..=(*outpoint, u64::MAX))
            .filter_map(|(_, number)| Some((*number, self.entries.get(number)?.operators)))
            .collect();
        if spenders.len() <= SPENDERS {
            return;
        }
        let mut brought = [0usize; OPERATORS];
        for number in spenders.iter().flat_map(|(_, bits)| numbers(*bits)) {
            brought[number] += 1;
        }
        let share = |bits: u64| numbers(bits).map(|number| brought[number]).min();
        let victim = spenders
            .iter()
            .min_by_key(|(number, bits)| (Reverse(share(*bits).unwrap_or(usize::MAX)), *number));
        if let Some((number, _)) = victim {
            self.forget(*number);
        }
    }

    /// The oldest of the largest share is forgotten, or becomes part of the share of another who
    /// announced it and has less; says whether there was one.
    fn make_room(&mut self) -> bool {
        let largest = self.shares.values().max_by_key(|share| share.spends);
        let Some((number, spends)) =
            largest.and_then(|share| Some((*share.entries.first()?, share.spends)))
        else {
            return false;
        };
        let heir = self.entries.get(&number).and_then(|entry| {
            // Less also with it: so that nothing goes back and forth.
            numbers(entry.operators)
                .map(|operator| (self.shares.get(&operator).map_or(0, |s| s.spends), operator))
                .min()
                .filter(|(least, _)| least + entry.inputs.len() < spends)
        });
        let Some((_, heir)) = heir else {
            return self.forget(number).is_some();
        };
        let Some(entry) = self.entries.get_mut(&number) else {
            return false;
        };
        let owner = std::mem::replace(&mut entry.owner, heir);
        self.shares.entry(owner).or_default().give(number, entry);
        self.shares.entry(heir).or_default().take(number, entry);
        true
    }

    fn forget(&mut self, number: u64) -> Option<Entry> {
        let entry = self.entries.remove(&number)?;
        self.by_txid.remove(&entry.txid);
        for outpoint in &entry.inputs {
            self.by_outpoint.remove(&(*outpoint, number));
        }
        self.shares
            .entry(entry.owner)
            .or_default()
            .give(number, &entry);
        Some(entry)
    }
}

fn bit(number: usize) -> u64 {
    match number {
        NOBODY.. => 0,
        number => 1u64 << number,
    }
}

/// The numbers of the bits that are set.
fn numbers(bits: u64) -> impl Iterator<Item = usize> {
    (0..OPERATORS).filter(move |number| bits & (1u64 << number) != 0)
}
