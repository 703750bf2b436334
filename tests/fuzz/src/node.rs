//! The full node: connections of both directions, bytes with valid framing, requests, time, and
//! restarts from its store. Each script runs twice and must give the same outputs; the node never
//! halts on a store that works, its best work never falls, and no money is made.

use crate::commands::template;
use crate::peer::{Network, Peer, said};
use crate::script::Script;
use farthing_core::bitcoin::consensus::serialize;
use farthing_core::chain::{Chain, MemoryStore, Store};
use farthing_core::client::{PeerId, RequestId};
use farthing_core::mempool::{MempoolLimits, OrphanLimits};
use farthing_core::mining::{BlockTemplate, Candidate};
use farthing_core::node::{Input, Node, NodeOptions, Output, Request, Response};
use farthing_core::primitives::{Now, U256};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Steps of one script.
const MOST_STEPS: usize = 300;
/// Outputs that may follow from one input.
const MOST_OUTPUTS: usize = 3_000;
/// Rounds of an honest exchange.
const ROUNDS: usize = 32;
/// The driver numbers the connections that come in from here on.
const INBOUND: u32 = 1 << 31;
/// Weight that may wait: so little that a script can fill it.
const MEMPOOL_WEIGHT: u64 = 20_000;
const MAX_INBOUND: usize = 4;

/// Feeds a node, twice.
pub fn node(data: &[u8]) {
    assert!(run(data) == run(data), "the same inputs, other outputs");
}

fn run(data: &[u8]) -> Vec<Output> {
    let mut script = Script::new(data);
    let mut world = World::new(&mut script);
    for _ in 0..MOST_STEPS {
        if !script.more() {
            break;
        }
        world.act(&mut script);
    }
    world.agrees();
    world.outputs
}

struct World {
    node: Node<MemoryStore>,
    now: Now,
    wake: u64,
    dialled: VecDeque<PeerId>,
    links: BTreeMap<PeerId, Peer>,
    last_outbound: u32,
    next_inbound: u32,
    network: Network,
    asked: BTreeSet<u32>,
    next_request: u32,
    last_template: Option<BlockTemplate>,
    best_work: U256,
    outputs: Vec<Output>,
}

fn options() -> NodeOptions {
    NodeOptions {
        peers: vec!["a:9960".to_owned(), "b:9960".to_owned()],
        max_inbound: MAX_INBOUND,
        max_per_address: 2,
        mempool: MempoolLimits {
            max_weight: MEMPOOL_WEIGHT,
            max_relatives: 5,
            max_replaced: 3,
            ..MempoolLimits::default()
        },
        orphans: OrphanLimits {
            max_weight: 4_000,
            max_weight_per_peer: 2_000,
            ..OrphanLimits::default()
        },
        ..NodeOptions::default()
    }
}

impl World {
    fn new(script: &mut Script<'_>) -> Self {
        let network = Network::default();
        let params = network.builder.params.clone();
        let chain = Chain::open(params.clone(), MemoryStore::new()).expect("an empty store");
        let mut world = Self {
            best_work: chain.tip().work,
            node: Node::new(params.clone(), [5; 32], chain, options()),
            now: Now {
                unix_ms: u64::from(params.genesis.time + 20_000) * 1_000,
                monotonic_ms: 5_000,
            },
            wake: 0,
            dialled: VecDeque::new(),
            links: BTreeMap::new(),
            last_outbound: 0,
            next_inbound: INBOUND,
            network,
            asked: BTreeSet::new(),
            next_request: 1,
            last_template: None,
            outputs: Vec::new(),
        };
        world.input(Input::Tick);
        // Mostly it is connected already, so that a short script gets far.
        if !script.one_in(4) {
            world.settle();
        }
        world
    }

    fn act(&mut self, script: &mut Script<'_>) {
        match script.below(20) {
            0..=2 => {
                let bytes = said(script, &self.network);
                self.say(script, bytes);
            }
            3 => {
                let peer = self.peer(script);
                self.answer(peer);
            }
            4 | 5 => {
                let number = self.network.builder.grow(script);
                self.follow(script, number);
            }
            6 => self.pay(script),
            7 => {
                self.network.mine(script);
                let number = self.network.builder.made.len() - 1;
                self.follow(script, number);
            }
            8 => self.pass(script),
            9 => match self.dialled.pop_front() {
                Some(peer) if !script.one_in(4) => self.connected(peer),
                Some(peer) => self.input(Input::Disconnected(peer)),
                None => {}
            },
            10 => {
                if let Some(peer) = self.peer(script) {
                    self.links.remove(&peer);
                    self.input(Input::Disconnected(peer));
                }
            }
            11 | 12 => self.call(script),
            13 => {
                if let Some(peer) = self.peer(script) {
                    self.input(Input::Drained(peer));
                }
            }
            14 | 15 => self.ask(script),
            16 if script.one_in(4) => self.restart(script),
            17 => self.agrees(),
            _ => self.settle(),
        }
    }

    /// A connection's other end has another chain, and mostly says so.
    fn follow(&mut self, script: &mut Script<'_>, number: usize) {
        let Some(peer) = self.peer(script) else {
            return;
        };
        let Some(link) = self.links.get_mut(&peer) else {
            return;
        };
        link.tip = number;
        if !script.one_in(4) {
            let bytes = link.announces_tip(&self.network);
            self.input(Input::Received { peer, bytes });
        }
    }

    /// Somebody pays, and a connection's other end mostly says so.
    fn pay(&mut self, script: &mut Script<'_>) {
        self.network.pay(script);
        let peer = self.peer(script).filter(|_| !script.one_in(4));
        let link = peer.and_then(|peer| Some((peer, self.links.get(&peer)?)));
        if let Some((peer, link)) = link
            && let Some(bytes) = link.announces_payment(&self.network)
        {
            self.input(Input::Received { peer, bytes });
        }
    }

    fn peer(&mut self, script: &mut Script<'_>) -> Option<PeerId> {
        let at = script.below(self.links.len());
        self.links.keys().nth(at).copied()
    }

    fn say(&mut self, script: &mut Script<'_>, bytes: Vec<u8>) {
        let Some(peer) = self.peer(script) else {
            return;
        };
        let cut = script.below(bytes.len() + 1);
        let (first, second) = bytes.split_at(cut);
        for bytes in [first, second].map(<[u8]>::to_vec) {
            if self.links.contains_key(&peer) {
                self.input(Input::Received { peer, bytes });
            }
        }
    }

    fn answer(&mut self, peer: Option<PeerId>) {
        let unix = self.now.unix();
        let Some(peer) = peer else {
            return;
        };
        let Some(link) = self.links.get_mut(&peer) else {
            return;
        };
        for bytes in link.answer(&self.network, unix) {
            if self.links.contains_key(&peer) {
                self.input(Input::Received { peer, bytes });
            }
        }
        if self.links.contains_key(&peer) {
            self.input(Input::Drained(peer));
        }
    }

    /// Somebody connects, and greets or not.
    fn call(&mut self, script: &mut Script<'_>) {
        let peer = PeerId(self.next_inbound);
        self.next_inbound += 1;
        let tip = self.network.builder.pick(script);
        self.links
            .insert(peer, Peer::new(self.network.builder.params.magic, tip));
        let address = match script.one_in(8) {
            true => script.text(),
            false => format!("10.0.0.{}:1", script.below(4)),
        };
        self.input(Input::Accepted { peer, address });
        if script.one_in(8) {
            return;
        }
        let unix = self.now.unix();
        let greeting = self.links.get(&peer);
        let greeting = greeting.map(|link| link.greeting(&self.network, unix));
        for bytes in greeting.unwrap_or_default() {
            if self.links.contains_key(&peer) {
                self.input(Input::Received { peer, bytes });
            }
        }
    }

    fn connected(&mut self, peer: PeerId) {
        let tip = self.network.builder.best();
        self.links
            .insert(peer, Peer::new(self.network.builder.params.magic, tip));
        self.input(Input::Connected(peer));
    }

    fn settle(&mut self) {
        for _ in 0..ROUNDS {
            while let Some(peer) = self.dialled.pop_front() {
                self.connected(peer);
            }
            let waiting = self.links.iter().find(|(_, link)| link.waits());
            match waiting.map(|(peer, _)| *peer) {
                Some(peer) => self.answer(Some(peer)),
                None => break,
            }
        }
    }

    fn pass(&mut self, script: &mut Script<'_>) {
        let ms = match script.below(8) {
            0..=3 => self.wake.saturating_sub(self.now.monotonic_ms),
            4 => script.byte().into(),
            5 => u64::from(script.number::<u16>()) * 16,
            6 => u64::from(script.number::<u16>()) * 60_000,
            _ => {
                let jump = i64::from(script.number::<i16>()) * 4_000;
                self.now.unix_ms = self.now.unix_ms.saturating_add_signed(jump);
                0
            }
        };
        self.now.monotonic_ms += ms;
        self.now.unix_ms += ms;
        if self.now.monotonic_ms >= self.wake {
            self.input(Input::Tick);
        }
    }

    fn ask(&mut self, script: &mut Script<'_>) {
        let request = match script.below(8) {
            0 => Request::Status,
            1 => Request::Template {
                longpollid: match script.below(3) {
                    0 => None,
                    1 => Some(script.text()),
                    _ => self.last_template.as_ref().map(|t| t.longpollid.clone()),
                },
            },
            2 => Request::SubmitBlock {
                block: script.piece(600).to_vec(),
            },
            3 => Request::SubmitTransaction {
                transaction: script.piece(400).to_vec(),
            },
            4 => {
                let number = self.network.builder.pick(script);
                Request::SubmitBlock {
                    block: serialize(&self.network.builder.made[number].block),
                }
            }
            5 => {
                let at = script.below(self.network.mempool.len());
                let waiting = self.network.mempool.get(at);
                Request::SubmitTransaction {
                    transaction: waiting.map(serialize).unwrap_or_default(),
                }
            }
            _ => Request::SubmitBlock {
                block: self.mined(script),
            },
        };
        let id = RequestId(self.next_request);
        self.next_request += 1;
        self.asked.insert(id.0);
        self.input(Input::Request { id, request });
    }

    /// A block of the node's own template, or of one that the script makes up.
    fn mined(&mut self, script: &mut Script<'_>) -> Vec<u8> {
        let template = match self.last_template.clone() {
            Some(template) if !script.one_in(4) => template,
            _ => template(script, &self.network),
        };
        let payout = crate::spend::script(script.byte());
        let params = &self.network.builder.params;
        let candidate = Candidate::from_template(params, &template, payout, script.byte().into());
        let Ok(candidate) = candidate else {
            return Vec::new();
        };
        let mut header = candidate.header();
        crate::mine::mine(&mut header);
        let block = candidate.block_with(header);
        block.map(|block| serialize(&block)).unwrap_or_default()
    }

    /// The program ends, and starts again from its store.
    fn restart(&mut self, script: &mut Script<'_>) {
        let params = self.network.builder.params.clone();
        let (tip, hash) = (self.node.chain().tip(), self.node.chain().utxo_hash());
        let store = self.node.chain().store().clone();
        let chain = Chain::open(params.clone(), store).expect("a store of its own");
        assert_eq!((chain.tip().hash, chain.utxo_hash()), (tip.hash, hash));
        self.node = Node::new(params, [script.byte(); 32], chain, options());
        self.dialled.clear();
        self.links.clear();
        self.asked.clear();
        self.last_outbound = 0;
        self.wake = 0;
        self.input(Input::Tick);
    }

    fn agrees(&mut self) {
        let chain = self.node.chain();
        let tip = chain.tip();
        let params = chain.params();
        let mut sum = 0;
        let counted = chain.store().each_coin(&mut |_, coin| sum += coin.amount);
        counted.expect("memory does not break");
        let subsidies = (1..=tip.height).map(|height| params.subsidy.at(height));
        assert!(sum <= subsidies.sum(), "money was made");
        if let Some(number) = self.network.builder.find(&tip.hash) {
            let made = &self.network.builder.made[number];
            assert!(made.valid, "an invalid block was connected");
            let all: u64 = made.coins.values().map(|coin| coin.amount).sum();
            assert_eq!(sum, all, "the coins are not those of the blocks");
        }
        let mempool = self.node.mempool();
        assert!(mempool.weight() <= MEMPOOL_WEIGHT);
        let weights = mempool
            .transactions()
            .map(|(_, found)| found.weight().to_wu());
        assert_eq!(weights.sum::<u64>(), mempool.weight());
        let mut spent = BTreeSet::new();
        for (txid, transaction) in mempool.transactions() {
            for input in &transaction.input {
                assert!(
                    spent.insert(input.previous_output),
                    "a coin spent twice waits"
                );
                assert_eq!(mempool.spender(&input.previous_output), Some(*txid));
                let parent = input.previous_output.txid;
                let coin = chain.coin(&input.previous_output);
                let there = coin.expect("memory does not break").is_some();
                assert!(there || mempool.contains(&parent), "it waits for no coin");
            }
        }
    }

    fn input(&mut self, input: Input) {
        self.node.handle(self.now, input);
        let mut count = 0;
        while let Some(output) = self.node.poll_output() {
            count += 1;
            assert!(
                count < MOST_OUTPUTS,
                "an input that is answered without end"
            );
            self.outputs.push(output.clone());
            self.perform(output);
        }
        let work = self.node.chain().tip().work;
        assert!(work >= self.best_work, "best work fell");
        self.best_work = work;
    }

    fn perform(&mut self, output: Output) {
        match output {
            Output::Connect { peer, .. } => {
                assert!(peer.0 > self.last_outbound && peer.0 < INBOUND);
                self.last_outbound = peer.0;
                self.dialled.push_back(peer);
            }
            Output::Send { peer, bytes } => {
                let link = self.links.get_mut(&peer);
                link.expect("sends to whom it is connected").hear(&bytes);
            }
            Output::Disconnect(peer) => {
                let dialled = self.dialled.len();
                self.dialled.retain(|other| *other != peer);
                let open = self.links.remove(&peer).is_some();
                assert!(open || self.dialled.len() < dialled, "leaves whom it has");
            }
            Output::Reply { id, result } => {
                assert!(self.asked.remove(&id.0), "one answer to each request");
                match result {
                    Ok(Response::Template(template)) => self.last_template = Some(*template),
                    Ok(Response::Status(status)) => {
                        let inbound = status.peers.iter();
                        let inbound = inbound.filter(|peer| peer.peer.0 >= INBOUND);
                        assert!(inbound.count() <= MAX_INBOUND);
                    }
                    _ => {}
                }
            }
            Output::WakeAt { monotonic_ms } => {
                assert!(monotonic_ms > self.now.monotonic_ms, "wakes in the past");
                self.wake = monotonic_ms;
            }
            Output::Log(_) => {}
            Output::Halt { reason } => unreachable!("halted on a store that works: {reason}"),
        }
    }
}
