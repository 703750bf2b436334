//! Members stop and start: what is lost, what is kept, what a driver does at the start.

use crate::event::LabEvent;
use crate::lab::{Lab, MemberId};
use crate::member::{Disk, Input, Kind, Machine};
use crate::queue::Happening;
use farthing_core::chain::Chain;
use farthing_core::client::{self, Client, Command};
use farthing_core::node::{self, Node, NodeOptions};

impl Lab {
    /// Stops a member as a kill does: its connections end, what its machine knew is gone, and of a
    /// client's writes that are on their way all are lost but the first `kept`.
    pub fn crash(&mut self, member: MemberId, kept: usize, torn: bool) {
        if !self.members[member.0 as usize].is_up() {
            return;
        }
        self.hang_up_all(member);
        let at = self.now_ms;
        let stopped = &mut self.members[member.0 as usize];
        let gone = Machine::Down(Disk::Client);
        stopped.machine = match std::mem::replace(&mut stopped.machine, gone) {
            Machine::Node(node) => {
                let disk = node.into_chain().into_store();
                Machine::Down(Disk::Node(Box::new(disk.mended())))
            }
            _ => {
                stopped.disk.crash(kept, torn);
                Machine::Down(Disk::Client)
            }
        };
        stopped.run += 1;
        stopped.wake += 1;
        self.events.push(LabEvent::Crashed { member, at });
    }

    /// A node's store takes so many more commits and then no more: the node halts in the middle of
    /// what it does, and is down.
    pub fn break_store(&mut self, member: MemberId, commits: u32) {
        if let Machine::Node(node) = &self.members[member.0 as usize].machine {
            node.chain().store().break_after(commits);
        }
    }

    /// Starts a member that is down on what it had stored.
    ///
    /// # Panics
    /// The node's store does not open: a batch is whole or not there, so what a crash leaves opens.
    pub fn restart(&mut self, member: MemberId) {
        if self.is_up(member) {
            return;
        }
        let seed = self.dice.seed();
        let at = self.now_ms;
        let params = self.options.network.clone();
        let started = &mut self.members[member.0 as usize];
        let down = Machine::Down(Disk::Client);
        let machine = match std::mem::replace(&mut started.machine, down) {
            Machine::Down(Disk::Node(disk)) => {
                let chain = Chain::open(params.clone(), *disk).expect("what a crash leaves opens");
                let options = match &started.kind {
                    Kind::Node(options) => (**options).clone(),
                    Kind::Client(_) => NodeOptions::default(),
                };
                Machine::Node(Box::new(Node::new(params, seed, chain, options)))
            }
            _ => Machine::Client(Box::new(Client::new(params, seed))),
        };
        let again = started.run > 0;
        started.begin(machine, seed, at);
        let run = started.run;
        if again {
            self.events.push(LabEvent::Restarted { member, at });
        }
        self.queue.put(at, Happening::Begin { member, run });
    }

    pub(crate) fn begin(&mut self, id: MemberId) {
        let member = &mut self.members[id.0 as usize];
        match &member.kind {
            Kind::Node(_) => self.give(id, Input::Node(node::Input::Tick)),
            Kind::Client(nodes) => {
                let nodes = nodes.clone();
                let restored = client::Input::Restored {
                    headers: member.disk.headers().to_vec(),
                    records: member.disk.records().collect(),
                    storage: "memory".to_owned(),
                };
                self.give(id, Input::Client(restored));
                self.command(id, Command::SetNodes { nodes });
            }
        }
    }
}
