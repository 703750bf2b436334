//! Blocks and transactions go from peer to peer.

use super::coins::pay;
use super::world::World;
use bitcoin::p2p::message::NetworkMessage;
use bitcoin::p2p::message_blockdata::Inventory;

/// Alice, Bob and Carol in a row, and Alice's first block, which may be spent.
fn row() -> (World, bitcoin::Transaction) {
    let mut world = World::new();
    world.node("alice", &[]);
    world.node("bob", &["alice"]);
    world.node("carol", &["bob"]);
    world.pass(1_000);
    let blocks = world.mine("alice", 2, 1);
    world.until("all agree", |world| {
        world.same_tip(&["alice", "bob", "carol"])
    });
    (world, blocks[0].txdata[0].clone())
}

#[test]
fn a_transaction_reaches_everyone_and_a_block_takes_it_away() {
    let (mut world, coin) = row();
    let payment = pay(&coin, 1, 2, 1_000, 500);
    world.pay("alice", &payment);
    world.until("carol has it", |world| {
        world
            .at("carol")
            .mempool()
            .contains(&payment.compute_txid())
    });
    let block = world.mine("carol", 1, 3).remove(0);
    assert!(block.txdata.contains(&payment));
    world.until("all agree", |world| {
        world.same_tip(&["alice", "bob", "carol"])
    });
    for name in ["alice", "bob", "carol"] {
        assert!(world.at(name).mempool().is_empty(), "{name}");
    }
}

#[test]
fn a_replacement_reaches_everyone() {
    let (mut world, coin) = row();
    let first = pay(&coin, 1, 2, 1_000, 500);
    let better = pay(&coin, 1, 1, 1_000, 5_000);
    world.pay("alice", &first);
    world.pass(5_000);
    world.pay("alice", &better);
    world.until("carol has it", |world| {
        world.at("carol").mempool().contains(&better.compute_txid())
    });
    assert!(!world.at("carol").mempool().contains(&first.compute_txid()));
}

#[test]
fn an_orphan_waits_for_its_parent() {
    let (mut world, coin) = row();
    let parent = pay(&coin, 1, 1, 100_000, 500);
    let child = pay(&parent, 1, 2, 1_000, 500);
    world.guest("mallory", "alice");
    let item = Inventory::WTx(child.compute_wtxid());
    world.say("mallory", NetworkMessage::Inv(vec![item]));
    world.pass(100);
    world.say("mallory", NetworkMessage::Tx(child.clone()));
    world.pass(100);
    let asked = NetworkMessage::GetData(vec![Inventory::WitnessTransaction(parent.compute_txid())]);
    assert!(world.stranger_mut("mallory").heard.contains(&asked));
    assert!(world.at("alice").mempool().is_empty());
    world.say("mallory", NetworkMessage::Tx(parent.clone()));
    world.pass(100);
    assert_eq!(world.at("alice").mempool().len(), 2);
    world.until("carol has both", |world| {
        world.at("carol").mempool().len() == 2
    });
}

#[test]
fn the_tip_is_announced_by_header_or_by_inv_as_each_asks() {
    let (mut world, _) = row();
    world.guest("modern", "alice");
    world.guest("plain", "alice");
    world.say("modern", NetworkMessage::SendHeaders);
    // Both say what they have.
    for name in ["modern", "plain"] {
        let tip = world.at("alice").chain().tip().hash;
        world.say(name, NetworkMessage::Inv(vec![Inventory::Block(tip)]));
    }
    world.pass(100);
    let block = world.mine("alice", 1, 1).remove(0);
    world.pass(1_000);
    let headers = NetworkMessage::Headers(vec![block.header]);
    assert!(world.stranger_mut("modern").heard.contains(&headers));
    let inv = NetworkMessage::Inv(vec![Inventory::Block(block.block_hash())]);
    assert!(world.stranger_mut("plain").heard.contains(&inv));
    assert!(!world.stranger_mut("modern").heard.contains(&inv));
}

#[test]
fn a_fee_filter_is_honoured() {
    let (mut world, coin) = row();
    world.guest("thrifty", "alice");
    world.guest("rich", "alice");
    world.say("rich", NetworkMessage::FeeFilter(1_000_000));
    world.pass(100);
    let payment = pay(&coin, 1, 2, 1_000, 500);
    world.pay("alice", &payment);
    world.pass(2_000);
    let item = Inventory::WTx(payment.compute_wtxid());
    let inv = NetworkMessage::Inv(vec![item]);
    assert!(world.stranger_mut("thrifty").heard.contains(&inv));
    assert!(!world.stranger_mut("rich").heard.contains(&inv));
    let told = NetworkMessage::FeeFilter(1_000);
    assert!(world.stranger_mut("rich").heard.contains(&told));
}

#[test]
fn who_came_late_hears_of_what_waits() {
    let (mut world, coin) = row();
    let payment = pay(&coin, 1, 2, 1_000, 500);
    world.pay("alice", &payment);
    world.pass(5_000);
    world.guest("late", "alice");
    world.pass(2_000);
    let item = Inventory::WTx(payment.compute_wtxid());
    assert!(
        world
            .stranger_mut("late")
            .heard
            .contains(&NetworkMessage::Inv(vec![item]))
    );
}

#[test]
fn a_miner_that_serves_no_headers_is_asked_for_its_block() {
    let (mut world, _) = row();
    let block = world.block("bob", 7);
    world.stranger("tab", "alice");
    world.stranger_mut("tab").services = bitcoin::p2p::ServiceFlags::NONE;
    world.greet("tab");
    let item = Inventory::Block(block.block_hash());
    world.say("tab", NetworkMessage::Inv(vec![item]));
    world.pass(100);
    let asked = NetworkMessage::GetData(vec![Inventory::WitnessBlock(block.block_hash())]);
    assert!(world.stranger_mut("tab").heard.contains(&asked));
    world.say("tab", NetworkMessage::Block(block.clone()));
    world.until("everyone has it", |world| {
        world.height("carol") == 3 && world.same_tip(&["alice", "bob", "carol"])
    });
    // The next one is pushed without a word.
    let block = world.block("bob", 7);
    world.say("tab", NetworkMessage::Block(block));
    world.until("everyone has it", |world| {
        world.height("carol") == 4 && world.same_tip(&["alice", "bob", "carol"])
    });
}
