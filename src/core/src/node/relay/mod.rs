//! Blocks and transactions from peer to peer: announced, asked for, looked at, announced on.

mod announce;
mod arrive;
mod fetch;
mod inventory;
mod tip;

pub(super) use fetch::{Talk, Transactions};
