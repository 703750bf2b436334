//! Carries Bitcoin's peer-to-peer protocol between a page's WebSocket and a full node's TCP port,
//! byte for byte, as websockify does; and Stratum's lines between a page and a pool.
//!
//! Threat: an open proxy. Only what is on a list is reached, by addresses checked after resolution;
//! only pages of this site ask; both ends must begin with the network's magic, or say nothing but
//! Stratum's lines.
//! Threat: a slow or silent end. Every buffer is bounded, reading pauses while the other end does
//! not take what was read, and an end that takes or says nothing for long is left.
//!
//! | module | its job |
//! |---|---|
//! | [`target`] | where something on a list is said to be, and where it may be |
//! | [`node`], [`pool`] | the lists: how a node, or a pool, is named |
//! | [`gate`] | what may pass, and in which frames |
//! | [`magic`] | nothing passes before the network's magic did |
//! | [`lines`] | nothing passes but Stratum's lines |
//! | [`quota`] | how many connections one visitor may have |
//! | [`carry`] | one connection, both ways |
//! | [`route`] | `GET /bridge/HOST:PORT`, `GET /pool/HOST:PORT` |

pub(crate) mod carry;
mod gate;
mod lines;
pub(crate) mod magic;
pub(crate) mod node;
mod pool;
mod quota;
pub(crate) mod route;
mod target;

pub(crate) use carry::Limits;
pub(crate) use node::{AllowList, NodeError, NodeOption};
pub(crate) use pool::{PoolList, PoolOption};
pub(crate) use quota::{Quota, Share};
pub(crate) use route::Bridge;
