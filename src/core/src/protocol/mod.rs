//! Bitcoin's peer-to-peer protocol: frames from bytes, limits, payloads, the handshake.
//!
//! | file | its job |
//! |---|---|
//! | `frame` | a byte stream, split anywhere, becomes messages; messages become bytes |
//! | `limits` | how long each message may be, and how many things it may list |
//! | `payload` | one payload becomes one of the `bitcoin` crate's messages |
//! | `handshake` | `version` to `verack`, as a state machine |

mod frame;
mod handshake;
mod limits;
mod payload;

#[cfg(test)]
mod tests;

pub use frame::{Frame, FrameDecoder, FrameError, HEADER_SIZE, encode};
pub use handshake::{
    Handshake, HandshakeError, HandshakeStep, LocalNode, MIN_PROTOCOL_VERSION, PROTOCOL_VERSION,
    PeerFacts,
};
pub use limits::{
    MAX_ADDRESSES, MAX_HEADERS, MAX_INVENTORY, MAX_LOCATOR, MAX_PAYLOAD, MessageLimit,
};
pub use payload::PayloadError;
