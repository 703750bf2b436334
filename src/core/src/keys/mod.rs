//! Keys of a farthing network.
//!
//! | module | its job |
//! |---|---|
//! | [`ed25519`] | what a public key and a signature are, as a consensus rule |

mod ed25519;

pub use ed25519::{KeyError, PublicKey, SecretKey, verify};
