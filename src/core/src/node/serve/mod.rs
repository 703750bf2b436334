//! What peers ask for: headers, blocks, transactions, filters, addresses.
//!
//! Long answers are given as fast as the peer takes them: what it asked for waits here, and nothing
//! more of it is read until it is done.

mod data;
mod filters;
mod headers;

pub(super) use data::Job;
