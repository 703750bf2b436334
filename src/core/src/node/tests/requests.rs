//! Templates and their long polls, submissions, status, a storage that breaks.

use super::coins::pay;
use super::world::World;
use crate::chain::tests::builder::mine;
use crate::node::{Request, RequestError, Response};
use bitcoin::consensus::encode::serialize;

fn poll(world: &mut World, name: &str) -> u32 {
    let longpollid = Some(world.template(name).longpollid);
    world.request(name, Request::Template { longpollid })
}

#[test]
fn a_long_poll_is_answered_by_a_new_tip() {
    let mut world = World::new();
    world.node("alice", &[]);
    world.pass(100);
    let id = poll(&mut world, "alice");
    world.pass(5_000);
    assert!(!world.replies.contains_key(&id));
    let block = world.block("alice", 1);
    let block = serialize(&block);
    assert_eq!(
        world.ask("alice", Request::SubmitBlock { block }),
        Ok(Response::Accepted)
    );
    match &world.replies[&id] {
        Ok(Response::Template(template)) => assert_eq!(template.height, 2),
        other => panic!("expected a template, found {other:?}"),
    }
}

#[test]
fn a_long_poll_is_answered_by_better_fees_after_some_seconds() {
    let mut world = World::new();
    world.node("alice", &[]);
    let blocks = world.mine("alice", 2, 1);
    let id = poll(&mut world, "alice");
    world.pass(100);
    world.pay("alice", &pay(&blocks[0].txdata[0], 1, 2, 1_000, 500));
    world.pass(2_000);
    assert!(!world.replies.contains_key(&id), "too soon");
    world.pass(3_000);
    match &world.replies[&id] {
        Ok(Response::Template(template)) => assert_eq!(template.transactions.len(), 1),
        other => panic!("expected a template, found {other:?}"),
    }
}

#[test]
fn a_long_poll_is_answered_after_a_minute_in_any_case() {
    let mut world = World::new();
    world.node("alice", &[]);
    world.pass(100);
    let id = poll(&mut world, "alice");
    world.pass(59_000);
    assert!(!world.replies.contains_key(&id));
    world.pass(2_000);
    assert!(world.replies.contains_key(&id));
}

#[test]
fn long_polls_are_bounded_and_the_oldest_is_answered() {
    let mut world = World::new();
    world.node("alice", &[]);
    world.pass(100);
    let ids: Vec<_> = (0..70).map(|_| poll(&mut world, "alice")).collect();
    assert_eq!(world.at("alice").long_polls.len(), 64);
    let answered: Vec<_> = ids
        .iter()
        .map(|id| world.replies.contains_key(id))
        .collect();
    assert!(answered[..6].iter().all(|answered| *answered));
    assert!(!answered[6..].iter().any(|answered| *answered));
}

#[test]
fn submissions_are_answered_in_the_words_of_bip22() {
    let mut world = World::new();
    world.node("alice", &[]);
    let first = world.mine("alice", 2, 1).remove(0);
    let mut submit = |block: &bitcoin::Block| {
        let block = serialize(block);
        match world.ask("alice", Request::SubmitBlock { block }) {
            Ok(_) => "accepted".to_owned(),
            Err(error) => error.code,
        }
    };
    assert_eq!(submit(&first), "duplicate");
    let mut other = first.clone();
    other.txdata[0].output[0].value = bitcoin::Amount::from_sat(7);
    assert_eq!(submit(&other), "duplicate");
    other.header.prev_blockhash = first.block_hash();
    other.header.time += 100;
    while !other.header.target().is_met_by(other.header.block_hash()) {
        other.header.nonce += 1;
    }
    assert_eq!(submit(&other), "bad-txnmrklroot");
    while other.header.target().is_met_by(other.header.block_hash()) {
        other.header.nonce += 1;
    }
    assert_eq!(submit(&other), "high-hash");
}

#[test]
fn a_proposal_is_judged_and_changes_nothing() {
    let mut world = World::new();
    world.node("alice", &[]);
    let blocks = world.mine("alice", 2, 1);
    world.pay("alice", &pay(&blocks[0].txdata[0], 1, 2, 1_000, 500));
    let mut block = world.block("alice", 3);
    assert_eq!(block.txdata.len(), 2, "with what waits");
    while block.header.target().is_met_by(block.header.block_hash()) {
        block.header.nonce += 1;
    }
    let state = |world: &World| {
        let node = world.at("alice");
        let coins = node.chain.utxo_hash();
        (node.chain.tip(), node.chain.headers().tip(), coins)
    };
    let waiting = |world: &mut World| match world.ask("alice", Request::Status) {
        Ok(Response::Status(status)) => (status.mempool_transactions, status.mempool_bytes),
        other => panic!("expected the status, found {other:?}"),
    };
    let before = (state(&world), waiting(&mut world), world.template("alice"));
    let mut propose = |block: &bitcoin::Block| {
        let block = serialize(block);
        match world.ask("alice", Request::ProposeBlock { block }) {
            Ok(response) => format!("{response:?}"),
            Err(error) => error.code,
        }
    };
    assert_eq!(propose(&block), "Accepted");
    let mut greedy = block.clone();
    greedy.txdata[0].output[0].value += bitcoin::Amount::ONE_SAT;
    assert_eq!(propose(&greedy), "bad-txnmrklroot");
    greedy.header.merkle_root = greedy.compute_merkle_root().unwrap();
    assert_eq!(propose(&greedy), "bad-cb-amount");
    let mut older = block.clone();
    older.header.prev_blockhash = blocks[0].block_hash();
    assert_eq!(propose(&older), "inconclusive-not-best-prevblk");
    assert_eq!(propose(&blocks[1]), "duplicate");
    let after = (state(&world), waiting(&mut world), world.template("alice"));
    assert_eq!(after, before);
    // The work was all that it lacked.
    mine(&mut block.header);
    assert_eq!(world.submit("alice", &block), Ok(Response::Accepted));
}

#[test]
fn a_block_beside_the_chain_is_inconclusive() {
    let mut world = World::new();
    world.node("alice", &[]);
    world.mine("alice", 1, 1);
    let (one, two) = (world.block("alice", 1), world.block("alice", 2));
    for (block, code) in [(one, None), (two, Some("inconclusive"))] {
        let block = serialize(&block);
        let result = world.ask("alice", Request::SubmitBlock { block });
        assert_eq!(result.err().map(|error| error.code).as_deref(), code);
    }
}

#[test]
fn bytes_that_are_nothing_are_refused() {
    let mut world = World::new();
    world.node("alice", &[]);
    world.pass(100);
    let junk = vec![7; 50];
    let requests = [
        Request::SubmitBlock {
            block: junk.clone(),
        },
        Request::ProposeBlock {
            block: junk.clone(),
        },
        Request::SubmitTransaction { transaction: junk },
    ];
    for request in requests {
        let result = world.ask("alice", request);
        assert!(
            matches!(&result, Err(RequestError { code, .. }) if code == "rejected"),
            "{result:?}"
        );
    }
}

#[test]
fn the_status_tells_how_the_node_is() {
    let mut world = World::new();
    world.node("alice", &["bob"]);
    world.node("bob", &[]);
    world.pass(1_000);
    let blocks = world.mine("alice", 2, 1);
    world.pay("alice", &pay(&blocks[0].txdata[0], 1, 2, 1_000, 500));
    match world.ask("alice", Request::Status) {
        Ok(Response::Status(status)) => {
            assert_eq!((status.height, status.headers), (2, 2));
            assert_eq!(status.tip, blocks[1].block_hash().to_string());
            assert_eq!(status.mempool_transactions, 1);
            assert_eq!(status.blocks_connected, 2);
            assert_eq!(status.peers.len(), 1);
            assert!(status.peers[0].ready && status.peers[0].sent > 100);
            assert_eq!(status.peers[0].user_agent, "/farthing:0.1.0/");
        }
        other => panic!("expected the status, found {other:?}"),
    }
}

#[test]
fn a_flood_of_questions_chooses_once_a_second() {
    let mut world = World::new();
    world.node("alice", &[]);
    let blocks = world.mine("alice", 2, 1);
    world.pass(1_000);
    let first = world.template("alice");
    let before = world.at("alice").long_polls.made();
    for _ in 0..100 {
        assert_eq!(world.template("alice"), first);
    }
    assert_eq!(world.at("alice").long_polls.made(), before);
    // What waits, the tip and the time each make another one.
    world.pay("alice", &pay(&blocks[0].txdata[0], 1, 2, 1_000, 500));
    assert_eq!(world.template("alice").transactions.len(), 1);
    let block = world.block("alice", 1);
    assert_eq!(world.submit("alice", &block), Ok(Response::Accepted));
    let third = world.template("alice");
    assert_eq!(third.height, 4);
    world.pass(1_000);
    assert!(world.template("alice").curtime > third.curtime);
}
