//! What is sent goes on its way: when it arrives, and in what pieces.

use crate::event::LabEvent;
use crate::lab::{Lab, MemberId};
use crate::link::Link;
use crate::member::Machine;
use crate::queue::Happening;
use crate::wire::{LaneId, Note, Piece, WireId};
use farthing_core::bitcoin::BlockHash;
use farthing_core::bitcoin::hashes::Hash;
use farthing_core::client::PeerId;
use farthing_core::protocol::HEADER_SIZE;

/// How soon a sender learns that its bytes have left.
const DRAIN_MS: u64 = 2;
/// What a dial, a welcome or an end weigh on the wire.
const SMALL: usize = 60;
/// Two reads of one message are this far apart.
const SLICE_MS: u64 = 1;
/// A segment of which every copy is lost breaks the connection after this: eight timeouts.
const GIVE_UP_MS: u64 = 51_000;
/// The order of these is prescribed.
const HANDSHAKE: [&[u8]; 4] = [b"version\0", b"verack\0", b"wtxidrelay\0", b"sendaddrv2\0"];

impl Lab {
    pub(crate) fn send(&mut self, from: MemberId, peer: PeerId, bytes: Vec<u8>) {
        let Some((id, lane)) = self.members[from.0 as usize].peers.get(&peer).copied() else {
            return;
        };
        let size = bytes.len();
        let counters = &mut self.members[from.0 as usize].counters;
        counters.messages_sent += 1;
        counters.bytes_sent += size as u64;
        let Some(to) = self
            .network
            .wires
            .get(&id)
            .map(|wire| wire.receiver(lane).member)
        else {
            return;
        };
        let link = self.link(from, to);
        let block = block_in(&bytes);
        let ordered = HANDSHAKE.iter().any(|command| is_command(&bytes, command));
        let repeat = !ordered && self.dice.happens(link.repeat_ppm);
        let overtaken = !ordered && self.dice.happens(link.overtake_ppm);
        let note = Note { bytes: size, block };
        let command = self.options.tell_messages.then(|| command_of(&bytes));
        if repeat {
            self.post_message(id, lane, &link, bytes.clone(), note, false);
        }
        let arrives = self.post_message(id, lane, &link, bytes, note, overtaken);
        if let Some(command) = command {
            self.events.push(LabEvent::Sent {
                from,
                to,
                command,
                block,
                bytes: size,
                at: self.now_ms,
                arrives,
            });
        }
        self.settle_drain(from, peer);
    }

    /// A node is to learn when what it sent has left.
    pub(crate) fn settle_drain(&mut self, from: MemberId, peer: PeerId) {
        let member = &self.members[from.0 as usize];
        let Some((id, lane)) = member.peers.get(&peer).copied() else {
            return;
        };
        let wants_to_know = matches!(member.machine, Machine::Node(_));
        if wants_to_know
            && let Some(wire) = self.network.wires.get_mut(&id)
            && !std::mem::replace(&mut wire.lanes[lane].drain, true)
        {
            self.queue
                .put(self.now_ms + DRAIN_MS, Happening::Drain { wire: id, lane });
        }
    }

    /// Puts a message on its way; when it arrives.
    fn post_message(
        &mut self,
        id: WireId,
        lane: LaneId,
        link: &Link,
        mut bytes: Vec<u8>,
        note: Note,
        overtaken: bool,
    ) -> u64 {
        let slice = !overtaken && bytes.len() > 1 && self.dice.happens(link.slice_ppm);
        if slice {
            let at = 1 + self.dice.below(bytes.len() as u64 - 1) as usize;
            let rest = bytes.split_off(at);
            let first = Piece::Bytes { bytes, note: None };
            self.post_on(id, lane, link, first, false);
            bytes = rest;
        }
        let last = Piece::Bytes {
            bytes,
            note: Some(note),
        };
        self.post_on(id, lane, link, last, overtaken)
    }

    pub(crate) fn post(&mut self, id: WireId, lane: LaneId, piece: Piece) {
        let Some(wire) = self.network.wires.get(&id) else {
            return;
        };
        let link = self.link(wire.ends[0].member, wire.ends[1].member);
        self.post_on(id, lane, &link, piece, false);
    }

    fn post_on(
        &mut self,
        id: WireId,
        lane: LaneId,
        link: &Link,
        piece: Piece,
        overtaken: bool,
    ) -> u64 {
        let now = self.now_ms;
        let Some(wire) = self.network.wires.get_mut(&id) else {
            return now;
        };
        let size = match &piece {
            Piece::Bytes { bytes, .. } => bytes.len(),
            _ => SMALL,
        };
        let track = &mut wire.lanes[lane];
        track.free_at = track.free_at.max(now) + link.serialization_ms(size);
        track.on_their_way += size;
        let Some(travel) = link.travel(size, &mut self.dice) else {
            // What follows waits behind it; nothing comes.
            track.held.push(piece);
            let at = now + GIVE_UP_MS;
            self.queue.put(at, Happening::Break { wire: id });
            return at;
        };
        let mut at = (track.free_at + travel).max(track.clear_at);
        if overtaken {
            at += link.latency_ms.max(1);
            track.late_at = track.late_at.max(at);
        } else {
            if piece == Piece::End {
                at = at.max(track.late_at);
            }
            track.clear_at = at;
            if let Piece::Bytes { note: None, .. } = piece {
                track.clear_at += SLICE_MS;
            }
        }
        self.queue.put(
            at,
            Happening::Arrive {
                wire: id,
                lane,
                piece,
            },
        );
        at
    }
}

/// Whether a frame has this command; the text ends with a zero.
fn is_command(frame: &[u8], command: &[u8]) -> bool {
    frame.get(4..).is_some_and(|rest| rest.starts_with(command))
}

fn command_of(frame: &[u8]) -> String {
    let text = frame.get(4..16).unwrap_or_default();
    let text = text.split(|byte| *byte == 0).next().unwrap_or_default();
    String::from_utf8_lossy(text).into_owned()
}

/// The hash of the block that a frame carries.
fn block_in(frame: &[u8]) -> Option<BlockHash> {
    let header = frame.get(HEADER_SIZE..HEADER_SIZE + 80)?;
    is_command(frame, b"block\0").then(|| BlockHash::hash(header))
}
