//! Who asks for more than it takes.

use super::world::World;
use crate::node::limits;
use bitcoin::block::Block;
use bitcoin::p2p::message::NetworkMessage;
use bitcoin::p2p::message_blockdata::Inventory;

/// A guest that takes nothing, at a node with a few blocks.
fn world() -> (World, Vec<Block>) {
    let mut world = World::new();
    world.node("alice", &[]);
    let blocks = world.mine("alice", 3, 1);
    world.guest("mallory", "alice");
    world.stranger_mut("mallory").takes = false;
    (world, blocks)
}

fn unsent(world: &World) -> usize {
    let peers = world.at("alice").peers.values();
    peers.map(|peer| peer.unsent).sum()
}

/// Asks for the same blocks over and over: some 45 MB in all.
fn ask(world: &mut World, blocks: &[Block]) {
    let items = blocks
        .iter()
        .map(|block| Inventory::WitnessBlock(block.block_hash()));
    let items: Vec<_> = items.cycle().take(50_000).collect();
    world.say("mallory", NetworkMessage::GetData(items));
}

#[test]
fn what_is_handed_over_is_bounded_and_who_takes_nothing_is_left() {
    let (mut world, blocks) = world();
    // The second question waits to be read until the first is answered.
    for _ in 0..2 {
        ask(&mut world, &blocks);
        world.pass(100);
    }
    let limit = limits::SEND_WINDOW + 1_000_000;
    assert!(unsent(&world) > limits::SEND_WINDOW / 2);
    assert!(unsent(&world) <= limit, "{} bytes", unsent(&world));
    let jobs: usize = world.at("alice").peers.values().map(|p| p.jobs.len()).sum();
    assert!(jobs <= 50_000, "one question at a time");
    world.pass(limits::DRAIN_MS + 1_000);
    assert!(!world.is_connected("mallory"));
    assert!(world.logged("alice", "expected what was sent to leave"));
}

#[test]
fn who_takes_it_in_the_end_gets_all() {
    let (mut world, blocks) = world();
    let items = blocks
        .iter()
        .map(|block| Inventory::WitnessBlock(block.block_hash()));
    let items: Vec<_> = items.cycle().take(9_000).collect();
    world.say("mallory", NetworkMessage::GetData(items));
    world.say("mallory", NetworkMessage::Ping(5));
    world.pass(10_000);
    world.stranger_mut("mallory").heard.clear();
    let first = unsent(&world);
    assert!(first >= limits::SEND_WINDOW, "it waits");
    world.takes_again("mallory");
    world.pass(20_000);
    let heard = world.stranger_mut("mallory").count("block");
    assert!(heard > 4_000, "what did not wait on the way: {heard}");
    let pong = NetworkMessage::Pong(5);
    assert!(world.stranger_mut("mallory").heard.contains(&pong));
    assert!(unsent(&world) < 1_000);
}

#[test]
fn who_goes_on_talking_without_reading_is_left() {
    let (mut world, blocks) = world();
    ask(&mut world, &blocks);
    world.pass(100);
    for _ in 0..40 {
        let unknown = NetworkMessage::Unknown {
            command: "whatever".parse().expect("a command"),
            payload: vec![1; 100_000],
        };
        world.say("mallory", unknown);
        world.pass(50);
        let peers = world.at("alice").peers.values();
        let waiting: usize = peers.map(|peer| peer.decoder.waiting()).sum();
        assert!(waiting <= limits::BACKLOG + 200_000, "{waiting} bytes");
    }
    assert!(!world.is_connected("mallory"));
}

#[test]
fn unfinished_messages_are_bounded_over_all_peers() {
    let mut world = World::new();
    world.node_with("alice", &[], |options| options.max_per_address = 100);
    // The beginning of a message that may be long.
    let long = NetworkMessage::Unknown {
        command: "whatever".parse().expect("a command"),
        payload: vec![1; 3_900_000],
    };
    let bytes = crate::protocol::encode(super::world::params().magic, long);
    let begin = bytes[..1_900_000].to_vec();
    for number in 0..40 {
        let name = format!("m{number}");
        world.guest(&name, "alice");
        world.say_bytes(&name, begin.clone());
        world.pass(100);
        let peers = world.at("alice").peers.values();
        let waiting: usize = peers.map(|peer| peer.decoder.waiting()).sum();
        assert!(waiting <= limits::BACKLOG_ALL, "{waiting} bytes");
    }
    assert!(world.logged("alice", "all together send too much"));
}

#[test]
fn who_takes_nothing_hears_of_the_tip_when_it_takes_again() {
    let (mut world, blocks) = world();
    ask(&mut world, &blocks);
    world.pass(100);
    let block = world.mine("alice", 1, 1).remove(0);
    world.takes_again("mallory");
    world.pass(5_000);
    let inv = NetworkMessage::Inv(vec![Inventory::Block(block.block_hash())]);
    assert!(world.stranger_mut("mallory").heard.contains(&inv));
}

#[test]
fn who_is_slow_is_not_left_for_a_pong_that_has_no_way_yet() {
    let mut world = World::new();
    world.node("alice", &[]);
    world.mine("alice", 1, 1);
    world.guest("slow", "alice");
    world.pass(1_000);
    world.stranger_mut("slow").takes = false;
    // Half a minute until the ping, and as long as nodes wait for what was sent to leave, nearly.
    world.pass(limits::PING_EVERY_MS + limits::DRAIN_MS - 10_000);
    assert!(world.is_connected("slow"));
    world.takes_again("slow");
    world.pass(limits::PONG_MS - 10_000);
    assert!(world.is_connected("slow"), "its time began when it took it");
    world.pass(20_000);
    assert!(!world.is_connected("slow"), "the pong never came");
    assert!(world.logged("alice", "expected pong"));
}

#[test]
fn who_sends_a_long_message_slowly_has_the_time_for_it() {
    let mut world = World::new();
    world.node("alice", &[]);
    world.guest("slow", "alice");
    world.stranger_mut("slow").pongs = false;
    let long = NetworkMessage::Unknown {
        command: "whatever".parse().expect("a command"),
        payload: vec![1; 1_000],
    };
    let bytes = crate::protocol::encode(super::world::params().magic, long);
    for piece in bytes.chunks(200) {
        world.say_bytes("slow", piece.to_vec());
        world.pass(30_000);
    }
    world.say_bytes("slow", bytes[..500].to_vec());
    world.pass(1_000);
    assert!(world.is_connected("slow"), "after three minutes");
    // It stops in the middle of a message.
    world.pass(2 * limits::PONG_MS + 1_000);
    assert!(!world.is_connected("slow"));
}
