//! Headers above the tip whose blocks nobody brings, where headers are worth something.

use super::hostile::headers_after;
use super::world::World;
use crate::node::{Request, RequestError, Response, limits};
use bitcoin::block::Block;
use bitcoin::p2p::message::NetworkMessage;
use bitcoin::p2p::message_blockdata::Inventory;

/// A node with some blocks on a network whose headers cost work, and Mallory.
fn world() -> (World, Vec<Block>) {
    let mut world = World::new();
    world.node("alice", &[]);
    world.at_mut("alice").params.trusts_peers = false;
    let blocks = world.mine("alice", 3, 1);
    (world, blocks)
}

fn template(world: &mut World) -> Result<Response, RequestError> {
    world.ask("alice", Request::Template { longpollid: None })
}

/// Mallory tells of ten headers.
fn branch(world: &mut World, blocks: &[Block]) {
    world.guest("mallory", "alice");
    let headers = headers_after(&blocks[2], 10);
    world.say("mallory", NetworkMessage::Headers(headers));
    world.pass(1_000);
    assert_eq!(world.at("alice").status().headers, 13);
}

#[test]
fn a_branch_of_headers_alone_silences_nobody_who_had_caught_up() {
    let (mut world, blocks) = world();
    world.guest("honest", "alice");
    branch(&mut world, &blocks);
    let result = template(&mut world);
    assert!(matches!(result, Ok(Response::Template(_))), "{result:?}");
    let block = world.mine("alice", 1, 1).remove(0);
    world.pass(1_000);
    let inv = NetworkMessage::Inv(vec![Inventory::Block(block.block_hash())]);
    assert!(world.stranger_mut("honest").heard.contains(&inv));
}

#[test]
fn who_is_far_behind_gives_no_template_until_it_is_clear_that_no_block_comes() {
    let (mut world, blocks) = world();
    // Two days later it starts again.
    world.now_ms += 2 * 24 * 3_600_000;
    world.restart("alice");
    world.pass(1_000);
    assert!(template(&mut world).is_ok(), "alone it may go on");
    branch(&mut world, &blocks);
    let refusal = template(&mut world).expect_err("far behind");
    assert_eq!(refusal.code, "initial-download");
    assert!(refusal.message.contains("10 blocks behind"), "{refusal}");
    world.pass(limits::STUCK_MS - 10_000);
    assert!(template(&mut world).is_err());
    world.pass(20_000);
    assert!(template(&mut world).is_ok(), "nobody has those blocks");
}
