//! What is searched, and what was found.

/// What is searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// The header as it is hashed; its last four bytes are the nonce.
    pub header: [u8; 80],
    /// The target as a big-endian number: a hash, read as people write it, may be at most this.
    pub target: [u8; 32],
    /// The bits of the header's version that may have any value (BIP310, BIP320); 0: none.
    pub version_mask: u32,
}

/// A header that meets the target: the job's, with these two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// The nonce.
    pub nonce: u32,
    /// The version.
    pub version: u32,
}

/// What became of a slice of nonces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice {
    /// The first nonce that was not tried; 0 if there is none.
    pub next: u32,
    /// Whether the last of the 2^32 nonces was tried.
    pub exhausted: bool,
    /// Hashes that were computed: nonces times versions.
    pub hashes: u64,
    /// What meets the target.
    pub hits: Vec<Hit>,
}
