//! Catching up: headers first, then blocks from several peers at once.

mod arrive;
mod blocks;
mod headers;
mod known;
mod latch;

pub(super) use blocks::{BlockTalk, Download};
pub(super) use headers::HeaderTalk;
pub(super) use latch::CaughtUp;
