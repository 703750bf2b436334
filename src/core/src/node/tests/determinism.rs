//! The same inputs give the same outputs.

use super::coins::pay;
use super::world::World;
use crate::node::Output;

fn story() -> Vec<(String, Output)> {
    let mut world = World::new();
    world.keep_outputs = true;
    world.node("alice", &["bob"]);
    world.node("bob", &[]);
    world.pass(1_000);
    let blocks = world.mine("alice", 3, 1);
    world.pay("bob", &pay(&blocks[0].txdata[0], 1, 2, 1_000, 500));
    world.cut("alice", "bob");
    world.mine("bob", 2, 2);
    world.heal();
    world.pass(90_000);
    world.outputs
}

#[test]
fn two_runs_are_one() {
    let first = story();
    assert!(first.len() > 100);
    assert_eq!(first, story());
}
