//! A hash over all that happened in a run: two runs with the same one are the same run.

use sha2::{Digest, Sha256};

/// SHA-256 over what happened so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Trace(Sha256);

impl Trace {
    /// Something happened.
    pub(crate) fn note(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The first eight bytes, in hex: enough to compare by eye.
    pub(crate) fn hex(&self) -> String {
        let whole = self.0.clone().finalize();
        hex::encode(&whole[..8])
    }
}
