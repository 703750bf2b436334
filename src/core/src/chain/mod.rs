//! The full chain: blocks connected to and disconnected from the set of unspent coins.
//!
//! Most work wins, and of equal work what was whole first. A block is verified before it is shown to
//! anybody, and connected in one durable [`Batch`]: after a crash at any moment the tip and the set of
//! coins agree, and [`Chain::open`] goes on from there. Threats: blocks that break a rule, bodies that
//! are not their header's, branches that are long, heavy or withheld.
//!
//! | module | its job |
//! |---|---|
//! | `machine` | [`Chain`]: taking headers and blocks |
//! | `open` | what a store holds |
//! | `advance` | moving to the branch of most work, in bounded steps |
//! | `view` | the set of coins with changes on top: connects and disconnects a block |
//! | `connected` | the validated chain by its heights |
//! | `kept` | blocks beside the validated chain |
//! | `look` | what others may ask |
//! | `proposal` | a block without its proof of work, judged and not taken |
//! | `rebuild` | a chain from its blocks alone |
//! | `change` | what became of a block |
//! | `error` | why a block is refused, why a chain does not open |
//! | `store` | what a platform offers to keep things in: [`Store`], changes in a [`Batch`] |
//! | `memory` | [`MemoryStore`], for tests and the lab |
//! | [`codec`] | coins and undo data as bytes |

mod advance;
mod change;
pub mod codec;
mod connected;
mod error;
mod kept;
mod look;
mod machine;
mod memory;
mod open;
mod proposal;
mod rebuild;
mod store;
#[cfg(test)]
pub(crate) mod tests;
mod view;

pub use change::{Arrival, BlockOutcome, Change, Progress};
pub use error::{BlockRefusal, BlockRuleError, BodyError, InvalidBlock, OpenError};
pub use machine::Chain;
pub use memory::MemoryStore;
pub use proposal::{KnownPlace, ProposalRefusal};
pub use rebuild::Rebuilt;
pub use store::{Batch, Coin, Store, StoreError, StoredFilter};
