//! The one event queue, ordered by time and by the order in which things were put in.

use crate::MemberId;
use crate::wire::{LaneId, Piece, WireId};
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// What happens.
#[derive(Debug, Clone)]
pub(crate) enum Happening {
    /// A member begins to run.
    Begin { member: MemberId, run: u32 },
    /// A member wished to be woken; only its newest wish counts.
    Wake { member: MemberId, wish: u64 },
    /// A piece of a stream comes to the other end.
    Arrive {
        wire: WireId,
        lane: LaneId,
        piece: Piece,
    },
    /// What a partition held up comes through.
    Flush { wire: WireId, lane: LaneId },
    /// Retransmission was given up.
    Break { wire: WireId },
    /// A sender may be told that its bytes have left.
    Drain { wire: WireId, lane: LaneId },
    /// A client's oldest write is durable.
    Stored { member: MemberId, run: u32 },
    /// Some miner finds a block; only the newest draw counts.
    Find { draw: u64 },
}

#[derive(Debug)]
struct Due {
    at: u64,
    sequence: u64,
    what: Happening,
}

impl PartialEq for Due {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Due {}

impl PartialOrd for Due {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Due {
    /// The earliest is the greatest: the heap gives the greatest first.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at, other.sequence).cmp(&(self.at, self.sequence))
    }
}

/// The queue.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    heap: BinaryHeap<Due>,
    sequence: u64,
}

impl Queue {
    pub(crate) fn put(&mut self, at: u64, what: Happening) {
        self.sequence += 1;
        self.heap.push(Due {
            at,
            sequence: self.sequence,
            what,
        });
    }

    /// When the next thing happens.
    pub(crate) fn next_at(&self) -> Option<u64> {
        self.heap.peek().map(|due| due.at)
    }

    pub(crate) fn take(&mut self) -> Option<(u64, Happening)> {
        self.heap.pop().map(|due| (due.at, due.what))
    }
}
