//! What a signature signs: BIP340's tagged hash, with the tag `Farthing/sighash`, of the network's
//! genesis hash and BIP341's signing data for `SIGHASH_DEFAULT` (without annex, by key).
//!
//! The signing data covers every outpoint, amount, script, sequence and output, so a signer cannot be
//! lied to about what it spends; the genesis hash makes a signature worth nothing on another network.
//! The parts that all inputs share are hashed once, so that many inputs are no more than many hashes.

use super::error::RuleError;
use crate::params::NetworkParams;
use bitcoin::hashes::{Hash, HashEngine, sha256};
use bitcoin::sighash::{Prevouts, SighashCache, TapSighashType};
use bitcoin::{BlockHash, Transaction, TxOut};

const TAG: &[u8] = b"Farthing/sighash";

/// The hash that the signature of this input signs; `prevouts` are the coins of all inputs, in
/// order.
///
/// # Errors
/// There is not one coin for each input, or no such input.
pub fn sighash(
    params: &NetworkParams,
    transaction: &Transaction,
    prevouts: &[TxOut],
    input: usize,
) -> Result<[u8; 32], RuleError> {
    Sighasher::new(params, transaction, prevouts)?.sighash(input)
}

/// The same for several inputs of one transaction: what they share is hashed once.
#[derive(Debug)]
pub struct Sighasher<'a> {
    genesis: BlockHash,
    cache: SighashCache<&'a Transaction>,
    prevouts: &'a [TxOut],
    inputs: usize,
}

impl<'a> Sighasher<'a> {
    /// For this transaction, which spends these coins.
    ///
    /// # Errors
    /// There is not one coin for each input.
    pub fn new(
        params: &NetworkParams,
        transaction: &'a Transaction,
        prevouts: &'a [TxOut],
    ) -> Result<Self, RuleError> {
        let (expected, found) = (transaction.input.len(), prevouts.len());
        if expected != found {
            return Err(RuleError::Coins { expected, found });
        }
        Ok(Self {
            genesis: params.genesis.block_hash(),
            cache: SighashCache::new(transaction),
            prevouts,
            inputs: expected,
        })
    }

    /// The hash that the signature of this input signs.
    ///
    /// # Errors
    /// There is no such input.
    pub fn sighash(&mut self, input: usize) -> Result<[u8; 32], RuleError> {
        let missing = RuleError::MissingInput {
            input,
            inputs: self.inputs,
        };
        if input >= self.inputs {
            return Err(missing);
        }
        let tag = sha256::Hash::hash(TAG).to_byte_array();
        let mut engine = sha256::Hash::engine();
        engine.input(&tag);
        engine.input(&tag);
        engine.input(&self.genesis.to_byte_array());
        self.cache
            .taproot_encode_signing_data_to(
                &mut engine,
                input,
                &Prevouts::All(self.prevouts),
                None,
                None,
                TapSighashType::Default,
            )
            // It writes into a hash, and the coins were counted.
            .map_err(|_| missing)?;
        Ok(sha256::Hash::from_engine(engine).to_byte_array())
    }
}
