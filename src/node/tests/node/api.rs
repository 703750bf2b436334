//! The HTTP API and the peer-to-peer port for pages.

use crate::support::{Farthing, NETWORK, address, ask, run};
use farthing_core::params::NetworkParams;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;
use tempfile::TempDir;

fn started() -> (TempDir, Farthing) {
    let folder = tempfile::tempdir().unwrap();
    let node = Farthing::start(&folder.path().join("data"), &[]);
    (folder, node)
}

#[test]
fn mines_over_the_api_and_tells_of_it() {
    let (_folder, node) = started();
    assert_eq!(node.health()["network"], NETWORK);
    assert_eq!(node.height(), 0);
    node.mine(3);
    assert_eq!(node.height(), 3);
    let (code, text) = node.ask("GET /metrics", "");
    assert_eq!(code, 200);
    for line in [
        "farthing_up 1",
        "farthing_height 3",
        "farthing_blocks_connected_total 3",
        "farthing_peers{direction=\"inbound\"} 0",
    ] {
        assert!(
            text.lines().any(|found| found == line),
            "expected {line} in {text}"
        );
    }
    let (code, template) = node.ask("GET /api/template", "");
    let template: serde_json::Value = serde_json::from_str(&template).unwrap();
    assert_eq!((code, &template["height"]), (200, &4.into()));
    assert_eq!(template["previousblockhash"], node.tip().as_str());
}

#[test]
fn answers_a_long_poll_when_there_is_a_new_block() {
    let (_folder, node) = started();
    let (_, template) = node.ask("GET /api/template", "");
    let template: serde_json::Value = serde_json::from_str(&template).unwrap();
    let id = template["longpollid"].as_str().unwrap();
    let (at, request) = (node.site, format!("GET /api/template?longpollid={id}"));
    let asked = std::thread::spawn(move || ask(at, &request, "").unwrap());
    std::thread::sleep(Duration::from_millis(300));
    assert!(!asked.is_finished(), "there is nothing better yet");
    node.mine(1);
    let (code, better) = asked.join().unwrap();
    let better: serde_json::Value = serde_json::from_str(&better).unwrap();
    assert_eq!((code, &better["height"]), (200, &2.into()));
}

#[test]
fn refuses_what_is_no_block_and_no_transaction_with_a_word_and_a_sentence() {
    let (_folder, node) = started();
    for (path, body) in [
        ("block", "no hex"),
        ("block", "00"),
        ("transaction", "00"),
        ("transaction", ""),
    ] {
        let (code, answer) = node.ask(&format!("POST /api/{path}"), body);
        let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(code, 200);
        assert!(
            answer["result"].is_string() && answer["message"].is_string(),
            "{answer}"
        );
    }
    let (code, _) = node.ask("POST /api/block", &"00".repeat(400_002));
    assert_eq!(code, 413);
}

#[test]
fn answers_no_page_of_another_site() {
    let (_folder, node) = started();
    let at = node.site;
    let upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    for path in [
        "GET /p2p",
        "GET /api/template",
        "POST /api/block",
        "POST /api/transaction",
        "GET /health",
        "GET /metrics",
    ] {
        for (headers, code) in [
            (
                format!("Host: {at}\r\nOrigin: https://shop.example\r\n"),
                "403",
            ),
            (format!("Host: {at}\r\nOrigin: null\r\n"), "403"),
            (
                "Host: rebound.example\r\nOrigin: http://rebound.example\r\n".to_owned(),
                "421",
            ),
        ] {
            let mut stream = TcpStream::connect(at).unwrap();
            let request = format!("{path} HTTP/1.1\r\n{headers}{upgrade}\r\n");
            stream.write_all(request.as_bytes()).unwrap();
            let mut answer = [0; 12];
            stream.read_exact(&mut answer).unwrap();
            let answer = String::from_utf8_lossy(&answer).into_owned();
            assert_eq!(answer, format!("HTTP/1.1 {code}"), "{path} {headers}");
        }
    }
}

#[test]
fn answers_nothing_that_a_page_of_another_site_shows() {
    let (_folder, node) = started();
    let at = node.site;
    for (path, site, code) in [
        ("/api/template", "cross-site", "403"),
        ("/api/template", "same-site", "403"),
        ("/api/template", "same-origin", "200"),
        ("/health", "cross-site", "403"),
        ("/metrics", "cross-site", "403"),
        ("/p2p", "cross-site", "403"),
        ("/bridge/127.0.0.1:8333", "cross-site", "403"),
        // Somebody follows a link to the pages.
        ("/", "cross-site", "200"),
    ] {
        let mut stream = TcpStream::connect(at).unwrap();
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: {at}\r\nSec-Fetch-Site: {site}\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        assert_eq!(answer, format!("HTTP/1.1 {code}"), "{path} {site}");
    }
}

#[tokio::test]
async fn speaks_the_protocol_with_pages() {
    use futures_util::{SinkExt as _, StreamExt as _};
    use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
    use tokio_tungstenite::tungstenite::protocol::Message;
    let (_folder, node) = started();
    let mut request = format!("ws://{}/p2p", node.site)
        .into_client_request()
        .unwrap();
    let origin = format!("http://{}", node.site).parse().unwrap();
    request.headers_mut().insert("origin", origin);
    let stream = tokio::net::TcpStream::connect(node.site).await.unwrap();
    let (mut page, _) = tokio_tungstenite::client_async(request, stream)
        .await
        .unwrap();
    let magic = NetworkParams::by_name(NETWORK).unwrap().magic;
    let mut ping = magic.to_vec();
    ping.extend(b"ping\0\0\0\0\0\0\0\0");
    ping.extend(8_u32.to_le_bytes());
    // Cut anywhere: frames are a stream of bytes.
    page.send(Message::Binary(ping[..7].to_vec().into()))
        .await
        .unwrap();
    page.send(Message::Binary(ping[7..].to_vec().into()))
        .await
        .unwrap();
    // Another network's bytes end it.
    page.send(Message::Binary(vec![0; 64].into()))
        .await
        .unwrap();
    let ended = async {
        while let Some(Ok(message)) = page.next().await {
            if let Message::Close(frame) = message {
                return frame.map(|frame| u16::from(frame.code));
            }
        }
        None
    };
    let code = tokio::time::timeout(Duration::from_secs(20), ended)
        .await
        .unwrap();
    assert_eq!(code, Some(1008));
}

#[tokio::test]
async fn refuses_frames_past_the_bound() {
    use futures_util::{SinkExt as _, StreamExt as _};
    use tokio_tungstenite::tungstenite::protocol::Message;
    let (_folder, node) = started();
    let magic = NetworkParams::by_name(NETWORK).unwrap().magic;
    // The longest message that a peer may announce: only the frame is too long.
    let mut long = magic.to_vec();
    long.extend(b"block\0\0\0\0\0\0\0");
    long.extend(3_000_000_u32.to_le_bytes());
    long.resize((1 << 19) + 1, 0);
    for message in [
        Message::Binary(long.into()),
        Message::Text("version".into()),
    ] {
        let request = format!("ws://{}/p2p", node.site);
        let stream = tokio::net::TcpStream::connect(node.site).await.unwrap();
        let (mut page, _) = tokio_tungstenite::client_async(request, stream)
            .await
            .unwrap();
        // It may be left before all of it was sent.
        page.send(message).await.ok();
        let ended = async { while page.next().await.is_some_and(|message| message.is_ok()) {} };
        tokio::time::timeout(Duration::from_secs(20), ended)
            .await
            .expect("it is left");
    }
}

#[test]
fn a_miner_says_what_is_wrong() {
    let (_folder, node) = started();
    let here = format!("http://{}", node.site);
    let to = address();
    for (args, said) in [
        (
            ["--to", "nonsense", "--node", &here],
            "the node's network is practice: ",
        ),
        (
            ["--to", &to, "--node", "http://127.0.0.1:1"],
            "http://127.0.0.1:1 cannot be reached",
        ),
        (
            ["--to", &to, "--node", "127.0.0.1:8420"],
            "expected http://HOST:PORT",
        ),
    ] {
        let output = run(&[&["mine", "--blocks", "1"], &args[..]].concat());
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(
            !output.status.success() && error.contains(said),
            "{args:?}: {error}"
        );
    }
}
