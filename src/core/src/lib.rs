//! Farthing's core: a Bitcoin light client as state machines.
//!
//! Inputs go in, outputs come out; time and randomness are arguments. There is no clock, socket,
//! disk, thread, randomness or JavaScript here, so the same machine runs in a browser's worker, in
//! a native test and under a fuzzer.
//!
//! Each room imports only rooms above it:
//!
//! | room | its job |
//! |---|---|
//! | [`primitives`] | time, heights, 256-bit targets |
//! | [`keys`] | Ed25519 as a consensus rule, derivation from a phrase, the vault |
//! | [`merkle`] | Merkle roots, branches, partial trees, whole blocks |
//! | [`filters`] | compact block filters (BIP158) and their headers |
//! | [`params`] | the one table of networks, and their addresses |
//! | [`headers`] | the tree of headers: proof of work, retargets, most work |
//! | [`consensus`] | farthing's closed list of rules for transactions and blocks |
//! | [`chain`] | the full chain: blocks connected to and disconnected from the set of unspent coins |
//! | [`mempool`] | verified transactions that wait for a block |
//! | [`mining`] | block templates, coinbases, work |
//! | [`stratum`] | Stratum V1: a miner for a pool, and a node that lets miners work |
//! | [`payments`] | transactions that pay or conflict with a watched script |
//! | [`wallet`] | one's own coins: history, selection, fees, requests to spend |
//! | [`signer`] | the keys worker's machine: opens the vault, signs one typed request at a time |
//! | [`invoice`] | an invoice's status as a pure function, and the verdict |
//! | [`protocol`] | peer-to-peer messages: frames, limits, handshake |
//! | [`client`] | the light client |
//! | [`node`] | the full node |

// The tests may read files and print; clippy.toml's list is for the machine itself.
#![cfg_attr(
    test,
    allow(
        clippy::disallowed_macros,
        clippy::disallowed_methods,
        clippy::disallowed_types
    )
)]

pub mod chain;
pub mod client;
pub mod consensus;
pub mod filters;
pub mod headers;
pub mod invoice;
pub mod keys;
pub mod mempool;
pub mod merkle;
pub mod mining;
pub mod node;
pub mod params;
pub mod payments;
pub mod primitives;
pub mod protocol;
pub mod signer;
pub mod stratum;
pub mod wallet;

#[cfg(test)]
mod test_data;

pub use bitcoin;
