//! One connection as a stream of bytes, both ways, whatever carries it: what the node's peers and
//! Stratum's miners have in common.
//!
//! Threats: an end that does not read (what waits for it is bounded, and it is left), one that sends
//! faster than its bytes are taken (nothing more is read meanwhile), frames past a bound, a page of
//! another site (a browser lets any page open a WebSocket; only its Origin tells).
//!
//! | module | its job |
//! |---|---|
//! | [`connection`] | carries the bytes until an end |
//! | [`mod@outbox`] | what waits to be sent |
//! | [`tcp`] | the two halves of a TCP connection; taking connections in |
//! | [`websocket`] | the two halves of a page's WebSocket; which page may open one |

mod connection;
mod outbox;
mod tcp;
mod websocket;

pub(crate) use connection::{Ended, Incoming, Listener, Outgoing, run};
pub(crate) use outbox::{Outbox, TooSlow, outbox};
pub(crate) use tcp::{accept_each, halves};
pub(crate) use websocket::{Framing, converse, farewell, upgrade};
