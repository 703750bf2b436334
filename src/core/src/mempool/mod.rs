//! Verified transactions that wait for a block: bounded, the best-paying first.
//!
//! Each is checked against the unspent coins of the chain and against the transactions that wait
//! already, so whatever is selected makes a valid block. Threats: floods of cheap transactions (the
//! worst-paying leave, and the least rate to enter rises), signatures that cost work (what is cheap to
//! refuse is refused first), chains of transactions that make every change expensive (25 relatives),
//! replacements that cost nothing (BIP125's rules on fees), orphans of parents that never come.
//!
//! | file | its job |
//! |---|---|
//! | `limits` | every bound |
//! | `rate` | fee rates, and the least one to enter |
//! | `error` | why a transaction is refused |
//! | `coins` | where spent coins are looked up |
//! | `pool` | [`Mempool`]: entries, their relatives, what leaves first |
//! | `accept` | one transaction: policy, coins, rules |
//! | `replace` | replacement by fee |
//! | `change` | blocks were connected or disconnected |
//! | `select` | what goes into a block |
//! | `orphans` | transactions whose parents have not come |

mod accept;
mod change;
mod coins;
mod error;
mod limits;
mod orphans;
mod pool;
mod rate;
mod replace;
mod select;
#[cfg(test)]
mod tests;

pub use accept::Accepted;
pub use change::Changed;
pub use coins::CoinSource;
pub use error::MempoolError;
pub use limits::{MempoolLimits, OrphanLimits};
pub use orphans::Orphans;
pub use pool::{Mempool, Waiting};
pub use rate::FeeRate;
