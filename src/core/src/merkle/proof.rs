//! One transaction's place in a block, proved with the coinbase's branch beside it.
//!
//! A branch alone cannot tell a leaf from a node (CVE-2017-12842). The coinbase can: it is the
//! first leaf, it is known by its form and was made by the miner who paid for the block, so its
//! branch shows the true depth of the tree. A transaction at any other depth is an invention.

use super::branch::{BranchError, MerkleBranch};
use super::root::NODE_SIZE;
use bitcoin::block::Header;
use bitcoin::{BlockHash, Transaction, Txid};

/// A transaction, its branch, and the coinbase with its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransactionProof {
    /// The block's header.
    pub header: Header,
    /// The transaction.
    pub transaction: Transaction,
    /// The transaction's branch.
    pub branch: MerkleBranch,
    /// The block's first transaction.
    pub coinbase: Transaction,
    /// The first transaction's branch.
    pub coinbase_branch: MerkleBranch,
}

/// What a [`TransactionProof`] shows: that the block commits to the transaction. Whether the block
/// counts is for the header tree to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProvedTransaction {
    /// The transaction.
    pub txid: Txid,
    /// The block.
    pub block: BlockHash,
    /// The transaction's place in it, from 0.
    pub position: u32,
}

/// A proof that proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransactionProofError {
    /// It could pass for a node of the tree.
    #[error("expected a transaction that is no node of the tree, found {txid} of 64 bytes")]
    SizeOfNode {
        /// The transaction.
        txid: Txid,
    },
    /// The first transaction has not the form of a coinbase.
    #[error("expected a coinbase in first place, found the ordinary transaction {txid}")]
    NoCoinbase {
        /// The transaction.
        txid: Txid,
    },
    /// The coinbase is not first.
    #[error("expected the coinbase at position 0, found position {found}")]
    CoinbasePosition {
        /// The position in its branch.
        found: u32,
    },
    /// The two stand at different depths: one of them is no leaf.
    #[error("expected a branch as long as the coinbase's, {expected}, found {found}")]
    Depth {
        /// The length of the coinbase's branch.
        expected: usize,
        /// The length of the transaction's branch.
        found: usize,
    },
    /// The coinbase's branch is bad.
    #[error("coinbase: {0}")]
    CoinbaseBranch(BranchError),
    /// The transaction's branch is bad.
    #[error("transaction: {0}")]
    Branch(BranchError),
}

impl TransactionProof {
    /// Checks everything that can be checked without other blocks.
    ///
    /// # Errors
    /// When the header does not commit to the transaction, or may not.
    pub fn check(&self) -> Result<ProvedTransaction, TransactionProofError> {
        let txid = self.transaction.compute_txid();
        let coinbase_id = self.coinbase.compute_txid();
        for (transaction, txid) in [(&self.transaction, txid), (&self.coinbase, coinbase_id)] {
            if transaction.base_size() == NODE_SIZE {
                return Err(TransactionProofError::SizeOfNode { txid });
            }
        }
        if !self.coinbase.is_coinbase() {
            return Err(TransactionProofError::NoCoinbase { txid: coinbase_id });
        }
        if self.coinbase_branch.position != 0 {
            return Err(TransactionProofError::CoinbasePosition {
                found: self.coinbase_branch.position,
            });
        }
        if self.branch.depth() != self.coinbase_branch.depth() {
            return Err(TransactionProofError::Depth {
                expected: self.coinbase_branch.depth(),
                found: self.branch.depth(),
            });
        }
        let root = self.header.merkle_root.to_raw_hash();
        self.coinbase_branch
            .verify(coinbase_id.to_raw_hash(), root)
            .map_err(TransactionProofError::CoinbaseBranch)?;
        self.branch
            .verify(txid.to_raw_hash(), root)
            .map_err(TransactionProofError::Branch)?;
        Ok(ProvedTransaction {
            txid,
            block: self.header.block_hash(),
            position: self.branch.position,
        })
    }
}
