//! A driver for one node: strangers of many addresses who say what a test says, and a clock that is
//! moved by hand.

use crate::coins;
use crate::messages::version;
use bitcoin::block::Block;
use bitcoin::p2p::message::NetworkMessage;
use bitcoin::p2p::message_blockdata::Inventory;
use farthing_core::chain::{Chain, MemoryStore};
use farthing_core::client::{PeerId, RequestId};
use farthing_core::mining::Candidate;
use farthing_core::node::{Input, Node, NodeOptions, Output, Request, Response};
use farthing_core::params::NetworkParams;
use farthing_core::primitives::Now;
use farthing_core::protocol::{Frame, FrameDecoder, encode};
use std::collections::{BTreeMap, BTreeSet};

/// A driver numbers the connections that come in from here on.
const INBOUND: u32 = 1 << 31;
const START_MS: u64 = 1_900_000_000_000;

pub(crate) struct Host {
    pub(crate) params: NetworkParams,
    pub(crate) node: Node<MemoryStore>,
    now_ms: u64,
    next: u32,
    /// Who is connected.
    pub(crate) open: BTreeSet<PeerId>,
    /// Who reads nothing, and what waits for it.
    pub(crate) deaf: BTreeMap<PeerId, Vec<Vec<u8>>>,
    /// What the node asked for since it was last looked at.
    pub(crate) asked: Vec<(PeerId, Inventory)>,
    /// Whether strangers answer `getheaders`: with none.
    pub(crate) answers_headers: bool,
    replied: Option<Response>,
}

impl Host {
    pub(crate) fn new(change: impl FnOnce(&mut NetworkParams, &mut NodeOptions)) -> Self {
        let mut params = NetworkParams::by_name("practice").expect("in the table");
        let mut options = NodeOptions::default();
        change(&mut params, &mut options);
        let chain = Chain::open(params.clone(), MemoryStore::new()).expect("an empty store");
        let node = Node::new(params.clone(), [9; 32], chain, options);
        let mut host = Self {
            params,
            node,
            now_ms: 0,
            next: 0,
            open: BTreeSet::new(),
            deaf: BTreeMap::new(),
            asked: Vec::new(),
            answers_headers: true,
            replied: None,
        };
        host.input(Input::Tick);
        host
    }

    pub(crate) fn unix(&self) -> u32 {
        self.now().unix()
    }

    fn now(&self) -> Now {
        Now {
            unix_ms: START_MS + self.now_ms,
            monotonic_ms: 1_000 + self.now_ms,
        }
    }

    /// A connection comes in, and nothing is said.
    pub(crate) fn accept(&mut self, address: &str) -> PeerId {
        let peer = PeerId(INBOUND + self.next);
        self.next += 1;
        self.open.insert(peer);
        let address = format!("{address}:{}", 10_000 + self.next % 50_000);
        self.input(Input::Accepted { peer, address });
        peer
    }

    /// A connection comes in and shakes hands.
    pub(crate) fn guest(&mut self, address: &str) -> PeerId {
        let peer = self.accept(address);
        let greeting = version(self.unix(), 0);
        self.say(peer, greeting);
        self.say(peer, NetworkMessage::WtxidRelay);
        self.say(peer, NetworkMessage::Verack);
        assert!(self.open.contains(&peer));
        peer
    }

    pub(crate) fn say(&mut self, peer: PeerId, message: NetworkMessage) {
        let bytes = encode(self.params.magic, message);
        self.input(Input::Received { peer, bytes });
    }

    pub(crate) fn pass(&mut self, ms: u64) {
        for _ in 0..ms / 500 {
            self.now_ms += 500;
            self.input(Input::Tick);
        }
    }

    pub(crate) fn input(&mut self, input: Input) {
        let mut inputs = vec![input];
        while let Some(input) = inputs.pop() {
            self.node.handle(self.now(), input);
            while let Some(output) = self.node.poll_output() {
                self.perform(output, &mut inputs);
            }
        }
    }

    fn perform(&mut self, output: Output, inputs: &mut Vec<Input>) {
        match output {
            Output::Send { peer, bytes } => match self.deaf.get_mut(&peer) {
                Some(waiting) => waiting.push(bytes),
                None => {
                    inputs.push(Input::Drained(peer));
                    for answer in self.hear(peer, &bytes) {
                        let bytes = encode(self.params.magic, answer);
                        inputs.push(Input::Received { peer, bytes });
                    }
                }
            },
            Output::Disconnect(peer) => {
                self.open.remove(&peer);
                self.deaf.remove(&peer);
            }
            Output::Reply { result, .. } => self.replied = Some(result.expect("a good request")),
            Output::Halt { reason } => panic!("it broke off: {reason}"),
            Output::Connect { .. } | Output::WakeAt { .. } | Output::Log(_) => {}
        }
    }

    /// What a stranger does with what it is told.
    fn hear(&mut self, peer: PeerId, bytes: &[u8]) -> Vec<NetworkMessage> {
        let mut decoder = FrameDecoder::new(self.params.magic);
        decoder.push(bytes);
        match decoder.next().expect("the node sends good frames") {
            Some(Frame::Message { payload, .. }) => match payload {
                NetworkMessage::Ping(nonce) => vec![NetworkMessage::Pong(nonce)],
                NetworkMessage::GetHeaders(_) if self.answers_headers => {
                    vec![NetworkMessage::Headers(Vec::new())]
                }
                NetworkMessage::GetData(items) => {
                    self.asked
                        .extend(items.into_iter().map(|item| (peer, item)));
                    Vec::new()
                }
                _ => Vec::new(),
            },
            other => panic!("expected one message, found {other:?}"),
        }
    }

    /// Announces a transaction and brings it if asked; says that its parents are not at hand.
    pub(crate) fn bring(&mut self, peer: PeerId, transaction: &bitcoin::Transaction) {
        let item = Inventory::WTx(transaction.compute_wtxid());
        self.say(peer, NetworkMessage::Inv(vec![item]));
        let asked = std::mem::take(&mut self.asked);
        if asked.contains(&(peer, item)) {
            self.say(peer, NetworkMessage::Tx(transaction.clone()));
        }
        let asked = std::mem::take(&mut self.asked);
        let lacked: Vec<_> = asked.into_iter().map(|(_, item)| item).collect();
        if !lacked.is_empty() {
            self.say(peer, NetworkMessage::NotFound(lacked));
        }
    }

    fn request(&mut self, request: Request) -> Response {
        self.next += 1;
        let id = RequestId(self.next);
        self.input(Input::Request { id, request });
        self.replied.take().expect("an answer at once")
    }

    /// Mines a block of what waits.
    pub(crate) fn mine(&mut self) -> Block {
        self.pass(1_000);
        let request = Request::Template { longpollid: None };
        let Response::Template(template) = self.request(request) else {
            panic!("expected a template");
        };
        let number = u64::from(self.next);
        let candidate = Candidate::from_template(&self.params, &template, coins::script(), number);
        let block = coins::seal(&candidate.expect("a good template"));
        let bytes = bitcoin::consensus::serialize(&block);
        self.request(Request::SubmitBlock { block: bytes });
        assert_eq!(self.node.chain().tip().hash, block.block_hash());
        block
    }

    /// Has the node take a transaction from a person.
    pub(crate) fn submit(&mut self, transaction: &bitcoin::Transaction) {
        let transaction = bitcoin::consensus::serialize(transaction);
        self.request(Request::SubmitTransaction { transaction });
    }

    pub(crate) fn waits(&self, transaction: &bitcoin::Transaction) -> bool {
        self.node.mempool().contains(&transaction.compute_txid())
    }
}
