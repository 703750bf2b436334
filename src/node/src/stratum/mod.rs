//! Stratum for programs and pages that mine: drives core's [`Server`](farthing_core::stratum::server::Server)
//! over TCP and over a WebSocket, with the node's templates, and hands the node the blocks that are
//! found.
//!
//! Threats: those of any stream ([`stream`](crate::stream)); miners without number (places are
//! counted, and the machine counts those of one address); blocks faster than the node takes them
//! (only so many wait).
//!
//! | module | its job |
//! |---|---|
//! | [`task`] | the task that owns the machine |
//! | [`handle`] | what the rest of the program has of it: new connections, figures |
//! | [`follow`] | the node's templates |
//! | [`mod@listen`] | miners over TCP, and `GET /stratum` |

mod follow;
mod handle;
mod listen;
mod task;
#[cfg(test)]
mod tests;

pub(crate) use farthing_core::stratum::server::Options;
pub(crate) use handle::{Figures, StratumHandle};
pub(crate) use listen::{listen, miner};
pub(crate) use task::start;
