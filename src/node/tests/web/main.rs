//! The binary from outside: its site, and its bridge between a page's WebSocket and a node's port.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    missing_docs,
    unreachable_pub,
    reason = "a test"
)]

mod bridge;
mod pool;
mod serve;
mod support;
