//! Traces taken in the lab.

use super::{Trace, TraceEntry, TraceInput, TraceStart};
use crate::hash::RunningHash;
use crate::lab::{Lab, MemberId};
use crate::member::{Input, Kind, Output};
use farthing_core::params::NetworkParams;
use farthing_core::primitives::Now;

/// Why a member's trace cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// It has been told things already.
    #[error("expected {name} to be recorded from its first input on, found that it had {inputs}")]
    Began {
        /// Who.
        name: String,
        /// How many.
        inputs: u64,
    },
    /// Its network is not in the table, so that no name stands for it.
    #[error("expected a network of the table, found one of that name with other rules: {network}")]
    Network {
        /// Its name.
        network: String,
    },
}

/// A trace that is being taken.
#[derive(Debug)]
pub(crate) struct Recorder {
    trace: Trace,
    hash: RunningHash,
}

impl Lab {
    /// Takes a member's trace from here on, up to its first crash. To be called as soon as it is
    /// added.
    ///
    /// # Errors
    /// It runs already, or its network has no name.
    pub fn record(&mut self, member: MemberId) -> Result<(), RecordError> {
        let network = &self.options.network;
        if NetworkParams::by_name(&network.name).as_ref() != Ok(network) {
            return Err(RecordError::Network {
                network: network.name.clone(),
            });
        }
        let network = network.name.clone();
        let member = &mut self.members[member.0 as usize];
        if member.counters.inputs > 0 {
            return Err(RecordError::Began {
                name: member.name.clone(),
                inputs: member.counters.inputs,
            });
        }
        let node = match &member.kind {
            Kind::Node(options) => Some((**options).clone()),
            Kind::Client(_) => None,
        };
        member.recorder = Some(Recorder {
            trace: Trace {
                start: TraceStart {
                    network,
                    seed: hex::encode(member.seed),
                    node,
                },
                entries: Vec::new(),
            },
            hash: RunningHash::new(),
        });
        Ok(())
    }

    /// What was recorded of a member.
    #[must_use]
    pub fn trace(&self, member: MemberId) -> Option<&Trace> {
        let recorder = self.members[member.0 as usize].recorder.as_ref();
        recorder.map(|recorder| &recorder.trace)
    }
}

impl Recorder {
    pub(crate) fn input(&mut self, now: Now, input: &Input) {
        self.trace.entries.push(TraceEntry {
            unix_ms: now.unix_ms,
            monotonic_ms: now.monotonic_ms,
            input: match input {
                Input::Node(input) => TraceInput::Node(input.clone()),
                Input::Client(input) => TraceInput::Client(input.clone()),
            },
            outputs: [0; 8],
        });
    }

    pub(crate) fn outputs(&mut self, outputs: &[Output]) {
        for output in outputs {
            self.hash.output(output);
        }
        if let Some(entry) = self.trace.entries.last_mut() {
            entry.outputs = self.hash.short();
        }
    }
}
