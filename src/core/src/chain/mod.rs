//! The full chain: blocks connected to and disconnected from the set of unspent coins.

mod store;

pub use store::{Batch, Coin, Store, StoreError, StoredFilter};
