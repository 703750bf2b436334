//! Many who announce a payment and keep it, and one who has it.

use super::coins::pay;
use super::world::World;
use crate::node::limits;
use bitcoin::Transaction;
use bitcoin::Wtxid;
use bitcoin::hashes::Hash;
use bitcoin::p2p::message::NetworkMessage;
use bitcoin::p2p::message_blockdata::Inventory;

/// Alice, who dials Olive; a payment that nobody told of yet.
fn world() -> (World, Transaction) {
    let mut world = World::new();
    world.stranger("olive", "");
    world.node("alice", &["olive"]);
    let blocks = world.mine("alice", 2, 1);
    let payment = pay(&blocks[0].txdata[0], 1, 2, 1_000, 500);
    (world, payment)
}

/// Twelve strangers announce it first.
fn crowd(world: &mut World, item: Inventory) {
    for number in 0..12 {
        let name = format!("m{number}");
        world.guest(&name, "alice");
        world.say(&name, NetworkMessage::Inv(vec![item]));
        world.pass(50);
    }
}

#[test]
fn a_crowd_that_announces_first_does_not_push_the_honest_one_out() {
    let (mut world, payment) = world();
    let item = Inventory::WTx(payment.compute_wtxid());
    crowd(&mut world, item);
    world.guest("honest", "alice");
    world.say("honest", NetworkMessage::Inv(vec![item]));
    world.pass(12 * (limits::TRANSACTION_ANSWER_MS + 1_000));
    let asked = NetworkMessage::GetData(vec![item]);
    assert!(world.stranger_mut("honest").heard.contains(&asked));
}

#[test]
fn whom_we_chose_is_asked_next() {
    let (mut world, payment) = world();
    let item = Inventory::WTx(payment.compute_wtxid());
    crowd(&mut world, item);
    world.say("olive", NetworkMessage::Inv(vec![item]));
    world.pass(limits::TRANSACTION_ANSWER_MS + 1_000);
    let asked = NetworkMessage::GetData(vec![item]);
    assert!(world.stranger_mut("olive").heard.contains(&asked));
}

#[test]
fn what_goes_beyond_a_peers_share_waits_for_its_turn() {
    let (mut world, payment) = world();
    world.guest("busy", "alice");
    let count = limits::INTERESTS as u32;
    let items = (0..count).map(|number| {
        let mut hash = [0; 32];
        hash[..4].copy_from_slice(&number.to_le_bytes());
        Inventory::WTx(Wtxid::from_byte_array(hash))
    });
    world.say("busy", NetworkMessage::Inv(items.collect()));
    world.pass(100);
    let item = Inventory::WTx(payment.compute_wtxid());
    world.say("busy", NetworkMessage::Inv(vec![item]));
    world.pass(100);
    assert_eq!(world.at("alice").transactions.wanted(), limits::INTERESTS);
    let rounds = limits::INTERESTS / limits::ASKED_TRANSACTIONS + 1;
    world.pass(rounds as u64 * (limits::TRANSACTION_ANSWER_MS + 1_000));
    let heard = &world.stranger_mut("busy").heard;
    let asked = heard.iter().any(|message| match message {
        NetworkMessage::GetData(items) => items.contains(&item),
        _ => false,
    });
    assert!(asked, "it was put off, not forgotten");
}
