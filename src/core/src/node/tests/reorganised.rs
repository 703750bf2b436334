//! Transactions whose block left the chain.

use super::coins::pay;
use super::world::World;
use crate::node::{NodeOptions, Response};
use bitcoin::Transaction;
use bitcoin::p2p::message::NetworkMessage;
use bitcoin::p2p::message_blockdata::Inventory;

/// A payment was confirmed at Alice by a block of Bob's, and two blocks of Carol's took it back.
fn world(change: impl FnOnce(&mut NodeOptions)) -> (World, Transaction) {
    let mut world = World::new();
    world.node_with("alice", &[], change);
    world.node("bob", &[]);
    world.node("carol", &[]);
    for block in world.mine("bob", 2, 1) {
        for name in ["alice", "carol"] {
            assert_eq!(world.submit(name, &block), Ok(Response::Accepted));
        }
    }
    let first = world.at("bob").chain().hash_at(1).expect("two blocks");
    let first = world.at("bob").chain().block(&first).expect("memory");
    let first: bitcoin::Block =
        bitcoin::consensus::encode::deserialize(&first.expect("kept")).expect("a block");
    world.guest("honest", "alice");
    let payment = pay(&first.txdata[0], 1, 2, 1_000, 500);
    world.pay("bob", &payment);
    let lost = world.mine("bob", 1, 1).remove(0);
    assert!(lost.txdata.contains(&payment));
    assert_eq!(world.submit("alice", &lost), Ok(Response::Accepted));
    world.pass(1_000);
    let branch = world.mine("carol", 2, 3);
    assert!(world.submit("alice", &branch[0]).is_err(), "beside it");
    assert_eq!(world.submit("alice", &branch[1]), Ok(Response::Accepted));
    assert!(world.logged("alice", "reorganisation after block 2"));
    (world, payment)
}

#[test]
fn what_comes_back_is_announced() {
    let (mut world, payment) = world(|_| {});
    assert!(
        world
            .at("alice")
            .mempool()
            .contains(&payment.compute_txid())
    );
    world.pass(2_000);
    let item = Inventory::WTx(payment.compute_wtxid());
    let inv = NetworkMessage::Inv(vec![item]);
    assert!(world.stranger_mut("honest").heard.contains(&inv));
}

#[test]
fn what_was_confirmed_once_is_asked_for_again() {
    // It does not come back by itself: there is no room.
    let (mut world, payment) = world(|options| options.mempool.max_weight = 100);
    assert!(world.at("alice").mempool().is_empty());
    let item = Inventory::WTx(payment.compute_wtxid());
    world.say("honest", NetworkMessage::Inv(vec![item]));
    world.pass(1_000);
    let asked = NetworkMessage::GetData(vec![item]);
    assert!(world.stranger_mut("honest").heard.contains(&asked));
}
