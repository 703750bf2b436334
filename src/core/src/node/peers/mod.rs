//! Connections: who opened them, what was said, who is left and who is kept.

mod connect;
mod converse;
mod evict;
mod peer;
mod ping;

pub(super) use connect::Ending;
#[cfg(test)]
pub(super) use evict::{Candidate, select as select_evicted};
pub(super) use peer::{Dial, DialState, Peer, Ready};
