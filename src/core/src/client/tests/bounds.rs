//! Floods: what a peer can make us hold is bounded.

use super::chain::{genesis, grow, mine};
use super::peer::Peer;
use super::world::{START, World};
use crate::client::limits;
use bitcoin::hashes::Hash;
use bitcoin::p2p::message::NetworkMessage;
use bitcoin::p2p::message_blockdata::Inventory;
use bitcoin::{BlockHash, Wtxid};

fn world() -> (World, super::chain::Chain) {
    let mut world = World::new("regtest");
    let mut chain = genesis(&world.params);
    grow(&mut chain, 5, START, 0);
    let mut peer = Peer::new(&world.params, chain.clone());
    peer.habits.no_transactions = true;
    world.connect(vec![("a", peer)]);
    (world, chain)
}

fn announced(from: u32, count: u32) -> NetworkMessage {
    let items = (from..from + count).map(|number| {
        let mut hash = [0; 32];
        hash[..4].copy_from_slice(&number.to_le_bytes());
        Inventory::WTx(Wtxid::from_byte_array(hash))
    });
    NetworkMessage::Inv(items.collect())
}

#[test]
fn a_flood_of_announcements_is_bounded() {
    let (mut world, _) = world();
    for round in 0..4 {
        world.say("a", announced(round * 50_000, 50_000));
    }
    let peer = world.peer_id("a").expect("connected");
    let queue = &world.client.ready(peer).expect("ready").transactions;
    assert_eq!(queue.waiting.len(), limits::ANNOUNCED_PER_PEER);
    assert_eq!(queue.asked.len(), limits::ASKED_PER_PEER);
    assert!(world.client.relay.len() <= limits::KNOWN_TRANSACTIONS);
    // What is never delivered makes room, and the flood goes on.
    world.peers.get_mut("a").expect("a").habits.no_transactions = false;
    for round in 0..40 {
        world.say("a", announced(1_000_000 + round * 5_000, 5_000));
        world.pass(61_000);
    }
    assert!(world.client.relay.len() <= limits::KNOWN_TRANSACTIONS);
}

#[test]
fn a_flood_of_unknown_blocks_costs_one_question_at_a_time() {
    let (mut world, _) = world();
    world.peers.get_mut("a").expect("a").habits.no_headers = true;
    let asked = |world: &World| {
        let heard = world.peers["a"].heard.iter();
        heard
            .filter(|message| matches!(message, NetworkMessage::GetHeaders(_)))
            .count()
    };
    let before = asked(&world);
    for salt in 0..200u8 {
        let items = (0..100).map(|_| Inventory::Block(BlockHash::from_byte_array([salt; 32])));
        world.say("a", NetworkMessage::Inv(items.collect()));
    }
    assert_eq!(asked(&world), before + 1);
}

#[test]
fn a_flood_of_early_headers_is_bounded() {
    let (mut world, chain) = world();
    for salt in 0..50u8 {
        let mut branch = chain.clone();
        mine(&mut branch, Vec::new(), START + 9_000, salt);
        world.say("a", NetworkMessage::Headers(vec![branch[6].header]));
    }
    assert!(world.client.sync.held.len() <= limits::HELD_HEADERS_PER_PEER);
    assert!(world.is_ready("a"));
}

#[test]
fn what_nobody_needs_is_let_pass_and_the_conversation_stays_short() {
    let (mut world, _) = world();
    let unknown = || NetworkMessage::Unknown {
        command: "whatever".parse().expect("a command"),
        payload: vec![1; 1_000],
    };
    for _ in 0..500 {
        world.say("a", unknown());
        world.say("a", NetworkMessage::Addr(Vec::new()));
        world.say("a", NetworkMessage::FeeFilter(1_000));
        world.say("a", NetworkMessage::SendAddrV2);
        world.say("a", NetworkMessage::Alert(vec![0; 100]));
    }
    let view = world.peer_view("a");
    assert_eq!(view.said.len(), limits::SAID);
    for command in ["whatever", "addr", "feefilter", "sendaddrv2", "alert"] {
        let told = view.said.iter().any(|said| said.command == command);
        assert!(told, "{command} under its own name");
    }
    assert!(world.is_ready("a"));
}

#[test]
fn views_are_told_at_most_four_times_a_second() {
    let (mut world, _) = world();
    let count = |world: &World| {
        let events = world.events.iter();
        events
            .filter(|event| matches!(event, crate::client::Event::Peers { .. }))
            .count()
    };
    let before = count(&world);
    for _ in 0..1_000 {
        world.say("a", NetworkMessage::FeeFilter(1));
        world.pass(10);
    }
    let told = count(&world) - before;
    assert!((30..=42).contains(&told), "{told} views in ten seconds");
}
