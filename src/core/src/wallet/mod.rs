//! One's own coins: history, selection, fees, and requests to spend. It knows public keys alone; a
//! request to spend is signed elsewhere.
//!
//! | file | what is in it |
//! |---|---|
//! | `request`, `view` | what the signer is asked, and what the page sees |
//! | `machine` | [`Wallet`]: the watched keys, and every transaction that concerns them |
//! | `keys` | the keys, each with the one address that is its own |
//! | `entry` | one transaction: what it does to one's own coins, and where it is |
//! | `blocks` | what a block changes, and what its leaving the best chain changes |
//! | `unconfirmed` | transactions in no block: which are believed, sent again, given up |
//! | `verify` | whether one's own keys signed all of a transaction |
//! | `standing` | which of two that spend one coin counts |
//! | `coins` | what can be spent |
//! | `size`, `select` | what a payment weighs and costs, and which coins make it |
//! | `prepare`, `replace` | a payment, and the same with a higher fee, as requests |
//! | `show` | [`Wallet::view`] |
//! | `bounds` | how much is kept |
//! | `storage` | the wallet as stored records |

mod blocks;
mod bounds;
mod coins;
mod entry;
mod error;
mod keys;
mod machine;
mod prepare;
mod replace;
mod request;
mod select;
mod show;
mod size;
mod standing;
mod storage;
#[cfg(test)]
pub(crate) mod tests;
mod unconfirmed;
mod verify;
mod view;

pub use error::{SpendError, WatchError};
pub use machine::Wallet;
pub use prepare::PaymentOrder;
pub use request::{KeyPath, SpendInput, SpendOutput, SpendRequest, WalletKey};
pub use show::{MinableCoin, Scanned};
pub use size::{DUST, LEAST_FEE_RATE, MOST_FEE_RATE};
pub use storage::ChangedPage;
pub use unconfirmed::EXPIRY;
pub use view::{AccountView, WalletEntry, WalletEntryState, WalletView};
