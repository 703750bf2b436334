//! Why keys are not watched, and why a payment cannot be made: what was expected, what was found.

use crate::keys::KeyError;
use crate::params::AddressError;
use bitcoin::Txid;

/// Keys that are not watched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WatchError {
    /// There is none.
    #[error("expected at least one key, found none")]
    None,
    /// The network's coins are not ours to spend.
    #[error("expected a farthing or practice network, found {found}")]
    Network {
        /// The network.
        found: String,
    },
    /// No key is written so.
    #[error("expected a public key of 64 hex digits, found {found:?}")]
    PublicKey {
        /// Its beginning.
        found: String,
    },
    /// The key can own nothing.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The address is none of the network.
    #[error(transparent)]
    NoAddress(#[from] AddressError),
    /// The address is another key's.
    #[error("expected the key's own address {expected}, found {found}")]
    Address {
        /// What the key's address is.
        expected: String,
        /// What came with it.
        found: String,
    },
    /// No derivation has such a number.
    #[error("expected an account and an index below 2^31, found {account} and {index}")]
    Path {
        /// The account.
        account: u32,
        /// The index.
        index: u32,
    },
    /// Two keys claim one place.
    #[error("expected one key at account {account}, index {index}, found two")]
    Twice {
        /// The account.
        account: u32,
        /// The index.
        index: u32,
    },
    /// More than can be watched.
    #[error("expected at most {limit} keys, found more")]
    TooMany {
        /// How many may be watched.
        limit: usize,
    },
}

/// A payment that cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpendError {
    /// The address is none of the network.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// So little costs more to spend than it is worth.
    #[error("expected an amount of at least {least} units, found {found}")]
    Dust {
        /// The least that is worth its own fee.
        least: u64,
        /// What was asked for.
        found: u64,
    },
    /// Nobody relays so cheap, and nobody means to pay so much.
    #[error("expected a fee rate of {least} to {most} units for 1,000 bytes, found {found}")]
    FeeRate {
        /// The lowest.
        least: u64,
        /// The highest.
        most: u64,
        /// What was asked for.
        found: u64,
    },
    /// There is not enough.
    #[error("expected {needed} units with the fee, found {found} that can be sent now")]
    Funds {
        /// Amount and fee.
        needed: u64,
        /// What can be sent.
        found: u64,
    },
    /// There is enough, in too many small pieces.
    #[error("expected at most {limit} coins in one payment: send less at a time")]
    TooManyCoins {
        /// How many fit.
        limit: usize,
    },
    /// The change would go to a key that nobody watches.
    #[error("expected a watched key for the change, found account {account}, index {index}")]
    ChangeKey {
        /// The account.
        account: u32,
        /// The index.
        index: u32,
    },
    /// It is not here.
    #[error("expected a transaction of this wallet, found {txid}")]
    Unknown {
        /// What was asked for.
        txid: Txid,
    },
    /// It cannot be replaced any more, or could never be.
    #[error("expected an unconfirmed payment of one's own that may be replaced: {txid} {found}")]
    NotReplaceable {
        /// What was asked for.
        txid: Txid,
        /// What it is instead.
        found: &'static str,
    },
    /// It is no higher than what it replaces.
    #[error("expected a fee of at least {least} units to replace the payment, found {found}")]
    FeeTooLow {
        /// What replaces it.
        least: u64,
        /// What the rate gives.
        found: u64,
    },
}
