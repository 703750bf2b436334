//! A driver for one client: a clock that is moved by hand, a storage that remembers, connections
//! to scripted peers. It does what a browser's driver does, in no time.

use super::chain::script_of;
use super::peer::Peer;
use crate::client::{
    ChainView, Client, Command, CommandError, Event, Input, NodeAddress, NoticeKind, Output,
    PeerId, PeerState, PeerView, Record, Reply, RequestId, StoreRequest,
};
use crate::invoice::{InvoiceRequest, InvoiceView};
use crate::params::NetworkParams;
use crate::primitives::Now;
use bitcoin::Transaction;
use bitcoin::p2p::message::NetworkMessage;
use bitcoin::p2p::message_blockdata::Inventory;
use std::collections::{BTreeMap, VecDeque};

/// When every test begins.
pub(crate) const START: u32 = 1_700_000_000;

/// What a driver keeps over a restart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Disk {
    pub(crate) headers: Vec<u8>,
    pub(crate) records: BTreeMap<String, Vec<u8>>,
}

pub(crate) struct World {
    pub(crate) params: NetworkParams,
    pub(crate) client: Client,
    pub(crate) now: Now,
    wake: Option<u64>,
    /// By operator.
    pub(crate) peers: BTreeMap<String, Peer>,
    /// Open connections, by the operator at the other end.
    pub(crate) links: BTreeMap<PeerId, String>,
    /// Nobody answers here.
    pub(crate) unreachable: Vec<String>,
    /// Writes of records fail with this.
    pub(crate) disk_error: Option<String>,
    pub(crate) disk: Disk,
    pub(crate) events: Vec<Event>,
    pub(crate) replies: BTreeMap<u32, Result<Reply, CommandError>>,
    /// Every output, to compare two runs.
    pub(crate) outputs: Vec<Output>,
    inputs: VecDeque<Input>,
    next_request: u32,
}

/// Bytes of headers that are read at once: of five.
const PIECE: usize = 5 * 80;

impl World {
    pub(crate) fn new(network: &str) -> Self {
        Self::restored(network, Disk::default(), START)
    }

    /// A client that starts from what was stored.
    pub(crate) fn restored(network: &str, disk: Disk, at: u32) -> Self {
        let params = NetworkParams::by_name(network).expect("a network of the table");
        let mut world = Self {
            client: Client::new(params.clone(), [7; 32]),
            params,
            now: Now {
                unix_ms: u64::from(at) * 1000,
                monotonic_ms: 5_000,
            },
            wake: None,
            peers: BTreeMap::new(),
            links: BTreeMap::new(),
            unreachable: Vec::new(),
            disk_error: None,
            disk,
            events: Vec::new(),
            replies: BTreeMap::new(),
            outputs: Vec::new(),
            inputs: VecDeque::new(),
            next_request: 1,
        };
        // In pieces, as a browser's driver reads them; what is torn off at the end comes with the last.
        let headers = world.disk.headers.chunks(PIECE);
        let (pieces, last): (Vec<_>, Vec<_>) = headers.partition(|piece| piece.len() == PIECE);
        world
            .inputs
            .extend(pieces.into_iter().map(|piece| Input::StoredHeaders {
                headers: piece.to_vec(),
            }));
        let records = world.disk.records.iter();
        world.inputs.push_back(Input::Restored {
            headers: last.concat(),
            records: records
                .map(|(key, value)| Record {
                    key: key.clone(),
                    value: value.clone(),
                })
                .collect(),
            storage: "memory".to_owned(),
        });
        world.run();
        world
    }

    /// Adds peers and talks to all of them, in the order of their names.
    pub(crate) fn connect(&mut self, peers: Vec<(&str, Peer)>) {
        for (operator, peer) in peers {
            self.peers.insert(operator.to_owned(), peer);
        }
        let nodes = self.peers.keys().map(|operator| NodeAddress {
            url: format!("ws://{operator}/"),
            operator: operator.clone(),
        });
        let nodes = nodes.collect();
        self.ask(Command::SetNodes { nodes })
            .expect("good addresses");
    }

    /// Gives one input and does what follows.
    pub(crate) fn input(&mut self, input: Input) {
        self.inputs.push_back(input);
        self.run();
    }

    /// Sends a command; its answer, if it came at once.
    pub(crate) fn try_ask(&mut self, command: Command) -> Option<Result<Reply, CommandError>> {
        let id = self.next_request;
        self.next_request += 1;
        self.input(Input::Command {
            id: RequestId(id),
            command,
        });
        self.replies.get(&id).cloned()
    }

    pub(crate) fn ask(&mut self, command: Command) -> Result<Reply, CommandError> {
        self.try_ask(command).expect("an answer")
    }

    /// Lets time pass: the client is woken whenever it wished to be.
    pub(crate) fn pass(&mut self, ms: u64) {
        let end = self.now.monotonic_ms + ms;
        while let Some(wake) = self.wake.filter(|wake| *wake <= end) {
            self.set_monotonic(wake.max(self.now.monotonic_ms));
            self.wake = None;
            self.input(Input::Tick);
        }
        self.set_monotonic(end);
    }

    fn set_monotonic(&mut self, to: u64) {
        self.now.unix_ms += to - self.now.monotonic_ms;
        self.now.monotonic_ms = to;
    }

    pub(crate) fn unix(&self) -> u32 {
        self.now.unix()
    }

    /// A peer says something of its own accord.
    pub(crate) fn say(&mut self, operator: &str, message: NetworkMessage) {
        let bytes = self.peers[operator].encode(message);
        self.say_bytes(operator, &bytes);
    }

    pub(crate) fn say_bytes(&mut self, operator: &str, bytes: &[u8]) {
        if let Some(peer) = self.peer_id(operator) {
            let bytes = bytes.to_vec();
            self.input(Input::Received { peer, bytes });
        }
    }

    /// A peer has a transaction and announces it.
    pub(crate) fn relay(&mut self, operator: &str, transaction: &Transaction) {
        let peer = self.peers.get_mut(operator).expect("a peer");
        peer.mempool.push(transaction.clone());
        let message = peer.announcement(transaction);
        self.say(operator, message);
    }

    /// A peer has a longer chain and announces its tip.
    pub(crate) fn announce(&mut self, operator: &str, chain: &super::chain::Chain) {
        let peer = self.peers.get_mut(operator).expect("a peer");
        peer.chain = chain.clone();
        let tip = chain.last().expect("genesis is there").block_hash();
        let item = bitcoin::p2p::message_blockdata::Inventory::Block(tip);
        self.say(operator, NetworkMessage::Inv(vec![item]));
    }

    pub(crate) fn peer_id(&self, operator: &str) -> Option<PeerId> {
        self.links
            .iter()
            .find(|(_, at)| at.as_str() == operator)
            .map(|(peer, _)| *peer)
    }

    /// A connection breaks.
    pub(crate) fn cut(&mut self, operator: &str) {
        if let Some(peer) = self.peer_id(operator) {
            self.links.remove(&peer);
            self.input(Input::Disconnected(peer));
        }
    }

    pub(crate) fn run(&mut self) {
        while let Some(input) = self.inputs.pop_front() {
            self.client.handle(self.now, input);
            while let Some(output) = self.client.poll_output() {
                self.outputs.push(output.clone());
                self.perform(output);
            }
        }
    }

    fn perform(&mut self, output: Output) {
        match output {
            Output::Connect { peer, url } => {
                let operator = url.trim_start_matches("ws://").trim_end_matches('/');
                if self.unreachable.iter().any(|name| name == operator) {
                    self.inputs.push_back(Input::Disconnected(peer));
                } else {
                    self.links.insert(peer, operator.to_owned());
                    self.peers.get_mut(operator).expect("a peer").reset();
                    self.inputs.push_back(Input::Connected(peer));
                }
            }
            Output::Send { peer, bytes } => {
                let unix = self.now.unix();
                let Some(operator) = self.links.get(&peer) else {
                    return;
                };
                let node = self.peers.get_mut(operator).expect("a peer");
                for answer in node.receive(&bytes, unix) {
                    let bytes = node.encode(answer);
                    self.inputs.push_back(Input::Received { peer, bytes });
                }
            }
            Output::Disconnect(peer) => {
                self.links.remove(&peer);
            }
            Output::Store { id, request } => {
                let error = match request {
                    StoreRequest::Headers { .. } => None,
                    _ => self.disk_error.clone(),
                };
                if error.is_none() {
                    self.disk.write(request);
                }
                self.inputs.push_back(Input::Stored { id, error });
            }
            Output::WakeAt { monotonic_ms } => self.wake = Some(monotonic_ms),
            Output::Event(event) => self.events.push(event),
            Output::Reply { id, result } => {
                assert!(
                    self.replies.insert(id.0, result).is_none(),
                    "one answer to each command"
                );
            }
        }
    }

    /// Asks for a payment of `due` units to the made-up key.
    pub(crate) fn invoice(&mut self, key: u8, due: u64, confirmations: u32) -> InvoiceView {
        let request = self.request(key, due, confirmations);
        match self.ask(Command::CreateInvoice { request }) {
            Ok(Reply::Invoice { invoice }) => *invoice,
            other => panic!("expected an invoice, found {other:?}"),
        }
    }

    pub(crate) fn request(&self, key: u8, due: u64, confirmations: u32) -> InvoiceRequest {
        InvoiceRequest {
            label: "Table 7".to_owned(),
            address: self
                .params
                .address_from_script(&script_of(key))
                .expect("a witness program has an address"),
            due,
            tolerance_ppm: 0,
            confirmations,
            expires_in: 3600,
            attacker_share_ppm: 100_000,
            risk_cap: None,
        }
    }

    /// The invoice as it is now.
    pub(crate) fn look(&mut self, id: u32) -> InvoiceView {
        match self.ask(Command::ListInvoices) {
            Ok(Reply::Invoices { invoices }) => invoices
                .into_iter()
                .find(|invoice| invoice.id == id)
                .expect("the invoice is listed"),
            other => panic!("expected invoices, found {other:?}"),
        }
    }

    /// The chain as it was last told; lets the quarter of a second pass that a view may wait.
    pub(crate) fn chain(&mut self) -> ChainView {
        self.pass(300);
        let told = self.events.iter().rev().find_map(|event| match event {
            Event::Chain { chain } => Some(chain.as_ref().clone()),
            _ => None,
        });
        told.expect("the chain was told")
    }

    pub(crate) fn height(&mut self) -> u32 {
        self.chain().tip.height
    }

    pub(crate) fn peer_view(&mut self, operator: &str) -> PeerView {
        self.pass(300);
        let told = self.events.iter().rev().find_map(|event| match event {
            Event::Peers { peers } => Some(peers.clone()),
            _ => None,
        });
        told.expect("the peers were told")
            .into_iter()
            .find(|peer| peer.operator == operator)
            .expect("the peer is configured")
    }

    /// Blocks that a peer was asked for.
    pub(crate) fn block_requests(&self, operator: &str) -> usize {
        let heard = self.peers[operator].heard.iter();
        heard
            .filter_map(|message| match message {
                NetworkMessage::GetData(items) => Some(items),
                _ => None,
            })
            .flatten()
            .filter(|item| matches!(item, Inventory::WitnessBlock(_)))
            .count()
    }

    pub(crate) fn is_ready(&mut self, operator: &str) -> bool {
        self.peer_view(operator).state == PeerState::Ready
    }

    /// Why the peer is left alone.
    pub(crate) fn ban(&mut self, operator: &str) -> String {
        match self.peer_view(operator).state {
            PeerState::Banned { reason, .. } => reason,
            other => panic!("expected a ban, found {other:?}"),
        }
    }

    pub(crate) fn notices(&self, wanted: NoticeKind) -> Vec<String> {
        let events = self.events.iter();
        events
            .filter_map(|event| match event {
                Event::Notice { kind, text } if *kind == wanted => Some(text.clone()),
                _ => None,
            })
            .collect()
    }
}

impl Disk {
    pub(crate) fn write(&mut self, request: StoreRequest) {
        match request {
            StoreRequest::Headers { from_height, bytes } => {
                let at = from_height as usize * 80;
                assert!(at <= self.headers.len(), "no hole in the headers");
                self.headers.truncate(at);
                self.headers.extend(bytes);
            }
            StoreRequest::Put(record) => {
                self.records.insert(record.key, record.value);
            }
            StoreRequest::Delete { key } => {
                self.records.remove(&key);
            }
        }
    }
}
