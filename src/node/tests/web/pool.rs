//! The bridge to a pool from outside: the binary, a pool's TCP port and a page's WebSocket.

use crate::support::{Farthing, Node, set, soon};
use futures_util::{SinkExt as _, StreamExt as _};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::Message;

type Page = WebSocketStream<TcpStream>;

const SUBSCRIBE: &str = r#"{"id":1,"method":"mining.subscribe","params":["tab"]}"#;

/// A page and a pool with the bridge between them.
async fn connected() -> (Farthing, Page, BufReader<TcpStream>) {
    let pool = Node::listen().await;
    let farthing = Farthing::start(&["--pool", &pool.address]);
    let request = farthing.page(&format!("pool/{}", pool.address));
    let page = farthing.open(request).await.unwrap();
    let stream = BufReader::new(pool.accept().await);
    (farthing, page, stream)
}

async fn say(page: &mut Page, text: &str) {
    page.send(Message::Text(text.into())).await.unwrap();
}

/// The next frame of text, or how the page was closed.
async fn next(page: &mut Page) -> Result<String, Option<u16>> {
    loop {
        match soon(page.next()).await {
            Some(Ok(Message::Text(text))) => return Ok(text.to_string()),
            Some(Ok(Message::Close(frame))) => return Err(frame.map(|frame| frame.code.into())),
            Some(Ok(Message::Binary(bytes))) => panic!("expected text, found {bytes:?}"),
            Some(Ok(_)) => {}
            Some(Err(_)) | None => return Err(None),
        }
    }
}

#[tokio::test]
async fn carries_lines_both_ways() {
    let (_farthing, mut page, mut pool) = connected().await;
    // A frame is a line, whether it says so or not, and may be bytes.
    say(&mut page, SUBSCRIBE).await;
    say(&mut page, &format!("{SUBSCRIBE}\n")).await;
    let bytes = SUBSCRIBE.as_bytes().to_vec();
    page.send(Message::Binary([&bytes[..], b"\n"].concat().into()))
        .await
        .unwrap();
    for _ in 0..3 {
        let mut line = String::new();
        soon(pool.read_line(&mut line)).await.unwrap();
        assert_eq!(line, format!("{SUBSCRIBE}\n"));
    }
    // The job of a pool that pays many: a line of 200 kB, and the next one right behind it.
    let long = format!(
        "{{\"id\":null,\"method\":\"mining.notify\",\"params\":[\"{}\"]}}\n",
        "0".repeat(200_000)
    );
    let short = "{\"id\":1,\"result\":true,\"error\":null}\n";
    let both = format!("{long}{short}");
    pool.write_all(both.as_bytes()).await.unwrap();
    let mut received = String::new();
    while received.len() < both.len() {
        received += &next(&mut page).await.unwrap();
        assert!(received.ends_with('\n'), "whole lines");
    }
    assert!(received == both, "the page reads what the pool sent");
    drop(pool);
    assert_eq!(next(&mut page).await, Err(Some(1000)));
}

#[tokio::test]
async fn carries_nothing_but_stratum_to_a_pool() {
    for odd in [
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "EHLO x",
        r#"{"id":1,"method":"blockchain.scripthash.get_history","params":[]}"#,
        &"0".repeat(5_000),
    ] {
        let (_farthing, mut page, mut pool) = connected().await;
        say(&mut page, odd).await;
        assert_eq!(next(&mut page).await, Err(Some(1008)), "{odd:.60}");
        let mut received = Vec::new();
        // A reset is an end too.
        soon(pool.read_to_end(&mut received)).await.ok();
        assert_eq!(received, b"", "{odd:.60}");
    }
}

#[tokio::test]
async fn carries_nothing_but_stratum_from_a_pool() {
    for odd in [
        "220 mail.example ESMTP\r\n",
        "<html>\n",
        &"0".repeat(300_000),
    ] {
        let (_farthing, mut page, mut pool) = connected().await;
        // It may be left before all of it was sent.
        pool.write_all(odd.as_bytes()).await.ok();
        assert_eq!(next(&mut page).await, Err(Some(1008)), "{odd:.60}");
    }
}

#[tokio::test]
async fn refuses_a_pool_that_is_not_listed_and_pages_of_other_sites() {
    let (listed, other) = (Node::listen().await, Node::listen().await);
    let farthing = Farthing::start(&["--pool", &listed.address]);
    for target in [other.address.as_str(), "169.254.169.254:80", "localhost:22"] {
        let refused = farthing
            .open(farthing.page(&format!("pool/{target}")))
            .await;
        assert_eq!(refused.err(), Some(403), "{target}");
    }
    // A node's way leads to no pool: other things pass there.
    let refused = farthing.open(farthing.request(&listed.address)).await;
    assert_eq!(refused.err(), Some(403));
    let mut request = farthing.page(&format!("pool/{}", listed.address));
    set(&mut request, "origin", "https://shop.example");
    assert_eq!(farthing.open(request).await.err(), Some(403));
    for nobody in [&listed, &other] {
        let came = timeout(Duration::from_millis(200), nobody.accept()).await;
        assert!(came.is_err(), "nothing reached it");
    }
}

#[tokio::test]
async fn tells_pages_which_pools_there_are() {
    let pool = Node::listen().await;
    let farthing = Farthing::start(&["--pool", &format!("stratum+tcp://{}", pool.address)]);
    let answer = farthing
        .ask("GET /farthing.json HTTP/1.1\r\nHost: localhost")
        .await;
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    let found: serde_json::Value = serde_json::from_str(body).unwrap();
    let expected = serde_json::json!({
        "name": pool.address,
        "url": format!("/pool/{}", pool.address),
    });
    let own = serde_json::json!({
        "name": "this site",
        "url": "/stratum",
        "network": "practice:web",
    });
    assert_eq!(found["pools"], serde_json::json!([own, expected]));
}
