//! A machine alone with its trace.

use super::{Trace, TraceInput};
use crate::disk::NodeDisk;
use crate::hash::RunningHash;
use crate::member::{Input, Machine};
use farthing_core::chain::Chain;
use farthing_core::client::Client;
use farthing_core::node::Node;
use farthing_core::params::NetworkParams;
use farthing_core::primitives::Now;

/// A machine does otherwise than its trace says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Divergence {
    /// It cannot be made.
    #[error("expected a machine to start with, found {found}")]
    Start {
        /// What is wrong.
        found: String,
    },
    /// It gives out something else.
    #[error(
        "input {index} at {monotonic_ms} ms ({input}): expected outputs with the hash {expected}, found {found}"
    )]
    Outputs {
        /// Which input, from 0.
        index: usize,
        /// When, by the monotonic clock.
        monotonic_ms: u64,
        /// The input, its first characters.
        input: String,
        /// The trace's.
        expected: String,
        /// The machine's.
        found: String,
    },
}

impl Trace {
    /// Tells the machine what the trace holds and compares what it gives out after each input.
    ///
    /// # Errors
    /// The first difference.
    pub fn replay(&self) -> Result<(), Divergence> {
        let mut machine = self
            .machine()
            .map_err(|found| Divergence::Start { found })?;
        let mut hash = RunningHash::new();
        let mut outputs = Vec::new();
        for (index, entry) in self.entries.iter().enumerate() {
            let now = Now {
                unix_ms: entry.unix_ms,
                monotonic_ms: entry.monotonic_ms,
            };
            let input = match &entry.input {
                TraceInput::Node(input) => Input::Node(input.clone()),
                TraceInput::Client(input) => Input::Client(input.clone()),
            };
            machine.handle(now, input, &mut outputs);
            for output in outputs.drain(..) {
                hash.output(&output);
            }
            let found = hash.short();
            if found != entry.outputs {
                return Err(Divergence::Outputs {
                    index,
                    monotonic_ms: entry.monotonic_ms,
                    input: format!("{:?}", entry.input).chars().take(160).collect(),
                    expected: hex::encode(entry.outputs),
                    found: hex::encode(found),
                });
            }
        }
        Ok(())
    }

    fn machine(&self) -> Result<Machine, String> {
        let start = &self.start;
        let params = NetworkParams::by_name(&start.network).map_err(|error| error.to_string())?;
        let mut seed = [0; 32];
        hex::decode_to_slice(&start.seed, &mut seed)
            .map_err(|error| format!("a seed that is no 32 bytes in hex: {error}"))?;
        Ok(match &start.node {
            None => Machine::Client(Box::new(Client::new(params, seed))),
            Some(options) => {
                let chain = Chain::open(params.clone(), NodeDisk::default())
                    .map_err(|error| error.to_string())?;
                Machine::Node(Box::new(Node::new(params, seed, chain, options.clone())))
            }
        })
    }
}
