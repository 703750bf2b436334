//! A block that is still to be searched (BIP23's `proposal`): checked whole against the tip, but for
//! its proof of work, and nothing is changed by it.
//!
//! Threat: a block of the network costs whoever sends it work; this one costs nothing and us as much
//! as a block. Who may ask is for the driver to bound.

use super::error::{BlockRefusal, InvalidBlock};
use super::machine::{Chain, Flaw, look_through};
use super::store::Store;
use super::view::{ConnectError, View};
use crate::primitives::UnixTime;
use bitcoin::{Block, BlockHash};

/// Why a proposal would not become the next block.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProposalRefusal {
    /// It is no proposal: it has its proof of work, and is known.
    #[error("expected a block that is not here yet, found {hash}, {place}")]
    Known {
        /// Its hash.
        hash: BlockHash,
        /// Where it is.
        place: KnownPlace,
    },
    /// It builds on something else than the tip, so it is not judged.
    #[error("expected a block on the tip {tip}, found one on {parent}")]
    OtherParent {
        /// The tip.
        tip: BlockHash,
        /// What it builds on.
        parent: BlockHash,
    },
    /// It breaks a rule.
    #[error(transparent)]
    Block(#[from] BlockRefusal),
}

/// Where a block is that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnownPlace {
    /// On the validated chain.
    Connected,
    /// Beside it, or only its header is here.
    Beside,
    /// Nowhere: it breaks a rule.
    Invalid,
}

impl std::fmt::Display for KnownPlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            KnownPlace::Connected => "which is on the chain",
            KnownPlace::Beside => "which is beside the chain",
            KnownPlace::Invalid => "which is invalid",
        })
    }
}

impl ProposalRefusal {
    /// BIP22's word for it, as Bitcoin Core has it.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            ProposalRefusal::Known { place, .. } => match place {
                KnownPlace::Connected => "duplicate",
                KnownPlace::Beside => "duplicate-inconclusive",
                KnownPlace::Invalid => "duplicate-invalid",
            },
            ProposalRefusal::OtherParent { .. } => "inconclusive-not-best-prevblk",
            ProposalRefusal::Block(refusal) => refusal.code(),
        }
    }
}

impl<S: Store> Chain<S> {
    /// Whether this block would be the next one, had it its proof of work.
    ///
    /// # Errors
    /// The rule that it breaks; or it is known; or it builds on something else than the tip.
    pub fn check_proposal(&self, block: Block, now: UnixTime) -> Result<(), ProposalRefusal> {
        let hash = block.block_hash();
        if let Some(place) = self.place_of(&hash) {
            return Err(ProposalRefusal::Known { hash, place });
        }
        let (tip, parent) = (self.tip.hash, block.header.prev_blockhash);
        if parent != tip {
            return Err(ProposalRefusal::OtherParent { tip, parent });
        }
        let invalid = |error| BlockRefusal::Invalid(InvalidBlock { hash, error });
        self.headers
            .check_unsearched(&block.header, now)
            .map_err(BlockRefusal::Header)?;
        let block = look_through(&self.params, block, self.next).map_err(|flaw| match flaw {
            Flaw::Mutated(error) => BlockRefusal::Mutated { hash, error },
            Flaw::Committed(error) => invalid(error),
        })?;
        // The view is thrown away.
        match View::new(&self.store).connect(&self.params, &block, self.next) {
            Ok(_) => Ok(()),
            Err(ConnectError::Invalid(error)) => Err(invalid(error).into()),
            Err(ConnectError::Store(error)) => Err(BlockRefusal::Store(error).into()),
        }
    }

    fn place_of(&self, hash: &BlockHash) -> Option<KnownPlace> {
        if self.headers.is_invalid(hash) {
            return Some(KnownPlace::Invalid);
        }
        self.headers.get(hash)?;
        Some(match self.is_connected(hash) {
            true => KnownPlace::Connected,
            false => KnownPlace::Beside,
        })
    }
}
