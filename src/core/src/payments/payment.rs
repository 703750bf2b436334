//! A payment as the rooms below see it: facts alone, no judgement of the amount.

use crate::primitives::{BlockHeight, UnixTime};
use bitcoin::{BlockHash, Txid};
use serde::{Deserialize, Serialize};

/// One transaction's outputs to one watched script, together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// The transaction.
    pub txid: Txid,
    /// Units that it pays to the script.
    pub value: u64,
    /// It is a block's coinbase: it can be spent only when it is mature, and lives in no other
    /// block.
    pub coinbase: bool,
    /// When this client first saw it, in an announcement or in a block.
    pub first_seen: UnixTime,
    /// The first time that it or a payment whose coin it spends instead was seen: a fee bump
    /// belongs to the sale of the payment that it replaces.
    pub since: UnixTime,
    /// Since when it has been in no block: `first_seen`, or when its last block left the chain.
    pub waiting_since: UnixTime,
    /// The operators that announced it.
    pub seen_by: Vec<String>,
    /// The operators that hold a transaction in conflict with it.
    pub conflict_seen_by: Vec<String>,
    /// How it stands.
    pub standing: Standing,
}

/// How a payment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// Announced, unverified.
    Seen,
    /// Another unconfirmed transaction spends a coin of it, or of an ancestor.
    Conflicted {
        /// That transaction.
        by: Txid,
    },
    /// Every operator that announced it has since announced another in its place.
    Replaced {
        /// That transaction.
        by: Txid,
    },
    /// In a block of the best chain.
    Mined {
        /// The block.
        block: BlockHash,
        /// Its height.
        height: BlockHeight,
    },
    /// Its block left the best chain, and nobody has announced it again.
    Reorged {
        /// The height of the block that left.
        height: BlockHeight,
    },
    /// A block of the best chain holds another spend of a coin of it, or of an ancestor.
    Dead {
        /// That transaction.
        by: Txid,
    },
}

impl Standing {
    /// Whether it may count: neither replaced, dead, nor in an open conflict.
    #[must_use]
    pub fn is_live(self) -> bool {
        matches!(self, Self::Seen | Self::Mined { .. } | Self::Reorged { .. })
    }

    /// The transaction that stands against it, if one does.
    #[must_use]
    pub fn against(self) -> Option<Txid> {
        match self {
            Self::Conflicted { by } | Self::Replaced { by } | Self::Dead { by } => Some(by),
            Self::Seen | Self::Mined { .. } | Self::Reorged { .. } => None,
        }
    }
}
