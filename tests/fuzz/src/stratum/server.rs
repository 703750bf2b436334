//! Our server, and miners that say anything. What it hands out is a block, pays whom the miner named;
//! each line is answered once at most; nothing is sent to whoever is gone.

use super::{MOST_STEPS, line, pass, start};
use crate::mine::practice;
use crate::script::Script;
use crate::spend::address;
use farthing_core::bitcoin::Block;
use farthing_core::bitcoin::block::{Header, Version};
use farthing_core::bitcoin::consensus::encode::deserialize;
use farthing_core::mining::{BlockTemplate, TemplateParent};
use farthing_core::params::NetworkParams;
use farthing_core::primitives::{Now, U256, bits_from_target, hash_value};
use farthing_core::stratum::server::{ConnectionId, Input, Options, Output, Server};
use farthing_core::stratum::{Message, Notify};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const METHODS: [&str; 10] = [
    "mining.configure",
    "mining.subscribe",
    "mining.authorize",
    "mining.submit",
    "mining.suggest_difficulty",
    "mining.suggest_target",
    "mining.extranonce.subscribe",
    "mining.get_transactions",
    "mining.ping",
    "mining.nonsense",
];
const MOST: usize = 4;

/// Feeds a server, twice.
pub fn stratum_server(data: &[u8]) {
    assert!(run(data) == run(data), "the same inputs, other outputs");
}

fn run(data: &[u8]) -> Vec<Output> {
    let mut script = Script::new(data);
    let params = practice();
    let options = Options {
        max_connections: MOST,
        max_per_address: 3,
        start_difficulty: script.one_of(&[0.001, 1e-9, f64::NAN, 1e9]),
        share_seconds: u32::from(script.byte()),
        version_mask: script.one_of(&[0, 0x1fff_e000, u32::MAX]),
    };
    let mut world = World {
        server: Server::new(params.clone(), options, script.number()),
        payout: params
            .script_from_address(&address(&params, 1))
            .expect("it is one"),
        params,
        now: start(),
        next: 0,
        open: BTreeMap::new(),
        outputs: Vec::new(),
    };
    for _ in 0..MOST_STEPS {
        if !script.more() {
            break;
        }
        world.act(&mut script);
    }
    world.outputs
}

/// Blocks that were handed out.
#[cfg(test)]
pub(super) fn blocks(data: &[u8]) -> usize {
    let outputs = run(data);
    let found = outputs
        .iter()
        .filter(|it| matches!(it, Output::Submit { .. }));
    found.count()
}

/// What a miner was told.
#[derive(Default)]
struct Told {
    extranonce1: Vec<u8>,
    jobs: Vec<Notify>,
}

struct World {
    server: Server,
    params: NetworkParams,
    payout: farthing_core::bitcoin::ScriptBuf,
    now: Now,
    next: u32,
    open: BTreeMap<ConnectionId, Told>,
    outputs: Vec<Output>,
}

impl World {
    fn act(&mut self, script: &mut Script<'_>) {
        match script.below(12) {
            0 => {
                pass(script, &mut self.now);
                self.handle(Input::Tick);
            }
            1 => {
                self.next += 1;
                let conn = ConnectionId(self.next);
                let local = script.one_in(2);
                let address = script.one_of(&["192.0.2.1", "192.0.2.2"]).to_owned();
                self.open.insert(conn, Told::default());
                self.handle(Input::Accepted {
                    conn,
                    address,
                    local,
                });
                assert!(self.open.len() <= MOST, "too many connections");
            }
            2 => {
                if let Some(conn) = self.pick(script) {
                    self.open.remove(&conn);
                    self.handle(Input::Disconnected(conn));
                }
            }
            3 => {
                let template = self.template(script);
                self.handle(Input::Template(Box::new(template)));
            }
            4 if script.one_in(4) => self.handle(Input::NoTemplate),
            4 | 5 => {
                let user = address(&self.params, 1);
                let lines = [
                    json!({ "id": 1, "method": "mining.configure", "params": [
                        ["version-rolling"], { "version-rolling.mask": "1fffe000" }] }),
                    json!({ "id": 2, "method": "mining.subscribe", "params": ["fuzz"] }),
                    json!({ "id": 3, "method": "mining.authorize", "params": [user, "x"] }),
                ];
                let lines = lines.map(|line| format!("{line}\n")).concat();
                self.say(script, lines.into_bytes());
            }
            6..=8 => self.submit(script),
            _ => {
                let bytes = line(script, &METHODS);
                self.say(script, bytes);
            }
        }
    }

    fn pick(&self, script: &mut Script<'_>) -> Option<ConnectionId> {
        let place = script.below(self.open.len());
        self.open.keys().nth(place).copied()
    }

    fn say(&mut self, script: &mut Script<'_>, bytes: Vec<u8>) {
        if let Some(conn) = self.pick(script) {
            self.handle(Input::Received { conn, bytes });
        }
    }

    fn template(&self, script: &mut Script<'_>) -> BlockTemplate {
        let parent = TemplateParent {
            hash: self.params.genesis.block_hash(),
            height: u32::from(script.byte() & 1),
            median_time_past: self.params.genesis.time,
            bits: bits_from_target(self.params.pow_limit),
        };
        let mut template = BlockTemplate::make(&self.params, &parent, &[], self.now.unix());
        match script.below(8) {
            0 => template.longpollid = script.byte().to_string(),
            1 => template.previousblockhash = hex::encode(script.hash()),
            2 => template.mutable.clear(),
            3 => template.curtime = script.number(),
            4 => template.coinbasevalue = script.number(),
            5 => template.version = script.number(),
            _ => {}
        }
        template
    }

    /// A share of a job that was sent, mostly one that counts.
    fn submit(&mut self, script: &mut Script<'_>) {
        let Some(conn) = self.pick(script) else {
            return;
        };
        let told = &self.open[&conn];
        let place = script.below(told.jobs.len());
        let Some(job) = told.jobs.get(place) else {
            return;
        };
        let extranonce2 = [0, 0, 0, script.byte()];
        let Ok(mut header) = job.header(&told.extranonce1, &extranonce2) else {
            return;
        };
        let rolled = script
            .one_in(2)
            .then(|| script.number::<u32>() & 0x1fff_e000);
        if let Some(rolled) = rolled {
            let version = job.version & !0x1fff_e000 | rolled;
            header.version = Version::from_consensus(version.cast_signed());
        }
        let target = job.block_target().unwrap_or(U256::ZERO);
        for _ in 0..64 {
            if hash_value(&header.block_hash()) <= target {
                break;
            }
            header.nonce += 1;
        }
        let mut params = json!([
            address(&self.params, 1),
            job.job_id,
            hex::encode(extranonce2),
            format!("{:08x}", header.time),
            format!("{:08x}", header.nonce),
        ]);
        if let (Some(rolled), Some(params)) = (rolled, params.as_array_mut()) {
            params.push(json!(format!("{rolled:08x}")));
        }
        if script.one_in(8) {
            let at = script.below(5);
            params[at] = super::value(script);
        }
        let line = json!({ "id": 9, "method": "mining.submit", "params": params });
        let bytes = format!("{line}\n").into_bytes();
        self.handle(Input::Received { conn, bytes });
    }

    fn handle(&mut self, input: Input) {
        let lines = match &input {
            Input::Received { bytes, .. } => bytes.iter().filter(|byte| **byte == b'\n').count(),
            _ => 0,
        };
        self.server.handle(self.now, input);
        let mut answers = 0;
        while let Some(output) = self.server.poll_output() {
            answers += usize::from(self.look(&output));
            self.outputs.push(output);
        }
        assert!(answers <= lines, "{answers} answers to {lines} lines");
        assert_eq!(self.server.status().connections as usize, self.open.len());
    }

    /// Whether it is an answer.
    fn look(&mut self, output: &Output) -> bool {
        match output {
            Output::Send { conn, bytes } => {
                let told = self.open.get_mut(conn).expect("it is gone");
                match Message::read(bytes).expect("it is a message") {
                    Message::Response { result, .. } => {
                        let one = result.ok().and_then(|result| {
                            result.get(1).and_then(Value::as_str).map(hex::decode)
                        });
                        if let Some(Ok(one)) = one {
                            told.extranonce1 = one;
                        }
                        return true;
                    }
                    Message::Request { method, params, .. } if method == "mining.notify" => {
                        let job = Notify::read(&params).expect("it is a job");
                        assert_eq!(job.check(&told.extranonce1, 4), Ok(()));
                        told.jobs.push(job);
                    }
                    Message::Request { .. } => {}
                }
            }
            Output::Disconnect { conn, .. } => {
                self.open.remove(conn).expect("it is gone");
            }
            Output::Submit { block, hash, .. } => {
                let block: Block = deserialize(block).expect("it is a block");
                self.judge(&block, hash);
            }
            Output::WakeAt { monotonic_ms } => {
                assert!(
                    *monotonic_ms > self.now.monotonic_ms,
                    "it would wake without end"
                );
            }
            Output::Log { .. } => {}
        }
        false
    }

    fn judge(&mut self, block: &Block, hash: &str) {
        let header: Header = block.header;
        assert_eq!(header.block_hash().to_string(), *hash);
        assert!(
            hash_value(&header.block_hash()) <= self.params.pow_limit,
            "it is no block"
        );
        assert!(block.check_merkle_root() && block.check_witness_commitment());
        assert_eq!(block.txdata[0].output[0].script_pubkey, self.payout);
    }
}
