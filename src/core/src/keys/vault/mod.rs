//! The vault: the phrase's entropy, encrypted under a passphrase, as a record that a page may store
//! and that a stranger may hold.
//!
//! Argon2id (RFC 9106) makes a key of the passphrase; it wraps a random data key, which encrypts the
//! entropy; both with XChaCha20-Poly1305, and with everything in front of them as associated data:
//! version, parameters, salt and the wallet's first public key. So nobody lowers the parameters to
//! guess faster, nor puts another wallet's key in front. A record that asks for less than the floor
//! was not made here; one that asks for more than the ceiling would stall whoever opens it.
//!
//! | module | its job |
//! |---|---|
//! | `cost` | Argon2id's parameters, their floor and ceiling |
//! | `record` | the bytes: fields, checksum, versions |
//! | `seal` | encrypting and decrypting |

mod cost;
mod record;
mod seal;
#[cfg(test)]
mod tests;

pub use cost::Cost;
pub use record::VERSION;
pub use seal::{open, seal};

/// Why a vault was not opened, or not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// It begins as no vault does.
    #[error("expected a vault's record, found other data")]
    NoVault,
    /// A later version of the program made it.
    #[error(
        "expected a vault of version {VERSION} or older, found version {found}: a newer Farthing made it"
    )]
    Version {
        /// Its version.
        found: u8,
    },
    /// Bytes are missing or too many.
    #[error("expected a vault's record of {expected} bytes, found {found}: it is damaged")]
    Length {
        /// The bytes of its version.
        expected: usize,
        /// Its bytes.
        found: usize,
    },
    /// A byte was changed.
    #[error(
        "expected a vault's record whose checksum agrees, found one whose does not: it is damaged"
    )]
    Checksum,
    /// Its parameters are weak, or more than any machine should be asked for.
    #[error("expected Argon2id with 19 to 256 MiB, 2 to 16 passes and 1 lane, found {found}")]
    Cost {
        /// What it asks for.
        found: String,
    },
    /// This machine has not the memory that it asks for.
    #[error("expected {memory_mib} MiB of free memory to open the vault, found less")]
    Memory {
        /// What Argon2id needs.
        memory_mib: u32,
    },
    /// The passphrase is another, or a forger changed the record.
    #[error("expected the passphrase that this vault was encrypted with, found another")]
    Passphrase,
    /// The passphrase fits and what is inside does not.
    #[error(
        "expected what this vault was made with, found something else inside: it was tampered with"
    )]
    Contents,
    /// A new passphrase that is too short or too long.
    #[error("expected a passphrase of 8 to 1,000 characters, found {found}")]
    NewPassphrase {
        /// Its characters.
        found: usize,
    },
}
