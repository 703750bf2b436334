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
//! | [`merkle`] | Merkle roots, branches, partial trees, whole blocks |
//! | [`params`] | the one table of networks, and their addresses |
//! | [`headers`] | the tree of headers: proof of work, retargets, most work |
//! | [`payments`] | transactions that pay or conflict with a watched script |
//! | [`invoice`] | an invoice's status as a pure function, and the verdict |
//! | [`protocol`] | peer-to-peer messages: frames, limits, handshake |
//! | [`client`] | the light client |

// The tests may read files and print; clippy.toml's list is for the machine itself.
#![cfg_attr(
    test,
    allow(
        clippy::disallowed_macros,
        clippy::disallowed_methods,
        clippy::disallowed_types
    )
)]

pub mod client;
pub mod headers;
pub mod invoice;
pub mod merkle;
pub mod params;
pub mod payments;
pub mod primitives;
pub mod protocol;

#[cfg(test)]
mod test_data;

pub use bitcoin;
