//! Keys of a farthing network.
//!
//! | module | its job |
//! |---|---|
//! | `ed25519` | what a public key and a signature are, as a consensus rule |
//! | [`phrase`] | the words that a wallet is written down as (BIP39) |
//! | [`mod@derive`] | keys from a seed (SLIP-0010) |
//! | [`vault`] | the phrase, encrypted under a passphrase |
//! | `hmac` | HMAC-SHA512 over secrets, and randomness for one command |

pub mod derive;
mod ed25519;
mod hmac;
pub mod phrase;
pub mod vault;

pub use ed25519::{KeyError, PublicKey, SecretKey, verify};
pub use hmac::Fresh;
