//! The full node: validates, relays and serves Bitcoin's peer-to-peer protocol on a network of our
//! own.

mod io;

pub use io::{
    Direction, Input, NodeLog, NodeStatus, Output, PeerStatus, Request, RequestError, Response,
};
