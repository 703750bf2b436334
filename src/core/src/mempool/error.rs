//! Why a transaction is refused.

use super::rate::FeeRate;
use crate::chain::StoreError;
use crate::consensus::RuleError;
use bitcoin::{OutPoint, Txid};

/// A transaction that does not enter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MempoolError {
    /// It waits already.
    #[error("expected a new transaction, found one that waits already")]
    Known,
    /// Coinbases come in blocks.
    #[error("expected an ordinary transaction, found a coinbase")]
    Coinbase,
    /// It is too heavy.
    #[error("expected a weight of at most {limit}, found {found}")]
    Weight {
        /// The most allowed.
        limit: u64,
        /// Its weight.
        found: u64,
    },
    /// It breaks a rule of the network, now at least.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// It spends what is not there: parents that have not come, or coins that are spent.
    #[error("expected unspent coins, found {} missing, the first of them {}", missing.len(), first(missing))]
    MissingInputs {
        /// What it spends and nobody here has.
        missing: Vec<OutPoint>,
    },
    /// Its outputs are more than its inputs.
    #[error("expected outputs of at most {inputs} units, found {outputs}")]
    Overspent {
        /// Units that go in.
        inputs: u64,
        /// Units that come out.
        outputs: u64,
    },
    /// It pays too little.
    #[error("expected a fee of at least {expected} units, found {found}")]
    Fee {
        /// The least fee now.
        expected: u64,
        /// Its fee.
        found: u64,
    },
    /// A replacement pays no higher rate than what it replaces (BIP125).
    #[error("expected more than {} units for 1,000 bytes, as {replaced} pays, found {}", expected.units(), found.units())]
    ReplacementRate {
        /// What it would replace.
        replaced: Txid,
        /// That one's rate.
        expected: FeeRate,
        /// Its own.
        found: FeeRate,
    },
    /// A replacement pushes out too much (BIP125).
    #[error("expected to replace at most {limit} transactions, found {found}")]
    TooManyReplaced {
        /// The most allowed.
        limit: usize,
        /// How many it would replace.
        found: usize,
    },
    /// A replacement spends what it replaces, or something unconfirmed that the replaced did not.
    #[error(
        "expected a replacement to spend confirmed coins or those of what it replaces, found {parent} spent"
    )]
    ReplacementParent {
        /// The unconfirmed transaction that it spends.
        parent: Txid,
    },
    /// Too many unconfirmed transactions hang together.
    #[error(
        "expected at most {limit} unconfirmed transactions that follow from each other, found {found}"
    )]
    TooManyRelatives {
        /// The most allowed.
        limit: usize,
        /// How many there would be.
        found: usize,
    },
    /// Everything that waits pays more.
    #[error("expected to pay more than the {} units for 1,000 bytes of what waits, found {}", expected.units(), found.units())]
    Full {
        /// The least rate now.
        expected: FeeRate,
        /// Its own.
        found: FeeRate,
    },
    /// The storage broke.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl MempoolError {
    /// A word for it, as nodes have used them.
    #[must_use]
    pub fn code(&self) -> String {
        match self {
            MempoolError::Known => "txn-already-in-mempool".to_owned(),
            MempoolError::Coinbase => "coinbase".to_owned(),
            MempoolError::Weight { .. } => "tx-size".to_owned(),
            MempoolError::Rule(rule) => rule.code().to_owned(),
            MempoolError::MissingInputs { .. } => "bad-txns-inputs-missingorspent".to_owned(),
            MempoolError::Overspent { .. } => "bad-txns-in-belowout".to_owned(),
            MempoolError::Fee { .. } | MempoolError::ReplacementRate { .. } => {
                "insufficient-fee".to_owned()
            }
            MempoolError::TooManyReplaced { .. } => "too-many-replacements".to_owned(),
            MempoolError::ReplacementParent { .. } => "bad-txns-spends-conflicting-tx".to_owned(),
            MempoolError::TooManyRelatives { .. } => "too-long-mempool-chain".to_owned(),
            MempoolError::Full { .. } => "mempool-full".to_owned(),
            MempoolError::Store(_) => "internal-error".to_owned(),
        }
    }
}

fn first(missing: &[OutPoint]) -> OutPoint {
    missing.first().copied().unwrap_or_default()
}
