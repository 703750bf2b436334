//! The ledger: watched scripts, and every transaction that pays one.
//!
//! Every unconfirmed transaction is an unverified claim of the operator that announced it, so what
//! one operator can make this client keep is bounded, and one operator's flood keeps out only what
//! the same operator brings.

use super::announced::{Announced, SPENDS};
use super::kept::{Kept, Sequence};
use super::payment::{Payment, Standing};
use crate::primitives::UnixTime;
use bitcoin::{Amount, OutPoint, Script, ScriptBuf, Transaction, TxIn, Txid, Weight};
use std::collections::{BTreeMap, BTreeSet};

/// Nodes relay no heavier transaction (Bitcoin Core's `MAX_STANDARD_TX_WEIGHT`).
const MAX_RELAYED: Weight = Weight::from_wu(400_000);

/// Watched scripts and what pays them.
#[derive(Debug, Clone)]
pub struct Ledger {
    pub(super) scripts: BTreeSet<ScriptBuf>,
    pub(super) kept: BTreeMap<Txid, Kept>,
    /// For each output in a kept transaction's lineage, the kept transactions.
    pub(super) spends: BTreeMap<OutPoint, BTreeSet<Txid>>,
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

    /// Whether this transaction pays a watched script and is not kept: who brought it was over its
    /// quota. Whoever announces it next should be asked for it again.
    #[must_use]
    pub fn wants(&self, tx: &Transaction, txid: &Txid) -> bool {
        !self.kept.contains_key(txid) && self.pays(tx)
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
        let mut changed = self.oppose(*txid, operator, sequence);
        if let Some(kept) = self.kept.get_mut(txid) {
            changed |= kept.announce(operator, sequence);
        }
        changed
    }

    /// An operator announced this transaction; says whether any payment changed. An empty operator
    /// stands for a person who handed it over: it is kept, and nobody vouches for it.
    pub fn seen(&mut self, tx: &Transaction, operator: &str, now: UnixTime) -> bool {
        // No node relays these, and none could be mined.
        let no_coin = |input: &TxIn| input.previous_output.is_null();
        if tx.input.is_empty()
            || tx.input.iter().any(no_coin)
            || tx.weight() > MAX_RELAYED
            || !is_money(tx)
        {
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

        let mut changed = self.oppose(txid, operator, sequence);
        if self.pays(tx) {
            self.keep(tx.clone(), txid, operator, now);
            if let Some(kept) = self.kept.get_mut(&txid) {
                kept.announce(operator, sequence);
            }
            self.bound_operator(operator, txid);
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
        // Coinbases spend nothing: what stands in place of a coin is the same in all of them.
        let inputs = tx.input.iter().map(|input| input.previous_output);
        let inputs = inputs.filter(|outpoint| !outpoint.is_null());
        let coins: Vec<(OutPoint, Txid)> = inputs.map(|outpoint| (outpoint, txid)).collect();
        self.kept.insert(txid, Kept::new(tx, brought_by, now));
        self.extend_lineage(txid, &coins);
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
    }
}

/// Whether its outputs, each and together, are an amount that can exist.
fn is_money(tx: &Transaction) -> bool {
    tx.output
        .iter()
        .try_fold(Amount::ZERO, |sum, output| sum.checked_add(output.value))
        .is_some_and(|sum| sum <= Amount::MAX_MONEY)
}
