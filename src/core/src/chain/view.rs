//! The set of unspent coins with changes on top that are not in the store yet.
//!
//! Blocks are connected and disconnected here; what is left of it at the end is one batch. If a block
//! turns out to be invalid the view is thrown away, and the set is as it was.

use super::codec;
use super::error::BlockRuleError;
use super::store::{Batch, Coin, Store, StoreError};
use crate::consensus::{RuleError, SpendContext, check_reward, check_spend};
use crate::merkle::block::VerifiedBlock;
use crate::params::NetworkParams;
use bitcoin::{Block, OutPoint, Transaction};
use std::collections::BTreeMap;

/// A coin that differs from the store's.
struct Entry {
    /// What is there now.
    coin: Option<Coin>,
    /// Whether the store has a coin there.
    stored: bool,
}

pub(super) struct View<'a, S> {
    store: &'a S,
    entries: BTreeMap<OutPoint, Entry>,
}

/// Why a block was not connected.
pub(super) enum ConnectError {
    Invalid(BlockRuleError),
    Store(StoreError),
}

impl From<StoreError> for ConnectError {
    fn from(error: StoreError) -> Self {
        ConnectError::Store(error)
    }
}

impl<'a, S: Store> View<'a, S> {
    pub(super) fn new(store: &'a S) -> Self {
        Self {
            store,
            entries: BTreeMap::new(),
        }
    }

    /// Connects a block: checks every spend with the coins as they are after the transactions before
    /// it. Gives the coins that it spent, in order; after an error the view is of no use.
    pub(super) fn connect(
        &mut self,
        params: &NetworkParams,
        block: &VerifiedBlock,
        context: SpendContext,
    ) -> Result<Vec<Coin>, ConnectError> {
        let mut spent = Vec::new();
        let mut fees = 0_u64;
        for (position, (txid, transaction)) in block.transactions().enumerate() {
            if position > 0 {
                let first = spent.len();
                for input in &transaction.input {
                    let outpoint = input.previous_output;
                    // Taken out at once: a second input finds none (CVE-2018-17144).
                    let coin = self.take(&outpoint)?.ok_or(ConnectError::Invalid(
                        BlockRuleError::MissingCoin { txid, outpoint },
                    ))?;
                    spent.push(coin);
                }
                let fee = check_spend(params, transaction, &spent[first..], context);
                let fee = fee.map_err(|rule| {
                    invalid(RuleError::Transaction {
                        position,
                        txid,
                        rule: Box::new(rule),
                    })
                })?;
                fees = fees.saturating_add(fee);
            }
            for (outpoint, output) in coins_of(txid, transaction) {
                self.put(
                    outpoint,
                    Coin {
                        amount: output.value.to_sat(),
                        script_pubkey: output.script_pubkey.clone(),
                        height: context.height,
                        coinbase: position == 0,
                        median_time_past: context.median_time_past,
                    },
                );
            }
        }
        check_reward(params, block, context.height, fees).map_err(invalid)?;
        Ok(spent)
    }

    /// Disconnects the last block that was connected.
    pub(super) fn disconnect(&mut self, block: &Block, undo: &[u8]) -> Result<(), StoreError> {
        let hash = block.block_hash();
        let mut spent = codec::decode_undo(undo).map_err(|error| StoreError {
            message: format!("the undo data of block {hash}: {error}"),
        })?;
        for (position, transaction) in block.txdata.iter().enumerate().rev() {
            for (outpoint, _) in coins_of(transaction.compute_txid(), transaction) {
                if self.take(&outpoint)?.is_none() {
                    return Err(StoreError {
                        message: format!(
                            "the set of coins: expected {outpoint} of block {hash}, found none"
                        ),
                    });
                }
            }
            if position == 0 {
                break;
            }
            for input in transaction.input.iter().rev() {
                let coin = spent.pop().ok_or_else(|| StoreError {
                    message: format!(
                        "the undo data of block {hash}: expected a coin for each input, found fewer"
                    ),
                })?;
                self.put(input.previous_output, coin);
            }
        }
        match spent.len() {
            0 => Ok(()),
            left => Err(StoreError {
                message: format!(
                    "the undo data of block {hash}: expected a coin for each input, found {left} \
                     more"
                ),
            }),
        }
    }

    /// What changed, into a batch.
    pub(super) fn finish(self, batch: &mut Batch) {
        for (outpoint, entry) in self.entries {
            match entry {
                Entry {
                    coin: Some(coin), ..
                } => batch.coins_added.push((outpoint, coin)),
                Entry { stored: true, .. } => batch.coins_removed.push(outpoint),
                Entry { .. } => {}
            }
        }
    }

    fn take(&mut self, outpoint: &OutPoint) -> Result<Option<Coin>, StoreError> {
        if let Some(entry) = self.entries.get_mut(outpoint) {
            return Ok(entry.coin.take());
        }
        let coin = self.store.coin(outpoint)?;
        if coin.is_some() {
            let entry = Entry {
                coin: None,
                stored: true,
            };
            self.entries.insert(*outpoint, entry);
        }
        Ok(coin)
    }

    fn put(&mut self, outpoint: OutPoint, coin: Coin) {
        let entry = self.entries.entry(outpoint).or_insert(Entry {
            coin: None,
            stored: false,
        });
        entry.coin = Some(coin);
    }
}

fn invalid(rule: RuleError) -> ConnectError {
    ConnectError::Invalid(BlockRuleError::Rule(rule))
}

/// The outputs that can ever be spent.
fn coins_of(
    txid: bitcoin::Txid,
    transaction: &Transaction,
) -> impl Iterator<Item = (OutPoint, &bitcoin::TxOut)> {
    (0..)
        .zip(&transaction.output)
        .filter(|(_, output)| !output.script_pubkey.is_op_return())
        .map(move |(vout, output)| (OutPoint { txid, vout }, output))
}
