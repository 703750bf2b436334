//! The network under way.

use super::tree::Tree;
use super::view::{Depth, NetworkSetup, NetworkView, NodeSeen};
use crate::lessons::race::interval;
use crate::lessons::{LIMITS, LessonError};
use crate::{Lab, LabEvent, LabOptions, Link, MemberId};
use farthing_core::bitcoin::BlockHash;
use std::collections::{BTreeMap, BTreeSet};

/// Milliseconds of the machines for a second of the lesson.
const MS: f64 = 30.0;
/// Ways that a block takes: its header, the question, the block.
const WAYS: f64 = 3.0;
/// For the handshakes, and for a first block to reach everybody: as many ways, and some rest.
const BEGIN_WAYS: u64 = 12;
/// See above.
const BEGIN_MS: u64 = 2_000;
/// Events of the queue in one piece of work.
const PIECE: u32 = 40;

/// Nodes that mine and gossip.
#[derive(Debug)]
pub(crate) struct Gossip {
    setup: NetworkSetup,
    lab: Lab,
    /// When the lesson begins, in milliseconds of the lab.
    began: u64,
    tree: Tree,
    nodes: Vec<NodeSeen>,
    depths: BTreeMap<u32, u32>,
    /// What is yet to be done to the network, and when.
    plans: Vec<(u64, Plan)>,
    cut: bool,
    /// When the last cut ended, or the lesson began.
    whole_since: u64,
    arrivals: u64,
    arrivals_ms: u64,
    agreed_ms: u64,
    looked: u64,
    /// When something happened that can be seen.
    moments: Vec<u64>,
}

/// What is done to the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Plan {
    Cut,
    Heal,
}

impl Gossip {
    pub(crate) fn new(setup: NetworkSetup) -> Result<Self, LessonError> {
        let NetworkSetup {
            seed,
            nodes,
            delay,
            spacing,
            cut,
            heal,
        } = setup;
        LIMITS.nodes.check("nodes", nodes.into())?;
        LIMITS.delay.check("a delay in seconds", delay)?;
        LIMITS.spacing.check("a spacing in seconds", spacing)?;
        for at in [cut, heal].into_iter().flatten() {
            LIMITS.network_end.check("a time in seconds", at)?;
        }
        let mut lab = Lab::new(LabOptions::practice(u64::from(seed)));
        let latency_ms = (delay * MS / WAYS).round() as u64;
        lab.set_default_link(Link {
            latency_ms,
            ..Link::default()
        });
        let names: Vec<String> = (0..nodes).map(|node| format!("node{node}")).collect();
        for (node, name) in names.iter().enumerate() {
            let before: Vec<&str> = names[..node].iter().map(String::as_str).collect();
            lab.add_node(name, &before);
        }
        lab.run_for(BEGIN_MS + BEGIN_WAYS * latency_ms);
        // A first block: whoever has none of today's holds back.
        lab.mine(MemberId(0));
        lab.run_for(BEGIN_MS + BEGIN_WAYS * latency_ms);
        lab.set_spacing_ms((spacing * MS).round() as u64);
        for node in lab.members() {
            lab.set_miner(node, 1);
        }
        let began = lab.now_ms();
        let side = |node: u32| u32::from(node >= (3 * nodes).div_ceil(5).min(nodes - 1));
        let node = |node: u32| NodeSeen {
            tip: 0,
            height: lab.tip(MemberId(node)).height,
            found: 0,
            reorganised: 0,
            deepest: 0,
            side: side(node),
        };
        let nodes = (0..nodes).map(node).collect();
        let planned = |at: Option<f64>, plan| at.map(|at| (began + machine_ms(at), plan));
        let plans = [planned(cut, Plan::Cut), planned(heal, Plan::Heal)];
        let mut plans: Vec<_> = plans.into_iter().flatten().collect();
        plans.sort_by_key(|(at, _)| *at);
        let mut network = Self {
            setup,
            lab,
            began,
            tree: Tree::default(),
            nodes,
            depths: BTreeMap::new(),
            plans,
            cut: false,
            whole_since: began,
            arrivals: 0,
            arrivals_ms: 0,
            agreed_ms: 0,
            looked: began,
            moments: Vec::new(),
        };
        network.hear();
        network.moments.clear();
        network.depths.clear();
        (network.arrivals, network.arrivals_ms) = (0, 0);
        for node in &mut network.nodes {
            (node.found, node.reorganised, node.deepest) = (0, 0, 0);
        }
        Ok(network)
    }

    fn seconds(&self, ms: u64) -> f64 {
        ms.saturating_sub(self.began) as f64 / MS
    }

    pub(crate) fn position(&self) -> f64 {
        self.seconds(self.lab.now_ms())
    }

    pub(crate) fn end(&self) -> f64 {
        LIMITS.network_end.most
    }

    /// A piece of events, at most up to this position.
    pub(crate) fn towards(&mut self, position: f64) -> bool {
        let until = self.began + machine_ms(position);
        for _ in 0..PIECE {
            if !self.event(until) {
                self.lab.run_until(until);
                self.look_whether_agreed();
                return true;
            }
        }
        false
    }

    /// Until something happened that can be seen, and all that happens at the same time.
    pub(crate) fn next(&mut self) -> bool {
        let end = self.began + machine_ms(self.end());
        let seen = self.moments.len();
        for _ in 0..PIECE {
            if !self.event(end) {
                self.lab.run_until(end);
                return true;
            }
            if self.moments.len() > seen {
                let now = self.lab.now_ms();
                while self.event(now) {}
                return true;
            }
        }
        false
    }

    pub(crate) fn before(&self) -> f64 {
        let before = self.moments.iter().rev().nth(1);
        before.map_or(0.0, |at| self.seconds(*at))
    }

    /// A hash over every byte that any machine gave out.
    pub(crate) fn trace(&self) -> String {
        let hash = self.lab.trace_hash();
        let mut text = hex::encode(&hash[..6]);
        // The time that passed since is part of it too.
        text.push_str(&format!("{:04x}", self.lab.now_ms() & 0xffff));
        text
    }

    /// The next event, or what is planned before it, if it is not later than this. Whether there was
    /// one.
    fn event(&mut self, until: u64) -> bool {
        let next = self.lab.queue.next_at();
        let plan = self.plans.first().copied();
        if let Some((at, plan)) = plan.filter(|(at, _)| next.is_none_or(|next| *at <= next)) {
            if at > until {
                return false;
            }
            self.plans.remove(0);
            self.lab.run_until(at);
            self.perform(plan);
            return true;
        }
        if next.is_none_or(|next| next > until) {
            return false;
        }
        self.lab.step();
        self.look_whether_agreed();
        self.hear();
        true
    }

    fn perform(&mut self, plan: Plan) {
        self.look_whether_agreed();
        let on = |side: u32| {
            let nodes = self.nodes.iter().enumerate();
            let nodes = nodes.filter(move |(_, node)| node.side == side);
            nodes
                .map(|(node, _)| MemberId(node as u32))
                .collect::<Vec<_>>()
        };
        let sides = [on(0), on(1)];
        match plan {
            Plan::Cut => self.lab.partition(&[&sides[0], &sides[1]]),
            Plan::Heal => {
                self.lab.heal();
                // Both ends of a connection that the cut held up are told, and dial again: else they
                // would wait for the timeouts of TCP, which do not run in the lesson's time.
                for one in &sides[0] {
                    for other in &sides[1] {
                        self.lab.sever(*one, *other);
                    }
                }
                self.whole_since = self.lab.now_ms();
            }
        }
        self.cut = plan == Plan::Cut;
        self.moments.push(self.lab.now_ms());
        self.hear();
    }

    /// Adds up the time in which all agreed.
    fn look_whether_agreed(&mut self) {
        let now = self.lab.now_ms();
        if self.tips() == 1 {
            self.agreed_ms += now - self.looked;
        }
        self.looked = now;
    }

    fn tips(&self) -> usize {
        let tips: BTreeSet<u32> = self.nodes.iter().map(|node| node.tip).collect();
        tips.len()
    }

    /// Notes what happened.
    fn hear(&mut self) {
        for event in self.lab.drain_events() {
            match event {
                LabEvent::Found {
                    by,
                    hash,
                    parent,
                    height,
                    at,
                } => {
                    self.tree.add(hash, &parent, height, by.0, at);
                    self.nodes[by.0 as usize].found += 1;
                    self.moment(at);
                }
                LabEvent::Arrived { member, hash, .. } => {
                    if let Some(id) = self.tree.id(&hash) {
                        self.tree.held(id, member.0);
                    }
                }
                LabEvent::Adopted {
                    member,
                    hash,
                    height,
                    depth_of_reorg,
                    at,
                } => self.adopted(member, &hash, height, depth_of_reorg, at),
                _ => {}
            }
        }
    }

    fn adopted(&mut self, member: MemberId, hash: &BlockHash, height: u32, depth: u32, at: u64) {
        self.moment(at);
        let node = &mut self.nodes[member.0 as usize];
        node.height = height;
        if depth > 0 {
            node.reorganised += 1;
            node.deepest = node.deepest.max(depth);
            *self.depths.entry(depth).or_default() += 1;
        }
        let Some(tip) = self.tree.id(hash) else {
            return;
        };
        node.tip = tip;
        // A branch that did not look better when it was announced is fetched later: that is no delay
        // of its blocks.
        let (by, found) = self.tree.origin(tip).unwrap_or_default();
        if depth == 0 && by != member.0 && !self.cut && found >= self.whole_since {
            self.arrivals += 1;
            self.arrivals_ms += at - found;
        }
    }

    fn moment(&mut self, at: u64) {
        if self.moments.last() != Some(&at) {
            self.moments.push(at);
        }
    }

    pub(crate) fn view(&self) -> NetworkView {
        let (found, height) = (self.tree.found(), self.tree.grown());
        let stale = found - height;
        let (low, high) = interval(stale, found);
        let NetworkSetup {
            nodes,
            delay,
            spacing,
            ..
        } = self.setup;
        let passed = self.looked - self.began;
        NetworkView {
            found,
            height,
            stale,
            stale_rate: (found > 0).then(|| f64::from(stale) / f64::from(found)),
            low,
            high,
            formula: (1.0 - 1.0 / f64::from(nodes)) * delay / (spacing + delay),
            delay: (self.arrivals > 0).then(|| self.arrivals_ms as f64 / self.arrivals as f64 / MS),
            agreed: if passed == 0 {
                1.0
            } else {
                self.agreed_ms as f64 / passed as f64
            },
            tips: self.tips() as u32,
            cut: self.cut,
            depths: self
                .depths
                .iter()
                .map(|(blocks, times)| Depth {
                    blocks: *blocks,
                    times: *times,
                })
                .collect(),
            nodes: self.nodes.clone(),
            blocks: self.tree.newest(|at| self.seconds(at)),
        }
    }
}

/// Milliseconds of the machines.
fn machine_ms(seconds: f64) -> u64 {
    (seconds * MS).round() as u64
}
