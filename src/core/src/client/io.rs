//! What a driver and the client say to each other. Plain data: it can be saved as a trace and
//! replayed.

use super::api::{Command, CommandError, Event, Reply};
use serde::{Deserialize, Serialize};

/// A connection, numbered by the client: a number is never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PeerId(pub u32);

/// A command's number, chosen by who sends it and repeated in the reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RequestId(pub u32);

/// A write's number, repeated when the driver says how it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StoreId(pub u32);

/// A named record of the client's storage; opaque to the driver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Its name, such as `invoice/7`.
    pub key: String,
    /// Its bytes: a checksum and a versioned body.
    #[serde(with = "serde_bytes")]
    pub value: Vec<u8>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Input {
    /// The next of the headers that storage held at the start, from height 0 on: a part of them, so
    /// that not all are in memory at once. Comes before [`Input::Restored`], any number of times.
    StoredHeaders {
        /// 80 bytes each.
        #[serde(with = "serde_bytes")]
        headers: Vec<u8>,
    },
    /// What storage held at the start. Comes once, before all but [`Input::StoredHeaders`]; empty at
    /// the very first start.
    Restored {
        /// The last of its headers: all of them, where none came before.
        #[serde(with = "serde_bytes")]
        headers: Vec<u8>,
        /// Every record.
        records: Vec<Record>,
        /// Where things are kept, for the page: `opfs`, `indexeddb`, `memory`.
        storage: String,
    },
    /// The page asks for something.
    Command {
        /// Repeated in the reply.
        id: RequestId,
        /// What it asks for.
        command: Command,
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
    /// A connection failed to open, or closed.
    Disconnected(PeerId),
    /// A write was made durable, or failed with this text.
    Stored {
        /// The request's number.
        id: StoreId,
        /// Nothing, or why it failed.
        error: Option<String>,
    },
    /// The time of the last [`Output::WakeAt`] came.
    Tick,
}

/// What to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Output {
    /// Open a WebSocket.
    Connect {
        /// The new connection's number.
        peer: PeerId,
        /// Its `ws:` or `wss:` address.
        url: String,
    },
    /// Send these bytes.
    Send {
        /// To whom.
        peer: PeerId,
        /// One whole message.
        #[serde(with = "serde_bytes")]
        bytes: Vec<u8>,
    },
    /// Close a connection. No [`Input::Disconnected`] is expected for it.
    Disconnect(PeerId),
    /// Make this durable, then say [`Input::Stored`].
    Store {
        /// Repeated in the answer.
        id: StoreId,
        /// What to write.
        request: StoreRequest,
    },
    /// Call again with [`Input::Tick`] when the monotonic clock shows this; replaces the wish before.
    WakeAt {
        /// Milliseconds of [`Now::monotonic_ms`](crate::primitives::Now::monotonic_ms).
        monotonic_ms: u64,
    },
    /// Tell the page.
    Event(Event),
    /// Answer a command.
    Reply {
        /// The command's number.
        id: RequestId,
        /// What came of it.
        result: Result<Reply, CommandError>,
    },
}

/// A write. Writes are made durable in the order asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum StoreRequest {
    /// Write these headers at `from_height` x 80, and cut off what follows them.
    Headers {
        /// Height of the first.
        from_height: u32,
        /// 80 bytes each.
        #[serde(with = "serde_bytes")]
        bytes: Vec<u8>,
    },
    /// Write or replace a record.
    Put(Record),
    /// Remove a record.
    Delete {
        /// Its name.
        key: String,
    },
}
