//! The lab itself: who is there, what time it is, what happens next.

use crate::dice::Dice;
use crate::event::{LabEvent, Step, StepKind};
use crate::hash::RunningHash;
use crate::liar::{Habit, Liar};
use crate::link::Link;
use crate::member::{Disk, Input, Kind, Machine, Member, Output};
use crate::mining::Mining;
use crate::network::Network;
use crate::queue::{Happening, Queue};
use farthing_core::client::{self, Command, NodeAddress, RequestId};
use farthing_core::node::{self, NodeOptions, Request, RequestError, Response};
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
    pub(crate) hash: RunningHash,
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

    /// Adds a peer that lies as this habit says. What it knows of the network it learns from the nodes
    /// that it dials.
    pub fn add_liar(&mut self, name: &str, peers: &[&str], habit: Habit) -> MemberId {
        let id = self.add_node(name, peers);
        let liar = Liar::new(habit, self.options.network.magic);
        self.members[id.0 as usize].liar = Some(liar);
        id
    }

    fn add(&mut self, name: &str, kind: Kind, disk: Disk) -> MemberId {
        let id = MemberId(self.members.len() as u32);
        let key_seed = self.dice.seed();
        let member = Member::new(name, kind, Machine::Down(disk), key_seed);
        self.members.push(member);
        self.names.insert(name.to_owned(), id);
        self.restart(id);
        id
    }

    /// The page of a client asks for something; the answer comes to [`Told::replies`](crate::Told::replies).
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
        match &mut member.recorder {
            Some(recorder) if member.run == 1 => {
                recorder.input(now, &input);
                member.machine.handle(now, input, &mut outputs);
                recorder.outputs(&outputs);
            }
            _ => member.machine.handle(now, input, &mut outputs),
        }
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

    /// The link of the two, or the default one.
    pub(crate) fn link(&self, a: MemberId, b: MemberId) -> Link {
        self.network.link(a, b)
    }
}

/// Where a member is reached.
pub(crate) fn address(name: &str) -> String {
    format!("{name}:9960")
}
