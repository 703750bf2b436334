//! One transaction that pays a watched script: who announced it, what stands against it.
//!
//! A light client cannot verify an unconfirmed transaction. What it can do is compare: two spends
//! of one coin cannot both be mined, so whoever holds the one does not hold the other. Each
//! operator's newest word counts.

use super::payment::{Payment, Standing};
use crate::primitives::{BlockHeight, UnixTime};
use bitcoin::{BlockHash, OutPoint, Script, Transaction, Txid};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Operators whose words are kept for one transaction.
const OPERATORS: usize = 64;
/// Conflicting transactions that are kept for one payment.
pub(super) const RIVALS: usize = 32;
/// Blocks that are kept as the cause of one payment's death.
const DEATHS: usize = 16;

/// A number that grows with each announcement: which of two words is newer.
pub(super) type Sequence = u64;

/// Where it was mined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    pub(super) block: BlockHash,
    pub(super) height: BlockHeight,
}

/// What killed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Death {
    pub(super) by: Txid,
    pub(super) block: BlockHash,
}

/// A transaction that spends a coin of the payment or of one of its ancestors.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Rival {
    /// The newest announcement of each operator.
    pub(super) announced_by: BTreeMap<String, Sequence>,
    /// It was in a block that left the best chain: the nodes that followed took it back.
    pub(super) from_block: Option<Sequence>,
    /// A block that holds another spend of a coin of the rival: it can be in no block itself.
    pub(super) dead_in: Option<BlockHash>,
}

impl Rival {
    fn newest(&self) -> Option<Sequence> {
        self.announced_by
            .values()
            .copied()
            .max()
            .max(self.from_block)
    }
}

/// A transaction in a record: hex. The library's own reader panics where the hex ends early.
mod raw {
    use bitcoin::Transaction;
    use bitcoin::consensus::encode::{deserialize_hex, serialize_hex};
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(tx: &Transaction, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&serialize_hex(tx))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Transaction, D::Error> {
        deserialize_hex(&String::deserialize(from)?).map_err(D::Error::custom)
    }
}

/// A transaction that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    #[serde(with = "raw")]
    pub(super) tx: Transaction,
    pub(super) first_seen: UnixTime,
    pub(super) since: UnixTime,
    pub(super) waiting_since: UnixTime,
    /// Who brought it first: whose quota it fills. Empty: a block or a person.
    pub(super) brought_by: String,
    /// The newest announcement of each operator.
    pub(super) announced_by: BTreeMap<String, Sequence>,
    /// Every output that it or a known unconfirmed ancestor spends, and which of them does.
    pub(super) lineage: BTreeMap<OutPoint, Txid>,
    pub(super) rivals: BTreeMap<Txid, Rival>,
    pub(super) mined: Option<Place>,
    /// The height of the block that left the best chain, until it is announced or mined again.
    pub(super) left: Option<BlockHeight>,
    pub(super) deaths: Vec<Death>,
}

impl Kept {
    pub(super) fn new(tx: Transaction, brought_by: &str, now: UnixTime) -> Self {
        Self {
            tx,
            first_seen: now,
            since: now,
            waiting_since: now,
            brought_by: brought_by.to_owned(),
            announced_by: BTreeMap::new(),
            lineage: BTreeMap::new(),
            rivals: BTreeMap::new(),
            mined: None,
            left: None,
            deaths: Vec::new(),
        }
    }

    /// Notes that an operator announced it; says whether that changes anything that is shown.
    pub(super) fn announce(&mut self, operator: &str, sequence: Sequence) -> bool {
        let before = self.standing();
        self.left = None;
        let new = vote(&mut self.announced_by, operator, sequence);
        new || self.standing() != before
    }

    /// Notes that a transaction in conflict with it was announced; says whether that changes
    /// anything that is shown.
    pub(super) fn oppose<'a>(
        &mut self,
        by: Txid,
        words: impl Iterator<Item = (&'a str, Sequence)>,
        dead_in: Option<BlockHash>,
    ) -> bool {
        let before = (self.standing(), self.conflict_seen_by());
        self.meet_rival(by, words, dead_in);
        before != (self.standing(), self.conflict_seen_by())
    }

    /// Notes a conflicting transaction with everybody's word for it at once: without its words it
    /// would look like nobody's, and go first.
    pub(super) fn meet_rival<'a>(
        &mut self,
        by: Txid,
        words: impl Iterator<Item = (&'a str, Sequence)>,
        dead_in: Option<BlockHash>,
    ) {
        let rival = self.rivals.entry(by).or_default();
        for (operator, sequence) in words {
            vote(&mut rival.announced_by, operator, sequence);
        }
        rival.dead_in = rival.dead_in.or(dead_in);
        self.bound_rivals();
    }

    /// Notes that a conflicting transaction came out of a block that left the best chain.
    pub(super) fn oppose_from_block(&mut self, by: Txid, sequence: Sequence) {
        self.rivals.entry(by).or_default().from_block = Some(sequence);
        self.bound_rivals();
    }

    pub(super) fn die(&mut self, death: Death) -> bool {
        if self.deaths.contains(&death) || self.deaths.len() >= DEATHS {
            return false;
        }
        self.deaths.push(death);
        true
    }

    pub(super) fn is_dead(&self) -> bool {
        self.mined.is_none() && !self.deaths.is_empty()
    }

    /// How it stands: a function of what was kept, computed each time.
    pub(super) fn standing(&self) -> Standing {
        if let Some(Place { block, height }) = self.mined {
            return Standing::Mined { block, height };
        }
        if let Some(death) = self.deaths.first() {
            return Standing::Dead { by: death.by };
        }
        // The newest rival names itself: a payment bumped twice was replaced by the last bump.
        let mut conflict: Option<(Sequence, Txid)> = None;
        let mut replaced: Option<(Sequence, Txid)> = None;
        for (by, rival) in &self.rivals {
            if !self.is_opposed_by(rival) {
                continue;
            }
            let newest = rival.newest().unwrap_or(0);
            conflict = conflict.max(Some((newest, *by)));
            if self.is_replaced_by(rival) {
                replaced = replaced.max(Some((newest, *by)));
            }
        }
        match (replaced, conflict, self.left) {
            (Some((_, by)), _, _) => Standing::Replaced { by },
            (None, Some((_, by)), _) => Standing::Conflicted { by },
            (None, None, Some(height)) => Standing::Reorged { height },
            (None, None, None) => Standing::Seen,
        }
    }

    /// The operators whose newest word is for another spend of its coins.
    pub(super) fn conflict_seen_by(&self) -> Vec<String> {
        let mut names = BTreeSet::new();
        for rival in self
            .rivals
            .values()
            .filter(|rival| self.is_opposed_by(rival))
        {
            for (operator, sequence) in &rival.announced_by {
                if self.prefers_other(operator, *sequence) {
                    names.insert(operator.clone());
                }
            }
        }
        names.into_iter().collect()
    }

    /// Units that it pays to a script.
    pub(super) fn value_to(&self, script: &Script) -> u64 {
        self.tx
            .output
            .iter()
            .filter(|output| output.script_pubkey.as_script() == script)
            .fold(0u64, |sum, output| {
                sum.saturating_add(output.value.to_sat())
            })
    }

    /// The payment as the rooms below see it.
    pub(super) fn payment(&self, txid: Txid, value: u64) -> Payment {
        Payment {
            txid,
            value,
            coinbase: self.tx.is_coinbase(),
            first_seen: self.first_seen,
            since: self.since,
            waiting_since: self.waiting_since,
            seen_by: self.announced_by.keys().cloned().collect(),
            conflict_seen_by: self.conflict_seen_by(),
            standing: self.standing(),
        }
    }

    fn prefers_other(&self, operator: &str, other: Sequence) -> bool {
        self.announced_by
            .get(operator)
            .is_none_or(|ours| other > *ours)
    }

    fn is_opposed_by(&self, rival: &Rival) -> bool {
        if rival.dead_in.is_some() {
            return false;
        }
        let newest = self.announced_by.values().copied().max().unwrap_or(0);
        rival.from_block.is_some_and(|other| other > newest)
            || rival
                .announced_by
                .iter()
                .any(|(operator, other)| self.prefers_other(operator, *other))
    }

    /// Every operator that announced the payment has since announced the rival. Where nobody
    /// announced the payment (a person handed it over, a block left), it is a conflict.
    fn is_replaced_by(&self, rival: &Rival) -> bool {
        !self.announced_by.is_empty()
            && self.announced_by.iter().all(|(operator, ours)| {
                rival
                    .announced_by
                    .get(operator)
                    .is_some_and(|other| other > ours)
            })
    }

    /// The operator that brought the most makes room, with the one that it left longest unsaid: or
    /// decoys would push out the one spend that is about to be mined, which honest nodes do not
    /// announce again.
    fn bound_rivals(&mut self) {
        while self.rivals.len() > RIVALS {
            let mut brought: BTreeMap<&str, usize> = BTreeMap::new();
            for operator in self.rivals.values().flat_map(|r| r.announced_by.keys()) {
                *brought.entry(operator).or_default() += 1;
            }
            // What several operators announced is the matter of the one that brought the fewest.
            let share = |rival: &Rival| match rival.from_block {
                Some(_) => 0,
                None => {
                    let shares = rival.announced_by.keys();
                    let shares = shares.filter_map(|operator| brought.get(operator.as_str()));
                    shares.copied().min().unwrap_or(usize::MAX)
                }
            };
            let victim = self
                .rivals
                .iter()
                .min_by_key(|(_, rival)| (Reverse(share(rival)), rival.newest()))
                .map(|(txid, _)| *txid);
            match victim {
                Some(txid) => self.rivals.remove(&txid),
                None => return,
            };
        }
    }
}

/// Notes an operator's newest word; says whether the operator is a new one. An empty name is
/// nobody's word.
fn vote(votes: &mut BTreeMap<String, Sequence>, operator: &str, sequence: Sequence) -> bool {
    if operator.is_empty() {
        return false;
    }
    if let Some(newest) = votes.get_mut(operator) {
        *newest = sequence.max(*newest);
        return false;
    }
    if votes.len() >= OPERATORS {
        return false;
    }
    votes.insert(operator.to_owned(), sequence);
    true
}
