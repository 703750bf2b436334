//! The driver around a machine that the test plays: slow peers, fast peers, too many of them, a
//! machine that stops.

use super::handle::QUEUE;
use super::task::{Halted, Machine};
use super::*;
use farthing_core::client::PeerId;
use farthing_core::node::{Input, Output, Request, RequestError, Response};
use farthing_core::primitives::Now;
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};

/// What it does with an input.
type Rule = Box<dyn FnMut(&Input) -> Vec<Output> + Send>;

/// A machine that follows a rule and tells what it is given.
struct Played {
    rule: Rule,
    outputs: VecDeque<Output>,
    told: mpsc::UnboundedSender<Input>,
}

impl Machine for Played {
    fn handle(&mut self, _: Now, input: Input) {
        self.outputs.extend((self.rule)(&input));
        self.told.send(input).ok();
    }

    fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }
}

type Ending = tokio::task::JoinHandle<Result<(), Halted>>;

fn play(
    rule: impl FnMut(&Input) -> Vec<Output> + Send + 'static,
) -> (NodeHandle, Ending, mpsc::UnboundedReceiver<Input>) {
    let (told, inputs) = mpsc::unbounded_channel();
    let machine = Played {
        rule: Box::new(rule),
        outputs: VecDeque::new(),
        told,
    };
    let (node, ending) = start(machine);
    (node, ending, inputs)
}

async fn port(node: &NodeHandle) -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(listen(listener, node.clone()));
    address
}

/// The next input that is no tick.
async fn next(inputs: &mut mpsc::UnboundedReceiver<Input>) -> Input {
    loop {
        let input = timeout(Duration::from_secs(20), inputs.recv()).await;
        match input
            .expect("it happens in time")
            .expect("the machine lives")
        {
            Input::Tick => {}
            input => return input,
        }
    }
}

fn echo(input: &Input) -> Vec<Output> {
    match input {
        Input::Received { peer, bytes } => vec![Output::Send {
            peer: *peer,
            bytes: bytes.clone(),
        }],
        _ => Vec::new(),
    }
}

const FIRST: PeerId = PeerId(1 << 31);

#[tokio::test]
async fn carries_bytes_both_ways_and_says_when_all_has_left() {
    let (node, _ending, mut inputs) = play(echo);
    let mut peer = TcpStream::connect(port(&node).await).await.unwrap();
    let Input::Accepted {
        peer: number,
        address,
    } = next(&mut inputs).await
    else {
        panic!("expected a peer");
    };
    assert_eq!(
        (number, address),
        (FIRST, peer.local_addr().unwrap().to_string())
    );
    peer.write_all(b"here").await.unwrap();
    let mut answer = [0; 4];
    peer.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"here");
    assert!(matches!(
        next(&mut inputs).await,
        Input::Received { peer: FIRST, .. }
    ));
    assert_eq!(next(&mut inputs).await, Input::Drained(FIRST));
    drop(peer);
    assert_eq!(next(&mut inputs).await, Input::Disconnected(FIRST));
}

#[tokio::test]
async fn leaves_a_peer_that_does_not_read() {
    // Each piece that it sends is answered with a mebibyte, which it does not read.
    let (node, _ending, mut inputs) = play(|input| match input {
        Input::Received { peer, .. } => vec![Output::Send {
            peer: *peer,
            bytes: vec![0; 1 << 20],
        }],
        _ => Vec::new(),
    });
    let mut peer = TcpStream::connect(port(&node).await).await.unwrap();
    let mut sent = 0;
    while peer.write_all(b"more").await.is_ok() {
        sent += 1;
        assert!(sent < 200, "{sent} MiB wait for a peer that does not read");
        sleep(Duration::from_millis(5)).await;
    }
    while next(&mut inputs).await != Input::Disconnected(FIRST) {}
    assert_eq!(
        node.counters()
            .slow
            .load(std::sync::atomic::Ordering::Relaxed),
        1
    );
}

/// Holds a machine up until it is dropped, by a failing test too: the runtime waits for the machine.
struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Drop for Gate {
    fn drop(&mut self) {
        let (open, opened) = &*self.0;
        *open.lock().unwrap() = true;
        opened.notify_all();
    }
}

#[tokio::test]
async fn stops_reading_while_the_machine_is_behind() {
    let held = Arc::new((Mutex::new(false), Condvar::new()));
    let gate = Gate(Arc::clone(&held));
    let (node, _ending, _inputs) = play(move |input| {
        if matches!(input, Input::Received { .. }) {
            let (open, opened) = &*held;
            let open = open.lock().unwrap();
            drop(opened.wait_while(open, |open| !*open).unwrap());
        }
        Vec::new()
    });
    let mut peer = TcpStream::connect(port(&node).await).await.unwrap();
    let piece = vec![0; 1 << 20];
    let mut taken = 0;
    // What the queue and the machine's own socket buffers hold is all that is taken.
    while let Ok(written) = timeout(Duration::from_secs(1), peer.write(&piece)).await {
        taken += written.unwrap();
        assert!(
            taken < (QUEUE + 256) << 16,
            "{taken} bytes were read by a machine that works on one"
        );
    }
    drop(gate);
    timeout(Duration::from_secs(20), peer.write(&piece))
        .await
        .expect("it goes on")
        .unwrap();
}

#[tokio::test]
async fn sends_what_waits_before_it_leaves_and_speaks_no_more_of_that_peer() {
    let (node, _ending, mut inputs) = play(|input| match input {
        Input::Received { peer, .. } => vec![
            Output::Send {
                peer: *peer,
                bytes: vec![7; 1 << 20],
            },
            Output::Disconnect(*peer),
            Output::Send {
                peer: *peer,
                bytes: vec![8],
            },
        ],
        _ => Vec::new(),
    });
    let mut peer = TcpStream::connect(port(&node).await).await.unwrap();
    peer.write_all(b"x").await.unwrap();
    let mut read = Vec::new();
    timeout(Duration::from_secs(20), peer.read_to_end(&mut read))
        .await
        .expect("it is left")
        .unwrap();
    assert!(read == vec![7; 1 << 20], "found {} bytes", read.len());
    drop(peer);
    // The next one is the next thing that the machine hears of.
    let mut other = TcpStream::connect(port(&node).await).await.unwrap();
    assert!(matches!(
        next(&mut inputs).await,
        Input::Accepted { peer: FIRST, .. }
    ));
    assert!(matches!(
        next(&mut inputs).await,
        Input::Received { peer: FIRST, .. }
    ));
    let Input::Accepted { peer: number, .. } = next(&mut inputs).await else {
        panic!("expected another peer");
    };
    assert_eq!(number, PeerId(FIRST.0 + 1));
    other.shutdown().await.unwrap();
}

#[tokio::test]
async fn bounds_the_peers() {
    let (node, _ending, mut inputs) = play(|_| Vec::new());
    let address = port(&node).await;
    let mut peers = Vec::new();
    for _ in 0..160 {
        peers.push(TcpStream::connect(address).await.unwrap());
        assert!(matches!(next(&mut inputs).await, Input::Accepted { .. }));
    }
    let mut one_more = TcpStream::connect(address).await.unwrap();
    let read = timeout(Duration::from_secs(20), one_more.read(&mut [0])).await;
    assert!(
        matches!(read.unwrap(), Ok(0) | Err(_)),
        "it is left at once"
    );
    drop(peers.pop());
    assert!(matches!(next(&mut inputs).await, Input::Disconnected(_)));
    let again = async {
        loop {
            let _peer = TcpStream::connect(address).await.unwrap();
            if let Ok(Some(Input::Accepted { .. })) =
                timeout(Duration::from_millis(200), inputs.recv()).await
            {
                return;
            }
        }
    };
    timeout(Duration::from_secs(20), again)
        .await
        .expect("a place that is given back can be taken");
}

#[tokio::test]
async fn dials_and_tells_how_it_went() {
    let there = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addresses = [&there, &nobody].map(|at| at.local_addr().unwrap().to_string());
    drop(nobody);
    let mut dials = vec![
        (PeerId(1), addresses[0].clone()),
        (PeerId(2), addresses[1].clone()),
    ];
    let (_node, _ending, mut inputs) = play(move |_| {
        let dial = |(peer, address)| Output::Connect { peer, address };
        dials.drain(..).map(dial).collect()
    });
    let mut heard = [next(&mut inputs).await, next(&mut inputs).await];
    heard.sort_by_key(|input| matches!(input, Input::Disconnected(_)));
    assert_eq!(
        heard,
        [Input::Connected(PeerId(1)), Input::Disconnected(PeerId(2))]
    );
}

#[tokio::test]
async fn answers_questions_with_their_own_answers() {
    let (node, ending, _inputs) = play(|input| match input {
        Input::Request { id, request } => {
            let result = match request {
                Request::SubmitBlock { block } if block.is_empty() => Ok(Response::Accepted),
                _ => Err(RequestError {
                    code: "rejected".to_owned(),
                    message: format!("request {}", id.0),
                }),
            };
            vec![Output::Reply { id: *id, result }]
        }
        _ => Vec::new(),
    });
    let block = Request::SubmitBlock { block: Vec::new() };
    assert_eq!(node.ask(block.clone()).await.unwrap(), Response::Accepted);
    let error = node.ask(Request::Status).await.unwrap_err();
    assert_eq!(error.to_string(), "request 1");
    node.stop().await;
    assert_eq!(ending.await.unwrap(), Ok(()));
    let error = node.ask(block).await.unwrap_err();
    assert_eq!(error.to_string(), "the node does not answer");
}

#[tokio::test]
async fn stops_with_the_sentence_of_a_machine_whose_store_broke() {
    let (node, ending, _inputs) = play(|input| match input {
        Input::Accepted { .. } => vec![Output::Halt {
            reason: "no room".to_owned(),
        }],
        _ => Vec::new(),
    });
    let mut peer = TcpStream::connect(port(&node).await).await.unwrap();
    let halted = timeout(Duration::from_secs(20), ending)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(halted.unwrap_err().to_string(), "the node stopped: no room");
    let mut rest = Vec::new();
    timeout(Duration::from_secs(20), peer.read_to_end(&mut rest))
        .await
        .expect("its peers are left")
        .ok();
}

#[tokio::test]
async fn wakes_the_machine_when_it_wishes() {
    let mut wished = false;
    let (_node, _ending, mut inputs) = play(move |_| {
        let wish = (!wished).then_some(Output::WakeAt { monotonic_ms: 50 });
        wished = true;
        wish.into_iter().collect()
    });
    for _ in 0..2 {
        let tick = timeout(Duration::from_secs(20), inputs.recv())
            .await
            .unwrap();
        assert_eq!(tick, Some(Input::Tick));
    }
    let more = timeout(Duration::from_millis(200), inputs.recv()).await;
    assert!(more.is_err(), "and not again without a wish");
}
