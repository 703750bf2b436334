//! Connections between members: dialled, spoken over, held up, broken.

use crate::event::{LabEvent, StepKind};
use crate::lab::{Lab, MemberId};
use crate::link::Link;
use crate::member::{Input, Machine};
use crate::queue::Happening;
use crate::wire::{LaneId, Note, Piece, Wire, WireId};
use farthing_core::bitcoin::BlockHash;
use farthing_core::client::PeerId;
use farthing_core::node;
use std::collections::BTreeMap;

/// Connections that come in are numbered from here on.
const INBOUND: u32 = 1 << 31;
/// What the system's own buffers hold of one connection: what fits has left as far as its sender knows.
const BUFFER: usize = 256 << 10;

/// What is between the members.
#[derive(Debug, Default)]
pub(crate) struct Network {
    pub(crate) wires: BTreeMap<WireId, Wire>,
    next_wire: WireId,
    next_inbound: u32,
    default_link: Link,
    links: BTreeMap<(MemberId, MemberId), Link>,
    /// Since when it is partitioned.
    parted_ms: Option<u64>,
}

impl Network {
    pub(crate) fn link(&self, a: MemberId, b: MemberId) -> Link {
        let pair = (a.min(b), a.max(b));
        self.links.get(&pair).copied().unwrap_or(self.default_link)
    }
}

impl Lab {
    /// Sets the link of two members, for what is sent from now on.
    pub fn set_link(&mut self, a: MemberId, b: MemberId, link: Link) {
        self.network.links.insert((a.min(b), a.max(b)), link);
    }

    /// Sets the link of every two that have none of their own.
    pub fn set_default_link(&mut self, link: Link) {
        self.network.default_link = link;
    }

    /// Lets nothing through between members of different groups, and tells nobody. Members of no
    /// group reach everybody.
    pub fn partition(&mut self, groups: &[&[MemberId]]) {
        self.heal();
        self.network.parted_ms = Some(self.now_ms);
        for (part, group) in groups.iter().enumerate() {
            for member in *group {
                self.members[member.0 as usize].part = Some(part);
            }
        }
    }

    /// Lets everything through again. What was held up comes within the time of a retransmission.
    pub fn heal(&mut self) {
        let Some(since) = self.network.parted_ms.take() else {
            return;
        };
        for member in &mut self.members {
            member.part = None;
        }
        let parted_ms = self.now_ms - since;
        for (wire, connection) in &self.network.wires {
            for lane in 0..2 {
                if !connection.lanes[lane].held.is_empty() {
                    let at = self.now_ms + Link::after_heal(parted_ms, &mut self.dice);
                    self.queue.put(at, Happening::Flush { wire: *wire, lane });
                }
            }
        }
    }

    /// Whether a partition is between the two.
    #[must_use]
    pub fn is_cut(&self, a: MemberId, b: MemberId) -> bool {
        let part = |member: MemberId| self.members[member.0 as usize].part;
        matches!((part(a), part(b)), (Some(a), Some(b)) if a != b)
    }

    /// Breaks every connection of the two, which both are told at once.
    pub fn sever(&mut self, a: MemberId, b: MemberId) {
        let between = |wire: &Wire| {
            let ends = (wire.ends[0].member, wire.ends[1].member);
            ends == (a, b) || ends == (b, a)
        };
        let wires = self.network.wires.iter();
        let broken: Vec<_> = wires
            .filter(|(_, wire)| between(wire))
            .map(|(id, _)| *id)
            .collect();
        for wire in broken {
            self.break_wire(wire);
        }
    }

    /// Open connections of a member.
    #[must_use]
    pub fn connections(&self, member: MemberId) -> usize {
        self.members[member.0 as usize].peers.len()
    }

    pub(crate) fn dial(&mut self, from: MemberId, peer: PeerId, address: &str) {
        let name = address.split(':').next().unwrap_or_default();
        // Nobody is called so: what is dialled is the dialler, who does not answer.
        let to = self.names.get(name).copied();
        let id = self.network.next_wire;
        self.network.next_wire += 1;
        let wire = Wire::new(from, peer, to.unwrap_or(from));
        self.network.wires.insert(id, wire);
        self.members[from.0 as usize].peers.insert(peer, (id, 0));
        match to {
            Some(_) => self.post(id, 0, Piece::Dial),
            None => self.post(id, 1, Piece::Refusal),
        }
    }

    pub(crate) fn arrive(
        &mut self,
        id: WireId,
        lane: LaneId,
        piece: Piece,
    ) -> (MemberId, StepKind) {
        let Some(wire) = self.network.wires.get(&id) else {
            return (MemberId(0), StepKind::Nothing);
        };
        let (from, to) = (wire.sender(lane).member, wire.receiver(lane).member);
        let cut = self.is_cut(from, to);
        if let Some(wire) = self.network.wires.get_mut(&id)
            && (cut || !wire.lanes[lane].held.is_empty())
        {
            wire.lanes[lane].held.push(piece);
            return (to, StepKind::Nothing);
        }
        (to, self.take(id, lane, piece))
    }

    pub(crate) fn flush(&mut self, id: WireId, lane: LaneId) -> (MemberId, StepKind) {
        let Some(wire) = self.network.wires.get(&id) else {
            return (MemberId(0), StepKind::Nothing);
        };
        let (from, to) = (wire.sender(lane).member, wire.receiver(lane).member);
        if self.is_cut(from, to) {
            return (to, StepKind::Nothing);
        }
        let mut what = StepKind::Nothing;
        let held = self.network.wires.get_mut(&id);
        let held = held.map(|wire| std::mem::take(&mut wire.lanes[lane].held));
        for piece in held.into_iter().flatten() {
            what = self.take(id, lane, piece);
        }
        (to, what)
    }

    /// A piece is at the other end.
    fn take(&mut self, id: WireId, lane: LaneId, piece: Piece) -> StepKind {
        let Some(wire) = self.network.wires.get_mut(&id) else {
            return StepKind::Nothing;
        };
        let receiver = *wire.receiver(lane);
        match piece {
            Piece::Dial => self.called(id),
            Piece::Welcome => match receiver.peer.filter(|_| receiver.open) {
                Some(peer) => {
                    let input = self.machine(receiver.member).connected(peer);
                    self.give(receiver.member, input);
                    StepKind::Opened
                }
                None => StepKind::Nothing,
            },
            Piece::Refusal | Piece::End => {
                self.network.wires.remove(&id);
                self.gone(receiver.member, receiver.peer.filter(|_| receiver.open))
            }
            Piece::Bytes { bytes, note } => {
                let track = &mut wire.lanes[lane];
                track.on_their_way = track.on_their_way.saturating_sub(bytes.len());
                match receiver.peer.filter(|_| receiver.open) {
                    Some(peer) => self.heard(receiver.member, peer, bytes, note),
                    None => StepKind::Nothing,
                }
            }
        }
    }

    fn machine(&self, member: MemberId) -> &Machine {
        &self.members[member.0 as usize].machine
    }

    /// Somebody dials a member.
    fn called(&mut self, id: WireId) -> StepKind {
        let Some(wire) = self.network.wires.get_mut(&id) else {
            return StepKind::Nothing;
        };
        let (from, to) = (wire.ends[0].member, wire.ends[1].member);
        let listens = matches!(self.members[to.0 as usize].machine, Machine::Node(_));
        if !listens {
            self.post(id, 1, Piece::Refusal);
            return StepKind::Closed;
        }
        let number = self.network.next_inbound;
        self.network.next_inbound += 1;
        let peer = PeerId(INBOUND + number);
        wire.ends[1].peer = Some(peer);
        wire.ends[1].open = true;
        self.members[to.0 as usize].peers.insert(peer, (id, 1));
        self.post(id, 1, Piece::Welcome);
        let address = format!(
            "{}:{}",
            self.members[from.0 as usize].name,
            49_152 + number % 16_384
        );
        self.give(to, Input::Node(node::Input::Accepted { peer, address }));
        StepKind::Opened
    }

    fn heard(
        &mut self,
        to: MemberId,
        peer: PeerId,
        bytes: Vec<u8>,
        note: Option<Note>,
    ) -> StepKind {
        if let Some(note) = note {
            let counters = &mut self.members[to.0 as usize].counters;
            counters.messages_received += 1;
            counters.bytes_received += note.bytes as u64;
        }
        let block = note.and_then(|note| note.block);
        let is_new = block.filter(|hash| !self.has_block(to, hash));
        let input = self.machine(to).received(peer, bytes);
        self.give(to, input);
        if let Some(hash) = is_new
            && self.has_block(to, &hash)
        {
            let at = self.now_ms;
            self.events.push(LabEvent::Arrived {
                member: to,
                hash,
                at,
            });
        }
        StepKind::Delivered
    }

    pub(crate) fn has_block(&self, member: MemberId, hash: &BlockHash) -> bool {
        match self.machine(member) {
            Machine::Node(node) => node.chain().has_block(hash).unwrap_or(false),
            _ => false,
        }
    }

    /// A connection is gone, which its member learns.
    fn gone(&mut self, member: MemberId, peer: Option<PeerId>) -> StepKind {
        let Some(peer) = peer else {
            return StepKind::Nothing;
        };
        self.members[member.0 as usize].peers.remove(&peer);
        let input = self.machine(member).disconnected(peer);
        self.give(member, input);
        StepKind::Closed
    }

    /// Retransmission was given up: both ends learn of it.
    pub(crate) fn break_wire(&mut self, id: WireId) -> (MemberId, StepKind) {
        let Some(wire) = self.network.wires.remove(&id) else {
            return (MemberId(0), StepKind::Nothing);
        };
        for end in wire.ends {
            self.gone(end.member, end.peer.filter(|_| end.open));
        }
        (wire.ends[0].member, StepKind::Closed)
    }

    /// A member ends a connection.
    pub(crate) fn hang_up(&mut self, member: MemberId, peer: PeerId) {
        let Some((id, lane)) = self.members[member.0 as usize].peers.remove(&peer) else {
            return;
        };
        if let Some(wire) = self.network.wires.get_mut(&id) {
            wire.ends[lane].open = false;
            self.post(id, lane, Piece::End);
        }
    }

    pub(crate) fn hang_up_all(&mut self, member: MemberId) {
        let peers: Vec<_> = self.members[member.0 as usize]
            .peers
            .keys()
            .copied()
            .collect();
        for peer in peers {
            self.hang_up(member, peer);
        }
    }

    /// A sender learns that its bytes have left, unless the system's buffers are full of them.
    pub(crate) fn drain(&mut self, id: WireId, lane: LaneId) -> (MemberId, StepKind) {
        let Some(wire) = self.network.wires.get_mut(&id) else {
            return (MemberId(0), StepKind::Nothing);
        };
        let sender = *wire.sender(lane);
        let track = &mut wire.lanes[lane];
        if track.on_their_way > BUFFER {
            let wait = self.network.default_link.latency_ms.max(10);
            self.queue
                .put(self.now_ms + wait, Happening::Drain { wire: id, lane });
            return (sender.member, StepKind::Nothing);
        }
        track.drain = false;
        match sender.peer.filter(|_| sender.open) {
            Some(peer) => {
                self.give(sender.member, Input::Node(node::Input::Drained(peer)));
                (sender.member, StepKind::Drained)
            }
            None => (sender.member, StepKind::Nothing),
        }
    }
}
