//! Proof of work: the search for a nonce with which a header's hash meets its target, and the hashes of
//! many headers at once.
//!
//! One loop, without allocation, in slices: whoever calls decides how long a slice is, so that a
//! worker hears of new work soon. It knows nothing of transactions or of a network. SHA-256 is FIPS
//! 180-4's, rolled versions are BIP320's.
//!
//! | module | its job |
//! |---|---|
//! | `job` | what is searched, and what was found |
//! | `search` | a job in groups of versions and slices of nonces; the whole target |
//! | `elsewhere` | a search on a processor that has no code here, and the check of what it says |
//! | `bulk` | headers hashed many at a time |
//! | `kernel` | which code hashes, chosen at run time |
//! | `lanes` | the code itself, once, for one, four or eight hashes at a time |
//! | `library` | the same by the `sha2` crate |

mod bulk;
mod elsewhere;
mod job;
mod kernel;
mod lanes;
mod library;
mod search;
mod sha256;

#[cfg(test)]
mod tests;

pub use bulk::{hash_headers, hash_headers_with};
pub use elsewhere::{Claim, Miscount};
pub use job::{Hit, Job, Slice};
pub use kernel::Kernel;
pub use search::Search;
