//! What every room counts with: time, heights, 256-bit targets, stored
//! records.

pub mod record;
mod target;
mod time;

pub use ruint::aliases::{U256, U512};
pub use target::{TargetError, bits_from_target, hash_value, target_from_bits, work_of_target};
pub use time::{Now, UnixTime};

/// A block's height: the number of blocks before it. Not a count of confirmations.
pub type BlockHeight = u32;
