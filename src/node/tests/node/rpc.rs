//! JSON-RPC from outside: who may ask, and a block by way of a template.

use crate::support::{Farthing, NETWORK, PATIENT, address, free_address, until};
use farthing_core::bitcoin::block::{Header, Version};
use farthing_core::bitcoin::consensus::encode::serialize_hex;
use farthing_core::bitcoin::hashes::Hash as _;
use farthing_core::bitcoin::{Block, CompactTarget, TxMerkleNode};
use farthing_core::mining::{coinbase, witness_commitment};
use farthing_core::params::NetworkParams;
use serde_json::{Value, json};
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;

struct Server {
    node: Farthing,
    at: SocketAddr,
    folder: TempDir,
}

impl Server {
    fn start(args: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = free_address();
        let here = at.to_string();
        let args = [&["--rpc", &here], args].concat();
        let node = Farthing::start(&folder.path().join("data"), &args);
        Self { node, at, folder }
    }

    fn cookie(&self) -> String {
        std::fs::read_to_string(self.node.data.join(".cookie")).unwrap()
    }

    /// The answer's code and body.
    fn post(&self, headers: &str, body: &str) -> (u16, String) {
        post(self.at, headers, body)
    }

    /// As bitcoin-cli asks: what came of it, or the error's code.
    fn call(&self, method: &str, params: Value) -> Result<Value, i64> {
        let body = json!({ "method": method, "params": params, "id": 1 });
        let (_, answer) = self.post(&authorization(&self.cookie()), &body.to_string());
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(answer["id"], 1, "{answer}");
        match answer["error"]["code"].as_i64() {
            Some(code) => Err(code),
            None => Ok(answer["result"].clone()),
        }
    }

    fn template(&self) -> Value {
        self.call("getblocktemplate", json!([{ "rules": ["segwit"] }]))
            .unwrap()
    }

    /// BIP22's word; null for a block that was taken.
    fn submit(&self, block: &Block) -> Value {
        self.call("submitblock", json!([serialize_hex(block)]))
            .unwrap()
    }
}

fn authorization(login: &str) -> String {
    use base64::Engine as _;
    let login = base64::prelude::BASE64_STANDARD.encode(login);
    format!("Authorization: Basic {login}\r\n")
}

fn post(at: SocketAddr, headers: &str, body: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(at).unwrap();
    stream.set_read_timeout(Some(PATIENT)).unwrap();
    let host = match headers.contains("Host: ") {
        true => String::new(),
        false => format!("Host: {at}\r\n"),
    };
    let length = body.len();
    let head = format!(
        "POST / HTTP/1.1\r\n{host}{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    // It may be refused before all of it was sent.
    stream.write_all(body.as_bytes()).ok();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok();
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
    let code = head.get(9..12).unwrap_or_default().parse();
    (code.unwrap_or_default(), body.to_owned())
}

/// A block on what the template builds on; its nonce meets the target, or does not.
fn mined(template: &Value, value: u64, meets: bool) -> Block {
    let number = |field: &str| template[field].as_u64().unwrap();
    let height = u32::try_from(number("height")).unwrap();
    let params = NetworkParams::by_name(NETWORK).unwrap();
    let script = params.script_from_address(&address()).unwrap();
    let first = coinbase(height, script, value, 7, witness_commitment([]));
    let bits = u32::from_str_radix(template["bits"].as_str().unwrap(), 16).unwrap();
    let mut header = Header {
        version: Version::from_consensus(0x2000_0000),
        prev_blockhash: template["previousblockhash"]
            .as_str()
            .unwrap()
            .parse()
            .unwrap(),
        merkle_root: TxMerkleNode::from_byte_array(first.compute_txid().to_byte_array()),
        time: u32::try_from(number("curtime")).unwrap(),
        bits: CompactTarget::from_consensus(bits),
        nonce: 0,
    };
    while header.target().is_met_by(header.block_hash()) != meets {
        header.nonce += 1;
    }
    Block {
        header,
        txdata: vec![first],
    }
}

#[test]
fn a_block_from_a_template_is_taken_and_each_other_is_refused_with_its_word() {
    let server = Server::start(&[]);
    let template = server.template();
    assert_eq!(template["height"], 1);
    let subsidy = template["coinbasevalue"].as_u64().unwrap();
    // What cpuminer and ckpool look for beside BIP22's required fields.
    for field in [
        "bits",
        "coinbaseaux",
        "curtime",
        "default_witness_commitment",
        "longpollid",
        "mutable",
        "noncerange",
        "rules",
        "sizelimit",
        "target",
        "transactions",
        "version",
    ] {
        assert!(!template[field].is_null(), "{field}: {template}");
    }
    let block = mined(&template, subsidy, true);
    assert_eq!(
        server.submit(&mined(&template, subsidy, false)),
        "high-hash"
    );
    let greedy = mined(&template, subsidy + 1, true);
    assert_eq!(server.submit(&greedy), "bad-cb-amount");
    let mut on_invalid = template.clone();
    on_invalid["previousblockhash"] = json!(greedy.block_hash().to_string());
    on_invalid["height"] = json!(2);
    assert_eq!(
        server.submit(&mined(&on_invalid, subsidy, true)),
        "bad-prevblk"
    );
    let mut nowhere = template.clone();
    nowhere["previousblockhash"] = json!("11".repeat(32));
    assert_eq!(
        server.submit(&mined(&nowhere, subsidy, true)),
        "prev-blk-not-found"
    );
    assert_eq!(server.node.height(), 0);
    assert_eq!(server.submit(&block), Value::Null);
    assert_eq!(server.submit(&block), "duplicate");
    assert_eq!(server.call("getblockcount", json!([])), Ok(json!(1)));
    let hash = json!(block.block_hash().to_string());
    assert_eq!(server.call("getbestblockhash", json!([])), Ok(hash.clone()));
    let chain = server.call("getblockchaininfo", json!([])).unwrap();
    assert_eq!(
        (&chain["chain"], &chain["bestblockhash"]),
        (&json!(NETWORK), &hash)
    );
}

#[test]
fn a_proposal_is_judged_without_its_work_and_not_taken() {
    let server = Server::start(&[]);
    let template = server.template();
    let capabilities = template["capabilities"].as_array().unwrap();
    assert!(capabilities.contains(&json!("proposal")), "{template}");
    let propose = |block: &Block| {
        let asked = json!([{ "mode": "proposal", "data": serialize_hex(block) }]);
        server.call("getblocktemplate", asked).unwrap()
    };
    let subsidy = template["coinbasevalue"].as_u64().unwrap();
    let block = mined(&template, subsidy, false);
    assert_eq!(propose(&block), Value::Null);
    let greedy = mined(&template, subsidy + 1, false);
    assert_eq!(propose(&greedy), "bad-cb-amount");
    let mut other = block.clone();
    other.txdata[0].output[0].value = greedy.txdata[0].output[0].value;
    assert_eq!(propose(&other), "bad-txnmrklroot");
    let mut high = template.clone();
    high["height"] = json!(2);
    assert_eq!(propose(&mined(&high, subsidy, false)), "bad-cb-height");
    let mut nowhere = template.clone();
    nowhere["previousblockhash"] = json!("11".repeat(32));
    assert_eq!(
        propose(&mined(&nowhere, subsidy, false)),
        "inconclusive-not-best-prevblk"
    );
    // As submitblock would complete it.
    let mut bare = block.clone();
    bare.txdata[0].input[0].witness.clear();
    assert_eq!(propose(&bare), Value::Null);
    // Nothing of it stayed.
    assert_eq!(server.node.height(), 0);
    let later = server.template();
    assert_eq!(later["previousblockhash"], template["previousblockhash"]);
    let block = mined(&template, subsidy, true);
    assert_eq!(server.submit(&block), Value::Null);
    assert_eq!(propose(&block), "duplicate");
}

#[test]
fn a_coinbase_without_its_witness_is_completed() {
    let server = Server::start(&[]);
    let template = server.template();
    let mut block = mined(&template, template["coinbasevalue"].as_u64().unwrap(), true);
    block.txdata[0].input[0].witness.clear();
    assert_eq!(server.submit(&block), Value::Null);
    assert_eq!(server.node.height(), 1);
}

#[test]
fn a_long_poll_is_answered_when_there_is_a_new_block() {
    let server = Server::start(&[]);
    let template = server.template();
    let id = template["longpollid"].clone();
    let (at, login) = (server.at, authorization(&server.cookie()));
    let asked = json!({
        "method": "getblocktemplate", "id": 1,
        "params": [{ "rules": ["segwit"], "longpollid": id, "capabilities": ["longpoll"] }],
    });
    let waiting = std::thread::spawn(move || post(at, &login, &asked.to_string()));
    std::thread::sleep(Duration::from_millis(300));
    assert!(!waiting.is_finished(), "there is nothing better yet");
    let block = mined(&template, template["coinbasevalue"].as_u64().unwrap(), true);
    assert_eq!(server.submit(&block), Value::Null);
    let (code, answer) = waiting.join().unwrap();
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!((code, &answer["result"]["height"]), (200, &json!(2)));
}

#[test]
fn nobody_is_answered_without_the_password() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("login");
    std::fs::write(&file, "miner:x\n").unwrap();
    let server = Server::start(&["--rpc-login", file.to_str().unwrap()]);
    let body = r#"{"method":"getblockcount","id":1}"#;
    let cookie = server.cookie();
    assert!(cookie.starts_with("__cookie__:"), "{cookie}");
    for login in [&cookie, "miner:x"] {
        let (code, answer) = server.post(&authorization(login), body);
        assert_eq!(
            (code, answer.contains("\"result\":0")),
            (200, true),
            "{answer}"
        );
    }
    for headers in [
        String::new(),
        authorization("miner:y"),
        authorization("__cookie__:"),
        "Authorization: Bearer x\r\n".to_owned(),
    ] {
        let (code, answer) = server.post(&headers, body);
        assert_eq!(code, 401, "{headers}: {answer}");
    }
    // The site's own port has no such thing.
    let (code, _) = server.node.ask("POST / HTTP/1.1\r\nX: y", body);
    assert_eq!(code, 405);
}

#[test]
fn no_page_is_answered_even_with_the_password() {
    let server = Server::start(&[]);
    let login = authorization(&server.cookie());
    let body = r#"{"method":"getblockcount","id":1}"#;
    let at = server.at;
    for (headers, expected) in [
        (String::new(), 200),
        ("Content-Type: text/plain\r\n".to_owned(), 200),
        ("Origin: https://shop.example\r\n".to_owned(), 403),
        ("Origin: null\r\n".to_owned(), 403),
        (format!("Origin: http://{at}\r\n"), 403),
        (format!("Origin: http://{}\r\n", server.node.site), 403),
        ("Sec-Fetch-Site: none\r\n".to_owned(), 403),
        ("Host: rebound.example\r\n".to_owned(), 421),
    ] {
        let (code, answer) = server.post(&format!("{login}{headers}"), body);
        assert_eq!(code, expected, "{headers}: {answer}");
    }
}

#[test]
fn says_what_is_wrong_with_a_call() {
    let server = Server::start(&[]);
    let login = authorization(&server.cookie());
    for (method, params, code) in [
        ("getwork", json!([]), -32601),
        ("getblocktemplate", json!([]), -8),
        ("getblocktemplate", json!([{ "rules": [] }]), -8),
        (
            "getblocktemplate",
            json!([{ "rules": ["segwit"], "mode": "serverlist" }]),
            -8,
        ),
        ("getblocktemplate", json!([{ "mode": "proposal" }]), -3),
        (
            "getblocktemplate",
            json!([{ "mode": "proposal", "data": 7 }]),
            -3,
        ),
        (
            "getblocktemplate",
            json!([{ "mode": "proposal", "data": "00" }]),
            -22,
        ),
        ("getblocktemplate", json!(["segwit"]), -3),
        ("submitblock", json!([]), -8),
        ("submitblock", json!(["xyz"]), -22),
        ("submitblock", json!(["00"]), -22),
        ("submitblock", json!([7]), -3),
        ("getblockcount", json!([1]), -8),
        ("sendrawtransaction", json!(["00"]), -22),
    ] {
        assert_eq!(
            server.call(method, params.clone()),
            Err(code),
            "{method} {params}"
        );
    }
    for (body, expected, code) in [
        ("{", 500, -32700),
        ("[]", 400, -32600),
        (r#"[{"method":"getblockcount","id":1}]"#, 400, -32600),
        (r#"{"jsonrpc":"2.0","method":"x","id":1}"#, 200, -32601),
        (r#"{"method":"x","id":1}"#, 404, -32601),
    ] {
        let (status, answer) = server.post(&login, body);
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(
            (status, &answer["error"]["code"]),
            (expected, &json!(code)),
            "{body}"
        );
    }
    let (code, _) = server.post(&login, &" ".repeat(900_000));
    assert_eq!(code, 413);
}

#[test]
fn answers_what_its_help_lists() {
    let server = Server::start(&[]);
    let help = server.call("help", json!([])).unwrap();
    let methods: Vec<&str> = help.as_str().unwrap().lines().collect();
    assert!(methods.len() > 10, "{methods:?}");
    for line in methods {
        let method = line.split(' ').next().unwrap();
        assert_ne!(server.call(method, json!([])), Err(-32601), "{method}");
    }
    let valid = server.call("validateaddress", json!([address()])).unwrap();
    assert_eq!(
        (&valid["isvalid"], &valid["iswitness"]),
        (&json!(true), &json!(true))
    );
    let odd = server
        .call("validateaddress", json!({ "address": "1A1zP1" }))
        .unwrap();
    assert_eq!(odd["isvalid"], false);
    let mining = server.call("getmininginfo", json!([])).unwrap();
    assert_eq!(mining["next"]["height"], 1);
    let network = server.call("getnetworkinfo", json!([])).unwrap();
    assert_eq!(network["connections"], 0);
}

#[test]
#[cfg(unix)]
fn the_cookie_is_its_owners_alone_and_goes_with_the_node() {
    use std::os::unix::fs::PermissionsExt as _;
    let mut server = Server::start(&[]);
    let path = server.node.data.join(".cookie");
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode(&path) & 0o777, 0o600);
    let old = server.cookie();
    assert_eq!(server.node.interrupt(), Some(0));
    assert!(!path.exists());
    // A killed one leaves it, and it opens nothing any more.
    server.node.restart();
    server.node.kill();
    assert!(path.exists());
    server.node.restart();
    until("the port is open", || TcpStream::connect(server.at).is_ok());
    let (code, _) = server.post(&authorization(&old), "{}");
    assert_eq!(code, 401);
    assert!(server.folder.path().exists());
}
