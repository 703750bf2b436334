//! What a driver does with what machines give out.

use crate::lab::{Lab, MemberId};
use crate::member::{Machine, Output};
use crate::queue::Happening;
use farthing_core::bitcoin::BlockHash;
use farthing_core::client::{self, Event, PeerId};
use farthing_core::node;

impl Lab {
    pub(crate) fn perform(&mut self, id: MemberId, output: Output) {
        match output {
            Output::Node(output) => self.perform_node(id, output),
            Output::Client(output) => self.perform_client(id, output),
        }
    }

    fn perform_node(&mut self, id: MemberId, output: node::Output) {
        match output {
            node::Output::Connect { peer, address } => self.dial(id, peer, &address),
            node::Output::Send { peer, bytes } => self.say(id, peer, bytes),
            node::Output::Disconnect(peer) => self.hang_up(id, peer),
            node::Output::Reply {
                id: request,
                result,
            } => {
                self.members[id.0 as usize]
                    .answers
                    .insert(request.0, result);
            }
            node::Output::WakeAt { monotonic_ms } => self.wake_at(id, monotonic_ms),
            node::Output::Log(line) => self.members[id.0 as usize].line(line.text),
            node::Output::Halt { reason } => {
                self.members[id.0 as usize].line(reason);
                self.crash(id, 0, false);
            }
        }
    }

    /// A node speaks; a liar says something else.
    fn say(&mut self, id: MemberId, peer: PeerId, bytes: Vec<u8>) {
        let member = &mut self.members[id.0 as usize];
        let (Some(liar), Machine::Node(node)) = (&mut member.liar, &member.machine) else {
            return self.send(id, peer, bytes);
        };
        let tree = node.chain().headers();
        let height = |hash: &BlockHash| tree.get(hash).map(|entry| entry.height);
        let said = liar.instead_of(bytes, height, tree.tip().header, &mut self.dice);
        for bytes in said {
            self.send(id, peer, bytes);
        }
        // Its own node believes that all it said has left.
        self.settle_drain(id, peer);
    }

    fn perform_client(&mut self, id: MemberId, output: client::Output) {
        match output {
            client::Output::Connect { peer, url } => {
                let address = url.trim_start_matches("ws://").trim_end_matches('/');
                self.dial(id, peer, address);
            }
            client::Output::Send { peer, bytes } => self.send(id, peer, bytes),
            client::Output::Disconnect(peer) => self.hang_up(id, peer),
            client::Output::Store { id: store, request } => {
                let at = self.now_ms + self.options.write_ms;
                let member = &mut self.members[id.0 as usize];
                member.disk.ask(store, request);
                let run = member.run;
                self.queue.put(at, Happening::Stored { member: id, run });
            }
            client::Output::WakeAt { monotonic_ms } => self.wake_at(id, monotonic_ms),
            client::Output::Event(event) => self.told_by(id, event),
            client::Output::Reply {
                id: request,
                result,
            } => {
                let told = &mut self.members[id.0 as usize].told;
                told.replies.insert(request.0, result);
            }
        }
    }

    fn told_by(&mut self, id: MemberId, event: Event) {
        let member = &mut self.members[id.0 as usize];
        match event {
            Event::Chain { chain } => member.told.chain = Some(*chain),
            Event::Peers { peers } => member.told.peers = peers,
            Event::Invoice { invoice } => {
                member.told.invoices.insert(invoice.id, *invoice);
            }
            Event::Wallet { .. } => {}
            Event::Notice { kind, text } => member.notice(kind, text),
        }
    }

    fn wake_at(&mut self, id: MemberId, monotonic_ms: u64) {
        let member = &mut self.members[id.0 as usize];
        member.wake += 1;
        let wish = member.wake;
        let at = member.when(monotonic_ms).max(self.now_ms);
        self.queue.put(at, Happening::Wake { member: id, wish });
    }
}
