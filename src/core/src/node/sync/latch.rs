//! Whether the node has caught up: said once and never taken back, as Bitcoin Core does with its
//! initial block download.
//!
//! Headers whose blocks nobody brings cost an attacker little. Were the node "behind" whenever the
//! best header is far above the tip, a few such headers would silence it: no announcement, no template,
//! and nobody could mine past them.

use crate::chain::Store;
use crate::node::limits;
use crate::node::machine::Node;

/// What is known of it.
#[derive(Debug, Default)]
pub(in crate::node) struct CaughtUp {
    latched: bool,
    /// Since when the node is far behind and no block was connected.
    stuck_since_ms: Option<u64>,
}

impl CaughtUp {
    /// A block was connected, or the machine slept.
    pub(in crate::node) fn moved(&mut self) {
        self.stuck_since_ms = None;
    }
}

impl<S: Store> Node<S> {
    /// Whether the node is still fetching a chain that is longer than its own.
    pub(in crate::node) fn is_catching_up(&self) -> bool {
        !self.caught_up.latched && self.blocks_behind() > limits::FAR_BEHIND
    }

    /// Near its best header on a tip of today, the node has caught up; and also when the blocks that it
    /// lacks do not come: what it has is the chain then.
    pub(in crate::node) fn look_whether_caught_up(&mut self) {
        if self.caught_up.latched {
            return;
        }
        let now = self.now.monotonic_ms;
        if self.blocks_behind() <= limits::FAR_BEHIND {
            let tip_time = u64::from(self.chain.tip().header.time);
            let recent = tip_time + limits::TIP_OF_TODAY_S >= u64::from(self.now.unix());
            self.caught_up.latched = recent;
            self.caught_up.moved();
        } else {
            let since = *self.caught_up.stuck_since_ms.get_or_insert(now);
            self.caught_up.latched = now >= since + limits::STUCK_MS;
        }
    }
}
