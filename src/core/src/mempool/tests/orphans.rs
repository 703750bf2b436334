//! Floods of orphans, and the honest one among them.

use super::*;
use crate::mempool::{OrphanLimits, Orphans};

const HONEST: u32 = 1;

fn stranger(number: u32) -> Transaction {
    pay(number, 500)
}

#[test]
fn an_orphan_is_found_by_its_parent() {
    let mut orphans = Orphans::new(OrphanLimits::default());
    let parent = pay(0, 500);
    let child = follow(&parent, 500);
    orphans.add(child.clone(), HONEST, 0);
    assert!(orphans.contains(&child.compute_wtxid()));
    let found = orphans.take_children(&parent.compute_txid());
    assert_eq!(found, [(child, HONEST)]);
    assert_eq!((orphans.len(), orphans.weight()), (0, 0));
}

#[test]
fn an_honest_orphan_survives_a_flood() {
    let one = stranger(0).weight().to_wu();
    let mut orphans = Orphans::new(OrphanLimits {
        max_weight: 50 * one,
        max_weight_per_peer: 20 * one,
        expiry_ms: 1_000,
    });
    let honest = stranger(0);
    orphans.add(honest.clone(), HONEST, 0);
    for number in 1..400 {
        let attacker = 2 + number % 7;
        orphans.add(stranger(number), attacker, 0);
        assert!(orphans.weight() <= 50 * one);
    }
    assert!(orphans.contains(&honest.compute_wtxid()));
}

#[test]
fn who_brings_an_honest_orphan_first_cannot_take_it_along() {
    let one = stranger(0).weight().to_wu();
    let mut orphans = Orphans::new(OrphanLimits {
        max_weight: 50 * one,
        max_weight_per_peer: 20 * one,
        expiry_ms: 1_000,
    });
    let honest = stranger(0);
    orphans.add(honest.clone(), 9, 0);
    orphans.also_from(&honest.compute_wtxid(), HONEST);
    for number in 1..100 {
        orphans.add(stranger(number), 9, 0);
    }
    assert_eq!(orphans.len(), 21);
    orphans.forget_peer(9);
    assert_eq!(orphans.len(), 1);
    assert!(orphans.contains(&honest.compute_wtxid()));
    orphans.expire(1_000);
    assert!(orphans.is_empty());
}

#[test]
fn a_block_ends_the_waiting_of_what_it_holds_and_what_conflicts() {
    let mut orphans = Orphans::new(OrphanLimits::default());
    orphans.add(stranger(0), HONEST, 0);
    orphans.add(pay(1, 700), HONEST, 0);
    orphans.add(stranger(2), HONEST, 0);
    orphans.confirmed(&stranger(0));
    orphans.confirmed(&stranger(1));
    assert_eq!(orphans.len(), 1);
}
