//! Runs the node's machine: one task owns it, everything else sends it events.
//!
//! Threats: a peer that does not read (what waits for it is bounded, and it is left), peers that send
//! faster than the machine works (the queue of events is short, and who finds it full stops
//! reading), peers without number (places are counted).
//!
//! | module | its job |
//! |---|---|
//! | [`task`] | the task: events in, the machine's outputs out |
//! | [`handle`] | what the rest of the program has of it: questions, new connections |
//! | [`connection`] | one peer's stream of bytes, both ways |
//! | [`outbox`] | what waits to be sent to one peer |
//! | [`tcp`] | peers over TCP: those that come, those that are dialled |
//! | [`websocket`] | `GET /p2p`: peers that are pages |

mod connection;
mod handle;
mod outbox;
mod task;
mod tcp;
#[cfg(test)]
mod tests;
mod websocket;

pub(crate) use handle::{AskError, NodeHandle};
pub(crate) use task::{Halted, start};
pub(crate) use tcp::listen;
pub(crate) use websocket::peer_to_peer;
