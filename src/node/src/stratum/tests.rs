//! The driver around core's server: a miner that reads nothing, too many of them, a node that has
//! nothing to mine, and one that has something new.

use super::*;
use crate::driver::{self, Machine, NodeHandle};
use crate::stream::{Ended, Incoming, Outgoing};
use farthing_core::mining::{BlockTemplate, TemplateParent};
use farthing_core::node::{self, Output, Request, RequestError, Response};
use farthing_core::params::NetworkParams;
use farthing_core::primitives::Now;
use farthing_core::stratum::server::Input;
use std::collections::VecDeque;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::timeout;

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const SOON: Duration = Duration::from_secs(20);

/// A node that answers by a rule.
struct Played<F> {
    rule: F,
    outputs: VecDeque<Output>,
}

impl<F> Machine for Played<F>
where
    F: FnMut(Request) -> Option<Result<Response, RequestError>> + Send + 'static,
{
    fn handle(&mut self, _: Now, input: node::Input) {
        if let node::Input::Request { id, request } = input
            && let Some(result) = (self.rule)(request)
        {
            self.outputs.push_back(Output::Reply { id, result });
        }
    }

    fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }
}

fn params() -> NetworkParams {
    NetworkParams::by_name("practice").unwrap()
}

/// The n-th of templates that are all another block's.
fn template(n: u32) -> BlockTemplate {
    let params = params();
    let genesis = params.genesis;
    let parent = TemplateParent {
        hash: genesis.block_hash(),
        height: 0,
        median_time_past: genesis.time,
        bits: genesis.bits.to_consensus(),
    };
    let mut template = BlockTemplate::make(&params, &parent, &[], genesis.time + 1 + n);
    template.longpollid = n.to_string();
    template
}

/// The server, and the node that it was started for.
fn started(
    rule: impl FnMut(Request) -> Option<Result<Response, RequestError>> + Send + 'static,
) -> (StratumHandle, NodeHandle) {
    let (node, _) = driver::start(Played {
        rule,
        outputs: VecDeque::new(),
    });
    (start(params(), &node, Options::default(), 1), node)
}

/// Says these lines, and then nothing more.
struct Says(VecDeque<String>);

impl Says {
    fn hello() -> Self {
        let script = farthing_core::consensus::script_of_key(
            &farthing_core::keys::SecretKey::from_seed(&[7; 32]).public(),
        );
        let address = params().address_from_script(&script).unwrap();
        let lines = [
            "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[]}\n".to_owned(),
            format!(
                "{{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"{address}\",\"\"]}}\n"
            ),
        ];
        Self(VecDeque::from(lines))
    }
}

impl Incoming for Says {
    async fn receive(&mut self) -> Result<Option<Vec<u8>>, Ended> {
        match self.0.pop_front() {
            Some(line) => Ok(Some(line.into_bytes())),
            None => std::future::pending().await,
        }
    }
}

/// Takes nothing.
struct Deaf;

impl Outgoing for Deaf {
    async fn deliver(&mut self, _: &[u8]) -> Result<(), Ended> {
        std::future::pending().await
    }
}

/// Tells what it was sent.
struct Hears(mpsc::UnboundedSender<String>);

impl Outgoing for Hears {
    async fn deliver(&mut self, bytes: &[u8]) -> Result<(), Ended> {
        self.0
            .send(String::from_utf8_lossy(bytes).into_owned())
            .ok();
        Ok(())
    }
}

/// The next line that says this.
async fn heard(lines: &mut mpsc::UnboundedReceiver<String>, what: &str) -> String {
    let hearing = async {
        while let Some(line) = lines.recv().await {
            if line.contains(what) {
                return line;
            }
        }
        panic!("expected {what}");
    };
    timeout(SOON, hearing).await.expect("it happens in time")
}

#[tokio::test]
async fn leaves_a_miner_that_does_not_read() {
    let (stratum, _node) = started(|_| None);
    let server = stratum.clone();
    let carried =
        tokio::spawn(async move { server.accepted(Says::hello(), &mut Deaf, HERE).await });
    // Each template is a job: a quarter of a mebibyte of them waits for nobody.
    let flood = async {
        for n in 0.. {
            stratum.input(Input::Template(Box::new(template(n)))).await;
            if carried.is_finished() {
                return n;
            }
        }
        0
    };
    let jobs = timeout(SOON, flood).await.expect("it is left in time");
    assert!(
        jobs > 100,
        "a miner that is slow for a moment stays: {jobs}"
    );
    assert!(matches!(carried.await.unwrap(), Ended::TooSlow));
    let figures = stratum.figures().await.unwrap();
    assert_eq!((figures.slow, figures.status.connections), (1, 0));
}

#[tokio::test]
async fn bounds_the_connections() {
    let (stratum, _node) = started(|_| None);
    let most = Options::default().max_connections + 32;
    let places: Vec<_> = (0..most).map(|_| stratum.place()).collect();
    assert!(places.iter().all(Option::is_some));
    assert!(stratum.place().is_none());
    drop(places);
    assert!(
        stratum.place().is_some(),
        "a place that is free again is given again"
    );
    assert_eq!(stratum.figures().await.unwrap().refused, 1);
}

#[tokio::test]
async fn follows_a_node_that_has_something_better_or_nothing() {
    let refused = || RequestError {
        code: "initial-download".to_owned(),
        message: "expected a validated chain".to_owned(),
    };
    // At first there is nothing, then one template, then a better one, and then nobody answers.
    let mut asked = Vec::new();
    let (told, mut asks) = mpsc::unbounded_channel();
    let (stratum, _node) = started(move |request| {
        let Request::Template { longpollid } = request else {
            return None;
        };
        told.send(longpollid.clone()).ok();
        asked.push(longpollid);
        match asked.len() {
            1 => Some(Err(refused())),
            n @ 2..=3 => Some(Ok(Response::Template(Box::new(template(n as u32))))),
            _ => None,
        }
    });
    let (lines, mut hearing) = mpsc::unbounded_channel();
    let server = stratum.clone();
    let mut hears = Hears(lines);
    tokio::spawn(async move { server.accepted(Says::hello(), &mut hears, HERE).await });
    let time_of = |n: u32| format!("{:08x}", template(n).curtime);
    heard(&mut hearing, &time_of(3)).await;
    let mut known = Vec::new();
    while known.len() < 4 {
        known.push(timeout(SOON, asks.recv()).await.unwrap().unwrap());
    }
    let id = |n: u32| Some(n.to_string());
    assert_eq!(known, [None, None, id(2), id(3)]);
}
