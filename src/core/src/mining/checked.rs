//! A template that is not trusted, looked through.
//!
//! Threat: the template comes from a node that may lie. What can be told without the coins is told
//! here: the form of each transaction, the weight, the subsidy, the commitment. That the parent is
//! the tip, that the target is the one due, and that the fees are true is for whoever knows the chain:
//! a wrong fee costs the miner its block, and nobody else anything.

use super::coinbase::{coinbase, commitment_script, witness_commitment};
use super::error::TemplateError;
use super::propose::RESERVED_WEIGHT;
use super::template::{BlockTemplate, TemplateTransaction};
use crate::consensus::{check_transaction, output_kind};
use crate::params::NetworkParams;
use crate::primitives::{BlockHeight, U256, UnixTime, bits_from_target, target_from_bits};
use bitcoin::block::{Header, Version};
use bitcoin::consensus::encode::deserialize_hex;
use bitcoin::hashes::Hash;
use bitcoin::{Block, BlockHash, CompactTarget, ScriptBuf, Transaction, TxMerkleNode};
use std::collections::{BTreeMap, BTreeSet};

/// A template in which nothing wrong was found: what blocks for any payout are made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedTemplate {
    /// With a Merkle root that is to be computed, and nonce 0.
    header: Header,
    mintime: UnixTime,
    time_may_change: bool,
    height: BlockHeight,
    value: u64,
    target: U256,
    commitment: [u8; 32],
    transactions: Vec<Transaction>,
}

impl CheckedTemplate {
    /// Looks for what can be told without the coins.
    ///
    /// # Errors
    /// No valid block can come of it.
    pub fn check(params: &NetworkParams, template: &BlockTemplate) -> Result<Self, TemplateError> {
        let (bits, target) = target(params, template)?;
        let transactions = transactions(params, template)?;
        check_value(params, template)?;
        let commitment = witness_commitment(&transactions);
        check_commitment(template, commitment)?;
        let prev_blockhash: BlockHash = template
            .previousblockhash
            .parse()
            .map_err(|_| field("previousblockhash", "a hash", &template.previousblockhash))?;
        Ok(Self {
            header: Header {
                version: Version::from_consensus(template.version),
                prev_blockhash,
                merkle_root: TxMerkleNode::all_zeros(),
                time: template.curtime.max(template.mintime),
                bits: CompactTarget::from_consensus(bits),
                nonce: 0,
            },
            mintime: template.mintime,
            time_may_change: template.mutable.iter().any(|field| field == "time"),
            height: template.height,
            value: template.coinbasevalue,
            target,
            commitment,
            transactions,
        })
    }

    /// The coinbase that pays all of the value to `payout`.
    ///
    /// # Errors
    /// Nobody could spend it, or consensus has no such output.
    pub fn coinbase(
        &self,
        payout: ScriptBuf,
        extra_nonce: u64,
    ) -> Result<Transaction, TemplateError> {
        output_kind(0, &payout)?;
        let (height, value) = (self.height, self.value);
        Ok(coinbase(
            height,
            payout,
            value,
            extra_nonce,
            self.commitment,
        ))
    }

    /// The whole block: this header, the coinbase first.
    #[must_use]
    pub fn block(&self, header: Header, coinbase: Transaction) -> Block {
        let mut txdata = vec![coinbase];
        txdata.extend(self.transactions.iter().cloned());
        Block { header, txdata }
    }

    /// The header, without its Merkle root and its nonce.
    #[must_use]
    pub fn header(&self) -> Header {
        self.header
    }

    /// From when to when the header's time may be; `latest` where it may be changed at all (BIP23).
    #[must_use]
    pub fn times(&self, latest: UnixTime) -> std::ops::RangeInclusive<UnixTime> {
        if self.time_may_change {
            self.mintime..=latest.max(self.header.time)
        } else {
            self.header.time..=self.header.time
        }
    }

    /// The height of the block.
    #[must_use]
    pub fn height(&self) -> BlockHeight {
        self.height
    }

    /// Units that the coinbase takes.
    #[must_use]
    pub fn value(&self) -> u64 {
        self.value
    }

    /// What a block's hash must be at most.
    #[must_use]
    pub fn target(&self) -> U256 {
        self.target
    }

    /// What goes in after the coinbase.
    #[must_use]
    pub fn transactions(&self) -> &[Transaction] {
        &self.transactions
    }
}

fn field(field: &'static str, expected: &'static str, found: &str) -> TemplateError {
    const SHOWN: usize = 80;
    TemplateError::Field {
        field,
        expected,
        found: found.chars().take(SHOWN).collect(),
    }
}

/// The compact target and the target: `bits` counts, and `target` must say the same.
fn target(params: &NetworkParams, template: &BlockTemplate) -> Result<(u32, U256), TemplateError> {
    let found = u32::from_str_radix(&template.bits, 16)
        .map_err(|_| field("bits", "eight hex digits", &template.bits))?;
    let target = target_from_bits(found)?;
    if target > params.pow_limit {
        return Err(TemplateError::AboveLimit {
            limit: bits_from_target(params.pow_limit),
            found,
        });
    }
    if U256::from_str_radix(&template.target, 16) != Ok(target) {
        return Err(field("target", "the target of its bits", &template.target));
    }
    Ok((found, target))
}

/// Each transaction is well formed, is what its fields say, comes after those that it depends on, and
/// all of them fit.
fn transactions(
    params: &NetworkParams,
    template: &BlockTemplate,
) -> Result<Vec<Transaction>, TemplateError> {
    let limit = params.max_block_weight.saturating_sub(RESERVED_WEIGHT);
    let mut weight = 0_u64;
    let mut all = Vec::new();
    let mut places = BTreeMap::new();
    for (index, entry) in template.transactions.iter().enumerate() {
        let transaction = read(params, index + 1, entry)?;
        weight = weight.saturating_add(transaction.weight().to_wu());
        if weight > limit {
            return Err(TemplateError::Weight { limit });
        }
        places.insert(transaction.compute_txid(), index);
        all.push(transaction);
    }
    let mut spent = BTreeSet::new();
    for (index, transaction) in all.iter().enumerate() {
        let fail = |reason: &str| TemplateError::Transaction {
            position: index + 1,
            reason: reason.to_owned(),
        };
        for input in &transaction.input {
            let outpoint = input.previous_output;
            let parent = places.get(&outpoint.txid);
            if parent.is_some_and(|place| *place >= index) {
                return Err(fail("it spends a coin of a transaction that comes later"));
            }
            if !spent.insert(outpoint) {
                return Err(fail("it spends a coin that another one spends"));
            }
        }
    }
    Ok(all)
}

fn read(
    params: &NetworkParams,
    position: usize,
    entry: &TemplateTransaction,
) -> Result<Transaction, TemplateError> {
    let fail = |reason: String| TemplateError::Transaction { position, reason };
    let transaction: Transaction =
        deserialize_hex(&entry.data).map_err(|error| fail(error.to_string()))?;
    check_transaction(params, &transaction).map_err(|rule| fail(rule.to_string()))?;
    let txid = transaction.compute_txid().to_string();
    if txid != entry.txid {
        return Err(fail(format!("its id is {txid}")));
    }
    Ok(transaction)
}

/// The value is at most the subsidy, computed here, and the fees that the template names.
fn check_value(params: &NetworkParams, template: &BlockTemplate) -> Result<(), TemplateError> {
    let fees = template.transactions.iter().map(|entry| entry.fee);
    let limit = fees
        .fold(params.subsidy.at(template.height), u64::saturating_add)
        .min(params.subsidy.max_money());
    let found = template.coinbasevalue;
    if found > limit {
        return Err(TemplateError::Value { limit, found });
    }
    Ok(())
}

fn check_commitment(template: &BlockTemplate, commitment: [u8; 32]) -> Result<(), TemplateError> {
    let expected = commitment_script(commitment).to_hex_string();
    let found = &template.default_witness_commitment;
    if *found == expected {
        return Ok(());
    }
    Err(TemplateError::Commitment {
        found: found.chars().take(expected.len()).collect(),
        expected,
    })
}
