//! One connection, from the first byte to the last.

use super::ping::Ping;
use crate::client::PeerId;
use crate::client::blocks::Asked;
use crate::client::relay::Queue;
use crate::client::sync::Talk;
use crate::protocol::{FrameDecoder, Handshake, PeerFacts};

/// A connection that was asked for.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) id: PeerId,
    /// When anything last came, by the monotonic clock.
    pub(crate) heard_ms: u64,
    pub(crate) decoder: FrameDecoder,
    pub(crate) phase: Phase,
}

/// How far a connection is.
#[derive(Debug)]
pub(crate) enum Phase {
    /// The WebSocket is being opened.
    Connecting { deadline_ms: u64 },
    /// `version` and `verack` are on their way; the deadline counts from the beginning, so that
    /// nobody gains time by dripping bytes.
    Handshaking {
        handshake: Box<Handshake>,
        deadline_ms: u64,
    },
    /// It answers.
    Ready(Box<Ready>),
}

/// All that is known of a peer that answers.
#[derive(Debug)]
pub(crate) struct Ready {
    pub(crate) facts: PeerFacts,
    pub(crate) since_ms: u64,
    pub(crate) ping: Ping,
    /// The last round trip.
    pub(crate) round_trip_ms: Option<u32>,
    /// The lowest fee rate that it takes, in units for 1,000 virtual bytes (BIP133).
    pub(crate) fee_filter: Option<u64>,
    /// It would rather hear of blocks by their headers (BIP130).
    pub(crate) wants_headers: bool,
    pub(crate) headers: Talk,
    pub(crate) transactions: Queue,
    pub(crate) blocks: Asked,
}

impl Connection {
    pub(crate) fn ready(&self) -> Option<&Ready> {
        match &self.phase {
            Phase::Ready(ready) => Some(ready),
            Phase::Connecting { .. } | Phase::Handshaking { .. } => None,
        }
    }

    pub(crate) fn ready_mut(&mut self) -> Option<&mut Ready> {
        match &mut self.phase {
            Phase::Ready(ready) => Some(ready),
            Phase::Connecting { .. } | Phase::Handshaking { .. } => None,
        }
    }
}
