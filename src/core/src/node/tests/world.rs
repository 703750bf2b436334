//! The network: nodes, light clients and strangers, links between them, one clock.

use super::stranger::Stranger;
use crate::chain::{Chain, MemoryStore};
use crate::client::StoreRequest;
use crate::client::{self, Client, Command, CommandError, Event, NodeAddress, PeerId, Reply};
use crate::node::{Input, Node, NodeOptions, Output, RequestError, Response};
use crate::params::NetworkParams;
use crate::primitives::Now;
use std::collections::{BTreeMap, BTreeSet};

/// When every test begins.
pub(super) const START: u64 = 1_900_000_000_000;
/// How long a message travels.
const LATENCY_MS: u64 = 20;
/// The driver numbers the connections that come in from here on.
const INBOUND: u32 = 1 << 31;

/// One end of a connection.
type End = (String, PeerId);

/// Whoever is on the network.
#[derive(Debug)]
enum Member {
    Node(Box<Node<MemoryStore>>),
    Client(Box<Client>),
    Stranger(Box<Stranger>),
}

/// What is on its way.
#[allow(clippy::large_enum_variant, reason = "a test's own")]
#[derive(Debug, Clone)]
pub(super) enum Coming {
    Node(Input),
    Client(client::Input),
    /// Bytes for a stranger, or the end of its connection.
    Stranger(PeerId, Option<Vec<u8>>),
}

#[derive(Debug, Default)]
pub(super) struct World {
    pub(super) now_ms: u64,
    members: BTreeMap<String, Member>,
    /// By time and order.
    coming: BTreeMap<(u64, u64), (String, Coming)>,
    wakes: BTreeMap<String, u64>,
    links: BTreeMap<End, End>,
    cut: BTreeSet<(String, String)>,
    pub(super) next: u64,
    next_inbound: u32,
    pub(super) next_request: u32,
    pub(super) replies: BTreeMap<u32, Result<Response, RequestError>>,
    pub(super) client_replies: BTreeMap<u32, Result<Reply, CommandError>>,
    pub(super) events: Vec<Event>,
    /// Lines of each node's log.
    pub(super) log: Vec<(String, String)>,
    /// Every output of every node, to compare two runs.
    pub(super) outputs: Vec<(String, Output)>,
    pub(super) keep_outputs: bool,
    /// Nodes that broke off.
    pub(super) halted: Vec<String>,
}

pub(super) fn params() -> NetworkParams {
    NetworkParams::by_name("practice").expect("in the table")
}

impl World {
    pub(super) fn new() -> Self {
        Self::default()
    }

    pub(super) fn now(&self) -> Now {
        Now {
            unix_ms: START + self.now_ms,
            monotonic_ms: 1_000 + self.now_ms,
        }
    }

    /// Adds a node that dials these.
    pub(super) fn node(&mut self, name: &str, peers: &[&str]) {
        self.node_with(name, peers, |_| {});
    }

    pub(super) fn node_with(
        &mut self,
        name: &str,
        peers: &[&str],
        change: impl FnOnce(&mut NodeOptions),
    ) {
        let mut options = NodeOptions {
            peers: peers.iter().map(|peer| format!("{peer}:9960")).collect(),
            ..NodeOptions::default()
        };
        change(&mut options);
        let chain = Chain::open(params(), MemoryStore::new()).expect("an empty store");
        let mut seed = [0; 32];
        seed[..name.len()].copy_from_slice(name.as_bytes());
        let node = Node::new(params(), seed, chain, options);
        self.members
            .insert(name.to_owned(), Member::Node(Box::new(node)));
        self.later(0, name, Coming::Node(Input::Tick));
    }

    /// Adds a light client of these nodes.
    pub(super) fn client(&mut self, name: &str, nodes: &[&str]) {
        let client = Client::new(params(), [3; 32]);
        self.members
            .insert(name.to_owned(), Member::Client(Box::new(client)));
        let restored = client::Input::Restored {
            headers: Vec::new(),
            records: Vec::new(),
            storage: "memory".to_owned(),
        };
        self.later(0, name, Coming::Client(restored));
        let nodes = nodes.iter().map(|node| NodeAddress {
            url: format!("ws://{node}:9960/"),
            operator: (*node).to_owned(),
        });
        let nodes = nodes.collect();
        self.command(name, Command::SetNodes { nodes });
    }

    /// Adds somebody who says what the test says, and opens a connection to a node.
    pub(super) fn stranger(&mut self, name: &str, node: &str) {
        let stranger = Stranger::new(&params());
        self.members
            .insert(name.to_owned(), Member::Stranger(Box::new(stranger)));
        if !node.is_empty() {
            self.call(name, node);
        }
    }

    /// A stranger opens a connection.
    pub(super) fn call(&mut self, name: &str, node: &str) {
        self.call_as(name, 1, node);
    }

    /// The same under a number of its own: one stranger may hold many connections.
    pub(super) fn call_as(&mut self, name: &str, number: u32, node: &str) {
        self.open((name.to_owned(), PeerId(number)), node);
    }

    pub(super) fn is_connected(&self, name: &str) -> bool {
        self.links.keys().any(|(owner, _)| owner == name)
    }

    fn open(&mut self, from: End, to: &str) {
        let reachable = self.members.contains_key(to) && !self.is_cut(&from.0, to);
        if !reachable {
            let closed = self.closed(&from);
            self.later(LATENCY_MS, &from.0.clone(), closed);
            return;
        }
        let peer = PeerId(INBOUND + self.next_inbound);
        self.next_inbound += 1;
        let end = (to.to_owned(), peer);
        self.links.insert(from.clone(), end.clone());
        self.links.insert(end, from.clone());
        let address = format!("{}:{}", from.0, 10_000 + peer.0 - INBOUND);
        if matches!(self.members.get(to), Some(Member::Node(_))) {
            let accepted = Input::Accepted { peer, address };
            self.later(LATENCY_MS, to, Coming::Node(accepted));
        }
        let connected = match self.members.get(&from.0) {
            Some(Member::Node(_)) => Coming::Node(Input::Connected(from.1)),
            Some(Member::Client(_)) => Coming::Client(client::Input::Connected(from.1)),
            _ => return,
        };
        self.later(LATENCY_MS, &from.0, connected);
    }

    fn closed(&self, end: &End) -> Coming {
        match self.members.get(&end.0) {
            Some(Member::Client(_)) => Coming::Client(client::Input::Disconnected(end.1)),
            Some(Member::Stranger(_)) => Coming::Stranger(end.1, None),
            _ => Coming::Node(Input::Disconnected(end.1)),
        }
    }

    /// Breaks what is between two, and lets nothing through until it is healed.
    pub(super) fn cut(&mut self, a: &str, b: &str) {
        self.cut.insert((a.to_owned(), b.to_owned()));
        self.cut.insert((b.to_owned(), a.to_owned()));
        let ends: Vec<_> = self
            .links
            .iter()
            .filter(|(from, to)| self.is_cut(&from.0, &to.0))
            .map(|(from, _)| from.clone())
            .collect();
        for end in ends {
            self.links.remove(&end);
            let closed = self.closed(&end);
            self.later(0, &end.0.clone(), closed);
        }
    }

    pub(super) fn heal(&mut self) {
        self.cut.clear();
    }

    fn is_cut(&self, a: &str, b: &str) -> bool {
        self.cut.contains(&(a.to_owned(), b.to_owned()))
    }

    pub(super) fn later(&mut self, wait: u64, name: &str, coming: Coming) {
        self.next += 1;
        let at = (self.now_ms + wait, self.next);
        self.coming.insert(at, (name.to_owned(), coming));
    }

    /// Lets time pass.
    pub(super) fn pass(&mut self, ms: u64) {
        let end = self.now_ms + ms;
        loop {
            let message = self.coming.keys().next().map(|(at, _)| *at);
            let wake = self.wakes.iter().min_by_key(|(_, at)| **at);
            let wake = wake.map(|(name, at)| (name.clone(), *at));
            let at = [message, wake.as_ref().map(|(_, at)| *at)];
            let Some(at) = at.into_iter().flatten().min().filter(|at| *at <= end) else {
                break;
            };
            self.now_ms = self.now_ms.max(at);
            if message == Some(at) {
                let (_, (name, coming)) = self.coming.pop_first().expect("just seen");
                self.deliver(&name, coming);
            } else if let Some((name, _)) = wake {
                self.wakes.remove(&name);
                match self.members.get(&name) {
                    Some(Member::Client(_)) => {
                        self.deliver(&name, Coming::Client(client::Input::Tick));
                    }
                    _ => self.deliver(&name, Coming::Node(Input::Tick)),
                }
            }
        }
        self.now_ms = end;
    }

    /// Lets time pass until something is so; the test fails where it never is.
    pub(super) fn until(&mut self, what: &str, so: impl Fn(&World) -> bool) {
        for _ in 0..3_000 {
            if so(self) {
                return;
            }
            self.pass(100);
        }
        panic!(
            "five minutes passed, and never was it so that {what}; {:#?}",
            self.log
        );
    }

    pub(super) fn deliver(&mut self, name: &str, coming: Coming) {
        let now = self.now();
        match (self.members.get_mut(name), coming) {
            (Some(Member::Node(node)), Coming::Node(input)) => {
                node.handle(now, input);
                let outputs: Vec<_> = std::iter::from_fn(|| node.poll_output()).collect();
                for output in outputs {
                    if self.keep_outputs {
                        self.outputs.push((name.to_owned(), output.clone()));
                    }
                    self.perform(name, output);
                }
            }
            (Some(Member::Client(client)), Coming::Client(input)) => {
                client.handle(now, input);
                let outputs: Vec<_> = std::iter::from_fn(|| client.poll_output()).collect();
                for output in outputs {
                    self.perform_client(name, output);
                }
            }
            (Some(Member::Stranger(stranger)), Coming::Stranger(peer, bytes)) => {
                let answers = match bytes {
                    Some(bytes) => stranger.receive(&bytes, now.unix()),
                    None => {
                        self.links.remove(&(name.to_owned(), peer));
                        Vec::new()
                    }
                };
                let takes = stranger.takes;
                for bytes in answers {
                    self.carry(name, peer, bytes);
                }
                if takes {
                    self.drained(name, peer);
                }
            }
            _ => {}
        }
    }

    /// The other side's driver sees that all has left.
    fn drained(&mut self, name: &str, peer: PeerId) {
        if let Some((other, id)) = self.links.get(&(name.to_owned(), peer)).cloned()
            && matches!(self.members.get(&other), Some(Member::Node(_)))
        {
            self.later(1, &other, Coming::Node(Input::Drained(id)));
        }
    }

    fn perform(&mut self, name: &str, output: Output) {
        match output {
            Output::Connect { peer, address } => {
                let to = address.split(':').next().unwrap_or_default().to_owned();
                self.open((name.to_owned(), peer), &to);
            }
            Output::Send { peer, bytes } => self.carry(name, peer, bytes),
            Output::Disconnect(peer) => self.hang_up(name, peer),
            Output::Reply { id, result } => {
                let before = self.replies.insert(id.0, result);
                assert!(before.is_none(), "one answer to each request");
            }
            Output::WakeAt { monotonic_ms } => {
                self.wakes.insert(name.to_owned(), monotonic_ms - 1_000);
            }
            Output::Log(line) => self.log.push((name.to_owned(), line.text)),
            Output::Halt { .. } => self.halted.push(name.to_owned()),
        }
    }

    fn perform_client(&mut self, name: &str, output: client::Output) {
        match output {
            client::Output::Connect { peer, url } => {
                let rest = url.trim_start_matches("ws://");
                let to = rest.split(':').next().unwrap_or_default().to_owned();
                self.open((name.to_owned(), peer), &to);
            }
            client::Output::Send { peer, bytes } => self.carry(name, peer, bytes),
            client::Output::Disconnect(peer) => self.hang_up(name, peer),
            client::Output::Store { id, request } => {
                assert!(!matches!(request, StoreRequest::Delete { ref key } if key.is_empty()));
                let stored = client::Input::Stored { id, error: None };
                self.later(1, name, Coming::Client(stored));
            }
            client::Output::WakeAt { monotonic_ms } => {
                self.wakes.insert(name.to_owned(), monotonic_ms - 1_000);
            }
            client::Output::Event(event) => self.events.push(event),
            client::Output::Reply { id, result } => {
                self.client_replies.insert(id.0, result);
            }
        }
    }

    /// Carries bytes to the other end. A stranger that takes nothing leaves the sender waiting.
    fn carry(&mut self, name: &str, peer: PeerId, bytes: Vec<u8>) {
        let Some((to, id)) = self.links.get(&(name.to_owned(), peer)).cloned() else {
            return;
        };
        let coming = match self.members.get(&to) {
            Some(Member::Node(_)) => Coming::Node(Input::Received { peer: id, bytes }),
            Some(Member::Client(_)) => Coming::Client(client::Input::Received { peer: id, bytes }),
            Some(Member::Stranger(stranger)) => {
                if !stranger.takes {
                    return;
                }
                Coming::Stranger(id, Some(bytes))
            }
            None => return,
        };
        let stranger = matches!(coming, Coming::Stranger(..));
        self.later(LATENCY_MS, &to, coming);
        if !stranger && matches!(self.members.get(name), Some(Member::Node(_))) {
            self.later(1, name, Coming::Node(Input::Drained(peer)));
        }
    }

    fn hang_up(&mut self, name: &str, peer: PeerId) {
        if let Some(other) = self.links.remove(&(name.to_owned(), peer)) {
            self.links.remove(&other);
            let closed = self.closed(&other);
            self.later(LATENCY_MS, &other.0.clone(), closed);
        }
    }

    /// A stranger says something.
    pub(super) fn say(&mut self, name: &str, message: bitcoin::p2p::message::NetworkMessage) {
        let bytes = crate::protocol::encode(params().magic, message);
        self.say_bytes(name, bytes);
    }

    pub(super) fn say_bytes(&mut self, name: &str, bytes: Vec<u8>) {
        let peers: Vec<_> = self
            .links
            .keys()
            .filter(|end| end.0 == name)
            .cloned()
            .collect();
        for (_, peer) in peers {
            self.carry(name, peer, bytes.clone());
        }
    }

    /// A stranger comes to take what waits for it.
    pub(super) fn takes_again(&mut self, name: &str) {
        self.stranger_mut(name).takes = true;
        let peers: Vec<_> = self
            .links
            .keys()
            .filter(|end| end.0 == name)
            .cloned()
            .collect();
        for (_, peer) in peers {
            self.drained(name, peer);
        }
    }

    pub(super) fn stranger_mut(&mut self, name: &str) -> &mut Stranger {
        match self.members.get_mut(name) {
            Some(Member::Stranger(stranger)) => stranger,
            _ => panic!("no stranger is called {name}"),
        }
    }

    pub(super) fn at(&self, name: &str) -> &Node<MemoryStore> {
        match self.members.get(name) {
            Some(Member::Node(node)) => node,
            _ => panic!("no node is called {name}"),
        }
    }

    pub(super) fn at_mut(&mut self, name: &str) -> &mut Node<MemoryStore> {
        match self.members.get_mut(name) {
            Some(Member::Node(node)) => node,
            _ => panic!("no node is called {name}"),
        }
    }

    /// Stops a node and starts it again on what it stored; its connections end.
    pub(super) fn restart(&mut self, name: &str) {
        let Some(Member::Node(node)) = self.members.remove(name) else {
            panic!("no node is called {name}");
        };
        let ends: Vec<_> = self
            .links
            .keys()
            .filter(|end| end.0 == name)
            .cloned()
            .collect();
        for (_, peer) in ends {
            self.hang_up(name, peer);
        }
        let (params, options) = (node.params.clone(), node.options.clone());
        let chain = Chain::open(params.clone(), node.chain.into_store()).expect("a good store");
        let node = Node::new(params, [5; 32], chain, options);
        self.members
            .insert(name.to_owned(), Member::Node(Box::new(node)));
        self.wakes.remove(name);
        self.later(0, name, Coming::Node(Input::Tick));
    }

    pub(super) fn height(&self, name: &str) -> u32 {
        self.at(name).chain().tip().height
    }

    pub(super) fn same_tip(&self, names: &[&str]) -> bool {
        let tips: BTreeSet<_> = names
            .iter()
            .map(|name| self.at(name).chain().tip().hash)
            .collect();
        tips.len() == 1
    }
}
