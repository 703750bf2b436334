//! The light client: timed inputs of every kind (commands, connections, bytes with valid framing,
//! writes that fail, restarts from a damaged storage), beside honest answers that let it get far.
//! Each script runs twice and must give the same outputs.

use crate::commands::Page;
use crate::peer::{Network, Peer, said};
use crate::script::Script;
use farthing_core::bitcoin::block::Header;
use farthing_core::bitcoin::consensus::deserialize;
use farthing_core::client::{
    Client, Command, Event, Input, NodeAddress, Output, PeerId, Record, Reply, RequestId, StoreId,
    StoreRequest,
};
use farthing_core::invoice::{InvoiceStatus, InvoiceView, PaymentState};
use farthing_core::params::NetworkParams;
use farthing_core::primitives::Now;
use std::collections::{BTreeMap, VecDeque};

/// Steps of one script.
const MOST_STEPS: usize = 300;
/// Outputs that may follow from one input.
const MOST_OUTPUTS: usize = 3_000;
/// Connections that an honest exchange serves before it ends.
const ROUNDS: usize = 24;

/// Feeds a client, twice.
pub fn client(data: &[u8]) {
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
    world.look();
    world.outputs
}

/// What a driver keeps over a restart.
#[derive(Default)]
struct Disk {
    headers: Vec<u8>,
    records: BTreeMap<String, Vec<u8>>,
}

struct World {
    client: Client,
    params: NetworkParams,
    now: Now,
    wake: u64,
    disk: Disk,
    /// Writes that were asked for and not answered yet.
    writes: VecDeque<(StoreId, StoreRequest)>,
    /// The headers when all writes are done: the best chain.
    chain: Vec<u8>,
    dialled: VecDeque<PeerId>,
    links: BTreeMap<PeerId, Peer>,
    last_peer: u32,
    last_store: Option<u32>,
    network: Network,
    page: Page,
    /// Commands without an answer.
    asked: BTreeMap<u32, Command>,
    next_request: u32,
    best_work: String,
    invoices: Vec<InvoiceView>,
    /// A write failed, or what was stored was changed.
    disk_lied: bool,
    outputs: Vec<Output>,
}

impl World {
    fn new(script: &mut Script<'_>) -> Self {
        let network = Network::default();
        let params = network.builder.params.clone();
        let mut world = Self {
            client: Client::new(params.clone(), [7; 32]),
            now: Now {
                unix_ms: u64::from(params.genesis.time + 20_000) * 1_000,
                monotonic_ms: 5_000,
            },
            params,
            wake: 0,
            disk: Disk::default(),
            writes: VecDeque::new(),
            chain: Vec::new(),
            dialled: VecDeque::new(),
            links: BTreeMap::new(),
            last_peer: 0,
            last_store: None,
            network,
            page: Page::default(),
            asked: BTreeMap::new(),
            next_request: 1,
            best_work: String::new(),
            invoices: Vec::new(),
            disk_lied: false,
            outputs: Vec::new(),
        };
        // Rarely storage holds something that no client wrote.
        if script.one_in(16) {
            world.disk_lied = true;
            world.disk.headers = script.piece(400).to_vec();
            for key in [
                "counter",
                "ledger",
                "scan",
                "bans",
                "invoice/1",
                "wallet/keys",
            ] {
                let value = script.piece(200).to_vec();
                world.disk.records.insert(key.to_owned(), value);
            }
        }
        world.start();
        // Mostly it is connected already, so that a short script gets far.
        if !script.one_in(4) {
            let node = |name: &str| NodeAddress {
                url: format!("ws://{name}/"),
                operator: name.to_owned(),
            };
            let nodes = vec![node("a"), node("b")];
            world.ask(Command::SetNodes { nodes });
            world.settle();
        }
        world
    }

    fn start(&mut self) {
        let records = self.disk.records.iter().map(|(key, value)| Record {
            key: key.clone(),
            value: value.clone(),
        });
        let restored = Input::Restored {
            headers: self.disk.headers.clone(),
            records: records.collect(),
            storage: "memory".to_owned(),
        };
        self.chain = self.disk.headers.clone();
        self.best_work = String::new();
        self.input(restored);
    }

    fn act(&mut self, script: &mut Script<'_>) {
        match script.below(20) {
            0 | 1 => {
                let bytes = said(script, &self.network);
                self.say(script, bytes);
            }
            2 => {
                let peer = self.peer(script);
                self.answer(peer);
            }
            3 | 4 => {
                let number = self.network.builder.grow(script);
                self.follow(script, number);
            }
            5 => self.pay(script),
            6 => {
                self.network.mine(script);
                let number = self.network.builder.made.len() - 1;
                self.follow(script, number);
            }
            7 => self.pass(script),
            8 => self.write(script),
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
            11..=13 => {
                let command = self.page.command(script, &self.network);
                self.ask(command);
            }
            14 if script.one_in(4) => self.restart(script),
            15 => self.look(),
            16 => self.stray(script),
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
            // It may have been left after the first piece.
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
    }

    /// All that is under way comes to its end, as between honest nodes and a sound disk.
    fn settle(&mut self) {
        for _ in 0..ROUNDS {
            while let Some(peer) = self.dialled.pop_front() {
                self.connected(peer);
            }
            while let Some((id, request)) = self.writes.pop_front() {
                self.disk.write(request);
                self.input(Input::Stored { id, error: None });
            }
            let waiting = self.links.iter().find(|(_, link)| link.waits());
            match waiting.map(|(peer, _)| *peer) {
                Some(peer) => self.answer(Some(peer)),
                None => break,
            }
        }
    }

    fn connected(&mut self, peer: PeerId) {
        let tip = self.network.builder.best();
        self.links.insert(peer, Peer::new(self.params.magic, tip));
        self.input(Input::Connected(peer));
    }

    /// Time passes: to the next wake, a little, or more than any patience. Rarely a clock jumps.
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

    /// The oldest write is done, or fails.
    fn write(&mut self, script: &mut Script<'_>) {
        if let Some((id, request)) = self.writes.pop_front() {
            let error = script.one_in(3).then(|| script.text());
            match error.is_none() {
                true => self.disk.write(request),
                false => self.disk_lied = true,
            }
            self.input(Input::Stored { id, error });
        }
    }

    fn ask(&mut self, command: Command) {
        let id = RequestId(self.next_request);
        self.next_request += 1;
        self.asked.insert(id.0, command.clone());
        self.input(Input::Command { id, command });
    }

    /// A driver that is wrong: of connections and writes that are not.
    fn stray(&mut self, script: &mut Script<'_>) {
        let peer = PeerId(script.number());
        match script.below(5) {
            0 if !self.dialled.contains(&peer) && !self.links.contains_key(&peer) => {
                self.input(Input::Connected(peer));
            }
            1 if !self.dialled.contains(&peer) => {
                self.links.remove(&peer);
                self.input(Input::Disconnected(peer));
            }
            2 if !self.links.contains_key(&peer) => {
                let bytes = script.piece(40).to_vec();
                self.input(Input::Received { peer, bytes });
            }
            3 => {
                let id = StoreId(script.number());
                let waiting = self.writes.len();
                self.writes.retain(|(waiting, _)| *waiting != id);
                self.disk_lied |= self.writes.len() < waiting;
                self.input(Input::Stored { id, error: None });
            }
            _ => self.input(Input::Tick),
        }
    }

    /// The worker ends, and starts again from what was written; a byte of it may be another.
    fn restart(&mut self, script: &mut Script<'_>) {
        let damage = script.below(4);
        self.disk_lied |= damage < 3;
        match damage {
            0 if !self.disk.headers.is_empty() => {
                let at = script.number::<u16>() as usize % self.disk.headers.len();
                self.disk.headers[at] ^= script.byte();
            }
            1 if !self.disk.records.is_empty() => {
                let at = script.below(self.disk.records.len());
                if let Some(value) = self.disk.records.values_mut().nth(at)
                    && !value.is_empty()
                {
                    let at = script.number::<u16>() as usize % value.len();
                    value[at] ^= script.byte();
                }
            }
            2 => {
                let at = script.below(self.disk.headers.len() + 1);
                self.disk.headers.truncate(at);
            }
            _ => {}
        }
        self.client = Client::new(self.params.clone(), [script.byte(); 32]);
        self.writes.clear();
        self.dialled.clear();
        self.links.clear();
        self.asked.clear();
        (self.last_peer, self.last_store) = (0, None);
        self.start();
    }

    /// Every invoice, held against the chain.
    fn look(&mut self) {
        self.ask(Command::ListInvoices);
        let invoices = std::mem::take(&mut self.invoices);
        for invoice in &invoices {
            self.is_true(invoice);
        }
    }

    /// What the till says of payments in blocks is so on the best chain. Where storage lost headers
    /// it holds to what it stored, until the nodes have told it the chain again.
    fn is_true(&self, invoice: &InvoiceView) {
        if self.disk_lied {
            return;
        }
        let tip = (self.chain.len() / 80).saturating_sub(1) as u32;
        let mut deep = 0;
        for payment in &invoice.payments {
            let PaymentState::Mined {
                depth,
                block,
                height,
            } = &payment.state
            else {
                continue;
            };
            let at = *height as usize * 80;
            let header = self.chain.get(at..at + 80).expect("on the best chain");
            let header: Header = deserialize(header).expect("80 bytes");
            let hash = header.block_hash();
            assert_eq!(
                hash.to_string(),
                *block,
                "mined in a block of no best chain"
            );
            assert_eq!(*depth, tip - height + 1);
            if let Some(number) = self.network.builder.find(&hash) {
                let mut transactions = self.network.builder.made[number].block.txdata.iter();
                let there = |txid: String| txid == payment.txid;
                let there = transactions.any(|found| there(found.compute_txid().to_string()));
                assert!(there, "mined in a block that lacks it");
            }
            if payment.counts && *depth >= invoice.request.confirmations {
                deep += payment.value;
            }
        }
        if matches!(invoice.status, InvoiceStatus::Settled { .. })
            && invoice.request.confirmations > 0
        {
            assert!(deep >= invoice.need, "settled without the payment");
        }
    }

    fn input(&mut self, input: Input) {
        self.client.handle(self.now, input);
        let mut count = 0;
        while let Some(output) = self.client.poll_output() {
            count += 1;
            assert!(
                count < MOST_OUTPUTS,
                "an input that is answered without end"
            );
            self.outputs.push(output.clone());
            self.perform(output);
        }
    }

    fn perform(&mut self, output: Output) {
        match output {
            Output::Connect { peer, .. } => {
                assert!(peer.0 > self.last_peer, "a number is never used twice");
                self.last_peer = peer.0;
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
            Output::Store { id, request } => {
                assert_eq!(id.0, self.last_store.map_or(0, |last| last + 1));
                self.last_store = Some(id.0);
                if let StoreRequest::Headers { from_height, bytes } = &request {
                    let at = *from_height as usize * 80;
                    assert!(at <= self.chain.len(), "a hole in the headers");
                    assert!(bytes.len().is_multiple_of(80));
                    self.chain.truncate(at);
                    self.chain.extend(bytes);
                }
                self.writes.push_back((id, request));
            }
            Output::WakeAt { monotonic_ms } => {
                assert!(monotonic_ms > self.now.monotonic_ms, "wakes in the past");
                self.wake = monotonic_ms;
            }
            Output::Event(Event::Chain { chain }) => {
                assert!(chain.work >= self.best_work, "best work fell");
                self.best_work.clone_from(&chain.work);
            }
            Output::Event(_) => {}
            Output::Reply { id, result } => {
                let asked = self.asked.remove(&id.0);
                assert!(asked.is_some(), "one answer to each command");
                self.page.replied(&result);
                if let Ok(Reply::Invoices { invoices }) = result {
                    self.invoices = invoices;
                }
            }
        }
    }
}

impl Disk {
    /// As a file: what is written past the end leaves zeros between.
    fn write(&mut self, request: StoreRequest) {
        match request {
            StoreRequest::Headers { from_height, bytes } => {
                self.headers.resize(from_height as usize * 80, 0);
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
