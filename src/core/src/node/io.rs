//! What a driver and the node say to each other. Plain data: it can be saved as a trace and
//! replayed.

use crate::client::{PeerId, RequestId};
use crate::mining::BlockTemplate;
use crate::primitives::{BlockHeight, UnixTime};
use serde::{Deserialize, Serialize};

/// Who opened a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Direction {
    /// The peer.
    Inbound,
    /// We.
    Outbound,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Input {
    /// Somebody connected. The driver numbers inbound connections from 2^31 on, the node the
    /// outbound ones below: a number is never used twice.
    Accepted {
        /// The connection.
        peer: PeerId,
        /// From where, for people and for counting connections of one address.
        address: String,
    },
    /// A connection that was asked for is open.
    Connected(PeerId),
    /// Bytes came: any slice of the peer's stream.
    Received {
        /// From whom.
        peer: PeerId,
        /// The bytes.
        #[serde(with = "serde_bytes")]
        bytes: Vec<u8>,
    },
    /// All that was to be sent to a peer has left: it may be served more.
    Drained(PeerId),
    /// A connection failed to open, or closed.
    Disconnected(PeerId),
    /// Somebody beside the network asks for something.
    Request {
        /// Repeated in the answer.
        id: RequestId,
        /// What.
        request: Request,
    },
    /// The time of the last [`Output::WakeAt`] came.
    Tick,
}

/// What may be asked of the node beside the peer-to-peer protocol. None of it needs authority, for a
/// peer could do the same; but for a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Request {
    /// A template. With the `longpollid` of the last one the answer waits until there is a better
    /// one, or 60 s.
    Template {
        /// BIP22's.
        longpollid: Option<String>,
    },
    /// A block, as a miner found it.
    SubmitBlock {
        /// Bitcoin's serialization.
        #[serde(with = "serde_bytes")]
        block: Vec<u8>,
    },
    /// A block whose proof of work is still to be found (BIP23): whether it would be the next one.
    /// It costs the asker nothing: whom to let ask is for the driver to say.
    ProposeBlock {
        /// Bitcoin's serialization.
        #[serde(with = "serde_bytes")]
        block: Vec<u8>,
    },
    /// A transaction.
    SubmitTransaction {
        /// BIP144's serialization.
        #[serde(with = "serde_bytes")]
        transaction: Vec<u8>,
    },
    /// How the node is.
    Status,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Response {
    /// The template.
    Template(Box<BlockTemplate>),
    /// The block or transaction was taken; a proposal would be.
    Accepted,
    /// How the node is.
    Status(Box<NodeStatus>),
}

/// Why a request was not done: BIP22's word for it and a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct RequestError {
    /// `high-hash`, `bad-txnmrklroot`, `stale-prevblk`, `duplicate`, ...
    pub code: String,
    /// What was expected and what was found.
    pub message: String,
}

/// How the node is: for `/health`, `/metrics` and people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NodeStatus {
    /// The network.
    pub network: String,
    /// The height up to which blocks are validated.
    pub height: BlockHeight,
    /// That block's hash.
    pub tip: String,
    /// Its time.
    pub tip_time: UnixTime,
    /// The height of the best header.
    pub headers: BlockHeight,
    /// Transactions that wait.
    pub mempool_transactions: u64,
    /// Their virtual bytes.
    pub mempool_bytes: u64,
    /// Blocks connected since the start.
    pub blocks_connected: u64,
    /// Blocks disconnected since the start.
    pub blocks_disconnected: u64,
    /// Peers that were left for breaking the protocol, since the start.
    pub misbehaving: u64,
    /// The connections.
    pub peers: Vec<PeerStatus>,
}

/// A connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeerStatus {
    /// Its number.
    pub peer: PeerId,
    /// From where or to where.
    pub address: String,
    /// Who opened it.
    pub direction: Direction,
    /// What it calls itself; untrusted, printable ASCII.
    pub user_agent: String,
    /// Whether the handshake is done.
    pub ready: bool,
    /// Bytes that came.
    pub received: u64,
    /// Bytes that went.
    pub sent: u64,
}

/// Something that whoever runs the node should read: one line of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeLog {
    /// Whether it is a warning.
    pub warning: bool,
    /// A sentence.
    pub text: String,
}

/// What to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Output {
    /// Open a connection.
    Connect {
        /// Its number.
        peer: PeerId,
        /// `host:port`, as it was configured.
        address: String,
    },
    /// Send these bytes: one whole message. The driver bounds what waits, and leaves a peer that
    /// does not read.
    Send {
        /// To whom.
        peer: PeerId,
        /// The bytes.
        #[serde(with = "serde_bytes")]
        bytes: Vec<u8>,
    },
    /// Close a connection, once what was sent before has left or 5 s have passed. No
    /// [`Input::Disconnected`] is expected for it.
    Disconnect(PeerId),
    /// Answer a request.
    Reply {
        /// Its number.
        id: RequestId,
        /// What came of it.
        result: Result<Response, RequestError>,
    },
    /// Call again with [`Input::Tick`] when the monotonic clock shows this; replaces the wish before.
    WakeAt {
        /// Milliseconds of [`Now::monotonic_ms`](crate::primitives::Now::monotonic_ms).
        monotonic_ms: u64,
    },
    /// Tell whoever runs the node.
    Log(NodeLog),
    /// The storage broke: stop, and say so.
    Halt {
        /// A sentence.
        reason: String,
    },
}
