//! What is written, when, and what follows where a write fails.

use super::chain::{Chain, genesis, grow, mine, pay, script_of};
use super::peer::Peer;
use super::world::{START, World};
use crate::client::{Output, StoreRequest};
use crate::invoice::InvoiceStatus;

fn ready() -> (World, Chain) {
    let mut world = World::new("regtest");
    let mut chain = genesis(&world.params);
    grow(&mut chain, 10, START, 0);
    world.connect(vec![("a", Peer::new(&world.params, chain.clone()))]);
    world.invoice(1, 1_000, 1);
    world.pass(2_000);
    (world, chain)
}

/// Writes of records since an output, by name.
fn puts(world: &World, since: usize, key: &str) -> usize {
    let outputs = world.outputs[since..].iter();
    outputs
        .filter(|output| {
            matches!(output, Output::Store { request: StoreRequest::Put(record), .. }
                if record.key == key)
        })
        .count()
}

#[test]
fn a_payment_whose_write_failed_is_written_with_the_next_block() {
    let (mut world, mut chain) = ready();
    world.disk_error = Some("the disk is full".to_owned());
    mine(&mut chain, vec![pay(3, script_of(1), 1_000)], START + 10, 0);
    world.announce("a", &chain);
    world.pass(2_000);
    assert_eq!(world.look(1).status, InvoiceStatus::Settled { depth: 1 });
    world.disk_error = None;
    mine(&mut chain, Vec::new(), START + 20, 0);
    world.announce("a", &chain);
    world.pass(2_000);
    // What was scanned is not scanned again: the payment must be there.
    let mut world = World::restored("regtest", world.disk, START + 600);
    assert_eq!(world.look(1).status, InvoiceStatus::Settled { depth: 2 });
}

#[test]
fn a_storage_that_is_gone_is_not_tried_without_end() {
    let (mut world, _) = ready();
    world.disk_error = Some("the disk is gone".to_owned());
    world.relay("a", &pay(3, script_of(1), 1_000));
    world.pass(2_000);
    let before = world.outputs.len();
    world.pass(20_000);
    assert_eq!(puts(&world, before, "ledger"), 0);
}

#[test]
fn a_peer_that_changes_its_mind_fast_costs_one_write_a_second() {
    let (mut world, _) = ready();
    let (payment, rival) = (pay(3, script_of(1), 1_000), pay(3, script_of(9), 900));
    world.relay("a", &payment);
    world.relay("a", &rival);
    world.pass(2_000);
    let before = world.outputs.len();
    let mut told = 0;
    for _ in 0..50 {
        world.relay("a", &payment);
        told += usize::from(world.look(1).status == InvoiceStatus::Seen);
        world.relay("a", &rival);
        told += usize::from(world.look(1).status != InvoiceStatus::Seen);
    }
    assert_eq!(told, 100, "each word is told at once");
    world.pass(2_000);
    for key in ["ledger", "invoice/1"] {
        let found = puts(&world, before, key);
        assert!((1..=3).contains(&found), "{key}: {found} writes");
    }
}

#[test]
fn what_is_held_back_is_written_though_nothing_more_comes() {
    let (mut world, _) = ready();
    world.relay("a", &pay(3, script_of(1), 400));
    // In the same moment as another write.
    world.relay("a", &pay(4, script_of(1), 600));
    world.pass(1_000);
    let mut world = World::restored("regtest", world.disk, START + 600);
    assert_eq!(world.look(1).payments.len(), 2);
}
