//! The same inputs and the same seed give the same outputs; another seed other nonces.

use super::chain::{genesis, grow, mine, pay, script_of};
use super::peer::Peer;
use super::world::{START, World};
use crate::client::Output;

fn run() -> Vec<Output> {
    let mut world = World::new("regtest");
    let mut chain = genesis(&world.params);
    grow(&mut chain, 10, START, 0);
    let peer = || Peer::new(&world.params, chain.clone());
    let peers = vec![("a", peer()), ("b", peer())];
    world.connect(peers);
    world.invoice(1, 1_000, 1);
    world.relay("a", &pay(1, script_of(1), 1_000));
    mine(&mut chain, vec![pay(1, script_of(1), 1_000)], START + 9, 0);
    world.announce("b", &chain);
    world.pass(200_000);
    world.outputs
}

#[test]
fn the_same_story_gives_the_same_outputs() {
    let first = run();
    assert!(first.len() > 100);
    assert_eq!(first, run());
}
