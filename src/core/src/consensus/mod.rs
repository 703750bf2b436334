//! Farthing's closed list of rules: what a transaction and a block may be. Pure functions; whatever
//! the list does not allow is invalid. Written down for people in `docs/consensus.md`.
//!
//! | module | its job |
//! |---|---|
//! | `error` | the rules' names, and what was expected and found |
//! | `output` | where money may go, and an `OP_RETURN`'s data |
//! | `transaction` | what one transaction must be, whatever it spends |
//! | `locks` | when a transaction is final (BIP113), and sequence locks (BIP68) |
//! | `sighash` | the hash that a signature signs |
//! | `spend` | a transaction together with the coins that it spends |
//! | `block` | the coinbase, the weight, and every transaction's form |

mod block;
mod error;
mod locks;
mod output;
mod sighash;
mod spend;
#[cfg(test)]
mod tests;
mod transaction;

pub(crate) use block::height_push;
pub use block::{check_block, check_reward};
pub use error::RuleError;
pub use locks::{SpendContext, SpentCoin};
pub use output::{DATA_LIMIT, OutputKind, output_kind, script_of_key};
pub use sighash::{Sighasher, sighash};
pub use spend::check_spend;
pub use transaction::check_transaction;
