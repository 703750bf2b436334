//! One's own coins in the machine: blocks are fetched for them from the wallet's birth on, payments
//! of one's own are sent again until they are in a block, all is stored. What the coins mean is the
//! room [`crate::wallet`]'s.
//!
//! Every tab has a wallet of its own in memory, whether it writes or only reads what another tab
//! wrote: blocks are public, and a tab that only reads finds in them what the other found.

mod restore;
mod scan;
mod send;
mod spend;
mod store;
mod watch;

pub(crate) use store::{WALLET_KEYS, WALLET_PREFIX, WALLET_SCAN};

use super::api::{CommandError, Reply};
use super::{RequestId, StoreId};
use crate::primitives::BlockHeight;
use crate::wallet::Wallet;
use std::collections::{BTreeMap, BTreeSet};

/// The wallet that is watched, if one is, and what waits to be stored.
#[derive(Debug, Default)]
pub(crate) struct Purse {
    watched: Option<Watched>,
    /// Commands that are answered when all of their writes are durable.
    pending: Vec<Pending>,
    /// When payments are next sent again.
    next_send_ms: u64,
}

/// A wallet, and how far it knows the best chain.
#[derive(Debug)]
struct Watched {
    wallet: Wallet,
    /// Blocks are looked at from this height; none: from the tip that the first sync ends at.
    from: Option<BlockHeight>,
    /// The last block that was, on the best chain.
    to: Option<BlockHeight>,
    /// Whether the keys are stored, as they are now.
    keys_stored: bool,
    /// The write of the keys that is on its way.
    keys_write: Option<StoreId>,
    /// How far it is known differs from what is stored.
    scan_changed: bool,
    /// Writes of transactions that are on their way.
    writing: BTreeMap<StoreId, u64>,
    /// Records whose write failed.
    lost: BTreeSet<u64>,
}

/// A command that waits for the storage.
#[derive(Debug)]
struct Pending {
    request: RequestId,
    writes: BTreeSet<StoreId>,
    reply: Reply,
    /// What to say where the storage fails.
    failure: Failure,
}

/// What a failed write means for whoever waits for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Failure {
    /// It was not done.
    Refuse,
    /// It was done all the same, and is lost when this tab closes, which a notice says.
    Bear,
}

impl Watched {
    fn new(wallet: Wallet) -> Self {
        Self {
            wallet,
            from: None,
            to: None,
            keys_stored: false,
            keys_write: None,
            scan_changed: true,
            writing: BTreeMap::new(),
            lost: BTreeSet::new(),
        }
    }

    /// The block that comes next.
    fn next(&self) -> Option<BlockHeight> {
        let from = self.from?;
        Some(self.to.map_or(from, |to| to.saturating_add(1)).max(from))
    }
}

impl Purse {
    fn known(&self) -> Result<&Watched, CommandError> {
        self.watched
            .as_ref()
            .ok_or_else(|| CommandError::new("expected a wallet that is watched, found none"))
    }
}
