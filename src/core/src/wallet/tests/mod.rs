//! The wallet's tests: a small world of made-up owners and blocks without proof of work.

mod coins;
mod hostile;
pub(crate) mod owner;
mod prop;
mod replacing;
mod selection;
mod spending;
mod stored;
mod world;
