//! Carries Bitcoin's peer-to-peer protocol between a page's WebSocket and a full node's TCP port,
//! byte for byte, as websockify does.
//!
//! Threat: an open proxy. Only the nodes on the allow-list are reached, by addresses checked after
//! resolution; only pages of this site ask; both ends must begin with the network's magic.
//! Threat: a slow or silent end. Every buffer is bounded, reading pauses while the other end does
//! not take what was read, and an end that takes or says nothing for long is left.
//!
//! | module | its job |
//! |---|---|
//! | [`node`] | the allow-list: how a node is named, and where it may be |
//! | [`magic`] | nothing passes before the network's magic did |
//! | [`quota`] | how many connections one visitor may have |
//! | [`carry`] | one connection, both ways |
//! | [`route`] | `GET /bridge/HOST:PORT` |

pub(crate) mod carry;
pub(crate) mod magic;
pub(crate) mod node;
mod quota;
pub(crate) mod route;

pub(crate) use carry::Limits;
pub(crate) use node::{AllowList, NodeError, NodeOption};
pub(crate) use quota::{Quota, Share};
pub(crate) use route::Bridge;
