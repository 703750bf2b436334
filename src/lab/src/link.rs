//! What is between two members.
//!
//! Peers speak over TCP (or a WebSocket over it), so a connection is an ordered stream of bytes: no
//! machine ever sees a byte lost, twice or out of order. What the network does to packets shows as
//! time and as broken connections, and that is what a [`Link`] does:
//!
//! - **Loss**: each lost segment of 1,460 bytes is sent again after a timeout that doubles, and holds
//!   up all that was sent after it. After eight losses in a row the connection breaks, at both ends.
//! - **Reordering, duplication** of packets: mended by TCP, so nothing is left to see of them but the
//!   delay that `jitter_ms` stands for. What a peer *program* does is another matter: one that serves
//!   from several threads may let a later message overtake an earlier one, and may say a thing twice.
//!   `overtake_ppm` and `repeat_ppm` do that to whole messages, after the handshake, whose order the
//!   protocol prescribes.
//! - **Slicing**: TCP keeps no borders of messages; `slice_ppm` of the messages come in two reads.
//! - **Bandwidth**: messages queue for `bytes_per_s`.
//! - **Partition**: nothing comes through and nobody is told. What was sent waits for retransmission,
//!   and comes after the heal, within the time that the sender's timeout has grown to; or one side
//!   has given up by then, and its end of the connection too waits to be told.

use crate::dice::Dice;

/// Bytes in one segment of TCP over Ethernet.
const SEGMENT: usize = 1_460;
/// Linux's least retransmission timeout.
const RETRANSMIT_MS: u64 = 200;
/// The longest.
const RETRANSMIT_LONGEST_MS: u64 = 60_000;
/// Losses of one segment in a row that break a connection.
const LOSSES: u32 = 8;

/// How two members are connected, in both directions alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// How long a message travels.
    pub latency_ms: u64,
    /// Up to this much longer.
    pub jitter_ms: u64,
    /// Of a million segments so many are lost.
    pub loss_ppm: u32,
    /// Of a million messages so many are said twice.
    pub repeat_ppm: u32,
    /// Of a million messages so many are overtaken by what follows them.
    pub overtake_ppm: u32,
    /// Of a million messages so many come in two reads.
    pub slice_ppm: u32,
    /// The bandwidth of each direction; 0: without bound.
    pub bytes_per_s: u64,
}

impl Default for Link {
    /// A good line: 20 ms, and nothing goes wrong.
    fn default() -> Self {
        Self {
            latency_ms: 20,
            jitter_ms: 0,
            loss_ppm: 0,
            repeat_ppm: 0,
            overtake_ppm: 0,
            slice_ppm: 0,
            bytes_per_s: 0,
        }
    }
}

impl Link {
    /// How long a message of so many bytes travels once it is on the wire; none: it never arrives,
    /// and the connection breaks.
    pub(crate) fn travel(&self, bytes: usize, dice: &mut Dice) -> Option<u64> {
        let mut time = self.latency_ms;
        if self.jitter_ms > 0 {
            time += dice.below(self.jitter_ms + 1);
        }
        if self.loss_ppm == 0 {
            return Some(time);
        }
        let mut longest = 0;
        for _ in 0..bytes.div_ceil(SEGMENT).max(1) {
            longest = longest.max(self.retransmission(dice)?);
        }
        Some(time + longest)
    }

    /// What the losses of one segment cost.
    fn retransmission(&self, dice: &mut Dice) -> Option<u64> {
        let mut timeout = RETRANSMIT_MS.max(2 * (self.latency_ms + self.jitter_ms));
        let mut waited = 0;
        for _ in 0..LOSSES {
            if !dice.happens(self.loss_ppm) {
                return Some(waited);
            }
            waited += timeout;
            timeout = (2 * timeout).min(RETRANSMIT_LONGEST_MS);
        }
        None
    }

    /// How long the bandwidth takes for so many bytes.
    pub(crate) fn serialization_ms(&self, bytes: usize) -> u64 {
        (bytes as u64 * 1_000)
            .checked_div(self.bytes_per_s)
            .unwrap_or(0)
    }

    /// How long after a heal the first retransmission comes: the timeout has doubled while nothing
    /// came through.
    pub(crate) fn after_heal(parted_ms: u64, dice: &mut Dice) -> u64 {
        dice.below(parted_ms.clamp(RETRANSMIT_MS, RETRANSMIT_LONGEST_MS))
    }
}
