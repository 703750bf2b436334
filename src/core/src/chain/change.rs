//! What became of a block, and of the chain.

use super::error::InvalidBlock;
use bitcoin::Block;

/// How the validated chain changed, in order: first what left it, then what joined.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Change {
    /// Blocks that left, the old tip first.
    pub disconnected: Vec<Block>,
    /// Blocks that joined, the new tip last.
    pub connected: Vec<Block>,
}

impl Change {
    /// Whether nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.disconnected.is_empty() && self.connected.is_empty()
    }
}

/// What a block that came in is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// It was here already.
    Known,
    /// It is on the validated chain.
    Connected,
    /// It is kept: its branch has no more work than the validated chain, or it is on the way there.
    Branch,
    /// It is kept until the blocks before it come.
    Waiting,
    /// It is not kept: its chain is so far behind in work that it could be spam. It is asked for
    /// again when its branch has grown.
    NotKept,
}

/// A step of the chain towards the branch of most work.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    /// How the validated chain changed; durable.
    pub change: Change,
    /// Blocks that came before and were found invalid now.
    pub invalid: Vec<InvalidBlock>,
    /// There is more to do: call [`Chain::advance`](super::Chain::advance). Only a reorganisation
    /// of many megabytes takes more than one step.
    pub more: bool,
}

/// What became of a block that was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockOutcome {
    /// What it is now.
    pub arrival: Arrival,
    /// How the validated chain changed; durable.
    pub change: Change,
    /// Blocks that came before this one and were found invalid now.
    pub invalid: Vec<InvalidBlock>,
    /// There is more to do: call [`Chain::advance`](super::Chain::advance).
    pub more: bool,
}
