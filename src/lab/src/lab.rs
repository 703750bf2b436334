//! The lab itself: who is there, what time it is, what happens next.

use crate::dice::Dice;
use crate::disk::{ClientDisk, NodeDisk};
use crate::event::{Counters, LabEvent, Step, StepKind};
use crate::hash::RunningHash;
use crate::link::Link;
use crate::member::{Disk, Input, Kind, Machine, Member, Output, Tip, Told};
use crate::mining::Mining;
use crate::network::Network;
use crate::queue::{Happening, Queue};
use farthing_core::chain::Chain;
use farthing_core::client::{self, Client, Command, NodeAddress, RequestId};
use farthing_core::consensus::script_of_key;
use farthing_core::keys::SecretKey;
use farthing_core::node::{self, Node, NodeOptions, Request, RequestError, Response};
use farthing_core::params::NetworkParams;
use std::collections::BTreeMap;

/// A member's number, in the order in which they were added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemberId(pub u32);

/// How a lab is set up.
#[derive(Debug, Clone)]
pub struct LabOptions {
    /// All that is random follows from it.
    pub seed: u64,
    /// The network's rules. Mining searches real headers, so its proof of work should be trivial.
    pub network: NetworkParams,
    /// What the true time is at the start, in milliseconds since 1970.
    pub start_unix_ms: u64,
    /// How long a client's write takes.
    pub write_ms: u64,
    /// Whether each message that is sent is told as an event: there are many.
    pub tell_messages: bool,
}

impl LabOptions {
    /// A practice network, in the year 2030.
    ///
    /// # Panics
    /// Never: the practice network is in the table.
    #[must_use]
    pub fn practice(seed: u64) -> Self {
        Self {
            seed,
            network: NetworkParams::by_name("practice").expect("it is in the table"),
            start_unix_ms: 1_900_000_000_000,
            write_ms: 1,
            tell_messages: false,
        }
    }
}

/// A network of real machines in which nothing is left to chance but what the seed says.
#[derive(Debug)]
pub struct Lab {
    pub(crate) options: LabOptions,
    pub(crate) now_ms: u64,
    pub(crate) queue: Queue,
    pub(crate) members: Vec<Member>,
    pub(crate) names: BTreeMap<String, MemberId>,
    pub(crate) network: Network,
    pub(crate) mining: Mining,
    pub(crate) dice: Dice,
    pub(crate) events: Vec<LabEvent>,
    hash: RunningHash,
    /// Kept for its room.
    outputs: Vec<Output>,
}

impl Lab {
    /// An empty network.
    #[must_use]
    pub fn new(options: LabOptions) -> Self {
        Self {
            dice: Dice::new(options.seed),
            options,
            now_ms: 0,
            queue: Queue::default(),
            members: Vec::new(),
            names: BTreeMap::new(),
            network: Network::default(),
            mining: Mining::default(),
            events: Vec::new(),
            hash: RunningHash::new(),
            outputs: Vec::new(),
        }
    }

    /// Adds a node that dials these, and keeps dialling them. They may be added later.
    pub fn add_node(&mut self, name: &str, peers: &[&str]) -> MemberId {
        let options = NodeOptions {
            peers: peers.iter().map(|peer| address(peer)).collect(),
            ..NodeOptions::default()
        };
        self.add_node_with(name, options)
    }

    /// The same with settings of its own; its peers are `NAME:9960`.
    pub fn add_node_with(&mut self, name: &str, options: NodeOptions) -> MemberId {
        let disk = Disk::Node(Box::default());
        self.add(name, Kind::Node(Box::new(options)), disk)
    }

    /// Adds a light client of these nodes, at most 8.
    pub fn add_client(&mut self, name: &str, nodes: &[&str]) -> MemberId {
        let nodes = nodes.iter().map(|node| NodeAddress {
            url: format!("ws://{}/", address(node)),
            operator: (*node).to_owned(),
        });
        self.add(name, Kind::Client(nodes.collect()), Disk::Client)
    }

    fn add(&mut self, name: &str, kind: Kind, disk: Disk) -> MemberId {
        let id = MemberId(self.members.len() as u32);
        let payout = script_of_key(&SecretKey::from_seed(&self.dice.seed()).public());
        let member = Member::new(name, kind, Machine::Down(disk), payout);
        self.members.push(member);
        self.names.insert(name.to_owned(), id);
        self.restart(id);
        id
    }

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
            other => {
                stopped.disk.crash(kept, torn);
                match other {
                    Machine::Down(disk) => Machine::Down(disk),
                    _ => Machine::Down(Disk::Client),
                }
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
            Machine::Down(Disk::Client) => Machine::Client(Box::new(Client::new(params, seed))),
            running => {
                started.machine = running;
                return;
            }
        };
        let again = started.run > 0;
        started.begin(machine, at);
        let run = started.run;
        if again {
            self.events.push(LabEvent::Restarted { member, at });
        }
        self.queue.put(at, Happening::Begin { member, run });
    }

    fn begin(&mut self, id: MemberId) {
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

    /// The page of a client asks for something; the answer comes to [`Told::replies`].
    pub fn command(&mut self, client: MemberId, command: Command) -> RequestId {
        let id = self.members[client.0 as usize].request_id();
        self.give(
            client,
            Input::Client(client::Input::Command { id, command }),
        );
        id
    }

    /// Somebody beside the network asks a node for something. None: it is down, or the answer waits.
    pub fn ask(
        &mut self,
        node: MemberId,
        request: Request,
    ) -> Option<Result<Response, RequestError>> {
        let id = self.members[node.0 as usize].request_id();
        self.give(node, Input::Node(node::Input::Request { id, request }));
        self.members[node.0 as usize].answers.remove(&id.0)
    }

    /// Sets how far a member's wall clock is off. The machine sees it jump.
    pub fn set_skew_ms(&mut self, member: MemberId, skew_ms: i64) {
        self.members[member.0 as usize].skew_ms = skew_ms;
    }

    /// Takes the next event of the queue; none: nothing will ever happen.
    pub fn step(&mut self) -> Option<Step> {
        let (at, what) = self.queue.take()?;
        self.now_ms = self.now_ms.max(at);
        let (member, what) = self.happen(what);
        Some(Step {
            at: self.now_ms,
            member,
            what,
        })
    }

    /// Takes every event up to this time, which it then is.
    pub fn run_until(&mut self, ms: u64) {
        while self.queue.next_at().is_some_and(|at| at <= ms) {
            self.step();
        }
        self.now_ms = self.now_ms.max(ms);
    }

    /// Lets so much time pass.
    pub fn run_for(&mut self, ms: u64) {
        self.run_until(self.now_ms + ms);
    }

    fn happen(&mut self, what: Happening) -> (MemberId, StepKind) {
        match what {
            Happening::Begin { member, run } => {
                if self.members[member.0 as usize].run == run {
                    self.begin(member);
                }
                (member, StepKind::Woken)
            }
            Happening::Wake { member, wish } => {
                let woken = &self.members[member.0 as usize];
                if woken.wake != wish || !woken.is_up() {
                    return (member, StepKind::Nothing);
                }
                let tick = woken.machine.tick();
                self.give(member, tick);
                (member, StepKind::Woken)
            }
            Happening::Arrive { wire, lane, piece } => self.arrive(wire, lane, piece),
            Happening::Flush { wire, lane } => self.flush(wire, lane),
            Happening::Break { wire } => self.break_wire(wire),
            Happening::Drain { wire, lane } => self.drain(wire, lane),
            Happening::Stored { member, run } => {
                let writer = &mut self.members[member.0 as usize];
                let id = (writer.run == run).then(|| writer.disk.settle()).flatten();
                let Some(id) = id else {
                    return (member, StepKind::Nothing);
                };
                self.give(
                    member,
                    Input::Client(client::Input::Stored { id, error: None }),
                );
                (member, StepKind::Stored)
            }
            Happening::Find { draw } => self.find(draw),
        }
    }

    /// Gives a machine an input at its own time, and does what follows.
    pub(crate) fn give(&mut self, id: MemberId, input: Input) {
        let at = self.now_ms;
        let member = &mut self.members[id.0 as usize];
        let now = member.now(at, self.options.start_unix_ms);
        let mut outputs = std::mem::take(&mut self.outputs);
        member.counters.inputs += 1;
        member.machine.handle(now, input, &mut outputs);
        self.hash.turn(id.0, now.unix_ms, now.monotonic_ms);
        for output in &outputs {
            self.hash.output(output);
        }
        self.look_at_tip(id);
        for output in outputs.drain(..) {
            self.perform(id, output);
        }
        self.outputs = outputs;
    }

    fn look_at_tip(&mut self, id: MemberId) {
        let member = &mut self.members[id.0 as usize];
        let Some(tip) = member.machine.tip() else {
            return;
        };
        let before = std::mem::replace(&mut member.tip, tip);
        if before == tip {
            return;
        }
        self.events.push(LabEvent::Adopted {
            member: id,
            hash: tip.hash,
            height: tip.height,
            depth_of_reorg: self.members[id.0 as usize]
                .machine
                .depth_of_reorg(&before.hash),
            at: self.now_ms,
        });
    }

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

    /// The link of the two, or the default one.
    pub(crate) fn link(&self, a: MemberId, b: MemberId) -> Link {
        self.network.link(a, b)
    }
}

/// Where a member is reached.
pub(crate) fn address(name: &str) -> String {
    format!("{name}:9960")
}
