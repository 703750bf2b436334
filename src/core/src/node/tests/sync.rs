//! Catching up, falling apart, coming together.

use super::coins::pay;
use super::world::World;

#[test]
fn a_node_with_nothing_catches_up() {
    let mut world = World::new();
    world.node("alice", &[]);
    world.mine("alice", 150, 1);
    world.node("bob", &["alice"]);
    world.until("bob has alice's chain", |world| {
        world.same_tip(&["alice", "bob"])
    });
    assert_eq!(world.height("bob"), 150);
    let hash = |name: &str| world.at(name).chain().utxo_hash();
    assert_eq!(hash("alice"), hash("bob"));
}

#[test]
fn blocks_come_from_several_peers_at_once() {
    let mut world = World::new();
    world.node("alice", &[]);
    world.mine("alice", 60, 1);
    world.node("bob", &["alice"]);
    world.until("bob has it", |world| world.same_tip(&["alice", "bob"]));
    world.keep_outputs = true;
    world.node("carol", &["alice", "bob"]);
    world.until("carol has it", |world| world.same_tip(&["alice", "carol"]));
    let blocks = |name: &str| {
        let sent = world.outputs.iter().filter(|(from, _)| from == name);
        sent.filter(|(_, output)| match output {
            crate::node::Output::Send { bytes, .. } => bytes[4..10] == *b"block\0",
            _ => false,
        })
        .count()
    };
    assert!(blocks("alice") > 5 && blocks("bob") > 5);
    assert_eq!(blocks("alice") + blocks("bob"), 60, "each block once");
}

#[test]
fn a_partition_heals_to_one_chain() {
    let mut world = World::new();
    world.node("alice", &["bob", "carol"]);
    world.node("bob", &["carol"]);
    world.node("carol", &[]);
    world.pass(1_000);
    let first = world.mine("alice", 5, 1);
    world.until("all agree", |world| {
        world.same_tip(&["alice", "bob", "carol"])
    });
    world.cut("alice", "carol");
    world.cut("bob", "carol");
    let payment = pay(&first[0].txdata[0], 1, 2, 1_000, 500);
    world.pay("carol", &payment);
    world.mine("carol", 3, 3);
    assert!(world.at("carol").mempool().is_empty(), "it was mined");
    world.mine("alice", 6, 1);
    world.until("alice and bob agree", |world| {
        world.same_tip(&["alice", "bob"])
    });
    assert!(!world.same_tip(&["alice", "carol"]));
    world.heal();
    world.until("all agree again", |world| {
        world.same_tip(&["alice", "bob", "carol"])
    });
    assert_eq!(world.height("carol"), 11);
    assert!(world.logged("carol", "reorganisation after block 5: 3 blocks left"));
    // The payment of the lost branch came back, and reaches the others.
    let txid = payment.compute_txid();
    assert!(world.at("carol").mempool().contains(&txid));
    world.until("alice hears of the payment", |world| {
        world.at("alice").mempool().contains(&txid)
    });
    world.mine("bob", 1, 1);
    world.until("it is mined", |world| {
        world.same_tip(&["alice", "bob", "carol"]) && world.at("carol").mempool().is_empty()
    });
}

#[test]
fn a_peer_that_is_away_is_dialled_until_it_is_back() {
    let mut world = World::new();
    world.node("alice", &[]);
    world.mine("alice", 2, 1);
    world.cut("alice", "bob");
    world.node("bob", &["alice"]);
    world.pass(20 * 60_000);
    assert_eq!(world.height("bob"), 0);
    world.heal();
    world.pass(90_000);
    assert_eq!(
        world.height("bob"),
        2,
        "it waits for a minute and a quarter at most"
    );
    let gone = world
        .log
        .iter()
        .filter(|(from, line)| from == "bob" && line.contains("could not be reached"));
    assert_eq!(gone.count(), 1, "one line, not one for each attempt");
}
