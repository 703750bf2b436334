//! The full chain: blocks connected to and disconnected from the set of unspent coins.
//!
//! | module | its job |
//! |---|---|
//! | `store` | what a platform offers to keep things in: [`Store`], changes in a [`Batch`] |
//! | `memory` | [`MemoryStore`], for tests and the lab |
//! | [`codec`] | coins and undo data as bytes |

pub mod codec;
mod memory;
mod store;
#[cfg(test)]
mod tests;

pub use memory::MemoryStore;
pub use store::{Batch, Coin, Store, StoreError, StoredFilter};
