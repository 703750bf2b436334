//! The machine itself: inputs in, outputs out.

use super::{Command, CommandError, Input, Output};
use crate::params::NetworkParams;
use crate::primitives::Now;
use std::collections::VecDeque;

/// A light client of one network.
#[derive(Debug)]
pub struct Client {
    params: NetworkParams,
    outputs: VecDeque<Output>,
}

impl Client {
    /// A client that knows nothing yet. `seed` is fresh randomness: it makes nonces and jitter,
    /// never keys.
    #[must_use]
    pub fn new(params: NetworkParams, seed: [u8; 32]) -> Self {
        let _ = seed;
        Self {
            params,
            outputs: VecDeque::new(),
        }
    }

    /// Takes in what happened at `now`. Call [`poll_output`](Self::poll_output) until it has
    /// nothing more before the next input.
    pub fn handle(&mut self, _now: Now, input: Input) {
        if let Input::Command { id, command } = input {
            let result = match command {
                Command::Wake { .. } => Ok(super::Reply::Done),
                _ => Err(CommandError {
                    message: format!("the client of {} has not started", self.params.name),
                }),
            };
            self.outputs.push_back(Output::Reply { id, result });
        }
    }

    /// What is to be done, in order; none: nothing until the next input.
    #[must_use]
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }
}
