//! Why a header is refused: its height, what was expected, what was found.

use crate::primitives::{BlockHeight, TargetError, U256, UnixTime};
use bitcoin::BlockHash;

/// A header that was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {rule}", Place(*.height))]
pub struct HeaderError {
    /// Its height; none where its parent is unknown.
    pub height: Option<BlockHeight>,
    /// Its hash.
    pub hash: BlockHash,
    /// The rule that it breaks.
    #[source]
    pub rule: RuleError,
}

impl HeaderError {
    /// Whether only a peer that breaks the protocol sends such a header. An honest one may send a
    /// header whose parent is unknown here, one that our clock calls too early, or a branch that is
    /// out of our bounds.
    #[must_use]
    pub fn is_misbehaviour(&self) -> bool {
        match self.rule {
            RuleError::UnknownParent { .. }
            | RuleError::TooEarly { .. }
            | RuleError::TooDeep { .. }
            | RuleError::TooManyBranches { .. }
            | RuleError::MissingContext { .. }
            | RuleError::Truncated { .. }
            | RuleError::TooHigh
            | RuleError::Changed
            | RuleError::TooManyHeaders { .. } => false,
            RuleError::Invalid
            | RuleError::InvalidParent { .. }
            | RuleError::NotLinked { .. }
            | RuleError::NotGenesis { .. }
            | RuleError::Target(_)
            | RuleError::AboveLimit { .. }
            | RuleError::ProofOfWork { .. }
            | RuleError::Bits { .. }
            | RuleError::MedianTime { .. }
            | RuleError::Timewarp { .. }
            | RuleError::Version { .. }
            | RuleError::Checkpoint { .. }
            | RuleError::BelowCheckpoint { .. } => true,
        }
    }

    /// The first second at which a header that came too early may be tried again.
    #[must_use]
    pub fn retry_at(&self) -> Option<UnixTime> {
        match self.rule {
            RuleError::TooEarly { retry_at, .. } => Some(retry_at),
            _ => None,
        }
    }
}

struct Place(Option<BlockHeight>);

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Some(height) => write!(f, "header at height {height}"),
            None => write!(f, "header of unknown height"),
        }
    }
}

/// The rule that a header breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// The parent is not in the tree.
    #[error("expected a parent that is known here, found {parent}")]
    UnknownParent {
        /// The hash that the header names.
        parent: BlockHash,
    },
    /// Its block is known to break a rule.
    #[error("expected a header of a block that may be valid, found one whose block is invalid")]
    Invalid,
    /// The block before its own is known to break a rule.
    #[error("expected a parent that may be valid, found {parent}, whose block is invalid")]
    InvalidParent {
        /// The parent.
        parent: BlockHash,
    },
    /// In a sequence: it does not follow the header before it.
    #[error("expected the parent {expected}, found {found}")]
    NotLinked {
        /// The hash of the header before it.
        expected: BlockHash,
        /// The hash that the header names.
        found: BlockHash,
    },
    /// The header of height 0 is another network's.
    #[error("expected the network's first header {expected}, found {found}")]
    NotGenesis {
        /// The hash of the network's first header.
        expected: BlockHash,
        /// The header's hash.
        found: BlockHash,
    },
    /// The compact target is no target.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// The target is easier than the network allows.
    #[error("expected a target of at most {limit:#010x}, found {found:#010x}")]
    AboveLimit {
        /// The easiest compact target.
        limit: u32,
        /// The header's.
        found: u32,
    },
    /// The hash does not meet the header's own target.
    #[error("expected a hash of at most {target:064x}, found {found}")]
    ProofOfWork {
        /// The header's target.
        target: U256,
        /// The header's hash.
        found: BlockHash,
    },
    /// The retarget rule asks for another target.
    #[error("expected the compact target {expected:#010x}, found {found:#010x}")]
    Bits {
        /// What the rule gives.
        expected: u32,
        /// The header's.
        found: u32,
    },
    /// Not later than the median of the 11 headers before it.
    #[error("expected a time after the median {median} of the headers before, found {found}")]
    MedianTime {
        /// The median.
        median: UnixTime,
        /// The header's time.
        found: UnixTime,
    },
    /// The first header of a period is too long before its parent (BIP94).
    #[error("expected a time of at least {earliest} at the start of a period, found {found}")]
    Timewarp {
        /// 600 s before the parent's time.
        earliest: UnixTime,
        /// The header's time.
        found: UnixTime,
    },
    /// Too far ahead of our clock: to be tried again.
    #[error("expected a time of at most {latest}, found {found}: try again at {retry_at}")]
    TooEarly {
        /// The latest time that our clock allows now.
        latest: UnixTime,
        /// The header's time.
        found: UnixTime,
        /// The first second at which it is allowed.
        retry_at: UnixTime,
    },
    /// A soft fork refuses this version from this height (BIP34, BIP66, BIP65).
    #[error("expected a version of at least {least}, found {found}")]
    Version {
        /// The least version at this height.
        least: i32,
        /// The header's.
        found: i32,
    },
    /// The best chain is known to have another header at this height.
    #[error("expected the checkpoint {expected}, found {found}")]
    Checkpoint {
        /// The hash in the network's table.
        expected: BlockHash,
        /// The header's hash.
        found: BlockHash,
    },
    /// It forks off before a checkpoint that the best chain has passed.
    #[error(
        "expected a branch from the checkpoint at {checkpoint} or above, found one from {fork}"
    )]
    BelowCheckpoint {
        /// The height of the last checkpoint that was passed.
        checkpoint: BlockHeight,
        /// The height of the last header that it shares with the best chain.
        fork: BlockHeight,
    },
    /// It forks off below what is kept in full.
    #[error("expected a branch from height {lowest} or above, found one from {fork}")]
    TooDeep {
        /// The lowest height at which a branch may begin.
        lowest: BlockHeight,
        /// The height of the last header that it shares with the best chain.
        fork: BlockHeight,
    },
    /// There is no room beside the branches that have more work.
    #[error("expected at most {limit} headers beside the best chain, found more with more work")]
    TooManyBranches {
        /// How many headers are kept beside the best chain.
        limit: usize,
    },
    /// A header that the rules need is not at hand: the header is not checked.
    #[error("expected the header at height {height} to check it by, found none")]
    MissingContext {
        /// The height that is needed.
        height: BlockHeight,
    },
    /// The bytes end inside a header.
    #[error("expected 80 bytes, found {found}")]
    Truncated {
        /// How many are left.
        found: usize,
    },
    /// Heights are 32 bits.
    #[error("expected a height below {}, found more headers", BlockHeight::MAX)]
    TooHigh,
    /// The second download differs from the first.
    #[error("expected the header that was sent before, found another")]
    Changed,
    /// More headers than the time since the start allows.
    #[error("expected at most {limit} headers until now, found more")]
    TooManyHeaders {
        /// Six a second, the most that the median-time rule allows.
        limit: u64,
    },
}
