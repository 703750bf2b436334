//! Peers that lie: they are left, and the chain goes on.

use super::coins::pay;
use super::world::{World, params};
use crate::node::{Request, Response};
use bitcoin::block::{Block, Header};
use bitcoin::hashes::Hash;
use bitcoin::p2p::message::NetworkMessage;
use bitcoin::p2p::message_blockdata::Inventory;
use bitcoin::{BlockHash, TxMerkleNode, Witness};

/// A node with some blocks, and Mallory.
fn world() -> (World, Vec<Block>) {
    let mut world = World::new();
    world.node("alice", &[]);
    let blocks = world.mine("alice", 3, 1);
    world.guest("mallory", "alice");
    (world, blocks)
}

/// Finds a nonce for the header as it is.
fn seal(header: &mut Header) {
    header.nonce = 0;
    while !header.target().is_met_by(header.block_hash()) {
        header.nonce += 1;
    }
}

/// Headers with proof of work whose blocks nobody has.
pub(super) fn headers_after(block: &Block, count: u32) -> Vec<Header> {
    let mut header = block.header;
    let next = |_| {
        header.prev_blockhash = header.block_hash();
        header.time += 1;
        header.merkle_root = TxMerkleNode::from_byte_array([3; 32]);
        seal(&mut header);
        header
    };
    (0..count).map(next).collect()
}

/// Whether Mallory is left for breaking the protocol.
fn is_left(world: &World) -> bool {
    world.at("alice").status().misbehaving == 1 && !world.is_connected("mallory")
}

/// Mallory announces the header and sends a body when asked.
fn bring(world: &mut World, header: Header, body: Block) {
    world.say("mallory", NetworkMessage::Headers(vec![header]));
    world.pass(100);
    let asked = NetworkMessage::GetData(vec![Inventory::WitnessBlock(header.block_hash())]);
    assert!(world.stranger_mut("mallory").heard.contains(&asked));
    world.say("mallory", NetworkMessage::Block(body));
    world.pass(100);
}

#[test]
fn a_mutated_block_costs_its_sender_the_connection_and_the_true_one_is_taken() {
    let mutations: [fn(&mut Block); 3] = [
        // CVE-2012-2459: with an odd count the root stays.
        |block| block.txdata.push(block.txdata[0].clone()),
        |block| block.txdata[0].input[0].witness = Witness::from_slice(&[[9; 32]]),
        |block| block.txdata[0].input[0].witness = Witness::new(),
    ];
    for mutate in mutations {
        let (mut world, _) = world();
        let block = world.block("alice", 2);
        let mut body = block.clone();
        mutate(&mut body);
        bring(&mut world, block.header, body);
        assert!(is_left(&world));
        assert_eq!(world.height("alice"), 3);
        world.guest("honest", "alice");
        world.say("honest", NetworkMessage::Headers(vec![block.header]));
        world.pass(100);
        world.say("honest", NetworkMessage::Block(block.clone()));
        world.pass(100);
        assert_eq!(world.at("alice").chain().tip().hash, block.block_hash());
        assert!(world.is_connected("honest"));
    }
}

#[test]
fn an_invalid_block_costs_its_sender_the_connection_and_the_chain_goes_on() {
    let (mut world, _) = world();
    let mut block = world.block("alice", 2);
    let reward = block.txdata[0].output[0].value;
    block.txdata[0].output[0].value = reward + bitcoin::Amount::from_sat(1);
    block.header.merkle_root = block.compute_merkle_root().expect("a coinbase");
    seal(&mut block.header);
    bring(&mut world, block.header, block.clone());
    assert!(is_left(&world));
    assert!(world.logged("alice", "is invalid"));
    world.mine("alice", 2, 1);
    assert_eq!(world.height("alice"), 5);
    // Whoever builds on it is left too.
    world.guest("friend", "alice");
    let mut next = block.header;
    next.prev_blockhash = block.block_hash();
    next.time += 10;
    seal(&mut next);
    world.say("friend", NetworkMessage::Headers(vec![next]));
    world.pass(100);
    assert!(!world.is_connected("friend"));
}

#[test]
fn a_block_that_spends_a_coin_twice_is_refused() {
    let (mut world, blocks) = world();
    let payment = pay(&blocks[0].txdata[0], 1, 2, 1_000, 500);
    world.pay("alice", &payment);
    let mut block = world.block("alice", 2);
    // CVE-2018-17144: the same input twice in one transaction.
    let input = block.txdata[1].input[0].clone();
    block.txdata[1].input.push(input);
    block.header.merkle_root = block.compute_merkle_root().expect("a coinbase");
    seal(&mut block.header);
    bring(&mut world, block.header, block);
    assert!(is_left(&world));
    assert_eq!(world.height("alice"), 3);
}

#[test]
fn headers_without_work_with_a_gap_or_of_nowhere_cost_the_connection() {
    let (mut first, blocks) = world();
    let mut idle = blocks[2].header;
    idle.prev_blockhash = blocks[2].block_hash();
    idle.time += 10;
    while idle.target().is_met_by(idle.block_hash()) {
        idle.nonce += 1;
    }
    first.say("mallory", NetworkMessage::Headers(vec![idle]));
    first.pass(100);
    assert!(is_left(&first), "no proof of work");
    let (mut second, blocks) = world();
    let gap = vec![blocks[0].header, blocks[2].header];
    second.say("mallory", NetworkMessage::Headers(gap));
    second.pass(100);
    assert!(is_left(&second), "a gap");
    let (mut third, blocks) = world();
    let mut nowhere = blocks[2].header;
    nowhere.prev_blockhash = BlockHash::from_byte_array([7; 32]);
    for _ in 0..8 {
        third.say("mallory", NetworkMessage::Headers(vec![nowhere]));
        third.pass(100);
    }
    assert!(third.is_connected("mallory"), "it may happen a few times");
    third.say("mallory", NetworkMessage::Headers(vec![nowhere]));
    third.pass(100);
    assert!(is_left(&third), "and not for ever");
}

#[test]
fn a_tab_that_mines_on_a_chain_we_do_not_know_is_not_blamed() {
    let mut world = World::new();
    world.node("alice", &[]);
    let blocks = world.mine("alice", 1, 1);
    world.stranger("tab", "alice");
    world.stranger_mut("tab").services = bitcoin::p2p::ServiceFlags::NONE;
    world.greet("tab");
    let mut nowhere = blocks[0].header;
    nowhere.prev_blockhash = BlockHash::from_byte_array([7; 32]);
    for _ in 0..20 {
        world.say("tab", NetworkMessage::Headers(vec![nowhere]));
        world.pass(100);
    }
    assert!(world.is_connected("tab"));
    assert_eq!(world.at("alice").status().misbehaving, 0);
}

#[test]
fn an_early_header_is_asked_for_again_and_nobody_is_blamed() {
    let (mut world, blocks) = world();
    let mut early = blocks[2].header;
    early.prev_blockhash = blocks[2].block_hash();
    early.time = world.now().unix() + 300;
    seal(&mut early);
    world.say("mallory", NetworkMessage::Headers(vec![early]));
    world.pass(1_000);
    assert!(world.is_connected("mallory"));
    let before = world.stranger_mut("mallory").count("getheaders");
    world.pass(300_000);
    assert!(world.stranger_mut("mallory").count("getheaders") > before);
    assert_eq!(world.at("alice").status().misbehaving, 0);
}

#[test]
fn who_promises_a_block_and_brings_none_is_left_and_another_is_asked() {
    let (mut world, _) = world();
    let block = world.block("alice", 2);
    let headers = NetworkMessage::Headers(vec![block.header]);
    world.say("mallory", headers.clone());
    world.pass(1_000);
    world.guest("honest", "alice");
    world.say("honest", headers);
    world.pass(8_000);
    let asked = NetworkMessage::GetData(vec![Inventory::WitnessBlock(block.block_hash())]);
    assert!(
        world.stranger_mut("honest").heard.contains(&asked),
        "all wait for it: a second peer is asked after some seconds"
    );
    world.say("honest", NetworkMessage::Block(block));
    world.pass(100);
    assert_eq!(world.height("alice"), 4);
    world.pass(30_000);
    assert!(!world.is_connected("mallory"));
    assert!(world.is_connected("honest"));
}

#[test]
fn one_peer_is_asked_for_a_few_blocks_at_a_time() {
    let (mut world, blocks) = world();
    let headers = headers_after(&blocks[2], 80);
    world.say("mallory", NetworkMessage::Headers(headers));
    world.pass(1_000);
    assert_eq!(world.at("alice").status().headers, 83);
    assert_eq!(world.at("alice").download.len(), 16);
}

#[test]
fn who_says_that_it_lacks_a_block_is_not_asked_again() {
    let (mut world, _) = world();
    let block = world.block("alice", 2);
    world.say("mallory", NetworkMessage::Headers(vec![block.header]));
    world.pass(100);
    let item = Inventory::WitnessBlock(block.block_hash());
    world.say("mallory", NetworkMessage::NotFound(vec![item]));
    world.pass(60_000);
    assert!(world.is_connected("mallory"));
    assert_eq!(world.stranger_mut("mallory").count("getdata"), 1);
}

#[test]
fn who_never_answers_getheaders_is_left() {
    let mut world = World::new();
    world.node("alice", &[]);
    world.stranger("mallory", "alice");
    world.stranger_mut("mallory").answers_headers = false;
    world.greet("mallory");
    world.pass(62_000);
    assert!(!world.is_connected("mallory"));
}

#[test]
fn an_invalid_transaction_costs_the_connection_and_an_early_one_does_not() {
    let (mut world, blocks) = world();
    let mut payment = pay(&blocks[0].txdata[0], 1, 2, 1_000, 500);
    payment.output[0].value = bitcoin::Amount::from_sat(1_001);
    let item = Inventory::WTx(payment.compute_wtxid());
    world.guest("honest", "alice");
    world.say("mallory", NetworkMessage::Inv(vec![item]));
    world.pass(100);
    world.say("mallory", NetworkMessage::Tx(payment));
    world.pass(100);
    assert!(is_left(&world), "another signature");
    // The same coin, spent with a fee that is too low.
    let cheap = pay(&blocks[0].txdata[0], 1, 2, 1_000, 5);
    let item = Inventory::WTx(cheap.compute_wtxid());
    world.say("honest", NetworkMessage::Inv(vec![item]));
    world.pass(100);
    world.say("honest", NetworkMessage::Tx(cheap));
    world.pass(100);
    assert!(world.is_connected("honest"));
    assert!(world.at("alice").mempool().is_empty());
}

#[test]
fn a_header_whose_block_nobody_has_does_not_stop_the_mining() {
    let (mut world, blocks) = world();
    let headers = headers_after(&blocks[2], 10);
    world.say("mallory", NetworkMessage::Headers(headers));
    world.pass(1_000);
    assert_eq!(world.at("alice").status().headers, 13);
    let result = world.ask("alice", Request::Template { longpollid: None });
    assert!(matches!(result, Ok(Response::Template(_))), "{result:?}");
    assert!(params().trusts_peers);
}

#[test]
fn who_holds_the_lowest_block_back_and_sends_others_holds_nothing_up() {
    let (mut world, blocks) = world();
    world.guest("marvin", "alice");
    let block = world.block("alice", 2);
    let headers = NetworkMessage::Headers(vec![block.header]);
    world.say("mallory", headers.clone());
    world.say("marvin", headers.clone());
    world.pass(6_000);
    world.guest("honest", "alice");
    world.say("honest", headers);
    let asked = NetworkMessage::GetData(vec![Inventory::WitnessBlock(block.block_hash())]);
    for _ in 0..2 {
        world.pass(5_000);
        for name in ["mallory", "marvin"] {
            assert!(world.stranger_mut(name).heard.contains(&asked));
            world.say(name, NetworkMessage::Block(blocks[0].clone()));
        }
    }
    assert!(world.stranger_mut("honest").heard.contains(&asked));
    world.say("honest", NetworkMessage::Block(block));
    world.pass(100);
    assert_eq!(world.height("alice"), 4);
    for _ in 0..5 {
        world.pass(5_000);
        world.say("mallory", NetworkMessage::Block(blocks[0].clone()));
        world.say("marvin", NetworkMessage::Block(blocks[0].clone()));
    }
    assert!(!world.is_connected("mallory") && !world.is_connected("marvin"));
    assert!(world.is_connected("honest"));
}

#[test]
fn who_brings_the_higher_blocks_and_never_the_lowest_is_left() {
    let (mut world, blocks) = world();
    world.node("bob", &[]);
    for block in &blocks {
        assert_eq!(world.submit("bob", block), Ok(Response::Accepted));
    }
    let next = world.mine("bob", 8, 1);
    let headers = next.iter().map(|block| block.header).collect();
    world.say("mallory", NetworkMessage::Headers(headers));
    world.pass(100);
    for block in &next[1..] {
        world.pass(10_000);
        world.say("mallory", NetworkMessage::Block(block.clone()));
    }
    assert!(!world.is_connected("mallory"), "the lowest has a deadline");
}

#[test]
fn only_blocks_that_were_asked_for_are_a_sign_of_life() {
    let (mut world, blocks) = world();
    let block = world.block("alice", 2);
    let mut headers = vec![block.header];
    headers.extend(headers_after(&block, 8));
    world.say("mallory", NetworkMessage::Headers(headers));
    world.pass(100);
    world.say("mallory", NetworkMessage::Block(block));
    for _ in 0..4 {
        world.pass(10_000);
        world.say("mallory", NetworkMessage::Block(blocks[0].clone()));
    }
    assert_eq!(world.height("alice"), 4);
    assert!(!world.is_connected("mallory"), "half a minute of nothing");
    assert!(world.logged("alice", "expected each block"));
}

#[test]
fn a_branch_that_nobody_has_does_not_hide_who_holds_another_up() {
    let (mut world, blocks) = world();
    // The best headers are Mallory's, without blocks; Marvin keeps the block of the true branch.
    let headers = headers_after(&blocks[2], 10);
    world.say("mallory", NetworkMessage::Headers(headers));
    world.pass(100);
    let block = world.block("alice", 2);
    let headers = NetworkMessage::Headers(vec![block.header]);
    world.guest("marvin", "alice");
    world.say("marvin", headers.clone());
    world.pass(100);
    world.guest("honest", "alice");
    world.say("honest", headers);
    world.pass(7_000);
    let asked = NetworkMessage::GetData(vec![Inventory::WitnessBlock(block.block_hash())]);
    assert!(world.stranger_mut("marvin").heard.contains(&asked));
    assert!(world.stranger_mut("honest").heard.contains(&asked));
}
