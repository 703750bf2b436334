//! What every room counts with: time, heights, 256-bit targets, stored
//! records.

pub mod record;
mod time;

pub use ruint::aliases::U256;
pub use time::{Now, UnixTime};

/// A block's height: the number of blocks before it. Not a count of confirmations.
pub type BlockHeight = u32;
