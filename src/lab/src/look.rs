//! What may be looked at: members, their machines, what they were told.

use crate::disk::{ClientDisk, NodeDisk};
use crate::event::{Counters, LabEvent};
use crate::lab::{Lab, MemberId};
use crate::member::{Machine, Tip, Told};
use farthing_core::client::Client;
use farthing_core::node::Node;

impl Lab {
    /// What time it is, in milliseconds since the start.
    #[must_use]
    pub fn now_ms(&self) -> u64 {
        self.now_ms
    }

    /// The best block of a member; of one that is down, the last that it had.
    #[must_use]
    pub fn tip(&self, member: MemberId) -> Tip {
        self.members[member.0 as usize].tip
    }

    /// A node's machine; none: it is down, or no node.
    #[must_use]
    pub fn node(&self, member: MemberId) -> Option<&Node<NodeDisk>> {
        match &self.members[member.0 as usize].machine {
            Machine::Node(node) => Some(node),
            _ => None,
        }
    }

    /// A client's machine; none: it is down, or no client.
    #[must_use]
    pub fn client(&self, member: MemberId) -> Option<&Client> {
        match &self.members[member.0 as usize].machine {
            Machine::Client(client) => Some(client),
            _ => None,
        }
    }

    /// What a client's page was told.
    #[must_use]
    pub fn told(&self, member: MemberId) -> &Told {
        &self.members[member.0 as usize].told
    }

    /// A client's storage.
    #[must_use]
    pub fn disk(&self, member: MemberId) -> &ClientDisk {
        &self.members[member.0 as usize].disk
    }

    /// The newest lines of a node's log.
    pub fn log(&self, member: MemberId) -> impl Iterator<Item = &str> {
        self.members[member.0 as usize]
            .log
            .iter()
            .map(String::as_str)
    }

    /// A member's name.
    #[must_use]
    pub fn name(&self, member: MemberId) -> &str {
        &self.members[member.0 as usize].name
    }

    /// Whoever has this name.
    #[must_use]
    pub fn find_member(&self, name: &str) -> Option<MemberId> {
        self.names.get(name).copied()
    }

    /// Every member.
    pub fn members(&self) -> impl Iterator<Item = MemberId> + use<> {
        (0..self.members.len() as u32).map(MemberId)
    }

    /// Whether a member runs.
    #[must_use]
    pub fn is_up(&self, member: MemberId) -> bool {
        self.members[member.0 as usize].is_up()
    }

    /// What a member said and heard.
    #[must_use]
    pub fn counters(&self, member: MemberId) -> Counters {
        self.members[member.0 as usize].counters
    }

    /// What happened since the last call.
    pub fn drain_events(&mut self) -> Vec<LabEvent> {
        std::mem::take(&mut self.events)
    }

    /// The hash of everything that any machine gave out, and when: two runs with one hash are one
    /// run.
    #[must_use]
    pub fn trace_hash(&self) -> [u8; 32] {
        self.hash.digest()
    }
}
