//! What `npm run bench` measures of the core, and its peers in Rust. Nothing here reads a clock: the
//! native binary does, and in a browser's worker its script.
//!
//! | module | its job |
//! |---|---|
//! | [`headers`] | headers verified in bulk: the light client's tree, and a plain check beside it |
//! | [`practice`] | a chain of headers whose work is trivial |
//! | [`search`] | the search for a nonce, by each kernel |
//! | [`payments`] | blocks with and without signed payments, and the chain that connects them |
//! | `wasm` | the same for a worker's script |

pub mod headers;
pub mod payments;
pub mod practice;
pub mod search;
#[cfg(target_family = "wasm")]
mod wasm;

/// What stops a measurement: a sentence.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;
