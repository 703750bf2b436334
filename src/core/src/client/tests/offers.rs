//! Transactions that we offer: announced, and sent to nobody who did not ask.

use super::chain::{genesis, grow, pay, script_of};
use super::peer::{Habits, Peer};
use super::world::{START, World};
use crate::client::Command;
use bitcoin::Transaction;
use bitcoin::p2p::message::NetworkMessage;
use bitcoin::p2p::message_blockdata::Inventory;

/// Two peers, of which "old" announces by txid; both are offered what a person pasted.
fn offered(count: u8) -> (World, Vec<Transaction>) {
    let mut world = World::new("regtest");
    let mut chain = genesis(&world.params);
    grow(&mut chain, 3, START, 0);
    let peer = |version| {
        let mut peer = Peer::new(&world.params, chain.clone());
        peer.habits = Habits {
            incurious: true,
            version: Some(version),
            ..Habits::default()
        };
        peer
    };
    let peers = vec![("new", peer(70_016)), ("old", peer(70_015))];
    world.connect(peers);
    let mut all = Vec::new();
    for number in 0..count {
        let transaction = pay(number + 1, script_of(number), 1_000);
        let hex = bitcoin::consensus::encode::serialize_hex(&transaction);
        world
            .ask(Command::SubmitTransaction { hex })
            .expect("peers answer");
        all.push(transaction);
    }
    (world, all)
}

fn sent(world: &World, operator: &str) -> Vec<Transaction> {
    let heard = world.peers[operator].heard.iter();
    heard
        .filter_map(|message| match message {
            NetworkMessage::Tx(transaction) => Some(transaction.clone()),
            _ => None,
        })
        .collect()
}

#[test]
fn a_transaction_is_announced_by_the_name_that_the_peer_knows_and_not_sent_unasked() {
    let (world, all) = offered(1);
    let [transaction] = all.as_slice() else {
        panic!("one was offered");
    };
    for (operator, item) in [
        ("new", Inventory::WTx(transaction.compute_wtxid())),
        ("old", Inventory::Transaction(transaction.compute_txid())),
    ] {
        let announced = NetworkMessage::Inv(vec![item]);
        assert!(world.peers[operator].heard.contains(&announced));
        assert_eq!(sent(&world, operator), []);
    }
}

#[test]
fn it_is_given_to_who_asks_once_for_each_request_and_nothing_else_is() {
    let (mut world, all) = offered(1);
    let [transaction] = all.as_slice() else {
        panic!("one was offered");
    };
    let ours = Inventory::WTx(transaction.compute_wtxid());
    let foreign = Inventory::WTx(pay(99, script_of(99), 1_000).compute_wtxid());
    world.say(
        "new",
        NetworkMessage::GetData(vec![foreign, ours, ours, ours]),
    );
    assert_eq!(sent(&world, "new"), std::slice::from_ref(transaction));
    assert_eq!(sent(&world, "old"), []);

    let by_txid = Inventory::WitnessTransaction(transaction.compute_txid());
    world.say("old", NetworkMessage::GetData(vec![by_txid]));
    assert_eq!(sent(&world, "old"), std::slice::from_ref(transaction));
}

#[test]
fn no_more_than_the_newest_are_kept() {
    let (mut world, all) = offered(17);
    let names = all.iter().map(|tx| Inventory::WTx(tx.compute_wtxid()));
    world.say("new", NetworkMessage::GetData(names.collect()));
    let mut given = sent(&world, "new");
    given.sort();
    let mut newest = all[1..].to_vec();
    newest.sort();
    assert_eq!(given, newest);
}
