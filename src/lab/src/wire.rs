//! Connections: two lanes, each an ordered stream.

use crate::MemberId;
use farthing_core::bitcoin::BlockHash;
use farthing_core::client::PeerId;

/// A connection's number.
pub(crate) type WireId = u64;
/// Which way: 0 from who dialled, 1 to who dialled.
pub(crate) type LaneId = usize;

/// One end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct End {
    pub(crate) member: MemberId,
    /// Its machine's number for it; the one that is dialled has none before it is reached.
    pub(crate) peer: Option<PeerId>,
    /// Whether this side still holds it.
    pub(crate) open: bool,
}

/// What travels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// "Let me in": on lane 0 alone, first.
    Dial,
    /// "You are in": on lane 1 alone, first.
    Welcome,
    /// "Nobody is here", or "you are not in".
    Refusal,
    /// Bytes of the stream.
    Bytes {
        bytes: Vec<u8>,
        /// They end a message, which is this.
        note: Option<Note>,
    },
    /// The end of the stream.
    End,
}

/// What a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Note {
    pub(crate) bytes: usize,
    /// Where it is a block.
    pub(crate) block: Option<BlockHash>,
}

/// One direction.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lane {
    /// When the last piece that was sent arrives.
    pub(crate) clear_at: u64,
    /// When the last piece that anything may overtake arrives.
    pub(crate) late_at: u64,
    /// When the wire is free for the next message.
    pub(crate) free_at: u64,
    /// Bytes that were sent and have not arrived.
    pub(crate) on_their_way: usize,
    /// The sender is to be told once little is left on its way.
    pub(crate) drain: bool,
    /// What a partition holds up, in order.
    pub(crate) held: Vec<Piece>,
}

/// A connection.
#[derive(Debug, Clone)]
pub(crate) struct Wire {
    /// Who dialled, who is dialled.
    pub(crate) ends: [End; 2],
    pub(crate) lanes: [Lane; 2],
}

impl Wire {
    pub(crate) fn new(dialler: MemberId, peer: PeerId, dialled: MemberId) -> Self {
        Self {
            ends: [
                End {
                    member: dialler,
                    peer: Some(peer),
                    open: true,
                },
                End {
                    member: dialled,
                    peer: None,
                    open: false,
                },
            ],
            lanes: [Lane::default(), Lane::default()],
        }
    }

    /// Who sends on a lane.
    pub(crate) fn sender(&self, lane: LaneId) -> &End {
        &self.ends[lane]
    }

    /// Who hears what is sent on a lane.
    pub(crate) fn receiver(&self, lane: LaneId) -> &End {
        &self.ends[1 - lane]
    }
}
