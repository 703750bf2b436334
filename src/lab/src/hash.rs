//! The running hash of all that machines gave out: two runs with one hash were the same run.

use crate::member::Output;
use farthing_core::bitcoin::hashes::{Hash, HashEngine, sha256};
use farthing_core::{client, node};
use serde::Serialize;
use std::fmt;

/// SHA-256 over every output in order.
#[derive(Clone)]
pub(crate) struct RunningHash(sha256::HashEngine);

impl fmt::Debug for RunningHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RunningHash({})", hex::encode(self.digest()))
    }
}

impl RunningHash {
    pub(crate) fn new() -> Self {
        Self(sha256::Hash::engine())
    }

    /// What it is now; more may follow.
    pub(crate) fn digest(&self) -> [u8; 32] {
        sha256::Hash::from_engine(self.0.clone()).to_byte_array()
    }

    /// Its first eight bytes.
    pub(crate) fn short(&self) -> [u8; 8] {
        let mut short = [0; 8];
        short.copy_from_slice(&self.digest()[..8]);
        short
    }

    /// Who gives out what follows, and when.
    pub(crate) fn turn(&mut self, member: u32, unix_ms: u64, monotonic_ms: u64) {
        self.0.input(&member.to_le_bytes());
        self.0.input(&unix_ms.to_le_bytes());
        self.0.input(&monotonic_ms.to_le_bytes());
    }

    pub(crate) fn output(&mut self, output: &Output) {
        match output {
            Output::Node(node::Output::Send { peer, bytes })
            | Output::Client(client::Output::Send { peer, bytes }) => {
                self.0.input(&[1]);
                self.0.input(&peer.0.to_le_bytes());
                self.sized(bytes);
            }
            Output::Node(node::Output::WakeAt { monotonic_ms })
            | Output::Client(client::Output::WakeAt { monotonic_ms }) => {
                self.0.input(&[2]);
                self.0.input(&monotonic_ms.to_le_bytes());
            }
            Output::Node(output) => self.data(3, output),
            Output::Client(output) => self.data(4, output),
        }
    }

    fn data<T: Serialize>(&mut self, kind: u8, output: &T) {
        // Plain data: it has no map whose keys are no text, and nothing else that JSON refuses.
        let text = serde_json::to_vec(output).expect("outputs are plain data");
        self.0.input(&[kind]);
        self.sized(&text);
    }

    fn sized(&mut self, bytes: &[u8]) {
        self.0.input(&(bytes.len() as u64).to_le_bytes());
        self.0.input(bytes);
    }
}
