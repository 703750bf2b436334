//! Proof of work: the search for a nonce with which a header's hash meets its target.
//!
//! One loop, without allocation, in slices: whoever calls decides how long a slice is, so that a
//! worker hears of new work soon. It knows nothing of transactions or of a network.

/// What is searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// The header as it is hashed; its last four bytes are the nonce.
    pub header: [u8; 80],
    /// The target as a big-endian number: a hash, read as people write it, may be at most this.
    pub target: [u8; 32],
}
