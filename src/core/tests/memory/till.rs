//! A driver for one light client: nodes that say what a test says, a storage that takes everything,
//! and a clock that is moved by hand.

use crate::messages::version;
use bitcoin::block::Header;
use bitcoin::p2p::message::NetworkMessage;
use bitcoin::p2p::message_blockdata::Inventory;
use bitcoin::{BlockHash, ScriptBuf};
use farthing_core::client::{
    Client, Command, Event, Input, NodeAddress, Output, PeerId, Reply, RequestId,
};
use farthing_core::invoice::{InvoiceRequest, InvoiceStatus};
use farthing_core::params::NetworkParams;
use farthing_core::primitives::Now;
use farthing_core::protocol::{Frame, FrameDecoder, encode};
use std::collections::{BTreeMap, VecDeque};

const START_MS: u64 = 1_700_000_000_000;

pub(crate) struct Till {
    pub(crate) params: NetworkParams,
    pub(crate) client: Client,
    now_ms: u64,
    wake_ms: Option<u64>,
    /// The nodes, by their operator's name: whom a connection leads to.
    links: BTreeMap<String, PeerId>,
    /// The headers after the first that every node has.
    pub(crate) headers: Vec<Header>,
    /// What was asked for since it was last looked at.
    pub(crate) asked: Vec<(PeerId, Inventory)>,
    inputs: VecDeque<Input>,
    next: u32,
    replied: Option<Reply>,
    /// The status of each invoice, as it was last told.
    pub(crate) statuses: BTreeMap<u32, InvoiceStatus>,
    /// How often something was to be stored.
    pub(crate) written: u32,
    /// Whether nodes answer `getheaders`.
    pub(crate) answers_headers: bool,
}

impl Till {
    /// A client of these nodes, which have so many headers.
    pub(crate) fn new(params: NetworkParams, headers: u32, operators: &[&str]) -> Self {
        let mut till = Self {
            client: Client::new(params.clone(), [7; 32]),
            now_ms: 0,
            wake_ms: None,
            links: BTreeMap::new(),
            headers: Vec::new(),
            asked: Vec::new(),
            inputs: VecDeque::new(),
            next: 0,
            replied: None,
            statuses: BTreeMap::new(),
            written: 0,
            answers_headers: true,
            params,
        };
        let mut parent = till.params.genesis;
        // The last of them is of now.
        parent.time = till.now().unix() - headers - 1;
        for number in 0..headers {
            let mut header = crate::messages::header_after(&till.params, &parent, number);
            if number == 0 {
                header.prev_blockhash = till.params.genesis.block_hash();
                while !header.target().is_met_by(header.block_hash()) {
                    header.nonce += 1;
                }
            }
            till.headers.push(header);
            parent = header;
        }
        till.input(Input::Restored {
            headers: Vec::new(),
            records: Vec::new(),
            storage: "memory".to_owned(),
        });
        let nodes = operators.iter().map(|operator| NodeAddress {
            url: format!("ws://{operator}/"),
            operator: (*operator).to_owned(),
        });
        let nodes = nodes.collect();
        till.ask(Command::SetNodes { nodes });
        till
    }

    pub(crate) fn now(&self) -> Now {
        Now {
            unix_ms: START_MS + self.now_ms,
            monotonic_ms: 5_000 + self.now_ms,
        }
    }

    pub(crate) fn peer(&self, operator: &str) -> Option<PeerId> {
        self.links.get(operator).copied()
    }

    pub(crate) fn say(&mut self, operator: &str, message: NetworkMessage) {
        if let Some(peer) = self.peer(operator) {
            let bytes = encode(self.params.magic, message);
            self.input(Input::Received { peer, bytes });
        }
    }

    /// Announces a transaction and brings it if asked.
    pub(crate) fn bring(&mut self, operator: &str, transaction: &bitcoin::Transaction) {
        let item = Inventory::WTx(transaction.compute_wtxid());
        self.say(operator, NetworkMessage::Inv(vec![item]));
        if self.asked.iter().any(|(_, asked)| *asked == item) {
            self.say(operator, NetworkMessage::Tx(transaction.clone()));
        }
        self.asked.clear();
    }

    pub(crate) fn pass(&mut self, ms: u64) {
        let end = self.now_ms + ms;
        while let Some(wake) = self.wake_ms.filter(|wake| *wake <= 5_000 + end) {
            self.now_ms = self.now_ms.max(wake.saturating_sub(5_000));
            self.wake_ms = None;
            self.input(Input::Tick);
        }
        self.now_ms = end;
    }

    fn ask(&mut self, command: Command) -> Reply {
        self.next += 1;
        let id = RequestId(self.next);
        self.input(Input::Command { id, command });
        self.replied.take().expect("an answer at once")
    }

    /// Asks for a payment to a script; the invoice's number.
    pub(crate) fn invoice(&mut self, script: &ScriptBuf, due: u64) -> u32 {
        let address = self.params.address_from_script(script);
        let request = InvoiceRequest {
            label: "Table 7".to_owned(),
            address: address.expect("a witness program has an address"),
            due,
            tolerance_ppm: 0,
            confirmations: 1,
            expires_in: 3_600,
            attacker_share_ppm: 100_000,
            risk_cap: None,
        };
        match self.ask(Command::CreateInvoice { request }) {
            Reply::Invoice { invoice } => invoice.id,
            other => panic!("expected an invoice, found {other:?}"),
        }
    }

    pub(crate) fn input(&mut self, input: Input) {
        self.inputs.push_back(input);
        while let Some(input) = self.inputs.pop_front() {
            self.client.handle(self.now(), input);
            while let Some(output) = self.client.poll_output() {
                self.perform(output);
            }
        }
    }

    fn perform(&mut self, output: Output) {
        match output {
            Output::Connect { peer, url } => {
                let operator = url.trim_start_matches("ws://").trim_end_matches('/');
                self.links.insert(operator.to_owned(), peer);
                self.inputs.push_back(Input::Connected(peer));
            }
            Output::Send { peer, bytes } => {
                for answer in self.hear(peer, &bytes) {
                    let bytes = encode(self.params.magic, answer);
                    self.inputs.push_back(Input::Received { peer, bytes });
                }
            }
            Output::Disconnect(peer) => self.links.retain(|_, other| *other != peer),
            Output::Store { id, .. } => {
                self.written += 1;
                self.inputs.push_back(Input::Stored { id, error: None });
            }
            Output::WakeAt { monotonic_ms } => self.wake_ms = Some(monotonic_ms),
            Output::Event(Event::Invoice { invoice }) => {
                self.statuses.insert(invoice.id, invoice.status);
            }
            Output::Event(_) => {}
            Output::Reply { result, .. } => self.replied = Some(result.expect("a good command")),
        }
    }

    /// What a node does with what it is told: it greets, answers pings, and shows its headers.
    fn hear(&mut self, peer: PeerId, bytes: &[u8]) -> Vec<NetworkMessage> {
        let mut decoder = FrameDecoder::new(self.params.magic);
        decoder.push(bytes);
        let Some(Frame::Message { payload, .. }) = decoder.next().expect("good frames") else {
            panic!("expected one message");
        };
        match payload {
            NetworkMessage::Version(_) => {
                let height = i32::try_from(self.headers.len()).expect("few");
                vec![
                    version(self.now().unix(), height),
                    NetworkMessage::WtxidRelay,
                    NetworkMessage::Verack,
                ]
            }
            NetworkMessage::Ping(nonce) => vec![NetworkMessage::Pong(nonce)],
            NetworkMessage::GetHeaders(ask) if self.answers_headers => {
                let known =
                    |hash: &BlockHash| self.headers.iter().position(|it| it.block_hash() == *hash);
                let from = ask
                    .locator_hashes
                    .iter()
                    .find_map(known)
                    .map_or(0, |at| at + 1);
                let headers = self.headers[from..].iter().take(2_000).copied();
                vec![NetworkMessage::Headers(headers.collect())]
            }
            NetworkMessage::GetData(items) => {
                self.asked
                    .extend(items.into_iter().map(|item| (peer, item)));
                Vec::new()
            }
            _ => Vec::new(),
        }
    }
}
