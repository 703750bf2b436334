//! The ledger: watched scripts, and every transaction that pays one.
//!
//! Every unconfirmed transaction is an unverified claim of the operator that announced it, so what
//! one operator can make this client keep is bounded, and one operator's flood pushes out only what
//! the same operator brought.

use super::announced::{Announced, SPENDS};
use super::kept::{Death, Kept, Sequence};
use super::payment::{Payment, Standing};
use crate::primitives::UnixTime;
use bitcoin::{Amount, OutPoint, Script, ScriptBuf, Transaction, Txid, Weight};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Unconfirmed payments that one operator may bring.
pub(super) const PAYMENTS_OF_ONE: usize = 500;
/// Bytes of unconfirmed payments that one operator may bring.
pub(super) const BYTES_OF_ONE: usize = 4_000_000;
/// Payments in blocks that are kept; the deepest go first.
pub(super) const MINED: usize = 10_000;
/// Bytes of the payments in blocks that are kept.
pub(super) const MINED_BYTES: usize = 64_000_000;
/// Coins of one payment's ancestors that are known, beside all of its own: nodes relay a
/// transaction with at most 25 unconfirmed ancestors.
const LINEAGE: usize = 200;
/// Nodes relay no heavier transaction (Bitcoin Core's `MAX_STANDARD_TX_WEIGHT`).
const MAX_RELAYED: Weight = Weight::from_wu(400_000);

/// Watched scripts and what pays them.
#[derive(Debug, Clone)]
pub struct Ledger {
    pub(super) scripts: BTreeSet<ScriptBuf>,
    pub(super) kept: BTreeMap<Txid, Kept>,
    /// For each output in a kept transaction's lineage, the kept transactions.
    pub(super) spends: BTreeMap<OutPoint, BTreeSet<Txid>>,
    /// For each rival, the kept transactions that it is in conflict with.
    pub(super) opposes: BTreeMap<Txid, BTreeSet<Txid>>,
    pub(super) announced: Announced,
    pub(super) sequence: Sequence,
}

impl Default for Ledger {
    fn default() -> Self {
        Self::new()
    }
}

impl Ledger {
    /// A ledger that watches nothing.
    #[must_use]
    pub fn new() -> Self {
        Self {
            scripts: BTreeSet::new(),
            kept: BTreeMap::new(),
            spends: BTreeMap::new(),
            opposes: BTreeMap::new(),
            announced: Announced::new(SPENDS),
            sequence: 0,
        }
    }

    /// Watches a script from now on. What was announced or mined before is not found again.
    pub fn watch(&mut self, script: ScriptBuf) {
        self.scripts.insert(script);
    }

    /// Stops watching a script and forgets what pays only it.
    pub fn unwatch(&mut self, script: &Script) {
        self.scripts.remove(script);
        let idle: Vec<Txid> = self
            .kept
            .iter()
            .filter(|(_, kept)| !self.pays(&kept.tx))
            .map(|(txid, _)| *txid)
            .collect();
        for txid in idle {
            self.forget(&txid);
        }
    }

    /// Whether this script is watched.
    #[must_use]
    pub fn watches(&self, script: &Script) -> bool {
        self.scripts.contains(script)
    }

    /// Whether anything is watched.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.scripts.is_empty()
    }

    /// Whether this transaction need not be fetched: it is kept, or remembered as announced. Then
    /// [`Ledger::announced`] is to be told who announced it.
    #[must_use]
    pub fn knows(&self, txid: &Txid) -> bool {
        self.kept.contains_key(txid) || self.announced.contains(txid)
    }

    /// A payment's transaction.
    #[must_use]
    pub fn transaction(&self, txid: &Txid) -> Option<&Transaction> {
        self.kept.get(txid).map(|kept| &kept.tx)
    }

    /// An operator announced a transaction that this client knows already; says whether any
    /// payment changed. Each operator's newest word counts, so every announcement is to be told.
    pub fn announced(&mut self, txid: &Txid, operator: &str) -> bool {
        self.sequence += 1;
        let sequence = self.sequence;
        self.announced.vouch(txid, operator);
        let mut changed = false;
        for opposed in self.opposes.get(txid).into_iter().flatten() {
            if let Some(kept) = self.kept.get_mut(opposed) {
                changed |= kept.oppose(*txid, operator, sequence);
            }
        }
        if let Some(kept) = self.kept.get_mut(txid) {
            changed |= kept.announce(operator, sequence);
        }
        changed
    }

    /// An operator announced this transaction; says whether any payment changed. An empty operator
    /// stands for a person who handed it over: it is kept, and nobody vouches for it.
    pub fn seen(&mut self, tx: &Transaction, operator: &str, now: UnixTime) -> bool {
        // No node relays these, and none could be mined.
        if tx.is_coinbase() || tx.input.is_empty() || tx.weight() > MAX_RELAYED || !is_money(tx) {
            return false;
        }
        let txid = tx.compute_txid();
        let is_kept = self.kept.contains_key(&txid);
        // What was announced before its script was watched is kept now.
        if is_kept || (self.announced.contains(&txid) && !self.pays(tx)) {
            return self.announced(&txid, operator);
        }
        self.sequence += 1;
        let sequence = self.sequence;
        self.announced.note(
            txid,
            tx.input.iter().map(|input| input.previous_output),
            operator,
        );

        let mut changed = self.oppose(tx, txid, operator, sequence);
        if self.pays(tx) {
            self.keep(tx.clone(), txid, operator, now);
            if let Some(kept) = self.kept.get_mut(&txid) {
                kept.announce(operator, sequence);
            }
            self.bound_operator(operator);
            changed |= self.kept.contains_key(&txid);
        }
        changed | self.adopt_parent(txid)
    }

    /// What pays this script, oldest first.
    #[must_use]
    pub fn payments(&self, script: &Script) -> Vec<Payment> {
        let mut payments: Vec<Payment> = self
            .kept
            .iter()
            .filter_map(|(txid, kept)| match kept.value_to(script) {
                0 => None,
                value => Some(kept.payment(*txid, value)),
            })
            .collect();
        payments.sort_by_key(|payment| (payment.first_seen, payment.txid));
        payments
    }

    /// Transactions whose block left the best chain and that are in no other: to be sent again,
    /// parents first.
    #[must_use]
    pub fn to_rebroadcast(&self) -> Vec<Transaction> {
        let mut waiting: Vec<&Kept> = self
            .kept
            .values()
            .filter(|kept| kept.left.is_some() && kept.mined.is_none() && !kept.tx.is_coinbase())
            .filter(|kept| {
                matches!(
                    kept.standing(),
                    Standing::Reorged { .. } | Standing::Conflicted { .. }
                )
            })
            .collect();
        // A child's lineage holds its parent's.
        waiting.sort_by_key(|kept| (kept.lineage.len(), kept.first_seen));
        waiting.into_iter().map(|kept| kept.tx.clone()).collect()
    }

    pub(super) fn pays(&self, tx: &Transaction) -> bool {
        tx.output.iter().any(|output| {
            output.value > Amount::ZERO && self.scripts.contains(&output.script_pubkey)
        })
    }

    /// Keeps a payment: finds its ancestry, and what was seen to spend the same coins.
    pub(super) fn keep(&mut self, tx: Transaction, txid: Txid, brought_by: &str, now: UnixTime) {
        if self.kept.contains_key(&txid) {
            return;
        }
        let inputs = tx.input.iter().map(|input| input.previous_output);
        let coins: Vec<(OutPoint, Txid)> = inputs.map(|outpoint| (outpoint, txid)).collect();
        self.kept.insert(txid, Kept::new(tx, brought_by, now));
        self.extend_lineage(txid, coins);
    }

    /// Adds coins to a kept transaction's lineage, with the coins of the unconfirmed transactions
    /// that made these, and every rival that is known for them.
    fn extend_lineage(&mut self, txid: Txid, coins: Vec<(OutPoint, Txid)>) {
        let Some(mut kept) = self.kept.remove(&txid) else {
            return;
        };
        let bound = kept.tx.input.len() + LINEAGE;
        let mut open = VecDeque::from(coins);
        while let Some((outpoint, spender)) = open.pop_front() {
            if kept.lineage.len() >= bound || kept.lineage.contains_key(&outpoint) {
                continue;
            }
            kept.lineage.insert(outpoint, spender);
            self.spends.entry(outpoint).or_default().insert(txid);
            let parent = outpoint.txid;
            match self.kept.get(&parent) {
                Some(known) if known.mined.is_some() => {}
                Some(known) => open.extend(known.lineage.iter().map(|(coin, by)| (*coin, *by))),
                None => open.extend(
                    self.announced
                        .inputs(&parent)
                        .iter()
                        .map(|coin| (*coin, parent)),
                ),
            }
            self.find_rivals(&mut kept, txid, outpoint, spender);
        }
        self.kept.insert(txid, kept);
    }

    fn find_rivals(&mut self, kept: &mut Kept, txid: Txid, outpoint: OutPoint, spender: Txid) {
        let remembered: Vec<Txid> = self
            .announced
            .spenders(&outpoint)
            .filter(|rival| *rival != spender)
            .collect();
        for rival in remembered {
            // Announced before this payment: any word for the payment is newer.
            for operator in self.announced.operators(&rival) {
                kept.oppose(rival, operator, 0);
            }
            self.opposes.entry(rival).or_default().insert(txid);
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
            for (operator, sequence) in &other.announced_by {
                kept.oppose(rival, operator, *sequence);
            }
            if let (Some(death), Some(entry)) = (other.deaths.first(), kept.rivals.get_mut(&rival))
            {
                entry.dead_in = Some(death.block);
            }
            self.opposes.entry(rival).or_default().insert(txid);
        }
    }

    /// Notes a transaction as a rival of every kept one whose coins it spends.
    fn oppose(&mut self, tx: &Transaction, txid: Txid, operator: &str, sequence: Sequence) -> bool {
        let mut changed = false;
        for input in &tx.input {
            for opposed in self
                .spends
                .get(&input.previous_output)
                .into_iter()
                .flatten()
            {
                let Some(kept) = self.kept.get_mut(opposed) else {
                    continue;
                };
                if kept.lineage.get(&input.previous_output) == Some(&txid) {
                    continue;
                }
                changed |= kept.oppose(txid, operator, sequence);
                self.opposes.entry(txid).or_default().insert(*opposed);
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
            self.extend_lineage(child, coins.clone());
            changed |= self.kept.get(&child).map(Kept::standing) != before;
        }
        changed
    }

    /// Forgets a kept transaction.
    pub(super) fn forget(&mut self, txid: &Txid) {
        let Some(kept) = self.kept.remove(txid) else {
            return;
        };
        for outpoint in kept.lineage.keys() {
            if let Some(holders) = self.spends.get_mut(outpoint) {
                holders.remove(txid);
                if holders.is_empty() {
                    self.spends.remove(outpoint);
                }
            }
        }
        self.opposes.retain(|_, opposed| {
            opposed.remove(txid);
            !opposed.is_empty()
        });
    }

    /// Holds one operator to its quota: what pays least goes first.
    fn bound_operator(&mut self, operator: &str) {
        loop {
            let brought = self
                .kept
                .iter()
                .filter(|(_, kept)| kept.mined.is_none() && kept.brought_by == operator);
            let (count, bytes) = brought.clone().fold((0, 0), |(count, bytes), (_, kept)| {
                (count + 1, bytes + kept.tx.total_size())
            });
            if count <= PAYMENTS_OF_ONE && bytes <= BYTES_OF_ONE {
                return;
            }
            let least = brought
                .min_by_key(|(txid, kept)| (self.value(&kept.tx), **txid))
                .map(|(txid, _)| *txid);
            match least {
                Some(txid) => self.forget(&txid),
                None => return,
            }
        }
    }

    /// Holds the payments in blocks to their bound: the deepest go first.
    pub(super) fn bound_mined(&mut self) {
        loop {
            let mined = self
                .kept
                .iter()
                .filter_map(|(txid, kept)| kept.mined.map(|place| (place.height, *txid, kept)));
            let (count, bytes) = mined.clone().fold((0, 0), |(count, bytes), (_, _, kept)| {
                (count + 1, bytes + kept.tx.total_size())
            });
            if count <= MINED && bytes <= MINED_BYTES {
                return;
            }
            let deepest = mined
                .min_by_key(|(height, txid, _)| (*height, *txid))
                .map(|(_, txid, _)| txid);
            match deepest {
                Some(txid) => self.forget(&txid),
                None => return,
            }
        }
    }

    fn value(&self, tx: &Transaction) -> u64 {
        tx.output
            .iter()
            .filter(|output| self.scripts.contains(&output.script_pubkey))
            .fold(0u64, |sum, output| {
                sum.saturating_add(output.value.to_sat())
            })
    }
}

/// Whether its outputs, each and together, are an amount that can exist.
fn is_money(tx: &Transaction) -> bool {
    tx.output
        .iter()
        .try_fold(Amount::ZERO, |sum, output| sum.checked_add(output.value))
        .is_some_and(|sum| sum <= Amount::MAX_MONEY)
}
