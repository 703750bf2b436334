//! Stratum from outside: lines over TCP and over a page's WebSocket, until a block is on the chain.
//! The header is made here as miners make it: from the job's text, and from nothing of ours.

use crate::support::{Farthing, address, free_address, until};
use farthing_core::bitcoin::Target;
use farthing_core::bitcoin::block::Header;
use farthing_core::bitcoin::consensus::encode::deserialize;
use farthing_core::bitcoin::hashes::{Hash as _, sha256d};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::Message;

const SOON: Duration = Duration::from_secs(30);

struct Pool {
    node: Farthing,
    at: SocketAddr,
    _folder: TempDir,
}

impl Pool {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = free_address();
        let here = at.to_string();
        let node = Farthing::start(&folder.path().join("data"), &["--stratum", &here]);
        Self {
            node,
            at,
            _folder: folder,
        }
    }

    fn metric(&self, name: &str) -> Option<String> {
        let (_, text) = self.node.ask("GET /metrics", "");
        let value = text.lines().find_map(|line| line.strip_prefix(name))?;
        Some(value.trim().to_owned())
    }
}

/// What a miner knows of its connection.
#[derive(Default)]
struct Work {
    extranonce1: Vec<u8>,
    extranonce2_size: usize,
    difficulty: f64,
    job: Vec<Value>,
}

impl Work {
    /// Takes a line in; what it answers, with the answer's id.
    fn take(&mut self, line: &Value) -> Option<(u64, Value)> {
        match line["method"].as_str() {
            Some("mining.set_difficulty") => self.difficulty = line["params"][0].as_f64().unwrap(),
            Some("mining.notify") => self.job = line["params"].as_array().unwrap().clone(),
            Some(other) => panic!("expected no {other}"),
            None => {
                let id = line["id"].as_u64().unwrap();
                if id == 1 {
                    self.extranonce1 = hex::decode(line["result"][1].as_str().unwrap()).unwrap();
                    self.extranonce2_size = line["result"][2].as_u64().unwrap() as usize;
                }
                return Some((id, line.clone()));
            }
        }
        None
    }

    fn hex(&self, place: usize) -> Vec<u8> {
        hex::decode(self.job[place].as_str().unwrap()).unwrap()
    }

    fn header(&self, extranonce2: &[u8], nonce: u32) -> Header {
        let (start, end) = (self.hex(2), self.hex(3));
        let coinbase = [&start, &self.extranonce1[..], extranonce2, &end].concat();
        let mut root = sha256d::Hash::hash(&coinbase);
        for step in self.job[4].as_array().unwrap() {
            let step = hex::decode(step.as_str().unwrap()).unwrap();
            root = sha256d::Hash::hash(&[root.as_byte_array(), &step[..]].concat());
        }
        // Words of four bytes, each the other way round than in a header.
        let turned = |bytes: Vec<u8>| -> Vec<u8> {
            let words = bytes.chunks(4);
            words.flat_map(|word| word.iter().rev().copied()).collect()
        };
        let bytes = [
            turned(self.hex(5)),
            turned(self.hex(1)),
            root.to_byte_array().to_vec(),
            turned(self.hex(7)),
            turned(self.hex(6)),
            nonce.to_le_bytes().to_vec(),
        ];
        deserialize(&bytes.concat()).unwrap()
    }

    /// The parameters of a share that is a block too: on this network the easiest target is one hash
    /// of two.
    fn mine(&self, extranonce2: u32) -> (Value, Header) {
        let extranonce2 = &extranonce2.to_be_bytes()[4 - self.extranonce2_size..];
        let header = (0..).map(|nonce| self.header(extranonce2, nonce));
        let easiest = Target::from_compact(self.header(extranonce2, 0).bits);
        let mut found = header.filter(|header| easiest.is_met_by(header.block_hash()));
        let header = found.next().unwrap();
        let nonce = format!("{:08x}", header.nonce);
        let share = json!([
            address(),
            self.job[0],
            hex::encode(extranonce2),
            self.job[7],
            nonce
        ]);
        (share, header)
    }
}

/// A miner over TCP.
struct Miner {
    stream: BufReader<TcpStream>,
    work: Work,
    next: u64,
}

impl Miner {
    fn connect(at: SocketAddr) -> Self {
        let stream = TcpStream::connect(at).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(30)))
            .unwrap();
        Self {
            stream: BufReader::new(stream),
            work: Work::default(),
            next: 0,
        }
    }

    fn read(&mut self) -> Option<(u64, Value)> {
        let mut line = String::new();
        self.stream.read_line(&mut line).unwrap();
        let line = serde_json::from_str(&line).unwrap();
        self.work.take(&line)
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.next += 1;
        let line = json!({ "id": self.next, "method": method, "params": params });
        let line = format!("{line}\n");
        self.stream.get_mut().write_all(line.as_bytes()).unwrap();
        loop {
            if let Some((id, answer)) = self.read() {
                assert_eq!(id, self.next);
                return answer;
            }
        }
    }

    fn begin(&mut self) {
        self.ask("mining.subscribe", json!(["test/1"]));
        let answer = self.ask(
            "mining.authorize",
            json!([format!("{}.rig", address()), "x"]),
        );
        assert_eq!(answer["result"], true, "{answer}");
        self.next_job("");
    }

    /// Waits for a job that is not this one.
    fn next_job(&mut self, known: &str) {
        while self.work.job.first().is_none_or(|job| job == known) {
            self.read();
        }
    }
}

#[test]
fn mines_blocks_over_tcp_and_tells_of_them() {
    let pool = Pool::start();
    let mut miner = Miner::connect(pool.at);
    miner.begin();
    for height in 1..=3 {
        let (mut share, header) = miner.work.mine(height);
        share[0] = json!(format!("{}.rig", address()));
        let job = share[1].as_str().unwrap().to_owned();
        let answer = miner.ask("mining.submit", share.clone());
        assert_eq!(answer["result"], true, "{answer}");
        until("the block is on the chain", || {
            pool.node.tip() == header.block_hash().to_string()
        });
        // The next job builds on it, and the same share is worth nothing now.
        miner.next_job(&job);
        assert_eq!(
            miner.work.header(&[0; 4], 0).prev_blockhash,
            header.block_hash()
        );
        let late = miner.ask("mining.submit", share);
        assert_eq!(late["error"][0], 21, "{late}");
    }
    assert_eq!(pool.node.height(), 3);
    let (_, health) = pool.node.ask("GET /health", "");
    assert!(health.contains("\"miners\":1"), "{health}");
    for (name, value) in [
        ("farthing_stratum_connections", "1"),
        ("farthing_stratum_miners", "1"),
        ("farthing_stratum_blocks_total", "3"),
        ("farthing_stratum_blocks_taken_total", "3"),
        ("farthing_stratum_shares_total{result=\"accepted\"}", "3"),
        ("farthing_stratum_shares_total{result=\"stale\"}", "3"),
        ("farthing_stratum_shares_total{result=\"rejected\"}", "0"),
    ] {
        assert_eq!(
            pool.metric(&format!("{name} ")).as_deref(),
            Some(value),
            "{name}"
        );
    }
}

#[test]
fn a_block_that_comes_another_way_is_a_new_job() {
    let pool = Pool::start();
    let mut miner = Miner::connect(pool.at);
    miner.begin();
    let job = miner.work.job[0].as_str().unwrap().to_owned();
    pool.node.mine(1);
    miner.next_job(&job);
    assert_eq!(miner.work.job[8], true, "what was mined is worth nothing");
    let parent = miner.work.header(&[0; 4], 0).prev_blockhash;
    assert_eq!(parent.to_string(), pool.node.tip());
}

#[test]
fn says_what_is_wrong_with_a_user() {
    let pool = Pool::start();
    let mut miner = Miner::connect(pool.at);
    miner.ask("mining.subscribe", json!([]));
    let answer = miner.ask("mining.authorize", json!(["satoshi", "x"]));
    assert_eq!(answer["error"][0], 24, "{answer}");
    let said = answer["error"][1].as_str().unwrap();
    assert!(said.contains("ADDRESS"), "{said}");
}

/// A page of any site may post to any port; what browsers put before its text are no lines of JSON.
#[test]
fn a_page_that_posts_to_the_port_mines_nothing() {
    let pool = Pool::start();
    let lines = [
        json!({ "id": 1, "method": "mining.subscribe", "params": [] }),
        json!({ "id": 2, "method": "mining.authorize", "params": [address(), "x"] }),
    ];
    let body: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let request = format!(
        "POST / HTTP/1.1\r\nHost: {}\r\nUser-Agent: Mozilla/5.0\r\nAccept: */*\r\n\
         Accept-Language: en\r\nAccept-Encoding: gzip\r\nReferer: https://shop.example/\r\n\
         Content-Type: text/plain\r\nContent-Length: {}\r\nOrigin: https://shop.example\r\n\
         Connection: keep-alive\r\n\r\n{body}",
        pool.at,
        body.len()
    );
    let mut stream = TcpStream::connect(pool.at).unwrap();
    stream.set_read_timeout(Some(SOON)).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let left = || pool.metric("farthing_stratum_misbehaving_total ");
    until("it is left", || left().as_deref() == Some("1"));
    let mut answer = Vec::new();
    // A reset is an end too.
    stream.read_to_end(&mut answer).ok();
    let answer = String::from_utf8_lossy(&answer);
    assert!(!answer.contains("mining.notify"), "{answer}");
}

#[test]
fn leaves_its_miners_when_it_is_stopped() {
    let mut pool = Pool::start();
    let mut miner = Miner::connect(pool.at);
    miner.begin();
    assert_eq!(pool.node.interrupt(), Some(0));
    let mut rest = Vec::new();
    // A reset is an end too.
    miner.stream.read_to_end(&mut rest).ok();
    assert!(TcpStream::connect(pool.at).is_err());
}

#[test]
fn a_port_that_is_taken_is_told_where_it_was_asked_for_and_stops_nothing_where_not() {
    let folder = tempfile::tempdir().unwrap();
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = other.local_addr().unwrap().to_string();
    let mut node = Farthing::new(&folder.path().join("a"), &["--stratum", &at]);
    node.spawn();
    let said = node.try_ready().unwrap_err();
    assert!(
        said.contains("--stratum") && said.contains("taken"),
        "{said}"
    );
    // Either this test has the usual port, or another program has it.
    let usual = TcpListener::bind("127.0.0.1:3333");
    let node = Farthing::start_with_usual_ports(&folder.path().join("b"));
    assert_eq!(node.height(), 0);
    let told = node.said();
    assert!(told.contains("programs that mine cannot connect"), "{told}");
    drop(usual);
}

type Page = tokio_tungstenite::WebSocketStream<tokio::net::TcpStream>;

/// A page of this origin opens a WebSocket.
async fn open(site: SocketAddr, path: &str, origin: &str) -> Result<Page, String> {
    let mut request = format!("ws://{site}{path}").into_client_request().unwrap();
    let origin = origin.parse().unwrap();
    request.headers_mut().insert("origin", origin);
    let stream = tokio::net::TcpStream::connect(site).await.unwrap();
    let opened = tokio_tungstenite::client_async(request, stream).await;
    opened
        .map(|(page, _)| page)
        .map_err(|error| error.to_string())
}

/// Mines a block as a page, and gives its hash.
async fn mine_in_a_page(page: &mut Page) -> String {
    let mut work = Work::default();
    let authorize = json!({ "id": 2, "method": "mining.authorize", "params": [address(), ""] });
    // With its end and without, as text and as bytes.
    for frame in [
        Message::Text("{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[]}".into()),
        Message::Binary(format!("{authorize}\n").into_bytes().into()),
    ] {
        page.send(frame).await.unwrap();
    }
    let mut sent = None;
    while let Some(Ok(message)) = page.next().await {
        let Message::Text(text) = message else {
            continue;
        };
        assert!(text.ends_with('\n'), "whole lines: {text}");
        for line in text.lines() {
            if let Some((3, answer)) = work.take(&serde_json::from_str(line).unwrap()) {
                assert_eq!(answer["result"], true, "{answer}");
                return sent.unwrap();
            }
        }
        if sent.is_none() && !work.job.is_empty() {
            let (share, header) = work.mine(7);
            let line = json!({ "id": 3, "method": "mining.submit", "params": share });
            page.send(Message::Text(line.to_string().into()))
                .await
                .unwrap();
            sent = Some(header.block_hash().to_string());
        }
    }
    panic!("expected an answer");
}

#[tokio::test]
async fn mines_a_block_over_a_websocket_and_for_no_page_of_another_site() {
    let pool = Pool::start();
    let site = pool.node.site;
    for origin in ["https://shop.example", "null"] {
        let refused = open(site, "/stratum", origin).await.unwrap_err();
        assert!(refused.contains("403"), "{origin}: {refused}");
    }
    let own = format!("http://{site}");
    let mut page = open(site, "/stratum", &own).await.unwrap();
    let mined = timeout(SOON, mine_in_a_page(&mut page)).await.unwrap();
    until("the block is on the chain", || pool.node.tip() == mined);
    // A line without end ends it.
    page.send(Message::Text("0".repeat(20_000).into()))
        .await
        .ok();
    let ended = async { while page.next().await.is_some_and(|message| message.is_ok()) {} };
    timeout(SOON, ended).await.expect("it is left");
}

#[tokio::test]
async fn a_page_of_one_node_mines_for_another_through_the_bridge() {
    let pool = Pool::start();
    let (folder, name) = (tempfile::tempdir().unwrap(), pool.at.to_string());
    let bridge = Farthing::start(&folder.path().join("data"), &["--pool", &name]);
    let own = format!("http://{}", bridge.site);
    let mut page = open(bridge.site, &format!("/pool/{name}"), &own)
        .await
        .unwrap();
    let mined = timeout(SOON, mine_in_a_page(&mut page)).await.unwrap();
    until("the block is on the pool's chain", || {
        pool.node.tip() == mined
    });
    assert_eq!(bridge.height(), 0);
}
