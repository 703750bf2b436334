//! Nodes on a small network in memory: no clock, no socket, no thread. The world moves the time and
//! carries the bytes; links have a latency and can be cut.

mod asks;
mod client;
mod coins;
mod connections;
mod determinism;
mod evict;
mod floods;
mod hostile;
mod prop;
mod relay;
mod requests;
mod serve;
mod slow;
mod stranger;
mod sync;
mod world;
