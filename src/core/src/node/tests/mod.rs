//! Nodes on a small network in memory: no clock, no socket, no thread. The world moves the time and
//! carries the bytes; links have a latency and can be cut.

mod asks;
mod behind;
mod client;
mod coins;
mod connections;
mod determinism;
mod evict;
mod floods;
mod halt;
mod hostile;
mod prop;
mod relay;
mod reorganised;
mod requests;
mod serve;
mod slow;
mod sources;
mod stranger;
mod sync;
mod world;
