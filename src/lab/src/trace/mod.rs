//! Traces: what one machine was told, and when, so that it can be told the same again alone.
//!
//! A machine is a pure function of its settings, its seed and its timed inputs. A [`Trace`] holds
//! these, and after each input the hash of all that was given out up to then: [`Trace::replay`] runs
//! the machine without any network and says at which input it first does otherwise.
//!
//! | module | its job |
//! |---|---|
//! | `record` | traces taken in the lab |
//! | `replay` | a machine alone with its trace |
//! | `file` | a trace as lines of JSON |
//! | `samples` | the small traces that lie in the repository |

mod file;
mod record;
mod replay;
mod samples;

pub use file::TraceFileError;
pub use record::RecordError;
pub(crate) use record::Recorder;
pub use replay::Divergence;
pub use samples::samples;

use farthing_core::node::NodeOptions;
use farthing_core::{client, node};
use serde::{Deserialize, Serialize};

/// A run of one machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// What it is and what it starts with.
    pub start: TraceStart,
    /// What it was told, in order.
    pub entries: Vec<TraceEntry>,
}

/// What a machine starts with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceStart {
    /// The network's name.
    pub network: String,
    /// The machine's seed, in hex.
    pub seed: String,
    /// The settings of a node, whose store is empty at the start; none: it is a client.
    pub node: Option<NodeOptions>,
}

/// An input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceEntry {
    /// The wall clock, in milliseconds since 1970.
    pub unix_ms: u64,
    /// The monotonic clock, in milliseconds.
    pub monotonic_ms: u64,
    /// What came.
    pub input: TraceInput,
    /// The first eight bytes of the hash of all outputs up to the next input.
    pub outputs: [u8; 8],
}

/// What a machine may be told.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(
    clippy::large_enum_variant,
    reason = "nearly all of them are small inputs of either kind"
)]
pub enum TraceInput {
    /// A node.
    Node(node::Input),
    /// A client.
    Client(client::Input),
}
