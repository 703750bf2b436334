//! The keys worker's machine: makes and opens the vault, and signs one typed request at a time.

mod api;

pub use api::{KeysCommand, KeysReply};
