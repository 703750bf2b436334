//! Announced transactions: nobody holds one up by announcing it first.

use super::chain::{genesis, grow, pay, script_of};
use super::peer::Peer;
use super::world::{START, World};
use crate::client::limits;
use crate::invoice::InvoiceStatus;
use bitcoin::Wtxid;
use bitcoin::hashes::Hash;
use bitcoin::p2p::message::NetworkMessage;
use bitcoin::p2p::message_blockdata::Inventory;

/// Two peers, of which "a" never gives a transaction, and an invoice over 1,000 units.
fn world() -> World {
    let mut world = World::new("regtest");
    let mut chain = genesis(&world.params);
    grow(&mut chain, 5, START, 0);
    let peer = || Peer::new(&world.params, chain.clone());
    let mut withholds = peer();
    withholds.habits.no_transactions = true;
    let peers = vec![("a", withholds), ("b", peer())];
    world.connect(peers);
    world.invoice(1, 1_000, 1);
    world
}

fn invented(number: u32) -> Inventory {
    let mut hash = [0xee; 32];
    hash[..4].copy_from_slice(&number.to_le_bytes());
    Inventory::WTx(Wtxid::from_byte_array(hash))
}

fn announced(from: u32, count: usize) -> NetworkMessage {
    NetworkMessage::Inv((from..).take(count).map(invented).collect())
}

fn was_asked(world: &World, operator: &str, item: Inventory) -> bool {
    let heard = world.peers[operator].heard.iter();
    heard
        .filter_map(|message| match message {
            NetworkMessage::GetData(items) => Some(items),
            _ => None,
        })
        .any(|items| items.contains(&item))
}

#[test]
fn a_payment_announced_behind_thousands_of_inventions_is_asked_of_another_at_once() {
    let mut world = world();
    world.say("a", announced(0, 4_000));
    let payment = pay(9, script_of(1), 1_000);
    world.relay("a", &payment);
    assert_eq!(world.look(1).status, InvoiceStatus::Awaiting);
    world.relay("b", &payment);
    assert_eq!(world.look(1).status, InvoiceStatus::Seen);
}

#[test]
fn a_payment_that_waits_for_an_honest_peer_is_not_taken_from_it_by_a_longer_queue() {
    let mut world = world();
    world.peers.get_mut("b").expect("b").habits.no_transactions = true;
    world.say("b", announced(0, limits::ASKED_PER_PEER));
    world.say("a", announced(10_000, 4_000));
    let payment = pay(9, script_of(1), 1_000);
    world.relay("b", &payment);
    world.relay("a", &payment);
    world.pass(11_000);
    let item = Inventory::WTx(payment.compute_wtxid());
    assert!(was_asked(&world, "b", item), "its queue is the shorter one");
    assert!(!was_asked(&world, "a", item));
}

#[test]
fn what_a_full_queue_has_no_room_for_may_be_announced_again() {
    let mut world = world();
    world.peers.get_mut("b").expect("b").habits.no_transactions = true;
    world.say("a", announced(0, 1));
    world.say("b", announced(0, 1));
    let count = limits::ASKED_PER_PEER + limits::ANNOUNCED_PER_PEER;
    for number in 0..count {
        world.say("b", announced(1 + u32::try_from(number).expect("few"), 1));
    }
    let peer = world.peer_id("b").expect("connected");
    let waiting = |world: &World| {
        let ready = world.client.ready(peer).expect("ready");
        ready.transactions.waiting.len()
    };
    assert_eq!(waiting(&world), limits::ANNOUNCED_PER_PEER);
    // The other one has it not: it goes to the front of the full queue.
    world.say("a", NetworkMessage::NotFound(vec![invented(0)]));
    assert_eq!(waiting(&world), limits::ANNOUNCED_PER_PEER);
    world.pass(11_000);
    let last = u32::try_from(count).expect("few");
    world.say("b", announced(last, 1));
    world.pass(600_000);
    assert!(was_asked(&world, "b", invented(0)));
    assert!(was_asked(&world, "b", invented(last)));
}
