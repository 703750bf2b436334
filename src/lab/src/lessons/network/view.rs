//! What a run of the network is a function of, and what is shown of it.

use serde::{Deserialize, Serialize};

/// What a run is a function of. Times are seconds of the lesson.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct NetworkSetup {
    /// The same seed, the same run.
    pub seed: u32,
    /// Nodes, each of them a miner with the same power.
    pub nodes: u32,
    /// From finding a block until another node has it.
    pub delay: f64,
    /// Mean time between two blocks of all miners together.
    pub spacing: f64,
    /// When the network is cut in two; none: never.
    pub cut: Option<f64>,
    /// When it is whole again; none: never.
    pub heal: Option<f64>,
}

/// A block that was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct BlockSeen {
    /// Its number, in the order of finding; 0 is the one that all began with.
    pub id: u32,
    /// What it builds on; none: that is not shown.
    pub parent: Option<u32>,
    /// Its height.
    pub height: u32,
    /// The node that found it.
    pub by: u32,
    /// When.
    pub at: f64,
    /// Whether it is on the best chain of all.
    pub best: bool,
    /// Who has it: bit i for node i.
    pub holders: u32,
}

/// A node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct NodeSeen {
    /// The block that it takes for the newest.
    pub tip: u32,
    /// That block's height.
    pub height: u32,
    /// Blocks that it found.
    pub found: u32,
    /// How often its history was rewritten.
    pub reorganised: u32,
    /// The deepest of these, in blocks.
    pub deepest: u32,
    /// The side that it is on while the network is cut.
    pub side: u32,
}

/// How often a node's history was rewritten so deep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Depth {
    /// Blocks that left the node's chain.
    pub blocks: u32,
    /// Times, over all nodes.
    pub times: u32,
}

/// How the network stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct NetworkView {
    /// Blocks that were found.
    pub found: u32,
    /// Blocks of the best chain.
    pub height: u32,
    /// Blocks that are not on it.
    pub stale: u32,
    /// Their share; none before the first block.
    pub stale_rate: Option<f64>,
    /// Where the true share lies in 95 of 100 such runs.
    pub low: f64,
    /// Its other end.
    pub high: f64,
    /// (1 - 1/n) d / (T + d).
    pub formula: f64,
    /// The mean time until a node moved on to another's block; none before the first came. What a cut
    /// held up is left out.
    pub delay: Option<f64>,
    /// The share of the time in which all nodes had the same tip.
    pub agreed: f64,
    /// Different tips now.
    pub tips: u32,
    /// Whether the network is cut now.
    pub cut: bool,
    /// How deep histories were rewritten.
    pub depths: Vec<Depth>,
    /// The nodes.
    pub nodes: Vec<NodeSeen>,
    /// The newest blocks.
    pub blocks: Vec<BlockSeen>,
}
