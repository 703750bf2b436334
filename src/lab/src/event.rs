//! What the lab tells: what happened to blocks and messages, and what one step was.

use crate::MemberId;
use farthing_core::bitcoin::BlockHash;

/// Something that happened, for a picture or a statistic. Times are milliseconds since the start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LabEvent {
    /// A miner found a block.
    Found {
        /// The miner.
        by: MemberId,
        /// The block.
        hash: BlockHash,
        /// What it builds on.
        parent: BlockHash,
        /// Its height.
        height: u32,
        /// When.
        at: u64,
    },
    /// A block's whole body came to a node for the first time, or a node found it.
    Arrived {
        /// The node.
        member: MemberId,
        /// The block.
        hash: BlockHash,
        /// When.
        at: u64,
    },
    /// A member moved on to another best block.
    Adopted {
        /// The node or client.
        member: MemberId,
        /// Its tip now.
        hash: BlockHash,
        /// That block's height.
        height: u32,
        /// Blocks of its chain before that left the chain for it; 0: the chain grew.
        depth_of_reorg: u32,
        /// When.
        at: u64,
    },
    /// A message was sent. Only where [`LabOptions::tell_messages`](crate::LabOptions) asks for it.
    Sent {
        /// By whom.
        from: MemberId,
        /// To whom.
        to: MemberId,
        /// The message's command: `headers`, `block`, ...
        command: String,
        /// The block in it, where it is a `block`.
        block: Option<BlockHash>,
        /// Its bytes.
        bytes: usize,
        /// When it left.
        at: u64,
        /// When it arrives; later where a partition comes between, or never.
        arrives: u64,
    },
    /// A member stopped, or its storage did not take a write.
    Crashed {
        /// Who.
        member: MemberId,
        /// When.
        at: u64,
    },
    /// A member started on what it had stored.
    Restarted {
        /// Who.
        member: MemberId,
        /// When.
        at: u64,
    },
}

/// One event of the queue that was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// When, in milliseconds since the start.
    pub at: u64,
    /// Who took part.
    pub member: MemberId,
    /// What it was.
    pub what: StepKind,
}

/// What a step was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepKind {
    /// A member was woken at the time it wished.
    Woken,
    /// Bytes came.
    Delivered,
    /// A connection opened.
    Opened,
    /// A connection closed, or could not be opened.
    Closed,
    /// What a member had sent has left.
    Drained,
    /// A write became durable.
    Stored,
    /// A miner found a block.
    Found,
    /// It concerned a connection or a run of a member that is over: nothing happened.
    Nothing,
}

/// What a member said and heard since the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counters {
    /// Messages that it sent.
    pub messages_sent: u64,
    /// Their bytes.
    pub bytes_sent: u64,
    /// Messages that came to it.
    pub messages_received: u64,
    /// Their bytes.
    pub bytes_received: u64,
    /// Inputs that its machine took.
    pub inputs: u64,
}
