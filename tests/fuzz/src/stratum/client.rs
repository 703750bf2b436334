//! Our miner, and a pool that says anything. It sends no share that is none, waits for no more answers
//! than it may, tells of each share once, and connects only where it asked to.

use super::{MOST_STEPS, line, pass, start};
use crate::script::Script;
use farthing_core::bitcoin::block::Header;
use farthing_core::bitcoin::consensus::encode::{deserialize, serialize_hex};
use farthing_core::primitives::{Now, U256, hash_value};
use farthing_core::stratum::Message;
use farthing_core::stratum::client::{Client, Event, Input, Options, Output, Share, Work};
use serde_json::json;
use std::collections::BTreeSet;

const METHODS: [&str; 9] = [
    "mining.notify",
    "mining.set_difficulty",
    "mining.set_extranonce",
    "mining.set_version_mask",
    "client.reconnect",
    "client.show_message",
    "client.get_version",
    "mining.ping",
    "mining.nonsense",
];
const PARENT: &str = "0a8ce26f72b3f1b646a2a6c14ff763ae65831e939c085ae10019d66800000000";
/// The pieces of a coinbase around eight bytes.
const PIECES: [&str; 2] = [
    "01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff0a5100",
    "ffffffff0100f2052a01000000015100000000",
];

/// Feeds a miner, twice.
pub fn stratum_client(data: &[u8]) {
    assert!(run(data) == run(data), "the same inputs, other outputs");
}

fn run(data: &[u8]) -> Vec<Output> {
    let mut script = Script::new(data);
    let options = Options {
        address: "pool.example:3333".to_owned(),
        user: "somebody".to_owned(),
        password: "x".to_owned(),
        agent: "farthing/fuzz".to_owned(),
        version_mask: script.one_of(&[0, 0x1fff_e000, u32::MAX]),
    };
    let mut world = World {
        client: Client::new(options, 7),
        now: start(),
        link: Link::None,
        open_shares: BTreeSet::new(),
        next_share: 0,
        work: None,
        outputs: Vec::new(),
    };
    world.handle(Input::Tick);
    for _ in 0..MOST_STEPS {
        if !script.more() {
            break;
        }
        world.act(&mut script);
    }
    world.outputs
}

/// Shares that were sent.
#[cfg(test)]
pub(super) fn shares(data: &[u8]) -> usize {
    let outputs = run(data);
    let is_share = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains("mining.submit");
    let sent = outputs.iter().filter(|output| match output {
        Output::Send { bytes } => is_share(bytes),
        _ => false,
    });
    sent.count()
}

#[derive(Debug, PartialEq)]
enum Link {
    None,
    Asked,
    Open,
}

struct World {
    client: Client,
    now: Now,
    link: Link,
    /// Shares that were handed over and not told of.
    open_shares: BTreeSet<u32>,
    next_share: u32,
    work: Option<Work>,
    outputs: Vec<Output>,
}

impl World {
    fn act(&mut self, script: &mut Script<'_>) {
        match script.below(12) {
            0 => {
                pass(script, &mut self.now);
                self.handle(Input::Tick);
            }
            1 if self.link == Link::Asked => {
                self.link = Link::Open;
                self.handle(Input::Connected);
            }
            1 | 2 if script.one_in(4) => {
                self.link = Link::None;
                self.handle(Input::Disconnected);
            }
            3 | 4 => {
                let number = u64::from(script.byte());
                let work = self.client.work(number);
                if let Some(work) = &work {
                    assert_eq!(work.header.len(), 160);
                    let target = U256::from_str_radix(&work.target, 16);
                    assert!(target.is_ok_and(|target| target > U256::ZERO));
                }
                self.work = work.or(self.work.take());
            }
            5 | 6 => self.submit(script),
            7 => self.hear(welcome()),
            8 => self.hear(job(script)),
            _ => {
                let bytes = line(script, &METHODS);
                self.hear(bytes);
            }
        }
    }

    fn hear(&mut self, bytes: Vec<u8>) {
        if self.link == Link::Open {
            self.handle(Input::Received { bytes });
        }
    }

    fn submit(&mut self, script: &mut Script<'_>) {
        let Some(work) = &self.work else {
            return;
        };
        let bytes = hex::decode(&work.header).expect("it is hex");
        let mut header: Header = deserialize(&bytes).expect("it is a header");
        let target = U256::from_str_radix(&work.target, 16).expect("it is a number");
        header.nonce = script.number();
        if !script.one_in(4) {
            for _ in 0..64 {
                if hash_value(&header.block_hash()) <= target {
                    break;
                }
                header.nonce = header.nonce.wrapping_add(1);
            }
        }
        let header = match script.one_in(16) {
            true => script.text(),
            false => serialize_hex(&header),
        };
        let share = self.next_share;
        self.next_share += 1;
        self.open_shares.insert(share);
        let work = work.id;
        self.handle(Input::Submit(Share {
            share,
            work,
            header,
        }));
    }

    fn handle(&mut self, input: Input) {
        self.client.handle(self.now, input);
        while let Some(output) = self.client.poll_output() {
            self.look(&output);
            self.outputs.push(output);
        }
        assert!(self.open_shares.len() <= 64, "too many shares wait");
    }

    fn look(&mut self, output: &Output) {
        match output {
            Output::Connect => {
                assert_eq!(self.link, Link::None, "a second connection");
                self.link = Link::Asked;
            }
            Output::Disconnect { .. } => {
                assert_ne!(self.link, Link::None, "no connection to close");
                self.link = Link::None;
            }
            Output::Send { bytes } => {
                assert_eq!(self.link, Link::Open, "sent on no connection");
                assert!(bytes.ends_with(b"\n"), "a piece of a line");
                assert!(Message::read(bytes).is_ok(), "it is no message");
            }
            Output::WakeAt { monotonic_ms } => {
                assert!(
                    *monotonic_ms > self.now.monotonic_ms,
                    "it would wake without end"
                );
            }
            Output::Event { event } => self.told(event),
        }
    }

    fn told(&mut self, event: &Event) {
        if let Event::Accepted { share, .. }
        | Event::Rejected { share, .. }
        | Event::Stale { share, .. } = event
        {
            assert!(
                self.open_shares.remove(share),
                "share {share} was told of twice"
            );
        }
    }
}

/// Lets the miner in.
fn welcome() -> Vec<u8> {
    let rolling = json!({ "version-rolling": true, "version-rolling.mask": "1fffe000" });
    let lines = [
        json!({ "id": 1, "result": rolling, "error": null }),
        json!({ "id": 2, "result": [[], "0000aa01", 4], "error": null }),
        json!({ "id": 1, "result": [[], "0000aa01", 4], "error": null }),
        json!({ "id": 3, "result": true, "error": null }),
        json!({ "id": null, "method": "mining.set_difficulty", "params": [1e-9] }),
    ];
    lines.map(|line| format!("{line}\n")).concat().into_bytes()
}

/// A job that mostly is one.
fn job(script: &mut Script<'_>) -> Vec<u8> {
    let branch: Vec<_> = (0..script.below(4))
        .map(|_| hex::encode(script.hash()))
        .collect();
    let mut params = json!([
        format!("{:x}", script.byte() & 7),
        PARENT,
        PIECES[0],
        PIECES[1],
        branch,
        "20000000",
        script.one_of(&["207fffff", "1d00ffff", "00000000"]),
        "4966bc61",
        script.one_in(2),
    ]);
    if script.one_in(4) {
        let at = script.below(9);
        params[at] = super::value(script);
    }
    let line = json!({ "id": null, "method": "mining.notify", "params": params });
    format!("{line}\n").into_bytes()
}
