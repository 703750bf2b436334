//! A trace as lines of JSON: the first says what starts, each other one is an input. What came over a
//! connection is in hex, so that other tools read it; all else is what serde makes of the core's types.

use super::{Trace, TraceEntry, TraceInput, TraceStart};
use farthing_core::client::PeerId;
use farthing_core::{client, node};
use serde::{Deserialize, Serialize};

/// The first line's `format`.
const FORMAT: &str = "farthing-trace-1";

/// A file that holds no trace.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the trace: expected {expected}, found {found}")]
pub struct TraceFileError {
    /// Its number, from 1.
    pub line: usize,
    /// What should be there.
    pub expected: &'static str,
    /// What is.
    pub found: String,
}

#[derive(Serialize, Deserialize)]
struct First {
    format: String,
    #[serde(flatten)]
    start: TraceStart,
}

/// An input: the wall clock and the monotonic clock, what came, and the hash of what went.
#[derive(Serialize, Deserialize)]
struct Line {
    at: (u64, u64),
    #[serde(flatten)]
    came: Came,
    out: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(
    clippy::large_enum_variant,
    reason = "lives while its line is read or written"
)]
enum Came {
    /// The connection, and the bytes in hex.
    Received(u32, String),
    Node(node::Input),
    Client(client::Input),
}

impl Trace {
    /// The lines of its file.
    ///
    /// # Panics
    /// Never: inputs are plain data, which JSON holds.
    #[must_use]
    pub fn to_text(&self) -> String {
        let first = First {
            format: FORMAT.to_owned(),
            start: self.start.clone(),
        };
        let mut text = serde_json::to_string(&first).expect("plain data");
        text.push('\n');
        for entry in &self.entries {
            let line = Line {
                at: (entry.unix_ms, entry.monotonic_ms),
                came: came(entry.input.clone()),
                out: hex::encode(entry.outputs),
            };
            text.push_str(&serde_json::to_string(&line).expect("plain data"));
            text.push('\n');
        }
        text
    }

    /// Reads a file's lines.
    ///
    /// # Errors
    /// It holds no trace of this format.
    pub fn from_text(text: &str) -> Result<Trace, TraceFileError> {
        let mut lines = text.lines().enumerate();
        let (_, first) = lines.next().ok_or_else(|| TraceFileError {
            line: 1,
            expected: "what starts",
            found: "nothing".to_owned(),
        })?;
        let fail = |line: usize, expected, found: String| TraceFileError {
            line: line + 1,
            expected,
            found,
        };
        let first: First = serde_json::from_str(first)
            .map_err(|error| fail(0, "what starts", error.to_string()))?;
        if first.format != FORMAT {
            return Err(fail(0, FORMAT, first.format));
        }
        let is_node = first.start.node.is_some();
        let mut entries = Vec::new();
        for (number, line) in lines {
            let line: Line = serde_json::from_str(line)
                .map_err(|error| fail(number, "an input", error.to_string()))?;
            let mut outputs = [0; 8];
            hex::decode_to_slice(&line.out, &mut outputs)
                .map_err(|error| fail(number, "eight bytes in hex", error.to_string()))?;
            entries.push(TraceEntry {
                unix_ms: line.at.0,
                monotonic_ms: line.at.1,
                input: input(line.came, is_node)
                    .map_err(|error| fail(number, "bytes in hex", error.to_string()))?,
                outputs,
            });
        }
        Ok(Trace {
            start: first.start,
            entries,
        })
    }
}

fn came(input: TraceInput) -> Came {
    match input {
        TraceInput::Node(node::Input::Received { peer, bytes })
        | TraceInput::Client(client::Input::Received { peer, bytes }) => {
            Came::Received(peer.0, hex::encode(bytes))
        }
        TraceInput::Node(input) => Came::Node(input),
        TraceInput::Client(input) => Came::Client(input),
    }
}

fn input(came: Came, is_node: bool) -> Result<TraceInput, hex::FromHexError> {
    Ok(match came {
        Came::Received(peer, text) => {
            let (peer, bytes) = (PeerId(peer), hex::decode(text)?);
            if is_node {
                TraceInput::Node(node::Input::Received { peer, bytes })
            } else {
                TraceInput::Client(client::Input::Received { peer, bytes })
            }
        }
        Came::Node(input) => TraceInput::Node(input),
        Came::Client(input) => TraceInput::Client(input),
    })
}
