//! Tests of both sides of Stratum.

mod block;
mod client;
mod codec;
mod difficulty;
mod exchange;
mod lies;
mod miners;
mod pace;
mod prop;
mod server;
mod world;
