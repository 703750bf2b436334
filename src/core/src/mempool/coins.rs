//! Where spent coins are looked up: the chain, and the transactions that wait.

use super::pool::Mempool;
use crate::chain::{Chain, Store, StoreError};
use crate::consensus::{SpendContext, SpentCoin};
use bitcoin::{OutPoint, Transaction, Txid};
use std::collections::BTreeSet;

/// The unspent coins of the best chain.
pub trait CoinSource {
    /// A coin, with what the rules must know of it; none: it is not there, or spent.
    ///
    /// # Errors
    /// The storage broke.
    fn unspent(&self, outpoint: &OutPoint) -> Result<Option<SpentCoin>, StoreError>;
}

impl<S: Store> CoinSource for Chain<S> {
    fn unspent(&self, outpoint: &OutPoint) -> Result<Option<SpentCoin>, StoreError> {
        self.coin(outpoint)
    }
}

/// What a transaction spends.
#[derive(Debug, Default)]
pub(super) struct Spent {
    /// In the order of its inputs.
    pub(super) coins: Vec<SpentCoin>,
    /// Those that nobody here has.
    pub(super) missing: Vec<OutPoint>,
    /// The unconfirmed transactions among those that it spends.
    pub(super) parents: BTreeSet<Txid>,
}

impl Mempool {
    /// Looks up everything that a transaction spends.
    pub(super) fn spent_by(
        &self,
        transaction: &Transaction,
        coins: &impl CoinSource,
        context: SpendContext,
    ) -> Result<Spent, StoreError> {
        let mut spent = Spent::default();
        for input in &transaction.input {
            let outpoint = input.previous_output;
            let coin = match self.output(&outpoint, context) {
                Some(coin) => {
                    spent.parents.insert(outpoint.txid);
                    Some(coin)
                }
                None => coins.unspent(&outpoint)?,
            };
            match coin {
                Some(coin) => spent.coins.push(coin),
                None => spent.missing.push(outpoint),
            }
        }
        Ok(spent)
    }

    /// An output of a waiting transaction, as a coin of the next block.
    fn output(&self, outpoint: &OutPoint, context: SpendContext) -> Option<SpentCoin> {
        let parent = self.get(&outpoint.txid)?;
        let output = parent.output.get(outpoint.vout as usize)?;
        Some(SpentCoin {
            amount: output.value.to_sat(),
            script_pubkey: output.script_pubkey.clone(),
            height: context.height,
            coinbase: false,
            median_time_past: context.median_time_past,
        })
    }
}
