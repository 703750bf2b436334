//! Keeping up with the headers of every peer.
//!
//! The long sync is done with one peer at a time, with deadlines for progress; afterwards every
//! other peer is asked, so that one honest peer among many suffices to know the chain with the
//! most work. An `inv` of a block is always followed by `getheaders`: nodes announce a long
//! reorganisation by its tip alone.

mod accept;
mod answer;
mod ask;
mod held;
mod low_work;
mod stale;

pub(crate) use ask::{Sync, Talk, Waiting};
