//! What may pass from one end to the other, and in which frames: Bitcoin's messages after their
//! magic as bytes, Stratum's lines as text.

use super::carry::MAX_FRAME;
use super::lines::{LineError, LineGate, MOST_OF_POOL};
use super::magic::{MagicError, MagicGate};
use axum::extract::ws::Message;

/// The most bytes before a frame's own.
const FRAME_HEAD: usize = 16;

/// What came may not pass.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum GateError {
    #[error(transparent)]
    Magic(#[from] MagicError),
    #[error(transparent)]
    Line(#[from] LineError),
}

/// One direction of a connection.
#[derive(Debug)]
pub(crate) enum Gate {
    Messages(MagicGate),
    Lines(LineGate),
}

/// Both directions.
#[derive(Debug)]
pub(crate) struct Gates {
    pub(crate) from_page: Gate,
    pub(crate) to_page: Gate,
}

impl Gates {
    /// Between a page and a node of the network with this magic.
    pub(crate) fn of_node(magic: [u8; 4]) -> Self {
        let gate = || Gate::Messages(MagicGate::new(magic));
        Self {
            from_page: gate(),
            to_page: gate(),
        }
    }

    /// The most bytes that wait to be sent to a page: what may pass at once, twice.
    pub(crate) fn max_unsent(&self) -> usize {
        match &self.to_page {
            Gate::Messages(_) => 2 * (MAX_FRAME + FRAME_HEAD),
            Gate::Lines(_) => 2 * (MOST_OF_POOL + MAX_FRAME + FRAME_HEAD),
        }
    }

    /// Between a page and a pool.
    pub(crate) fn of_pool() -> Self {
        Self {
            from_page: Gate::Lines(LineGate::of_page()),
            to_page: Gate::Lines(LineGate::of_pool()),
        }
    }
}

impl Gate {
    /// Whether anything passed.
    pub(crate) fn is_open(&self) -> bool {
        match self {
            Self::Messages(gate) => gate.is_open(),
            Self::Lines(gate) => gate.is_open(),
        }
    }

    /// Takes the next bytes and gives what may pass now.
    pub(crate) fn pass(&mut self, bytes: Vec<u8>) -> Result<Vec<u8>, GateError> {
        match self {
            Self::Messages(gate) => Ok(gate.pass(bytes)?),
            Self::Lines(gate) => Ok(gate.pass(&bytes)?),
        }
    }

    /// What a page's frame holds; none for a kind of frame that is not carried.
    pub(crate) fn unframe(&self, frame: Message) -> Option<Vec<u8>> {
        match (self, frame) {
            (_, Message::Binary(bytes)) => Some(bytes.into()),
            (Self::Lines(_), Message::Text(text)) => {
                let mut line = text.as_bytes().to_vec();
                // A frame is a line of its own, whether it says so or not.
                if !line.ends_with(b"\n") {
                    line.push(b'\n');
                }
                Some(line)
            }
            _ => None,
        }
    }

    /// A frame to the page.
    pub(crate) fn frame(&self, bytes: Vec<u8>) -> Message {
        match self {
            Self::Messages(_) => Message::Binary(bytes.into()),
            // Only text passed.
            Self::Lines(_) => Message::Text(String::from_utf8_lossy(&bytes).into_owned().into()),
        }
    }
}
