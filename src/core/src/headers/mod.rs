//! The tree of headers: proof of work, retargets, times, most work.
//!
//! | file | its job |
//! |---|---|
//! | `error` | why a header is refused |
//! | `hashes` | the hashes of many headers at once |
//! | `ancestry` | what the rules see of the headers before one |
//! | `retarget` | the target that the next header must carry |
//! | `rules` | one header among its ancestors |
//! | `tree` | the best chain, the branches beside it, reorganisations |
//! | `presync` | nothing is stored until a chain has shown its work |
//! | [`range`] | a file of headers in sequence, checked off-line |

mod ancestry;
mod error;
mod hashes;
mod presync;
pub mod range;
mod retarget;
mod rules;
#[cfg(test)]
mod tests;
mod trail;
mod tree;

pub use ancestry::{Ancestry, MEDIAN_SPAN, Past, median_time};
pub use error::{HeaderError, RuleError};
pub(crate) use hashes::{first_gap, hashes_of};
pub use presync::{COMMITMENT_PERIOD, Presync, PresyncStep, REDOWNLOAD_BUFFER};
pub use retarget::required_bits;
pub use tree::{
    Accepted, Branch, Entry, HeaderRestore, HeaderTree, REORGANISATION_DEPTH, Reorganisation,
};

/// Bytes of a header.
pub const HEADER_SIZE: usize = 80;
