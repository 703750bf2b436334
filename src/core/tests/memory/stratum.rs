//! Floods of Stratum: of a node's server by its miners, and of a miner by its pool.

use crate::coins::script;
use crate::measure::{Bounds, alone, flood, flood_of};
use crate::messages::MIB;
use farthing_core::mining::{BlockTemplate, TemplateParent};
use farthing_core::params::NetworkParams;
use farthing_core::primitives::{Now, bits_from_target, hash_value};
use farthing_core::stratum::client::{self, Client};
use farthing_core::stratum::server::{ConnectionId, Input, Options, Output, Server};
use farthing_core::stratum::{Message, Notify, VERSION_MASK};
use serde_json::{Value, json};

const START_MS: u64 = 1_900_000_000_000;

fn now(ms: u64) -> Now {
    Now {
        unix_ms: START_MS + ms,
        monotonic_ms: ms,
    }
}

fn line(method: &str, params: &Value) -> Vec<u8> {
    format!(
        "{}\n",
        json!({ "id": 1, "method": method, "params": params })
    )
    .into_bytes()
}

/// A server whose network's blocks cost two hashes.
struct Pool {
    params: NetworkParams,
    server: Server,
    ms: u64,
    job: Option<Notify>,
    extranonce1: Vec<u8>,
    left: u32,
}

impl Pool {
    fn new() -> Self {
        let params = NetworkParams::by_name("practice").expect("in the table");
        let mut pool = Self {
            server: Server::new(params.clone(), Options::default(), 7),
            params,
            ms: 1_000,
            job: None,
            extranonce1: Vec::new(),
            left: 0,
        };
        pool.offer(0);
        pool
    }

    /// Something else to mine, on another parent.
    fn offer(&mut self, number: u32) {
        let parent = TemplateParent {
            hash: self.params.genesis.block_hash(),
            height: number,
            median_time_past: self.params.genesis.time,
            bits: bits_from_target(self.params.pow_limit),
        };
        let template = BlockTemplate::make(&self.params, &parent, &[], now(self.ms).unix());
        self.handle(Input::Template(Box::new(template)));
    }

    fn handle(&mut self, input: Input) {
        self.server.handle(now(self.ms), input);
        while let Some(output) = self.server.poll_output() {
            match output {
                Output::Send { bytes, .. } => self.hear(&bytes),
                Output::Disconnect { .. } => self.left += 1,
                Output::Submit { .. } | Output::WakeAt { .. } | Output::Log { .. } => {}
            }
        }
    }

    fn hear(&mut self, bytes: &[u8]) {
        match Message::read(bytes.trim_ascii_end()) {
            Ok(Message::Request { method, params, .. }) if method == "mining.notify" => {
                self.job = Some(Notify::read(&params).expect("the server's own"));
            }
            Ok(Message::Response { result, .. }) => {
                let one = result.ok().and_then(|result| {
                    let one = result.get(1)?.as_str()?;
                    hex::decode(one).ok()
                });
                self.extranonce1 = one.unwrap_or_else(|| std::mem::take(&mut self.extranonce1));
            }
            _ => {}
        }
    }

    fn accept(&mut self, number: u32) {
        let [a, b, c, d] = number.to_be_bytes();
        self.handle(Input::Accepted {
            conn: ConnectionId(number),
            address: format!("{a}.{b}.{c}.{d}"),
            local: false,
        });
    }

    fn say(&mut self, conn: u32, bytes: Vec<u8>) {
        let conn = ConnectionId(conn);
        self.handle(Input::Received { conn, bytes });
    }

    fn user(&self, name: u32) -> String {
        let address = self.params.address_from_script(&script());
        format!("{}.{name}", address.expect("a script of its network"))
    }

    /// Lets a miner in.
    fn join(&mut self, conn: u32) {
        self.accept(conn);
        self.say(conn, line("mining.subscribe", &json!(["cpu/1"])));
        let user = self.user(0);
        self.say(conn, line("mining.authorize", &json!([user, "x"])));
        assert!(self.job.is_some());
    }

    /// A share of the newest job for each number.
    fn share(&self, number: u32) -> Vec<u8> {
        let job = self.job.as_ref().expect("a job");
        let extranonce2 = number.to_be_bytes();
        let mut header = job.header(&self.extranonce1, &extranonce2).expect("a job");
        while hash_value(&header.block_hash()) > self.params.pow_limit {
            header.nonce += 1;
        }
        let word = |number: u32| format!("{number:08x}");
        line(
            "mining.submit",
            &json!([
                self.user(0),
                job.job_id,
                word(number),
                word(header.time),
                word(header.nonce)
            ]),
        )
    }
}

#[test]
fn miners_that_come_and_go_without_end() {
    let _turn = alone();
    let mut pool = Pool::new();
    let bounds = Bounds {
        flat: 10_000,
        most: 3 * MIB,
    };
    flood("stratum server, connections", 600, bounds, |number| {
        pool.ms += 50;
        pool.accept(number);
        // Some subscribe and say no more, some end a line nowhere, some go.
        match number % 3 {
            0 => pool.say(number, line("mining.subscribe", &json!([]))),
            1 => pool.say(number, vec![b' '; 4_000]),
            _ => pool.handle(Input::Disconnected(ConnectionId(number))),
        }
        assert!(pool.server.status().connections <= 256);
    });
}

#[test]
fn subscriptions_users_and_lines_of_a_miner_without_end() {
    let _turn = alone();
    let mut pool = Pool::new();
    pool.join(0);
    let bounds = Bounds {
        flat: 10_000,
        most: 100_000,
    };
    let mut conn = 0;
    flood("stratum server, lines", 400, bounds, |number| {
        pool.ms += 100;
        let name = "n".repeat(100);
        let user = format!("{}{name}", pool.user(number));
        pool.say(conn, line("mining.authorize", &json!([user, name])));
        pool.say(
            conn,
            line("mining.subscribe", &json!([name, number.to_string()])),
        );
        let mask = json!([["version-rolling"], { "version-rolling.mask": "1fffe000" }]);
        pool.say(conn, line("mining.configure", &mask));
        pool.say(
            conn,
            line(&format!("mining.{number}"), &json!([[[[number]]]])),
        );
        let before = pool.left;
        if number % 1_300 == 1_299 {
            pool.say(conn, b"{\"id\":\n".repeat(9));
        }
        // Left for what is no message; another one comes.
        if pool.left > before {
            conn += 1;
            pool.join(conn);
        }
    });
    assert_eq!(conn, 3);
}

#[test]
fn shares_without_end() {
    let _turn = alone();
    let mut pool = Pool::new();
    pool.join(0);
    let bounds = Bounds {
        flat: 250_000,
        most: 400_000,
    };
    let mut conn = 0;
    // More than are remembered of one job: what comes then is refused, and at last its miner is left.
    flood_of("stratum server, shares", 5_000, 15_000, bounds, |number| {
        pool.ms += 20;
        if pool.left > conn {
            conn += 1;
            pool.join(conn);
        }
        let share = pool.share(number);
        pool.say(conn, share);
        if number % 6_000 == 5_999 {
            pool.offer(number);
        }
    });
    let status = pool.server.status();
    assert!(status.accepted > 12_000 && conn > 1, "{status:?}");
}

#[test]
fn templates_without_end() {
    let _turn = alone();
    let mut pool = Pool::new();
    (0..50).for_each(|conn| pool.join(conn));
    let bounds = Bounds {
        flat: 10_000,
        most: MIB,
    };
    flood("stratum server, jobs", 40, bounds, |number| {
        pool.ms += 15_001;
        // Three of four only carry on the time.
        pool.offer(number / 4);
        for conn in 0..50 {
            pool.say(conn, line("mining.ping", &json!([])));
        }
    });
    assert_eq!(pool.server.status().miners, 50, "all are still there");
}

/// A miner, and whatever its pool says.
struct Miner {
    client: Client,
    ms: u64,
    connections: u32,
    rejected: u32,
    sent: u32,
}

const COINBASE1: &str =
    "01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff0a5100";
const PARENT: &str = "0a8ce26f72b3f1b646a2a6c14ff763ae65831e939c085ae10019d66800000000";

impl Miner {
    fn new() -> Self {
        let options = client::Options {
            address: "pool.example:3333".to_owned(),
            user: "somebody".to_owned(),
            password: "x".to_owned(),
            agent: "farthing/test".to_owned(),
            version_mask: VERSION_MASK,
        };
        let mut miner = Self {
            client: Client::new(options, 5),
            ms: 1_000,
            connections: 0,
            rejected: 0,
            sent: 0,
        };
        miner.pass(0);
        assert!(miner.client.is_ready());
        miner
    }

    /// A connection that was asked for opens, and the pool lets it in.
    fn handle(&mut self, input: client::Input) {
        self.client.handle(now(self.ms), input);
        let mut connects = false;
        while let Some(output) = self.client.poll_output() {
            match output {
                client::Output::Connect => connects = true,
                client::Output::Send { .. } => self.sent += 1,
                client::Output::Event {
                    event: client::Event::Rejected { .. },
                } => self.rejected += 1,
                _ => {}
            }
        }
        if connects {
            self.connections += 1;
            self.handle(client::Input::Connected);
            let rolling = r#"{"version-rolling":true,"version-rolling.mask":"1fffe000"}"#;
            self.hear(format!("{{\"id\":1,\"result\":{rolling}}}\n"));
            self.hear("{\"id\":2,\"result\":[[],\"0000aa01\",4]}\n".to_owned());
            self.hear("{\"id\":3,\"result\":true}\n".to_owned());
        }
    }

    fn hear(&mut self, lines: String) {
        let bytes = lines.into_bytes();
        self.handle(client::Input::Received { bytes });
    }

    fn pass(&mut self, ms: u64) {
        self.ms += ms;
        self.handle(client::Input::Tick);
    }

    /// A job; its coinbase has an output of so many bytes.
    fn job(&mut self, number: u32, bytes: usize) {
        let script = vec![0x6a; bytes];
        let size = u16::try_from(bytes).expect("a small one").to_le_bytes();
        let after = [
            &[0xff; 4][..],
            &[1, 0, 0xf2, 0x05, 0x2a, 1, 0, 0, 0, 0xfd],
            &size,
            &script,
            &[0; 4],
        ];
        let after = hex::encode(after.concat());
        let branch = vec!["00".repeat(32); 12];
        let id = format!("{number:x}");
        let job = json!([
            id, PARENT, COINBASE1, after, branch, "20000000", "207fffff", "4966bc61", false
        ]);
        let job = json!({ "id": null, "method": "mining.notify", "params": job });
        self.hear(format!("{job}\n"));
    }
}

#[test]
fn jobs_of_a_pool_without_end() {
    let _turn = alone();
    let mut miner = Miner::new();
    let bounds = Bounds {
        flat: 50_000,
        most: 3 * MIB,
    };
    flood("stratum client, jobs", 40, bounds, |number| {
        miner.pass(300);
        miner.job(number, 50_000);
        for extranonce2 in 0..100 {
            assert!(miner.client.work(extranonce2).is_some());
        }
    });
    assert_eq!(miner.connections, 1, "none was too much");
}

#[test]
fn what_a_pool_says_without_end() {
    let _turn = alone();
    let mut miner = Miner::new();
    let bounds = Bounds {
        flat: 10_000,
        most: MIB,
    };
    flood("stratum client, lines", 100, bounds, |number| {
        miner.pass(1_000);
        let request = |method: &str, params: Value| {
            let id = json!(number);
            format!(
                "{}\n",
                json!({ "id": id, "method": method, "params": params })
            )
        };
        let many = "m".repeat(50_000);
        miner.hear(request("client.show_message", json!([many])));
        miner.hear(request("client.get_version", json!([])));
        miner.hear(request("mining.set_difficulty", json!([number + 1])));
        let one = format!("{number:08x}");
        miner.hear(request("mining.set_extranonce", json!([one, 4])));
        miner.hear(request(&many, json!([many])));
        miner.hear(format!("{{\"id\":{},\"result\":true}}\n", number + 1_000));
        // A line that does not end: it is left, again and again.
        (0..40).for_each(|_| miner.hear(" ".repeat(60_000)));
        miner.pass(1_000 * u64::from(number % 60));
    });
    assert!(miner.connections > 5, "{}", miner.connections);
}

#[test]
fn shares_that_a_pool_does_not_answer() {
    let _turn = alone();
    let mut miner = Miner::new();
    let bounds = Bounds {
        flat: 20_000,
        most: MIB,
    };
    flood("stratum client, shares", 1_500, bounds, |number| {
        miner.pass(10);
        if number % 100 == 0 {
            miner.job(number, 300);
        }
        // It may be away just now.
        let Some(work) = miner.client.work(number.into()) else {
            return;
        };
        let bytes = hex::decode(&work.header).expect("it is hex");
        let mut header: bitcoin::block::Header =
            bitcoin::consensus::deserialize(&bytes).expect("it is a header");
        let target = farthing_core::primitives::U256::from_str_radix(&work.target, 16);
        let target = target.expect("it is a number");
        while hash_value(&header.block_hash()) > target {
            header.nonce += 1;
        }
        miner.handle(client::Input::Submit(client::Share {
            share: number,
            work: work.id,
            header: bitcoin::consensus::encode::serialize_hex(&header),
        }));
    });
    assert!(miner.sent > 100 && miner.rejected > 100);
}
