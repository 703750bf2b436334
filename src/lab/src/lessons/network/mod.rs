//! Chapter 10, "steps in the network; the longest chain": nodes that mine, a block takes time to
//! travel, and two may be found meanwhile. How often is a block abandoned, and how deep is a node's
//! history rewritten?
//!
//! The nodes are the real machines on the lab's queue, each connected to each. **Delay** is that of
//! blocks: from the moment one is found until another node has it. A node announces a block by its
//! header, is asked for it, and sends it: three ways, so a link's latency is a third of the delay.
//! The measured delay is shown beside the one that was set.
//!
//! **Time**: a second of the lesson is 30 milliseconds of the machines. Only the ratio of delay to
//! spacing matters to what is measured; a shorter time spares the pings and timers between blocks.
//!
//! **The formula**: with n equal miners, spacing T and delay d, a share of (1 - 1/n) d / (T + d) of
//! all blocks is abandoned. While a block travels all others search on its parent: that is the share
//! (1 - 1/n) of the power, for d of each T + d. It is exact for many miners; for few of them, or d
//! beyond T, it is an approximation. Decker and Wattenhofer ("Information propagation in the Bitcoin
//! network", 2013) measured 1.69% at a mean delay of 12.6 s.
//!
//! | file | its job |
//! |---|---|
//! | `play` | `Gossip`: the lab, the cut and its heal, what happened |
//! | `tree` | every block that was found, and who has it |
//! | `view` | what is shown of it |

mod play;
mod tree;
mod view;

pub(crate) use play::Gossip;
pub use view::{BlockSeen, Depth, NetworkSetup, NetworkView, NodeSeen};

/// What is published (Decker and Wattenhofer, 2013).
pub const PUBLISHED: Published = Published {
    delay: 12.6,
    spacing: 600.0,
    stale: 0.0169,
};

/// A measured share of blocks that were abandoned.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Published {
    /// The mean time until a node had a block, in seconds.
    pub delay: f64,
    /// The mean time between blocks, in seconds.
    pub spacing: f64,
    /// The share.
    pub stale: f64,
}
