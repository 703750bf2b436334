//! The machine driven by timed inputs against small scripted peers. No clock, no socket: a world
//! of its own moves the time.

mod blocks;
mod bounds;
mod chain;
mod connections;
mod determinism;
mod hostile;
mod invoices;
mod offers;
mod page;
mod peer;
mod prop;
mod relay;
mod reorganisations;
mod restart;
mod sleep;
mod sync;
mod wallet;
mod work;
mod world;
mod writes;
