//! Transactions that pay a watched script, and the ones in conflict with those.
//!
//! | file | what is in it |
//! |---|---|
//! | `payment` | a payment as the rooms below see it |
//! | `ledger` | [`Ledger`]: what is watched, what was announced |
//! | `blocks` | what a block changes, and what its leaving the best chain changes |
//! | `lineage` | the coins that a payment hangs on, and what else spends them |
//! | `bounds` | how much is kept |
//! | `kept` | one transaction that is kept, its rivals and where it stands |
//! | `announced` | a bounded memory of what the announced transactions spend |
//! | `storage` | the ledger as a stored record |

mod announced;
mod blocks;
mod bounds;
mod kept;
mod ledger;
mod lineage;
mod payment;
mod storage;
#[cfg(test)]
mod tests;

pub use ledger::Ledger;
pub use payment::{Payment, Standing};
