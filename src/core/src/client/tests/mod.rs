//! The machine driven by timed inputs against small scripted peers. No clock, no socket: a world
//! of its own moves the time.

mod chain;
mod peer;
mod sync;
mod world;
