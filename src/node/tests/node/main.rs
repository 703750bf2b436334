//! The node from outside, as processes: killed and started again, cut off from each other, with
//! nowhere to write, behind TLS.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    missing_docs,
    unreachable_pub,
    reason = "a test"
)]

mod api;
mod damage;
mod errors;
mod full;
mod kill;
#[path = "../made/mod.rs"]
mod made;
mod partition;
mod rpc;
mod stratum;
mod support;
mod tls;
