//! Tests of both sides of Stratum.

mod block;
mod lies;
mod server;
mod world;
