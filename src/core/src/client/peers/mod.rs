//! The configured nodes and the connections to them.

mod connect;
mod connection;
mod converse;
mod node;
mod ping;
mod summary;

pub(crate) use connect::{Ban, Ending};
pub(crate) use connection::Phase;
pub(crate) use node::{Link, Node};
