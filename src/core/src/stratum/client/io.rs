//! What a driver and the client say to each other. Plain data: it can be saved as a trace, and
//! crosses to a page as the TypeScript that is made from it.

use serde::{Deserialize, Serialize};

/// The pool, and who mines there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "typescript", ts(rename = "PoolOptions"))]
pub struct Options {
    /// The pool's `host:port`: what a `client.reconnect` may name. It is never dialled elsewhere.
    pub address: String,
    /// Who is paid, in the pool's own form: mostly `ADDRESS` or `ADDRESS.worker`.
    pub user: String,
    /// The pool's password for that; mostly `x`.
    pub password: String,
    /// What the program calls itself: `farthing/0.1.0`.
    pub agent: String,
    /// The version's bits that the search can roll (BIP320: `0x1fffe000`); 0: none are asked for.
    pub version_mask: u32,
}

/// A share: a header whose hash meets the target of the work that it was found for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "typescript", ts(rename = "PoolShare"))]
pub struct Share {
    /// The caller's number for it: the event that answers it repeats this.
    pub share: u32,
    /// The [`Work::id`] that it was found for.
    pub work: u32,
    /// The header in hex, 80 bytes: that of the work with another nonce, and other version bits
    /// within the work's mask.
    pub header: String,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "typescript", ts(rename = "PoolInput"))]
pub enum Input {
    /// The connection that [`Output::Connect`] asked for is open.
    Connected,
    /// Bytes came: any slice of the pool's stream. Where frames hold one line each without its end
    /// (some WebSocket gateways), the driver adds the line feed.
    Received {
        /// The bytes.
        #[serde(with = "serde_bytes")]
        #[cfg_attr(feature = "typescript", ts(type = "Uint8Array"))]
        bytes: Vec<u8>,
    },
    /// The connection failed to open, or closed.
    Disconnected,
    /// A worker found a share.
    Submit(Share),
    /// The time of the last [`Output::WakeAt`] came. The first input is this.
    Tick,
}

/// What to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "typescript", ts(rename = "PoolOutput"))]
pub enum Output {
    /// Open a connection to the pool. The machine decides when: after a failure it waits longer
    /// each time.
    Connect,
    /// Send these bytes: one whole line with its end.
    Send {
        /// The bytes.
        #[serde(with = "serde_bytes")]
        #[cfg_attr(feature = "typescript", ts(type = "Uint8Array"))]
        bytes: Vec<u8>,
    },
    /// Close the connection. No [`Input::Disconnected`] is expected for it.
    Disconnect {
        /// A sentence.
        reason: String,
    },
    /// Call again with [`Input::Tick`] when the monotonic clock shows this; replaces the wish before.
    WakeAt {
        /// Milliseconds of [`Now::monotonic_ms`](crate::primitives::Now::monotonic_ms).
        #[cfg_attr(feature = "typescript", ts(type = "number"))]
        monotonic_ms: u64,
    },
    /// Tell the page.
    Event {
        /// What.
        event: Event,
    },
}

/// What the page is told. Texts are English sentences; what a pool said is cut, printable ASCII, and
/// must be shown as text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "typescript", ts(rename = "PoolEvent"))]
pub enum Event {
    /// The connection, anew.
    Link {
        /// How it is.
        link: Link,
    },
    /// There is another job, or the same with another `extranonce1` or mask: work prepared from now
    /// on is of it.
    Job {
        /// The pool's name for it.
        job: String,
        /// Whether what was prepared before is worth nothing any more. Otherwise it may be searched
        /// to its end.
        clean: bool,
        /// The work's target as a difficulty.
        difficulty: f64,
        /// What a block's would be.
        block_difficulty: f64,
    },
    /// The pool asks for shares of another difficulty. A harder one counts from the next work on, an
    /// easier one from the next job on.
    Difficulty {
        /// 1 is 2^32 hashes a share.
        difficulty: f64,
    },
    /// The pool took a share.
    Accepted {
        /// The caller's number.
        share: u32,
        /// The least that the pool counts it for.
        difficulty: f64,
    },
    /// The pool refused a share, or it is none and was not sent.
    Rejected {
        /// The caller's number.
        share: u32,
        /// Why.
        reason: String,
    },
    /// A share came too late: its job is over, or the connection ended before an answer came.
    Stale {
        /// The caller's number.
        share: u32,
        /// Why.
        reason: String,
    },
    /// Something is wrong with the pool or the connection, in plain words. The machine goes on, or
    /// tries again by itself.
    Problem {
        /// A sentence.
        text: String,
    },
    /// The pool has something to say to people (`client.show_message`).
    Message {
        /// What it says.
        text: String,
    },
}

/// How the connection is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "typescript", ts(rename = "PoolLink"))]
pub enum Link {
    /// It is being opened, or the handshake is going on.
    Connecting,
    /// The pool knows us.
    Ready {
        /// Bytes of `extranonce2`: work can be prepared for each of its values.
        extranonce2_size: u32,
    },
    /// It is tried again after this wait.
    Waiting {
        /// Milliseconds.
        #[cfg_attr(feature = "typescript", ts(type = "number"))]
        retry_ms: u64,
    },
}

/// What a worker searches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "typescript", ts(rename = "PoolWork"))]
pub struct Work {
    /// The machine's number for it, to submit with.
    pub id: u32,
    /// The pool's name for the job.
    pub job: String,
    /// The header in hex, 80 bytes; a worker may change the nonce, its last four, and the bits of the
    /// mask in the version, its first four, little-endian.
    pub header: String,
    /// The target in hex, big-endian: a hash, as people write it, may be at most this.
    pub target: String,
    /// The version's bits that may roll; 0: none.
    pub version_mask: u32,
}
