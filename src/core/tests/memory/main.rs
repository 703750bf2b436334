//! Floods against the node, the light client and both sides of Stratum, with every allocation counted.
//!
//! A bound on one list can hold while something beside it grows. Here nothing is asked of any list:
//! a flood of messages fills whatever there is to fill, nine times as many follow, and the bytes that
//! are held afterwards must be the same but for a stated few; at no moment may they have been more
//! than stated. Honest traffic is served meanwhile. `--nocapture` prints the figures.

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::panic,
    reason = "tests print figures and take turns"
)]

mod client;
mod coins;
mod headers;
mod host;
mod measure;
mod messages;
mod node;
mod slow;
mod stratum;
mod till;
