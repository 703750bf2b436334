//! An end that is slow or silent, with limits short enough to wait for.

use super::*;
use axum::Router;
use axum::extract::{State, WebSocketUpgrade};
use axum::routing::get;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::sleep;
use tokio_tungstenite::tungstenite::protocol::Message as PageMessage;

const MAGIC: [u8; 4] = [0xfa, 0xbf, 0xb5, 0xda];
const SHORT: Duration = Duration::from_millis(200);
/// Long enough for an answer on a machine that is busy with other things.
const PATIENT: Duration = Duration::from_secs(2);

fn limits() -> Limits {
    let long = Duration::from_secs(60);
    Limits {
        first_message: long,
        stalled: long,
        ping_every: long,
        page_silent: long,
        node_silent: long,
        connections: 1,
        each: 1,
    }
}

struct Bridged {
    page: tokio_tungstenite::WebSocketStream<TcpStream>,
    node: TcpStream,
    ended: mpsc::Receiver<Ended>,
}

type Setting = Arc<(SocketAddr, Limits, mpsc::Sender<Ended>)>;

async fn handler(
    State(setting): State<Setting>,
    upgrade: WebSocketUpgrade,
) -> axum::response::Response {
    upgrade
        .write_buffer_size(0)
        .max_write_buffer_size(Gates::of_node(MAGIC).max_unsent())
        .on_upgrade(async move |socket| {
            let (node, limits, told) = &*setting;
            let node = TcpStream::connect(node).await.unwrap();
            let (_stop, stopping) = watch::channel(false);
            let (ended, _) = carry(socket, node, Gates::of_node(MAGIC), *limits, stopping).await;
            told.send(ended).await.unwrap();
        })
}

async fn bridged(limits: Limits) -> Bridged {
    let nodes = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (told, ended) = mpsc::channel(1);
    let setting = Arc::new((nodes.local_addr().unwrap(), limits, told));
    let router = Router::new().route("/", get(handler)).with_state(setting);
    let pages = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = pages.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(pages, router).await });
    let stream = TcpStream::connect(address).await.unwrap();
    let url = format!("ws://{address}/");
    let (page, _) = tokio_tungstenite::client_async(url, stream).await.unwrap();
    let (node, _) = nodes.accept().await.unwrap();
    Bridged { page, node, ended }
}

impl Bridged {
    async fn how(&mut self) -> Ended {
        timeout(Duration::from_secs(20), self.ended.recv())
            .await
            .expect("it ends in time")
            .expect("it tells how")
    }

    async fn say(&mut self, bytes: &[u8]) {
        let message = PageMessage::Binary(bytes.to_vec().into());
        self.page.send(message).await.unwrap();
    }
}

#[tokio::test]
async fn leaves_a_page_that_never_begins() {
    let mut bridged = bridged(Limits {
        first_message: SHORT,
        ..limits()
    })
    .await;
    // Three of four bytes, and frames without any for as long as it likes, are no beginning.
    bridged.say(&MAGIC[..3]).await;
    let Bridged { page, ended, .. } = &mut bridged;
    let dripping = async {
        while page.send(PageMessage::Pong(Bytes::new())).await.is_ok() {
            sleep(SHORT / 4).await;
        }
    };
    timeout(Duration::from_secs(20), dripping)
        .await
        .expect("it is left");
    assert!(matches!(ended.recv().await, Some(Ended::NoFirstMessage)));
}

#[tokio::test]
async fn leaves_a_page_without_a_sign_of_life() {
    let mut bridged = bridged(Limits {
        page_silent: SHORT,
        ping_every: SHORT / 4,
        ..limits()
    })
    .await;
    bridged.say(&MAGIC).await;
    // Nobody reads the page's end, so that no ping is answered.
    assert!(matches!(bridged.how().await, Ended::PageSilent));
}

#[tokio::test]
async fn keeps_a_page_that_answers_pings() {
    let mut bridged = bridged(Limits {
        page_silent: PATIENT,
        ping_every: SHORT / 4,
        ..limits()
    })
    .await;
    bridged.say(&MAGIC).await;
    let reading = async { while bridged.page.next().await.is_some() {} };
    assert!(
        timeout(PATIENT * 2, reading).await.is_err(),
        "it stays open"
    );
    bridged.say(b"more").await;
    let mut received = [0; 8];
    bridged.node.read_exact(&mut received).await.unwrap();
    assert_eq!(&received[4..], b"more");
}

#[tokio::test]
async fn leaves_a_node_without_a_sign_of_life() {
    let mut bridged = bridged(Limits {
        node_silent: SHORT,
        ping_every: SHORT / 4,
        ..limits()
    })
    .await;
    bridged.say(&MAGIC).await;
    assert!(matches!(bridged.how().await, Ended::NodeSilent));
}

#[tokio::test]
async fn leaves_a_page_that_takes_nothing() {
    let mut bridged = bridged(Limits {
        stalled: SHORT,
        ..limits()
    })
    .await;
    let block = [&MAGIC[..], &vec![0; 1 << 20]].concat();
    let flood = async { while bridged.node.write_all(&block).await.is_ok() {} };
    timeout(Duration::from_secs(20), flood).await.unwrap();
    assert!(matches!(bridged.how().await, Ended::PageStalled));
}

#[tokio::test]
async fn leaves_a_node_that_takes_nothing() {
    let mut bridged = bridged(Limits {
        stalled: SHORT,
        ..limits()
    })
    .await;
    bridged.say(&MAGIC).await;
    let frame = vec![0; 1 << 20];
    let flood = async {
        let message = || PageMessage::Binary(frame.clone().into());
        while bridged.page.send(message()).await.is_ok() {}
    };
    timeout(Duration::from_secs(20), flood).await.unwrap();
    assert!(matches!(bridged.how().await, Ended::NodeStalled));
}
