//! What a driver and the server say to each other. Plain data: it can be saved as a trace.

use crate::mining::BlockTemplate;
use serde::{Deserialize, Serialize};

/// A connection's number; the driver chooses it, and never uses one twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ConnectionId(pub u32);

/// What whoever runs the server decides.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Options {
    /// Connections at a time.
    pub max_connections: usize,
    /// Of these, connections from one address. This machine's own may hold all: its tabs share it.
    pub max_per_address: usize,
    /// The difficulty that a connection starts with, if a block's own is not easier.
    pub start_difficulty: f64,
    /// Seconds between two shares of a connection that its difficulty aims at.
    pub share_seconds: u32,
    /// The version's bits that miners may roll (BIP320: `0x1fffe000`); 0: none.
    pub version_mask: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            max_connections: 256,
            max_per_address: 32,
            // About four million hashes: some seconds of a phone.
            start_difficulty: 0.001,
            share_seconds: 5,
            version_mask: 0x1fff_e000,
        }
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Input {
    /// Somebody connected.
    Accepted {
        /// The connection.
        conn: ConnectionId,
        /// From where, without the port: for people and for counting connections of one address.
        address: String,
        /// It comes from this machine: [`Options::max_per_address`] does not count.
        local: bool,
    },
    /// Bytes came: any slice of the miner's stream. Over WebSocket the driver adds a line feed to a
    /// frame that has none at its end.
    Received {
        /// From whom.
        conn: ConnectionId,
        /// The bytes.
        #[serde(with = "serde_bytes")]
        bytes: Vec<u8>,
    },
    /// A connection closed.
    Disconnected(ConnectionId),
    /// What to mine next, of the node whose network this is: whenever the tip or the transactions
    /// change, and at least twice a minute with the clock's time.
    Template(Box<BlockTemplate>),
    /// There is nothing to mine (the node is catching up): no share is taken until a template comes.
    NoTemplate,
    /// The time of the last [`Output::WakeAt`] came.
    Tick,
}

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Output {
    /// Send these bytes: one whole line with its end. The driver bounds what waits, and leaves a
    /// miner that does not read.
    Send {
        /// To whom.
        conn: ConnectionId,
        /// The bytes.
        #[serde(with = "serde_bytes")]
        bytes: Vec<u8>,
    },
    /// Close a connection, once what was sent before has left or 5 s have passed. No
    /// [`Input::Disconnected`] is expected for it.
    Disconnect {
        /// Which.
        conn: ConnectionId,
        /// A sentence.
        reason: String,
    },
    /// A miner found a block: hand it to the node.
    Submit {
        /// Who.
        conn: ConnectionId,
        /// Bitcoin's serialization, with witnesses.
        #[serde(with = "serde_bytes")]
        block: Vec<u8>,
        /// Its hash, as people write it.
        hash: String,
    },
    /// Call again with [`Input::Tick`] when the monotonic clock shows this; replaces the wish before.
    WakeAt {
        /// Milliseconds of [`Now::monotonic_ms`](crate::primitives::Now::monotonic_ms).
        monotonic_ms: u64,
    },
    /// Tell whoever runs the node: one line of the log.
    Log {
        /// Whether it is a warning.
        warning: bool,
        /// A sentence.
        text: String,
    },
}

/// How the server is: for `/metrics` and people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// Connections.
    pub connections: u32,
    /// Of these, connections that are authorized: they mine.
    pub miners: u32,
    /// Shares taken since the start.
    pub accepted: u64,
    /// Shares refused since the start, the stale ones not among them.
    pub rejected: u64,
    /// Shares that came too late, since the start.
    pub stale: u64,
    /// Blocks handed out since the start.
    pub blocks: u64,
    /// Connections closed for breaking a rule or a limit, since the start.
    pub misbehaving: u64,
    /// Hashes that the accepted shares stand for on average, since the start: 2^32 for each unit of
    /// difficulty.
    pub hashes: f64,
}
