//! Whether a transaction is signed by the wallet's own keys, all of it. Of such a transaction this
//! client need not take anybody's word: it knows every coin that it spends.

use super::entry::OwnCoin;
use super::machine::Wallet;
use crate::consensus::{Sighasher, check_transaction};
use crate::keys::verify;
use bitcoin::{Amount, OutPoint, Transaction, TxOut};
use std::collections::BTreeMap;

impl Wallet {
    /// Whether the network's rules allow its form, it spends no more than it has, and each
    /// signature is of the key whose coin it spends.
    pub(super) fn signed_by_us(
        &self,
        tx: &Transaction,
        spent: &BTreeMap<OutPoint, OwnCoin>,
    ) -> bool {
        self.check_signatures(tx, spent).is_some()
    }

    fn check_signatures(
        &self,
        tx: &Transaction,
        spent: &BTreeMap<OutPoint, OwnCoin>,
    ) -> Option<()> {
        check_transaction(&self.params, tx).ok()?;
        let mut prevouts = Vec::new();
        let mut keys = Vec::new();
        let mut value = 0u64;
        for input in &tx.input {
            let coin = spent.get(&input.previous_output)?;
            value = value.checked_add(coin.amount)?;
            keys.push(self.keys.public(&coin.path)?);
            prevouts.push(TxOut {
                value: Amount::from_sat(coin.amount),
                script_pubkey: self.keys.script(&coin.path)?,
            });
        }
        let mut outputs = tx.output.iter();
        let paid = outputs.try_fold(0u64, |sum, output| sum.checked_add(output.value.to_sat()))?;
        if paid > value {
            return None;
        }
        let mut hasher = Sighasher::new(&self.params, tx, &prevouts).ok()?;
        for (at, (input, key)) in tx.input.iter().zip(&keys).enumerate() {
            let signature: &[u8; 64] = input.witness.nth(0)?.try_into().ok()?;
            let message = hasher.sighash(at).ok()?;
            if !verify(key, &message, signature) {
                return None;
            }
        }
        Some(())
    }
}
