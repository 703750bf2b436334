//! A block that lacks its nonce, made from a template.

use super::checked::CheckedTemplate;
use super::error::{CandidateError, TemplateError};
use super::template::BlockTemplate;
use crate::merkle::root;
use crate::params::NetworkParams;
use crate::primitives::{BlockHeight, U256, hash_value};
use bitcoin::block::Header;
use bitcoin::{Block, ScriptBuf, Transaction, TxMerkleNode};
use std::sync::Arc;

/// Bits of the header's version that a search may roll (BIP320): BIP9 signals with others, and no rule
/// of a network of ours looks at any.
pub const VERSION_MASK: u32 = 0x1fff_e000;

/// A block that lacks its nonce.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    header: Header,
    coinbase: Transaction,
    /// What goes in after it. Candidates of one template may share it.
    transactions: Arc<Vec<Transaction>>,
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
        let checked = CheckedTemplate::check(params, template)?;
        let coinbase = checked.coinbase(payout, extra_nonce)?;
        let transactions = Arc::new(checked.transactions().to_vec());
        let mut header = checked.header();
        header.merkle_root = merkle_root(&coinbase, &transactions);
        Ok(Candidate {
            header,
            coinbase,
            transactions,
            height: checked.height(),
            value: checked.value(),
            target: checked.target(),
        })
    }

    /// The header, with nonce 0.
    #[must_use]
    pub fn header(&self) -> Header {
        self.header
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

    /// The whole block, with nonce 0.
    #[must_use]
    pub fn block(&self) -> Block {
        let others = self.transactions.iter().cloned();
        Block {
            header: self.header,
            txdata: std::iter::once(self.coinbase.clone())
                .chain(others)
                .collect(),
        }
    }

    /// Holds its transactions together with another one, where they are the same.
    pub(crate) fn share_transactions(&mut self, other: &Self) {
        if self.transactions == other.transactions {
            self.transactions = Arc::clone(&other.transactions);
        }
    }

    /// Whether it does.
    pub(crate) fn shares_transactions(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.transactions, &other.transactions)
    }

    /// The whole block, with the header that a worker found.
    ///
    /// # Errors
    /// It differs in more than the nonce and the bits of the version that may roll, or does not meet the
    /// target.
    pub fn block_with(&self, header: Header) -> Result<Block, CandidateError> {
        let own = self.header;
        let rolled = header.version.to_consensus() ^ own.version.to_consensus();
        let version = match rolled as u32 & !VERSION_MASK {
            0 => header.version,
            _ => own.version,
        };
        let expected = Header {
            nonce: header.nonce,
            version,
            ..own
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
            ..self.block()
        })
    }
}

fn merkle_root(coinbase: &Transaction, others: &[Transaction]) -> TxMerkleNode {
    let leaves: Vec<_> = std::iter::once(coinbase)
        .chain(others)
        .map(|transaction| transaction.compute_txid().to_raw_hash())
        .collect();
    let root = root::compute(&leaves).expect("the coinbase is there, and a root of one is itself");
    TxMerkleNode::from_raw_hash(root.hash)
}
