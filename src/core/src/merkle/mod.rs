//! Merkle trees of blocks: roots, branches, partial trees, whole blocks.
//!
//! | module | its job |
//! |---|---|
//! | [`root`] | the root of a list of hashes, and whether the list was mutated |
//! | [`branch`] | one leaf's way up to the root |
//! | [`proof`] | one transaction's place in a block, with the coinbase's branch beside it |
//! | [`partial`] | several leaves at once: `merkleblock`, `gettxoutproof` |
//! | [`block`] | a whole block whose contents are what its header commits to |
//! | `parse` | bytes piece by piece, for errors that say where |

pub mod block;
pub mod branch;
pub mod partial;
pub mod proof;
pub mod root;

mod parse;

pub use parse::ParseError;

#[cfg(test)]
mod tests;
