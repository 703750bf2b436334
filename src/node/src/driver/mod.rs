//! Runs the node's machine: one task owns it, everything else sends it events.
//!
//! Threats: peers that send faster than the machine works (the queue of events is short, and who
//! finds it full stops reading), peers without number (places are counted), and a peer that does
//! not read ([`stream`](crate::stream)).
//!
//! | module | its job |
//! |---|---|
//! | [`task`] | the task: events in, the machine's outputs out |
//! | [`handle`] | what the rest of the program has of it: questions, new connections |
//! | [`tcp`] | peers over TCP: those that come, those that are dialled |
//! | [`websocket`] | `GET /p2p`: peers that are pages |

mod handle;
mod task;
mod tcp;
#[cfg(test)]
mod tests;
mod websocket;

pub(crate) use handle::{AskError, NodeHandle};
#[cfg(test)]
pub(crate) use task::Machine;
pub(crate) use task::{Halted, start};
pub(crate) use tcp::listen;
pub(crate) use websocket::peer_to_peer;
