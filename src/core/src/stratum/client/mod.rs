//! The miner's side of Stratum: keeps a connection to one pool, turns its jobs into headers to
//! search, sends what was found, tells accepted, rejected and stale shares apart.
//!
//! ```text
//! client.handle(now, Input::Received { bytes });
//! while let Some(output) = client.poll_output() { /* Connect, Send, Disconnect, WakeAt, Event */ }
//! let work = client.work(extranonce2);
//! ```
//!
//! Threat: the pool lies. Every bound is in `limits`; whatever is wrong is told in plain words
//! ([`Event::Problem`]), and a pool that breaks a bound is left and tried again later. A pool cannot
//! send the miner to another host, make it flood, or let it search what can be no block. What it can
//! do is not pay.
//!
//! | file | its job |
//! |---|---|
//! | `io` | what a driver says to it, and what it says |
//! | `machine` | [`Client`]: inputs, outputs, deadlines |
//! | `session` | what is known of one connection |
//! | `receive` | what the pool says |
//! | `work` | headers to search, shares that come back |
//! | `retry` | the end of a connection, and when the next one begins |

mod io;
mod machine;
mod receive;
mod retry;
mod session;
mod work;

pub use io::{Event, Input, Link, Options, Output, Share, Work};
pub use machine::Client;
