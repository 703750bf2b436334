//! The bridge from outside: the binary, a node's TCP port and a page's WebSocket.

use crate::support::{Farthing, MAGIC, Node, set, soon};
use futures_util::{SinkExt as _, StreamExt as _};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

type Page = WebSocketStream<TcpStream>;

/// A page and a node with the bridge between them.
async fn connected() -> (Farthing, Page, TcpStream) {
    let node = Node::listen().await;
    let farthing = Farthing::start(&["--bitcoin", &node.option()]);
    let page = farthing
        .open(farthing.request(&node.address))
        .await
        .unwrap();
    let stream = node.accept().await;
    (farthing, page, stream)
}

fn from_magic(length: usize) -> Vec<u8> {
    let rest = (0..length - MAGIC.len()).map(|index| (index * 31 % 251) as u8);
    MAGIC.into_iter().chain(rest).collect()
}

/// The next frame of bytes, or how the page was closed.
async fn next(page: &mut Page) -> Result<Vec<u8>, Option<u16>> {
    loop {
        match soon(page.next()).await {
            Some(Ok(Message::Binary(bytes))) => return Ok(bytes.to_vec()),
            Some(Ok(Message::Close(frame))) => return Err(frame.map(|frame| frame.code.into())),
            Some(Ok(_)) => {}
            Some(Err(_)) | None => return Err(None),
        }
    }
}

async fn reads_end(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    // A reset is an end too.
    soon(stream.read_to_end(&mut bytes)).await.ok();
    bytes
}

#[tokio::test]
async fn carries_bytes_both_ways() {
    let (_farthing, mut page, mut node) = connected().await;
    let (there, back) = (from_magic(300_000), from_magic(500_000));
    for chunk in there.chunks(70_001) {
        page.send(Message::Binary(chunk.to_vec().into()))
            .await
            .unwrap();
    }
    let mut received = vec![0; there.len()];
    soon(node.read_exact(&mut received)).await.unwrap();
    assert!(received == there, "the node reads what the page sent");

    let sent = back.clone();
    let sender = tokio::spawn(async move {
        node.write_all(&sent).await.unwrap();
        node
    });
    let mut received = Vec::new();
    while received.len() < back.len() {
        let frame = next(&mut page).await.unwrap();
        assert!(frame.len() <= 65_536, "a frame of {} bytes", frame.len());
        received.extend(frame);
    }
    assert!(received == back, "the page reads what the node sent");
    drop(sender.await.unwrap());
    assert_eq!(next(&mut page).await, Err(Some(1000)));
}

#[tokio::test]
async fn closes_the_node_when_the_page_leaves() {
    let (_farthing, mut page, mut node) = connected().await;
    page.send(Message::Binary(MAGIC.to_vec().into()))
        .await
        .unwrap();
    page.close(None).await.unwrap();
    assert_eq!(reads_end(&mut node).await, MAGIC);

    // And when it vanishes without a word.
    let (_farthing, page, mut node) = connected().await;
    drop(page);
    assert_eq!(reads_end(&mut node).await, b"");
}

#[tokio::test]
async fn refuses_a_node_that_is_not_listed() {
    let (listed, other) = (Node::listen().await, Node::listen().await);
    let farthing = Farthing::start(&["--bitcoin", &listed.option()]);
    for target in [
        other.address.as_str(),
        "169.254.169.254:80",
        "[::ffff:10.0.0.1]:8333",
        "localhost:22",
        "127.0.0.1:25",
    ] {
        let refused = farthing.open(farthing.request(target)).await;
        assert_eq!(refused.err(), Some(403), "{target}");
    }
    let nobody = timeout(Duration::from_millis(300), other.accept()).await;
    assert!(
        nobody.is_err(),
        "nothing reached the node that is not listed"
    );
}

#[tokio::test]
async fn refuses_pages_of_other_sites() {
    let node = Node::listen().await;
    let farthing = Farthing::start(&["--bitcoin", &node.option()]);
    for origin in ["https://shop.example", "http://127.0.0.1:1", "null"] {
        let mut request = farthing.request(&node.address);
        set(&mut request, "origin", origin);
        assert_eq!(farthing.open(request).await.err(), Some(403), "{origin}");
    }
    // A name that was made to point here: its own origin, but not our name.
    let mut request = farthing.request(&node.address);
    set(&mut request, "host", "rebound.example");
    set(&mut request, "origin", "http://rebound.example");
    assert_eq!(farthing.open(request).await.err(), Some(421));
    // A program that is no browser has no origin.
    let mut request = farthing.request(&node.address);
    request.headers_mut().remove("origin");
    assert!(farthing.open(request).await.is_ok());
}

#[tokio::test]
async fn refuses_another_subprotocol() {
    let node = Node::listen().await;
    let farthing = Farthing::start(&["--bitcoin", &node.option()]);
    let mut request = farthing.request(&node.address);
    set(&mut request, "sec-websocket-protocol", "chat");
    assert_eq!(farthing.open(request).await.err(), Some(400));
    let mut request = farthing.request(&node.address);
    set(&mut request, "sec-websocket-protocol", "binary");
    assert!(farthing.open(request).await.is_ok());
}

#[tokio::test]
async fn checks_the_magic_of_the_page() {
    let (_farthing, mut page, mut node) = connected().await;
    let request = b"GET / HTTP/1.1\r\n\r\n".to_vec();
    page.send(Message::Binary(request.into())).await.unwrap();
    assert_eq!(next(&mut page).await, Err(Some(1008)));
    assert_eq!(reads_end(&mut node).await, b"", "nothing reached the node");
}

#[tokio::test]
async fn checks_the_magic_of_the_node() {
    let (_farthing, mut page, mut node) = connected().await;
    page.send(Message::Binary(MAGIC.to_vec().into()))
        .await
        .unwrap();
    node.write_all(b"220 mail.example ESMTP\r\n").await.unwrap();
    assert_eq!(next(&mut page).await, Err(Some(1008)));
}

#[tokio::test]
async fn refuses_frames_past_the_bound() {
    let (_farthing, mut page, mut node) = connected().await;
    let frame = from_magic((1 << 20) + 1);
    // The bridge may close before it was sent whole.
    page.send(Message::Binary(frame.into())).await.ok();
    assert!(next(&mut page).await.is_err());
    assert_eq!(reads_end(&mut node).await, b"", "nothing reached the node");

    // The same in two fragments.
    let (_farthing, mut page, mut node) = connected().await;
    let whole = from_magic((1 << 20) + 2);
    let (first, second) = whole.split_at(whole.len() / 2);
    for (part, kind, last) in [(first, Data::Binary, false), (second, Data::Continue, true)] {
        let fragment = Frame::message(part.to_vec(), OpCode::Data(kind), last);
        page.send(Message::Frame(fragment)).await.ok();
    }
    assert!(next(&mut page).await.is_err());
    assert_eq!(reads_end(&mut node).await, b"", "nothing reached the node");

    // The head of a frame is enough: nothing of it is waited for.
    let (_farthing, mut page, _node) = connected().await;
    let length = ((1_u64 << 20) + 1).to_be_bytes();
    let head = [&[0x82, 0xff][..], &length, &[0; 4]].concat();
    page.get_mut().write_all(&head).await.unwrap();
    assert!(next(&mut page).await.is_err());

    let (_farthing, mut page, _node) = connected().await;
    page.send(Message::Text("version".into())).await.unwrap();
    assert_eq!(next(&mut page).await, Err(Some(1003)));
}

#[tokio::test]
async fn stops_reading_while_the_page_takes_nothing() {
    let (_farthing, page, mut node) = connected().await;
    let block = from_magic(1 << 20);
    let mut taken = 0;
    // The page reads nothing: what the machine's own socket buffers hold is all that is taken.
    while let Ok(written) = timeout(Duration::from_secs(1), node.write(&block)).await {
        taken += written.unwrap();
        assert!(
            taken < 64 << 20,
            "{taken} bytes were read for a page that takes none"
        );
    }
    drop(page);
    reads_end(&mut node).await;
}

#[tokio::test]
async fn answers_that_an_unreachable_node_is_unreachable() {
    let node = Node::listen().await;
    let (option, address) = (node.option(), node.address.clone());
    drop(node);
    let farthing = Farthing::start(&["--bitcoin", &option]);
    let refused = farthing.open(farthing.request(&address)).await;
    assert_eq!(refused.err(), Some(502));
}

#[tokio::test]
async fn bounds_the_connections() {
    let node = Node::listen().await;
    let farthing = Farthing::start(&["--bitcoin", &node.option()]);
    let mut pages = Vec::new();
    for _ in 0..64 {
        let page = farthing.open(farthing.request(&node.address)).await;
        pages.push((page.unwrap(), node.accept().await));
    }
    let one_more = farthing.open(farthing.request(&node.address)).await;
    assert_eq!(one_more.err(), Some(503));
    // A place that is given back can be taken again.
    let (mut page, mut stream) = pages.pop().unwrap();
    page.close(None).await.unwrap();
    reads_end(&mut stream).await;
    while page.next().await.is_some() {}
    let opened = async {
        while farthing
            .open(farthing.request(&node.address))
            .await
            .is_err()
        {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    soon(opened).await;
}

#[cfg(unix)]
#[tokio::test]
async fn closes_its_connections_when_it_is_stopped() {
    let (farthing, mut page, mut node) = connected().await;
    page.send(Message::Binary(MAGIC.to_vec().into()))
        .await
        .unwrap();
    soon(node.read_exact(&mut [0; 4])).await.unwrap();
    let ended = tokio::task::spawn_blocking(move || farthing.interrupt());
    assert_eq!(next(&mut page).await, Err(Some(1001)));
    page.close(None).await.ok();
    assert_eq!(reads_end(&mut node).await, b"");
    assert_eq!(soon(ended).await.unwrap(), Some(0));
}
