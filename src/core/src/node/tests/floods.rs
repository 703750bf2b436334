//! Floods: whatever a peer sends, what is held stays bounded, and the honest are served.

use super::coins::pay;
use super::world::World;
use crate::node::limits;
use bitcoin::block::{Block, Header};
use bitcoin::hashes::Hash;
use bitcoin::p2p::message::NetworkMessage;
use bitcoin::p2p::message_blockdata::Inventory;
use bitcoin::{OutPoint, Transaction, Txid, Wtxid};

fn world() -> (World, Vec<Block>) {
    let mut world = World::new();
    world.node("alice", &[]);
    let blocks = world.mine("alice", 3, 1);
    world.guest("mallory", "alice");
    world.guest("honest", "alice");
    (world, blocks)
}

fn announced(from: u32, count: u32) -> NetworkMessage {
    let items = (from..from + count).map(|number| {
        let mut hash = [0; 32];
        hash[..4].copy_from_slice(&number.to_le_bytes());
        Inventory::WTx(Wtxid::from_byte_array(hash))
    });
    NetworkMessage::Inv(items.collect())
}

/// The honest guest announces a payment, and brings it when asked.
fn honest_payment(world: &mut World, payment: &Transaction) {
    let item = Inventory::WTx(payment.compute_wtxid());
    world.say("honest", NetworkMessage::Inv(vec![item]));
    world.pass(100);
    let asked = NetworkMessage::GetData(vec![item]);
    assert!(world.stranger_mut("honest").heard.contains(&asked));
    world.say("honest", NetworkMessage::Tx(payment.clone()));
    world.pass(100);
}

#[test]
fn a_flood_of_announcements_is_bounded() {
    let (mut world, blocks) = world();
    for round in 0..6 {
        world.say("mallory", announced(round * 50_000, 50_000));
        world.pass(100);
        assert!(world.at("alice").transactions.wanted() <= limits::INTERESTS);
    }
    world.pass(60_000);
    assert!(world.at("alice").transactions.wanted() <= limits::INTERESTS);
    let payment = pay(&blocks[0].txdata[0], 1, 2, 1_000, 500);
    honest_payment(&mut world, &payment);
    assert!(
        world
            .at("alice")
            .mempool()
            .contains(&payment.compute_txid())
    );
}

#[test]
fn who_announces_first_and_brings_nothing_holds_nothing_up() {
    let (mut world, blocks) = world();
    let payment = pay(&blocks[0].txdata[0], 1, 2, 1_000, 500);
    let item = Inventory::WTx(payment.compute_wtxid());
    world.say("mallory", NetworkMessage::Inv(vec![item]));
    world.pass(100);
    world.say("honest", NetworkMessage::Inv(vec![item]));
    world.pass(limits::TRANSACTION_ANSWER_MS + 2_000);
    let asked = NetworkMessage::GetData(vec![item]);
    assert!(world.stranger_mut("honest").heard.contains(&asked));
    world.say("honest", NetworkMessage::Tx(payment.clone()));
    world.pass(100);
    assert!(
        world
            .at("alice")
            .mempool()
            .contains(&payment.compute_txid())
    );
}

#[test]
fn what_was_not_asked_for_is_not_looked_at() {
    let (mut world, blocks) = world();
    let payment = pay(&blocks[0].txdata[0], 1, 2, 1_000, 500);
    world.say("mallory", NetworkMessage::Tx(payment));
    world.pass(100);
    assert!(world.at("alice").mempool().is_empty());
    assert!(world.is_connected("mallory"));
    // A block beside the chain, of no more work than it has.
    let mut stale = blocks[1].clone();
    stale.header.time += 1;
    while !stale.header.target().is_met_by(stale.header.block_hash()) {
        stale.header.nonce += 1;
    }
    world.say("mallory", NetworkMessage::Block(stale.clone()));
    world.pass(100);
    let chain = world.at("alice").chain();
    assert!(chain.headers().get(&stale.block_hash()).is_none());
}

#[test]
fn a_flood_of_orphans_is_bounded_and_an_honest_one_survives() {
    let (mut world, blocks) = world();
    let parent = pay(&blocks[0].txdata[0], 1, 1, 100_000, 500);
    let child = pay(&parent, 1, 2, 1_000, 500);
    honest_payment(&mut world, &child);
    assert_eq!(world.at("alice").orphans.len(), 1);
    for number in 0..1_500u32 {
        let mut orphan = child.clone();
        let mut id = [1; 32];
        id[..4].copy_from_slice(&number.to_le_bytes());
        orphan.input[0].previous_output = OutPoint::new(Txid::from_byte_array(id), 0);
        let item = Inventory::WTx(orphan.compute_wtxid());
        world.say("mallory", NetworkMessage::Inv(vec![item]));
        world.say("mallory", NetworkMessage::Tx(orphan));
        world.pass(50);
        // It has none of the parents.
        let item = Inventory::WitnessTransaction(Txid::from_byte_array(id));
        world.say("mallory", NetworkMessage::NotFound(vec![item]));
    }
    let limit = world.at("alice").options.orphans.max_weight_per_peer;
    let weight = world.at("alice").orphans.weight();
    assert!(weight > limit / 2 && weight <= limit + 1_000, "{weight}");
    assert!(world.at("alice").orphans.contains(&child.compute_wtxid()));
    honest_payment(&mut world, &parent);
    assert_eq!(world.at("alice").mempool().len(), 2, "parent and child");
}

#[test]
fn headers_of_little_work_are_not_kept() {
    let mut world = World::new();
    world.node("alice", &[]);
    world.mine("alice", 200, 1);
    world.guest("mallory", "alice");
    let mut header: Header = super::world::params().genesis;
    let mut headers = Vec::new();
    for _ in 0..40 {
        header.prev_blockhash = header.block_hash();
        header.time += 1;
        header.nonce = 0;
        while !header.target().is_met_by(header.block_hash()) {
            header.nonce += 1;
        }
        headers.push(header);
    }
    world.say("mallory", NetworkMessage::Headers(headers));
    world.pass(1_000);
    let tree = world.at("alice").chain().headers();
    assert_eq!(tree.branches().len(), 0);
    assert_eq!(tree.tip().height, 200);
    assert!(
        world.is_connected("mallory"),
        "it may be catching up itself"
    );
}

#[test]
fn a_flood_of_addresses_leaves_nothing_behind() {
    let (mut world, _) = world();
    let nowhere = bitcoin::p2p::Address {
        services: bitcoin::p2p::ServiceFlags::NETWORK,
        address: [1; 8],
        port: 1,
    };
    for _ in 0..200 {
        let list = vec![(1, nowhere.clone()); 1_000];
        world.say("mallory", NetworkMessage::Addr(list));
    }
    world.pass(1_000);
    assert!(world.is_connected("mallory"));
    world.stranger_mut("honest").heard.clear();
    world.say("honest", NetworkMessage::GetAddr);
    world.pass(1_000);
    assert_eq!(world.stranger_mut("honest").count("addr"), 0);
}

#[test]
fn a_flood_of_connections_does_not_flood_the_log() {
    let mut world = World::new();
    world.node("alice", &[]);
    world.mine("alice", 1, 1);
    let before = world.log.len();
    world.stranger("mallory", "");
    for peer in 0..400 {
        world.call_as("mallory", peer, "alice");
        world.say_bytes("mallory", vec![0; 30]);
        world.pass(50);
    }
    let lines = world.log.len() - before;
    assert!(
        lines <= 2 * limits::LOG_LINES as usize,
        "{lines} lines in 20 s"
    );
    world.pass(120_000);
    assert!(world.logged("alice", "more lines about peers were left out"));
}

#[test]
fn a_refusal_is_remembered_until_the_tip_changes() {
    let (mut world, blocks) = world();
    for fee in 0..300 {
        let cheap = pay(&blocks[0].txdata[0], 1, 2, 1_000 + fee, 1);
        let item = Inventory::WTx(cheap.compute_wtxid());
        world.say("mallory", NetworkMessage::Inv(vec![item]));
        world.say("mallory", NetworkMessage::Tx(cheap));
        world.pass(50);
    }
    assert_eq!(world.at("alice").transactions.refused(), 300);
    world.mine("alice", 1, 1);
    assert_eq!(
        world.at("alice").transactions.refused(),
        0,
        "the tip changed"
    );
}
