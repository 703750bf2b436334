//! Why a block is refused, and why a chain does not open.

use super::StoreError;
use crate::consensus::RuleError;
use crate::headers::{HeaderError, RuleError as HeaderRule};
use crate::merkle::block::BlockError;
use crate::primitives::UnixTime;
use bitcoin::{BlockHash, OutPoint, Txid};

/// A rule that a block breaks, whatever body it comes with: its hash is invalid for good, and so is
/// what follows it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BlockRuleError {
    /// The list of transactions that the header commits to is no block's.
    #[error(transparent)]
    Form(#[from] BlockError),
    /// A rule of the closed list.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// A coin that it spends does not exist, or is spent.
    #[error("transaction {txid}: expected the unspent coin {outpoint}, found none")]
    MissingCoin {
        /// The transaction.
        txid: Txid,
        /// The coin.
        outpoint: OutPoint,
    },
}

impl BlockRuleError {
    /// BIP22's word for it, as Bitcoin Core has it.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            BlockRuleError::Form(error) => error.code(),
            BlockRuleError::Rule(rule) => rule.code(),
            BlockRuleError::MissingCoin { .. } => "bad-txns-inputs-missingorspent",
        }
    }
}

/// A block that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("block {hash} is invalid: {error}")]
pub struct InvalidBlock {
    /// Its hash.
    pub hash: BlockHash,
    /// The rule.
    #[source]
    pub error: BlockRuleError,
}

/// Why a block is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BlockRefusal {
    /// The bytes are no block.
    #[error("expected a block, found bytes that are none: {reason}")]
    Malformed {
        /// What the decoder says.
        reason: String,
    },
    /// Its header is refused, or its parent is unknown.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// Its body is not the one that its header commits to. That says nothing of the block: the true
    /// body is taken when it comes.
    #[error("block {hash}: {error}")]
    Mutated {
        /// The hash of its header.
        hash: BlockHash,
        /// What is wrong with the body.
        #[source]
        error: BodyError,
    },
    /// It breaks a rule, and is marked.
    #[error(transparent)]
    Invalid(#[from] InvalidBlock),
    /// The storage broke: the node halts.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is wrong with a body that is not the header's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// It does not parse, or is not what the header commits to.
    #[error(transparent)]
    Block(#[from] BlockError),
    /// It lacks what another body under the same header may have.
    #[error(transparent)]
    Rule(#[from] RuleError),
}

impl BlockRefusal {
    /// BIP22's word for it, as Bitcoin Core has it.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            BlockRefusal::Malformed { .. } => "rejected",
            BlockRefusal::Header(error) => header_code(&error.rule),
            BlockRefusal::Mutated { error, .. } => match error {
                BodyError::Block(error) => error.code(),
                BodyError::Rule(rule) => rule.code(),
            },
            BlockRefusal::Invalid(invalid) => invalid.error.code(),
            BlockRefusal::Store(_) => "internal-error",
        }
    }

    /// Whether only a peer that breaks the protocol sends such a block.
    #[must_use]
    pub fn is_misbehaviour(&self) -> bool {
        match self {
            BlockRefusal::Header(error) => error.is_misbehaviour(),
            BlockRefusal::Malformed { .. }
            | BlockRefusal::Mutated { .. }
            | BlockRefusal::Invalid(_) => true,
            BlockRefusal::Store(_) => false,
        }
    }

    /// The first second at which a block that came too early may be tried again.
    #[must_use]
    pub fn retry_at(&self) -> Option<UnixTime> {
        match self {
            BlockRefusal::Header(error) => error.retry_at(),
            _ => None,
        }
    }
}

fn header_code(rule: &HeaderRule) -> &'static str {
    match rule {
        HeaderRule::UnknownParent { .. } | HeaderRule::NotLinked { .. } => "prev-blk-not-found",
        HeaderRule::Invalid => "duplicate-invalid",
        HeaderRule::InvalidParent { .. } => "bad-prevblk",
        HeaderRule::ProofOfWork { .. } => "high-hash",
        HeaderRule::Target(_) | HeaderRule::AboveLimit { .. } | HeaderRule::Bits { .. } => {
            "bad-diffbits"
        }
        HeaderRule::MedianTime { .. } => "time-too-old",
        HeaderRule::TooEarly { .. } => "time-too-new",
        HeaderRule::Timewarp { .. } => "time-timewarp-attack",
        HeaderRule::Version { .. } => "bad-version",
        HeaderRule::Checkpoint { .. } | HeaderRule::BelowCheckpoint { .. } => "checkpoint mismatch",
        _ => "rejected",
    }
}

/// Why a chain does not open.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Another network's spends are not ours to judge.
    #[error("expected a network whose spends are Ed25519 signatures, found {network}")]
    OtherRules {
        /// The network.
        network: String,
    },
    /// The store holds another network's chain.
    #[error(
        "expected the chain of {network}, which begins with {expected}, found one that begins with \
         {found}"
    )]
    OtherNetwork {
        /// The network.
        network: String,
        /// Its first block.
        expected: BlockHash,
        /// The store's.
        found: BlockHash,
    },
    /// What is stored does not fit together.
    #[error("expected {expected} in the store, found {found}")]
    Corrupt {
        /// What should be there.
        expected: String,
        /// What is there.
        found: String,
    },
    /// The storage broke.
    #[error(transparent)]
    Store(#[from] StoreError),
}
