//! Whole blocks. Every new block of the best chain is fetched with its witness and verified
//! (Merkle root, mutation, coinbase, BIP141's commitment) before anything in it counts; then the
//! payments learn of it, in order. Fetching all of them tells no peer which one matters.

mod arrive;
mod fetch;
mod question;
mod scan;

pub(crate) use fetch::{Asked, Fetch};
pub(crate) use scan::{Scan, ScanRecord};
