//! Why a template, or a header that a worker found, is refused.

use crate::consensus::RuleError;
use crate::primitives::TargetError;
use bitcoin::BlockHash;

/// A template that no valid block can come from.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A field does not hold what it should.
    #[error("expected {expected} in the template's {field}, found {found:?}")]
    Field {
        /// Its name.
        field: &'static str,
        /// What it should be.
        expected: &'static str,
        /// What it is, its first 80 characters.
        found: String,
    },
    /// The compact target is none.
    #[error("expected a target in the template's bits: {0}")]
    Bits(#[from] TargetError),
    /// The compact target is easier than the network's limit.
    #[error("expected the template's bits to be at most {limit:#010x}, found {found:#010x}")]
    AboveLimit {
        /// The network's.
        limit: u32,
        /// The template's.
        found: u32,
    },
    /// A transaction breaks a rule, or is not what the template says.
    #[error("expected a valid transaction at position {position} of the template: {reason}")]
    Transaction {
        /// Its place, from 1.
        position: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// The whole is too heavy.
    #[error("expected transactions of a weight of at most {limit} in the template, found more")]
    Weight {
        /// The limit.
        limit: u64,
    },
    /// It promises more than the subsidy and the fees that it names.
    #[error("expected a coinbase value of at most {limit} in the template, found {found}")]
    Value {
        /// Subsidy and fees.
        limit: u64,
        /// Its value.
        found: u64,
    },
    /// Its commitment is not that of its transactions.
    #[error("expected the witness commitment {expected} in the template, found {found}")]
    Commitment {
        /// That of its transactions.
        expected: String,
        /// What it says.
        found: String,
    },
    /// What would come of it breaks a rule.
    #[error("expected a template that leads to a valid block: {0}")]
    Rule(#[from] RuleError),
}

/// A header that a candidate cannot be completed with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CandidateError {
    /// More than the nonce and the version's rolled bits was changed.
    #[error(
        "expected the header of this work with another nonce and rolled bits of its version, found \
         another header"
    )]
    OtherHeader,
    /// The hash does not meet the target.
    #[error("expected a hash of at most {target}, found {found}")]
    HighHash {
        /// The target, as people write it.
        target: String,
        /// The hash.
        found: BlockHash,
    },
}
