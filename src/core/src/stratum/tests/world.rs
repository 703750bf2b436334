//! A node's server and miners for it, one clock, and lines between them.

use crate::consensus::script_of_key;
use crate::keys::SecretKey;
use crate::mining::{BlockTemplate, TemplateParent};
use crate::params::NetworkParams;
use crate::primitives::{Now, bits_from_target, hash_value};
use crate::stratum::client::{self, Client};
use crate::stratum::server::{self, ConnectionId, Server};
use crate::stratum::{Id, Message, VERSION_MASK};
use bitcoin::Transaction;
use bitcoin::block::Header;
use bitcoin::consensus::encode::deserialize;
use serde_json::Value;

pub(super) const START: u64 = 1_900_000_000_000;

/// The network on which every other hash will do.
pub(super) fn params() -> NetworkParams {
    NetworkParams::by_name("practice").unwrap()
}

pub(super) fn address(number: u8) -> String {
    let script = script_of_key(&SecretKey::from_seed(&[number; 32]).public());
    params().address_from_script(&script).unwrap()
}

pub(super) fn now(ms: u64) -> Now {
    Now {
        unix_ms: START + ms,
        monotonic_ms: 1_000 + ms,
    }
}

/// A template on the first block, at this time after the start.
pub(super) fn template(
    params: &NetworkParams,
    transactions: &[(Transaction, u64)],
    ms: u64,
) -> BlockTemplate {
    let parent = TemplateParent {
        hash: params.genesis.block_hash(),
        height: 0,
        median_time_past: params.genesis.time,
        bits: bits_from_target(params.pow_limit),
    };
    BlockTemplate::make(params, &parent, transactions, now(ms).unix())
}

pub(super) fn options() -> client::Options {
    client::Options {
        address: "pool.example:3333".to_owned(),
        user: format!("{}.phone", address(1)),
        password: "x".to_owned(),
        agent: "farthing/test".to_owned(),
        version_mask: VERSION_MASK,
    }
}

/// A header of this work that meets its target, from this nonce on.
pub(super) fn solve(work: &client::Work, from: u32) -> String {
    let mut header: Header = deserialize(&hex::decode(&work.header).unwrap()).unwrap();
    let target = crate::primitives::U256::from_str_radix(&work.target, 16).unwrap();
    header.nonce = from;
    while hash_value(&header.block_hash()) > target {
        header.nonce += 1;
    }
    bitcoin::consensus::encode::serialize_hex(&header)
}

/// A server, and what it said.
pub(super) struct Pool {
    pub(super) server: Server,
    pub(super) ms: u64,
    pub(super) blocks: Vec<Vec<u8>>,
    pub(super) log: Vec<String>,
    /// What was sent, by connection, in order.
    pub(super) sent: Vec<(ConnectionId, Vec<u8>)>,
    pub(super) closed: Vec<(ConnectionId, String)>,
    pub(super) wake: Option<u64>,
}

impl Pool {
    pub(super) fn new(params: NetworkParams, options: server::Options) -> Self {
        Self {
            server: Server::new(params, options, 0xfa27),
            ms: 0,
            blocks: Vec::new(),
            log: Vec::new(),
            sent: Vec::new(),
            closed: Vec::new(),
            wake: None,
        }
    }

    pub(super) fn handle(&mut self, input: server::Input) {
        self.server.handle(now(self.ms), input);
        while let Some(output) = self.server.poll_output() {
            match output {
                server::Output::Send { conn, bytes } => self.sent.push((conn, bytes)),
                server::Output::Disconnect { conn, reason } => self.closed.push((conn, reason)),
                server::Output::Submit { block, .. } => self.blocks.push(block),
                server::Output::WakeAt { monotonic_ms } => self.wake = Some(monotonic_ms),
                server::Output::Log { text, .. } => self.log.push(text),
            }
        }
    }

    pub(super) fn accept(&mut self, conn: u32) {
        self.handle(server::Input::Accepted {
            conn: ConnectionId(conn),
            address: "192.0.2.7".to_owned(),
            local: false,
        });
    }

    pub(super) fn say(&mut self, conn: u32, line: &str) {
        self.handle(server::Input::Received {
            conn: ConnectionId(conn),
            bytes: format!("{line}\n").into_bytes(),
        });
    }

    /// Passes time, waking the server when it wishes.
    pub(super) fn pass(&mut self, ms: u64) {
        let until = self.ms + ms;
        while let Some(wake) = self.wake.filter(|wake| *wake <= 1_000 + until) {
            self.ms = self.ms.max(wake - 1_000);
            self.wake = None;
            self.handle(server::Input::Tick);
        }
        self.ms = until;
    }

    /// What was sent since the last call.
    pub(super) fn heard(&mut self) -> Vec<Message> {
        let sent = std::mem::take(&mut self.sent);
        let read = |(_, bytes): &(ConnectionId, Vec<u8>)| Message::read(bytes.trim_ascii_end());
        sent.iter().map(|line| read(line).unwrap()).collect()
    }

    /// Asks, and takes the answer: the result, or code and text.
    pub(super) fn ask(&mut self, conn: u32, method: &str, params: &Value) -> Result<Value, i64> {
        let line = serde_json::json!({ "id": 7, "method": method, "params": params });
        self.say(conn, &line.to_string());
        let heard = self.heard();
        let answer = heard.into_iter().find_map(|message| match message {
            Message::Response { id, result } if id == Id::from_u64(7) => Some(result),
            _ => None,
        });
        let answer = answer.expect("an answer");
        answer.map_err(|error| error.code.expect("a code"))
    }
}

/// A miner, and what it said.
pub(super) struct Miner {
    pub(super) client: Client,
    pub(super) ms: u64,
    pub(super) events: Vec<client::Event>,
    pub(super) sent: Vec<Vec<u8>>,
    pub(super) connects: u32,
    pub(super) closed: Vec<String>,
    pub(super) wake: Option<u64>,
}

impl Miner {
    pub(super) fn new(options: client::Options) -> Self {
        Self {
            client: Client::new(options, 5),
            ms: 0,
            events: Vec::new(),
            sent: Vec::new(),
            connects: 0,
            closed: Vec::new(),
            wake: None,
        }
    }

    /// One that a pool let in.
    pub(super) fn ready() -> Self {
        let mut miner = Self::new(options());
        miner.connect();
        miner.hear(r#"{"id":1,"result":{"version-rolling":true,"version-rolling.mask":"1fffe000"},"error":null}"#);
        miner.hear(r#"{"id":2,"result":[[["mining.notify","1"]],"0000aa01",4],"error":null}"#);
        miner.hear(r#"{"id":3,"result":true,"error":null}"#);
        assert!(miner.client.is_ready());
        miner.events.clear();
        miner.sent.clear();
        miner
    }

    pub(super) fn connect(&mut self) {
        self.handle(client::Input::Tick);
        assert_eq!(self.connects, 1);
        self.handle(client::Input::Connected);
    }

    pub(super) fn handle(&mut self, input: client::Input) {
        self.client.handle(now(self.ms), input);
        while let Some(output) = self.client.poll_output() {
            match output {
                client::Output::Connect => self.connects += 1,
                client::Output::Send { bytes } => self.sent.push(bytes),
                client::Output::Disconnect { reason } => self.closed.push(reason),
                client::Output::WakeAt { monotonic_ms } => self.wake = Some(monotonic_ms),
                client::Output::Event { event } => self.events.push(event),
            }
        }
    }

    pub(super) fn hear(&mut self, line: &str) {
        let bytes = format!("{line}\n").into_bytes();
        self.handle(client::Input::Received { bytes });
    }

    /// Passes time, waking the client when it wishes.
    pub(super) fn pass(&mut self, ms: u64) {
        let until = self.ms + ms;
        while let Some(wake) = self.wake.filter(|wake| *wake <= 1_000 + until) {
            self.ms = self.ms.max(wake - 1_000);
            self.wake = None;
            self.handle(client::Input::Tick);
        }
        self.ms = until;
    }

    /// What was told of problems.
    pub(super) fn problems(&self) -> Vec<&str> {
        self.events
            .iter()
            .filter_map(|event| match event {
                client::Event::Problem { text } => Some(text.as_str()),
                _ => None,
            })
            .collect()
    }
}

/// Carries what each said to the other, until neither says anything.
pub(super) fn carry(pool: &mut Pool, miner: &mut Miner, conn: u32) {
    loop {
        let to_pool = std::mem::take(&mut miner.sent);
        let to_miner: Vec<_> = std::mem::take(&mut pool.sent);
        if to_pool.is_empty() && to_miner.is_empty() {
            return;
        }
        for bytes in to_pool {
            let conn = ConnectionId(conn);
            pool.handle(server::Input::Received { conn, bytes });
        }
        for (to, bytes) in to_miner {
            if to == ConnectionId(conn) {
                miner.handle(client::Input::Received { bytes });
            } else {
                pool.sent.push((to, bytes));
                return;
            }
        }
    }
}

/// A coinbase's two pieces around eight bytes, and a job of them on Bitcoin's first block: any hash
/// in two will do for a block where `bits` is `207fffff`.
pub(super) const COINBASE1: &str =
    "01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff0a5100";
pub(super) const COINBASE2: &str = "ffffffff0100f2052a01000000015100000000";

pub(super) fn notify(id: &str, bits: &str, clean: bool) -> String {
    notify_of(id, COINBASE1, COINBASE2, bits, clean)
}

pub(super) fn notify_of(id: &str, one: &str, two: &str, bits: &str, clean: bool) -> String {
    let parent = "0a8ce26f72b3f1b646a2a6c14ff763ae65831e939c085ae10019d66800000000";
    serde_json::json!({
        "id": null,
        "method": "mining.notify",
        "params": [id, parent, one, two, [], "20000000", bits, "4966bc61", clean],
    })
    .to_string()
}

pub(super) fn set_difficulty(number: f64) -> String {
    serde_json::json!({ "id": null, "method": "mining.set_difficulty", "params": [number] })
        .to_string()
}
