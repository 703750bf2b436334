//! The full node: validates, relays and serves Bitcoin's peer-to-peer protocol on a network of our
//! own, as a state machine that a driver feeds with [`Input`]s and empties of [`Output`]s.
//!
//! ```text
//! node.handle(now, Input::Received { peer, bytes });
//! while let Some(output) = node.poll_output() { /* perform it */ }
//! ```
//!
//! | file or folder | its job |
//! |---|---|
//! | `io` | what a driver says to it, and what it says |
//! | `machine` | [`Node`]: inputs, outputs, whose turn it is, the log |
//! | `options`, `limits` | what whoever runs it decides; every bound and every patience |
//! | `peers` | connections: handshake, ping, back-off, eviction, what is left to send |
//! | `sync` | catching up: headers, then blocks from several peers |
//! | `relay` | blocks and transactions from peer to peer |
//! | `serve` | what peers ask for: headers, blocks, transactions, filters, addresses |
//! | `requests` | what is asked beside the network: templates, submissions, status |
//! | `rolling` | a set that remembers the newest |

mod io;
mod limits;
mod machine;
mod options;
mod peers;
mod relay;
mod requests;
mod rolling;
mod serve;
mod sync;
#[cfg(test)]
mod tests;

pub use io::{
    Direction, Input, NodeLog, NodeStatus, Output, PeerStatus, Request, RequestError, Response,
};
pub use machine::Node;
pub use options::NodeOptions;
