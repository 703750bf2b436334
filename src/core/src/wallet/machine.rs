//! The wallet itself: which keys are watched, and every transaction that concerns them.
//!
//! All that is shown (coins, balances, who replaced whom) is computed from the transactions and
//! from where they stand, never carried on from one event to the next: so it does not matter in
//! which order blocks came and left.

use super::entry::{ADDRESSES, Entry, OwnCoin, Place, Raw};
use super::error::WatchError;
use super::keys::Keys;
use super::request::{KeyPath, WalletKey};
use crate::params::NetworkParams;
use crate::primitives::UnixTime;
use bitcoin::{OutPoint, Transaction, Txid};
use std::collections::{BTreeMap, BTreeSet};

/// Entries in one stored record.
pub(super) const PAGE: u64 = 100;

/// One's own coins, known by public keys alone.
#[derive(Debug, Clone)]
pub struct Wallet {
    pub(super) params: NetworkParams,
    pub(super) keys: Keys,
    pub(super) entries: BTreeMap<Txid, Entry>,
    /// By number.
    pub(super) order: BTreeMap<u64, Txid>,
    /// Who spends what, among the entries.
    pub(super) spends: BTreeMap<OutPoint, BTreeSet<Txid>>,
    pub(super) next: u64,
    /// Where change was asked to go to: keys that are watched, so that they are no more than those.
    pub(super) change_keys: BTreeSet<KeyPath>,
    /// Records that differ from what is stored.
    pub(super) changed_pages: BTreeSet<u64>,
}

/// What is known of a transaction beside itself.
pub(super) struct Origin<'a> {
    pub(super) place: Option<Place>,
    pub(super) first_seen: UnixTime,
    pub(super) verified: bool,
    pub(super) brought_by: Option<&'a str>,
    /// Whether its witness came with it.
    pub(super) whole: bool,
}

impl Wallet {
    /// A wallet of these keys; the first of them names it.
    ///
    /// # Errors
    /// Keys that are none, of another network, or with another key's address.
    pub fn new(params: NetworkParams, keys: &[WalletKey]) -> Result<Self, WatchError> {
        let keys = Keys::check(&params, keys)?;
        Ok(Self::of(params, keys))
    }

    pub(super) fn of(params: NetworkParams, keys: Keys) -> Self {
        Self {
            params,
            keys,
            entries: BTreeMap::new(),
            order: BTreeMap::new(),
            spends: BTreeMap::new(),
            next: 0,
            change_keys: BTreeSet::new(),
            changed_pages: BTreeSet::new(),
        }
    }

    /// More keys of the same wallet; says whether any was new. Then blocks are to be looked at
    /// again, from where the new ones may have been paid.
    ///
    /// # Errors
    /// As [`Wallet::new`], or more keys than can be watched.
    pub fn watch(&mut self, keys: &[WalletKey]) -> Result<bool, WatchError> {
        let more = Keys::check(&self.params, keys)?;
        self.keys.join(&more)
    }

    /// Its name: the first public key, in hex.
    #[must_use]
    pub fn name(&self) -> String {
        hex::encode(self.keys.name)
    }

    /// Whether this key is watched.
    #[must_use]
    pub fn has_key(&self, path: &KeyPath) -> bool {
        self.keys.public(path).is_some()
    }

    /// Whether a transaction is one of the wallet's.
    #[must_use]
    pub fn has(&self, txid: &Txid) -> bool {
        self.entries.contains_key(txid)
    }

    /// Whether a transaction is one of the wallet's, in a block.
    #[must_use]
    pub fn has_mined(&self, txid: &Txid) -> bool {
        let entry = self.entries.get(txid);
        entry.is_some_and(|entry| entry.place.is_some())
    }

    /// A transaction that is kept whole.
    #[must_use]
    pub fn transaction(&self, txid: &Txid) -> Option<&Transaction> {
        self.entries
            .get(txid)
            .and_then(|entry| entry.raw.as_ref())
            .map(|raw| &raw.0)
    }

    pub(super) fn own_coin(&self, outpoint: &OutPoint) -> Option<OwnCoin> {
        let entry = self.entries.get(&outpoint.txid)?;
        entry.outputs.get(&outpoint.vout).copied()
    }

    /// One's own among the outputs. An amount that cannot exist is a miner's invention, which a
    /// light client must not add up.
    pub(super) fn own_outputs(&self, tx: &Transaction) -> BTreeMap<u32, OwnCoin> {
        let most = self.params.subsidy.max_money();
        (0..)
            .zip(&tx.output)
            .filter_map(|(vout, output)| {
                let path = self.keys.path_of(&output.script_pubkey)?;
                let amount = output.value.to_sat();
                (1..=most)
                    .contains(&amount)
                    .then_some((vout, OwnCoin { amount, path }))
            })
            .collect()
    }

    /// One's own among the inputs.
    pub(super) fn own_inputs(&self, tx: &Transaction) -> BTreeMap<OutPoint, OwnCoin> {
        tx.input
            .iter()
            .filter_map(|input| {
                let coin = self.own_coin(&input.previous_output)?;
                Some((input.previous_output, coin))
            })
            .collect()
    }

    /// Takes a transaction in, or what is new of it: a place, outputs to keys that joined since.
    /// Says whether anything changed.
    pub(super) fn put(&mut self, tx: &Transaction, txid: Txid, origin: &Origin<'_>) -> bool {
        let outputs = self.own_outputs(tx);
        let spent = self.own_inputs(tx);
        let before = self.entries.get(&txid).cloned();
        let mut entry = before
            .clone()
            .unwrap_or_else(|| self.entry(tx, txid, origin));
        let funds_more = outputs.len() > entry.outputs.len();
        entry.outputs.extend(outputs);
        entry.spent.extend(spent);
        entry.others = self.others(tx);
        entry.verified |= origin.verified;
        entry.change = entry.change.or_else(|| self.asked_change(&entry));
        if origin.place.is_some() {
            entry.place = origin.place;
            entry.deaths.clear();
        }
        if origin.place.is_some() || origin.verified {
            entry.brought_by = None;
            entry.abandoned = false;
            // Whoever announced it first may have changed its witness, which its id does not
            // commit to.
            if origin.whole && !entry.coinbase {
                entry.raw = Some(Raw(tx.clone()));
            }
        }
        if before.as_ref() == Some(&entry) {
            return false;
        }
        for outpoint in &entry.inputs {
            self.spends.entry(*outpoint).or_default().insert(txid);
        }
        self.order.insert(entry.sequence, txid);
        self.next = self.next.max(entry.sequence.saturating_add(1));
        self.entries.insert(txid, entry);
        self.touch(&txid);
        if before.is_none() || funds_more {
            self.fund_spenders(&txid);
        }
        true
    }

    fn entry(&self, tx: &Transaction, txid: Txid, origin: &Origin<'_>) -> Entry {
        let coinbase = tx.is_coinbase();
        let inputs = tx.input.iter().map(|input| input.previous_output);
        Entry {
            txid,
            sequence: self.next,
            first_seen: origin.first_seen,
            waiting_since: origin.first_seen,
            place: None,
            coinbase,
            replaceable: tx.input.iter().any(|input| input.sequence.is_rbf()),
            verified: false,
            abandoned: false,
            brought_by: origin.brought_by.map(str::to_owned),
            inputs: inputs.filter(|_| !coinbase).collect(),
            spent: BTreeMap::new(),
            outputs: BTreeMap::new(),
            change: None,
            total: tx
                .output
                .iter()
                .fold(0, |sum, output| sum.saturating_add(output.value.to_sat())),
            others: Vec::new(),
            deaths: Default::default(),
            raw: (origin.whole && !coinbase).then(|| Raw(tx.clone())),
        }
    }

    /// The addresses of others.
    fn others(&self, tx: &Transaction) -> Vec<String> {
        let foreign = tx.output.iter().filter(|output| {
            let script = &output.script_pubkey;
            self.keys.path_of(script).is_none()
        });
        foreign
            .filter_map(|output| self.params.address_from_script(&output.script_pubkey))
            .take(ADDRESSES)
            .collect()
    }

    /// Outputs of this transaction turned out to be one's own: whoever spends them is told.
    fn fund_spenders(&mut self, txid: &Txid) {
        let Some(entry) = self.entries.get(txid) else {
            return;
        };
        let funded: Vec<(OutPoint, OwnCoin)> = entry
            .outputs
            .iter()
            .map(|(vout, coin)| (OutPoint::new(*txid, *vout), *coin))
            .collect();
        let mut spenders = BTreeSet::new();
        for (outpoint, coin) in funded {
            for spender in self.spends.get(&outpoint).into_iter().flatten() {
                if let Some(entry) = self.entries.get_mut(spender) {
                    entry.spent.insert(outpoint, coin);
                    spenders.insert(*spender);
                }
            }
        }
        for spender in spenders {
            self.touch(&spender);
            self.judge_again(&spender);
        }
    }

    /// Forgets a transaction.
    pub(super) fn forget(&mut self, txid: &Txid) {
        self.touch(txid);
        let Some(entry) = self.entries.remove(txid) else {
            return;
        };
        self.order.remove(&entry.sequence);
        for outpoint in &entry.inputs {
            if let Some(spenders) = self.spends.get_mut(outpoint) {
                spenders.remove(txid);
                if spenders.is_empty() {
                    self.spends.remove(outpoint);
                }
            }
        }
    }

    /// Its record is to be written again.
    pub(super) fn touch(&mut self, txid: &Txid) {
        if let Some(entry) = self.entries.get(txid) {
            self.changed_pages.insert(entry.sequence / PAGE);
        }
    }
}
