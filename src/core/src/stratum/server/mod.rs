//! The node's side of Stratum: miners connect, and each mines a block that pays to the address that
//! it authorized with.
//!
//! ```text
//! server.handle(now, Input::Received { conn, bytes });
//! while let Some(output) = server.poll_output() { /* Send, Disconnect, Submit, WakeAt, Log */ }
//! ```
//!
//! The eight extra-nonce bytes of [`mining::coinbase`](fn@crate::mining::coinbase) are split: four are
//! the connection's own (`extranonce1`), four the miner's (`extranonce2`), so that no two connections
//! search the same header.
//!
//! Threat: a miner floods, lies about what it found, sends a share twice, late or of another's job,
//! or falls silent. Nothing that it says is counted before the header is made anew here and hashed;
//! every bound is in `limits`.
//!
//! | file | its job |
//! |---|---|
//! | `io` | what a driver says to it, and what it says |
//! | `machine` | [`Server`]: inputs, outputs, deadlines, the log |
//! | `connection` | what is known of one miner |
//! | `receive` | the handshake, and what else a miner may ask |
//! | `jobs` | templates, and the jobs that are made of them |
//! | `shares` | whether a share counts, and whether it is a block |
//! | `pace` | the difficulty that gives a share every few seconds |

mod connection;
mod io;
mod jobs;
mod machine;
mod pace;
mod receive;
mod shares;

pub use io::{ConnectionId, Input, Options, Output, Status};
pub use machine::Server;
