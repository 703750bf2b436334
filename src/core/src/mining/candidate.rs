//! A block that lacks its nonce, made from a template.
//!
//! Threat: the template comes from a node that may lie. What can be told without the coins is told
//! here: the form of each transaction, the weight, the subsidy, the commitment. That the parent is
//! the tip, that the target is the one due, and that the fees are true is for whoever knows the chain:
//! a wrong fee costs the miner its block, and nobody else anything.

use super::coinbase::{coinbase, commitment_script, witness_commitment};
use super::error::{CandidateError, TemplateError};
use super::propose::RESERVED_WEIGHT;
use super::template::{BlockTemplate, TemplateTransaction};
use crate::consensus::{check_transaction, output_kind};
use crate::merkle::root;
use crate::params::NetworkParams;
use crate::primitives::{BlockHeight, U256, bits_from_target, hash_value, target_from_bits};
use bitcoin::block::{Header, Version};
use bitcoin::consensus::encode::deserialize_hex;
use bitcoin::{Block, BlockHash, CompactTarget, ScriptBuf, Transaction, TxMerkleNode};
use std::collections::{BTreeMap, BTreeSet};

/// A block that lacks its nonce.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    block: Block,
    height: BlockHeight,
    value: u64,
    target: U256,
}

impl Candidate {
    /// The block that a template leads to, with a coinbase that pays all of its value to `payout`.
    ///
    /// # Errors
    /// No valid block can come of it.
    pub fn from_template(
        params: &NetworkParams,
        template: &BlockTemplate,
        payout: ScriptBuf,
        extra_nonce: u64,
    ) -> Result<Candidate, TemplateError> {
        output_kind(0, &payout)?;
        let (bits, target) = target(params, template)?;
        let transactions = transactions(params, template)?;
        check_value(params, template)?;
        let commitment = witness_commitment(&transactions);
        check_commitment(template, commitment)?;
        let prev_blockhash: BlockHash = template
            .previousblockhash
            .parse()
            .map_err(|_| field("previousblockhash", "a hash", &template.previousblockhash))?;
        let value = template.coinbasevalue;
        let mut txdata = vec![coinbase(
            template.height,
            payout,
            value,
            extra_nonce,
            commitment,
        )];
        txdata.extend(transactions);
        let header = Header {
            version: Version::from_consensus(template.version),
            prev_blockhash,
            merkle_root: merkle_root(&txdata),
            time: template.curtime.max(template.mintime),
            bits: CompactTarget::from_consensus(bits),
            nonce: 0,
        };
        Ok(Candidate {
            block: Block { header, txdata },
            height: template.height,
            value,
            target,
        })
    }

    /// The header, with nonce 0.
    #[must_use]
    pub fn header(&self) -> Header {
        self.block.header
    }

    /// What its hash must be at most.
    #[must_use]
    pub fn target(&self) -> U256 {
        self.target
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

    /// The transactions, the coinbase first.
    #[must_use]
    pub fn transactions(&self) -> &[Transaction] {
        &self.block.txdata
    }

    /// The whole block, with the header that a worker found.
    ///
    /// # Errors
    /// It is another header, or does not meet the target.
    pub fn block_with(&self, header: Header) -> Result<Block, CandidateError> {
        let expected = Header {
            nonce: header.nonce,
            ..self.block.header
        };
        if header != expected {
            return Err(CandidateError::OtherHeader);
        }
        let found = header.block_hash();
        if hash_value(&found) > self.target {
            return Err(CandidateError::HighHash {
                target: format!("{:064x}", self.target),
                found,
            });
        }
        Ok(Block {
            header,
            txdata: self.block.txdata.clone(),
        })
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

fn merkle_root(transactions: &[Transaction]) -> TxMerkleNode {
    let leaves: Vec<_> = transactions
        .iter()
        .map(|transaction| transaction.compute_txid().to_raw_hash())
        .collect();
    let root = root::compute(&leaves).expect("the coinbase is there, and a root of one is itself");
    TxMerkleNode::from_raw_hash(root.hash)
}
