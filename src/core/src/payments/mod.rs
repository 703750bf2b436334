//! Transactions that pay a watched script, and the ones in conflict with those.
//!
//! | file | what is in it |
//! |---|---|
//! | `payment` | a payment as the rooms below see it |
//! | `ledger` | [`Ledger`]: what is watched, what was announced |
//! | `blocks` | what a block changes, and what its leaving the best chain changes |
//! | `kept` | one transaction that is kept, its rivals and where it stands |
//! | `announced` | a bounded memory of what the announced transactions spend |
//! | `storage` | the ledger as a stored record |

mod announced;
mod blocks;
mod kept;
mod ledger;
mod payment;
mod storage;
#[cfg(test)]
mod tests;

pub use ledger::Ledger;
pub use payment::{Payment, Standing};
