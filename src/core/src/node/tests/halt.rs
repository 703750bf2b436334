//! A storage that breaks stops the node, with a sentence and nothing after it.

use super::world::params;
use crate::chain::{Batch, Chain, Coin, MemoryStore, Store, StoreError, StoredFilter};
use crate::client::RequestId;
use crate::mining::Candidate;
use crate::node::{Input, Node, NodeOptions, Output, Request, Response};
use crate::primitives::Now;
use bitcoin::block::Header;
use bitcoin::consensus::encode::serialize;
use bitcoin::{BlockHash, OutPoint};

/// A disk with room for so many batches.
#[derive(Debug)]
struct Full {
    inner: MemoryStore,
    left: u32,
}

impl Store for Full {
    fn headers(&self) -> Result<Vec<Header>, StoreError> {
        self.inner.headers()
    }
    fn invalid(&self) -> Result<Vec<BlockHash>, StoreError> {
        self.inner.invalid()
    }
    fn tip(&self) -> Result<Option<BlockHash>, StoreError> {
        self.inner.tip()
    }
    fn has_block(&self, hash: &BlockHash) -> Result<bool, StoreError> {
        self.inner.has_block(hash)
    }
    fn block(&self, hash: &BlockHash) -> Result<Option<Vec<u8>>, StoreError> {
        self.inner.block(hash)
    }
    fn undo(&self, hash: &BlockHash) -> Result<Option<Vec<u8>>, StoreError> {
        self.inner.undo(hash)
    }
    fn filter(&self, hash: &BlockHash) -> Result<Option<StoredFilter>, StoreError> {
        self.inner.filter(hash)
    }
    fn coin(&self, outpoint: &OutPoint) -> Result<Option<Coin>, StoreError> {
        self.inner.coin(outpoint)
    }
    fn each_coin(&self, each: &mut dyn FnMut(&OutPoint, &Coin)) -> Result<(), StoreError> {
        self.inner.each_coin(each)
    }
    fn commit(&mut self, batch: Batch) -> Result<(), StoreError> {
        self.left = self.left.checked_sub(1).ok_or_else(|| StoreError {
            message: "no space is left on the disk".to_owned(),
        })?;
        self.inner.commit(batch)
    }
}

fn node(left: u32) -> Node<Full> {
    let inner = MemoryStore::new();
    let mut chain = Chain::open(params(), Full { inner, left: 9 });
    let mut store = chain.expect("room").into_store();
    store.left = left;
    chain = Chain::open(params(), store);
    let options = NodeOptions::default();
    Node::new(params(), [1; 32], chain.expect("it is there"), options)
}

fn handle(node: &mut Node<Full>, number: u64, input: Input) -> Vec<Output> {
    let now = Now {
        unix_ms: super::world::START + number,
        monotonic_ms: 1_000 + number,
    };
    node.handle(now, input);
    std::iter::from_fn(|| node.poll_output()).collect()
}

fn request(id: u32, request: Request) -> Input {
    let id = RequestId(id);
    Input::Request { id, request }
}

/// Mines a block and gives it to the node; what comes of it, and of a question after it.
fn mine(node: &mut Node<Full>) -> (Vec<Output>, Vec<Output>) {
    handle(node, 0, Input::Tick);
    let outputs = handle(node, 1, request(1, Request::Template { longpollid: None }));
    let template = outputs.into_iter().find_map(|output| match output {
        Output::Reply {
            result: Ok(Response::Template(template)),
            ..
        } => Some(template),
        _ => None,
    });
    let template = template.expect("a template");
    let payout = super::coins::script(1);
    let candidate = Candidate::from_template(&params(), &template, payout, 1).expect("good");
    let block = serialize(&super::coins::seal(&candidate));
    let found = handle(node, 2, request(2, Request::SubmitBlock { block }));
    let after = handle(node, 3, request(3, Request::Status));
    (found, after)
}

#[test]
fn a_full_disk_halts_the_node() {
    let (found, after) = mine(&mut node(0));
    let halted = found.iter().any(|output| {
        matches!(output, Output::Halt { reason } if reason == "no space is left on the disk")
    });
    assert!(halted, "{found:?}");
    let accepted = found
        .iter()
        .any(|output| matches!(output, Output::Reply { result: Ok(_), .. }));
    assert!(!accepted, "nothing is said to be kept that is not");
    assert_eq!(after, [], "nothing is done after it");
}

#[test]
fn with_room_it_goes_on() {
    let (found, after) = mine(&mut node(9));
    assert!(
        !found
            .iter()
            .any(|output| matches!(output, Output::Halt { .. }))
    );
    assert!(!after.is_empty());
}
