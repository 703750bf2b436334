//! From what was stored: after a restart, after a kill between any two writes, after a flipped
//! byte.

use super::chain::{Chain, genesis, grow, mine, pay, script_of};
use super::peer::Peer;
use super::world::{Disk, START, World};
use crate::client::{NoticeKind, Output, StoreRequest};
use crate::invoice::{InvoiceRecord, InvoiceStatus, PaymentState};
use crate::primitives::record;
use bitcoin::Transaction;
use bitcoin::p2p::message::NetworkMessage;

/// A payment that is seen, mined, taken out by a reorganisation and mined again.
fn story() -> (World, Chain) {
    let mut world = World::new("regtest");
    let mut trunk = genesis(&world.params);
    grow(&mut trunk, 10, START, 0);
    world.connect(vec![("a", Peer::new(&world.params, trunk.clone()))]);
    world.invoice(1, 1_000, 2);
    let payment = pay(3, script_of(1), 1_000);
    world.pass(1_000);
    world.relay("a", &payment);
    world.pass(1_000);
    let mut old = trunk.clone();
    mine(&mut old, vec![payment.clone()], START + 10, 1);
    grow(&mut old, 2, START + 40, 1);
    world.announce("a", &old);
    world.pass(1_000);
    let mut new = trunk;
    grow(&mut new, 3, START + 50, 2);
    mine(&mut new, vec![payment], START + 60, 2);
    grow(&mut new, 1, START + 70, 2);
    world.announce("a", &new);
    assert_eq!(world.look(1).status, InvoiceStatus::Settled { depth: 2 });
    world.pass(1_000);
    (world, new)
}

fn go_on(disk: Disk, chain: &Chain) -> World {
    let mut world = World::restored("regtest", disk, START + 600);
    world.connect(vec![("a", Peer::new(&world.params, chain.clone()))]);
    world.pass(1_000);
    world
}

#[test]
fn a_restart_knows_what_was_known() {
    let (before, chain) = story();
    let mut world = World::restored("regtest", before.disk.clone(), START + 600);
    assert_eq!(world.height(), 15, "before any peer answers");
    let invoice = world.look(1);
    assert_eq!(invoice.status, InvoiceStatus::Settled { depth: 2 });
    assert_eq!(world.notices(NoticeKind::Storage), Vec::<String>::new());
    let mut world = go_on(before.disk, &chain);
    assert_eq!(world.look(1).status, InvoiceStatus::Settled { depth: 2 });
    let gaps = world.look(1).verdict.not_watched;
    assert!(!gaps.is_empty(), "the time in between was not watched");
}

#[test]
fn what_was_mined_meanwhile_is_found() {
    let mut world = World::new("regtest");
    let mut chain = genesis(&world.params);
    grow(&mut chain, 10, START, 0);
    world.connect(vec![("a", Peer::new(&world.params, chain.clone()))]);
    world.invoice(1, 1_000, 1);
    for number in 0..30u8 {
        let transactions = match number {
            12 => vec![pay(3, script_of(1), 1_000)],
            _ => Vec::new(),
        };
        mine(&mut chain, transactions, START + 20 + u32::from(number), 0);
    }
    let mut world = go_on(world.disk, &chain);
    let invoice = world.look(1);
    assert_eq!(invoice.status, InvoiceStatus::Settled { depth: 18 });
    assert_eq!(invoice.scanned, Some((11, 40)));
}

#[test]
fn a_reorganisation_while_away_is_followed() {
    for depth in [1, 6, 100, 2_100] {
        let mut world = World::new("regtest");
        let mut trunk = genesis(&world.params);
        grow(&mut trunk, 10, START, 0);
        let mut old = trunk.clone();
        world.connect(vec![("a", Peer::new(&world.params, trunk.clone()))]);
        world.invoice(1, 1_000, 1);
        mine(&mut old, vec![pay(3, script_of(1), 1_000)], START + 1, 1);
        let after = START + depth;
        grow(&mut old, depth - 1, after, 1);
        world.announce("a", &old);
        world.pass(1_000);
        assert_eq!(world.look(1).status, InvoiceStatus::Settled { depth });
        world.pass(1_000);
        let mut new = trunk;
        grow(&mut new, depth + 1, after, 2);
        let mut world = go_on(world.disk, &new);
        let tip = new.last().expect("it has blocks").block_hash();
        assert_eq!(world.chain().tip.hash, tip.to_string());
        let said = world.notices(NoticeKind::Reorganisation);
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].contains(&format!("left {depth} block")), "{said:?}");
        let invoice = world.look(1);
        assert!(!matches!(invoice.status, InvoiceStatus::Settled { .. }));
        assert!(invoice.alarm.is_some());
    }
}

#[test]
fn a_kill_between_any_two_writes_is_survived() {
    let (world, chain) = story();
    let writes: Vec<StoreRequest> = world
        .outputs
        .iter()
        .filter_map(|output| match output {
            Output::Store { request, .. } => Some(request.clone()),
            _ => None,
        })
        .collect();
    assert!(writes.len() > 10);
    let mut disk = Disk::default();
    for write in writes {
        disk.write(write);
        let shown = disk.records.contains_key("invoice/1");
        let mut world = go_on(disk.clone(), &chain);
        assert_eq!(world.notices(NoticeKind::Storage), Vec::<String>::new());
        assert_eq!(world.height(), 15);
        if shown {
            assert_eq!(world.look(1).status, InvoiceStatus::Settled { depth: 2 });
        }
    }
}

#[test]
fn each_flipped_byte_of_a_record_sets_it_aside() {
    let (world, chain) = story();
    for (key, value) in &world.disk.records {
        // Each byte of the small records, a sample of the large ones.
        let step = (value.len() / 60).max(1);
        for at in (0..value.len()).step_by(step) {
            let mut disk = world.disk.clone();
            let record = disk.records.get_mut(key).expect("a record");
            record[at] ^= 0x10;
            let damaged = record.clone();
            let mut after = World::restored("regtest", disk, START + 600);
            let notices = after.notices(NoticeKind::Storage);
            assert_eq!(notices.len(), 1, "{key} byte {at}: {notices:?}");
            let aside = after.disk.records.get(&format!("corrupt/{key}"));
            assert_eq!(aside, Some(&damaged), "kept as it was");
            assert_ne!(after.disk.records.get(key), Some(&damaged));
            if at > 8 {
                continue;
            }
            after.connect(vec![("a", Peer::new(&after.params, chain.clone()))]);
            if !key.starts_with("invoice/") {
                assert_eq!(after.look(1).status, InvoiceStatus::Settled { depth: 2 });
            } else {
                assert_eq!(after.invoice(5, 10, 1).id, 2, "the lost number stays taken");
            }
        }
    }
}

#[test]
fn damaged_headers_are_fetched_again() {
    let (world, chain) = story();
    for at in [0, 79, 80 * 7 + 3, 80 * 14 + 79] {
        let mut disk = world.disk.clone();
        disk.headers[at] ^= 1;
        let mut after = go_on(disk, &chain);
        assert_eq!(after.notices(NoticeKind::Storage).len(), 1);
        assert_eq!(after.height(), 15);
        assert_eq!(after.disk.headers, world.disk.headers);
        assert_eq!(after.look(1).status, InvoiceStatus::Settled { depth: 2 });
    }
    // A torn write.
    let mut disk = world.disk.clone();
    disk.headers.truncate(80 * 12 + 33);
    let after = go_on(disk, &chain);
    assert_eq!(after.disk.headers, world.disk.headers);
}

#[test]
fn a_payment_in_a_block_that_the_stored_headers_left_is_confirmed_no_more() {
    let mut world = World::new("regtest");
    let mut trunk = genesis(&world.params);
    grow(&mut trunk, 10, START, 0);
    world.connect(vec![("a", Peer::new(&world.params, trunk.clone()))]);
    world.invoice(1, 1_000, 1);
    let mut old = trunk.clone();
    mine(&mut old, vec![pay(3, script_of(1), 1_000)], START + 10, 1);
    world.announce("a", &old);
    assert_eq!(world.look(1).status, InvoiceStatus::Settled { depth: 1 });
    world.pass(1_000);
    // Killed after the headers of a reorganisation were written, before anything else was.
    let mut disk = world.disk.clone();
    grow(&mut trunk, 3, START + 60, 2);
    disk.headers = trunk
        .iter()
        .flat_map(|block| bitcoin::consensus::serialize(&block.header))
        .collect();
    let mut world = World::restored("regtest", disk, START + 600);
    assert_eq!(world.height(), 13);
    let status = world.look(1).status;
    assert!(
        !matches!(status, InvoiceStatus::Settled { .. }),
        "{status:?}"
    );
}

#[test]
fn a_payment_whose_headers_were_lost_is_not_taken_for_abandoned() {
    let (mut before, chain) = story();
    let told = before.look(1);
    let mut disk = before.disk.clone();
    disk.headers.truncate(80 * 6);
    let mut world = World::restored("regtest", disk, START + 600);
    world.pass(120_000);
    assert_eq!(world.look(1).changes, told.changes, "before any peer");
    world.connect(vec![("a", Peer::new(&world.params, chain))]);
    world.pass(2_000);
    let invoice = world.look(1);
    assert_eq!(invoice.status, InvoiceStatus::Settled { depth: 2 });
    assert_eq!(invoice.alarm, told.alarm);
    assert_eq!(invoice.changes, told.changes);
    let sent = world.peers["a"].heard.iter();
    let sent = sent.filter(|message| matches!(message, NetworkMessage::Tx(_)));
    assert_eq!(sent.count(), 0, "nothing to send again");
}

#[test]
fn a_payment_whose_headers_were_lost_and_whose_block_left_is_abandoned() {
    let (before, mut chain) = story();
    let mut disk = before.disk.clone();
    disk.headers.truncate(80 * 6);
    chain.truncate(13);
    grow(&mut chain, 5, START + 400, 7);
    let mut world = go_on(disk, &chain);
    world.pass(1_000);
    let invoice = world.look(1);
    assert_eq!(invoice.payments[0].state, PaymentState::Reorged);
    assert!(invoice.alarm.is_some());
}

/// A payment, what a block then does to it, and the payment's state after a kill between the
/// writes of a reorganisation that took that block away: headers written, payments not.
fn after_a_death(rival: &Transaction, in_block: Transaction) -> (PaymentState, PaymentState) {
    let mut world = World::new("regtest");
    let mut trunk = genesis(&world.params);
    grow(&mut trunk, 10, START, 0);
    world.connect(vec![("a", Peer::new(&world.params, trunk.clone()))]);
    world.invoice(1, 1_000, 1);
    world.relay("a", rival);
    world.relay("a", &pay(3, script_of(1), 1_000));
    world.relay("a", rival);
    let mut old = trunk.clone();
    mine(&mut old, vec![in_block], START + 10, 1);
    world.announce("a", &old);
    let dead = world.look(1).payments[0].state.clone();
    world.pass(1_000);
    let mut disk = world.disk.clone();
    grow(&mut trunk, 3, START + 60, 2);
    disk.headers = trunk
        .iter()
        .flat_map(|block| bitcoin::consensus::serialize(&block.header))
        .collect();
    let mut world = go_on(disk, &trunk);
    (dead, world.look(1).payments[0].state.clone())
}

#[test]
fn a_double_spend_in_a_block_that_left_before_a_crash_kills_nothing() {
    let rival = pay(3, script_of(9), 900);
    let (dead, after) = after_a_death(&rival, rival.clone());
    assert!(matches!(dead, PaymentState::Dead { .. }), "{dead:?}");
    assert!(!matches!(after, PaymentState::Dead { .. }), "{after:?}");
}

#[test]
fn a_rival_that_died_in_a_block_that_left_before_a_crash_is_a_rival_again() {
    let mut rival = pay(3, script_of(9), 900);
    let other = pay(5, script_of(9), 900);
    rival.input.push(other.input[0].clone());
    let (alone, after) = after_a_death(&rival, other);
    assert_eq!(alone, PaymentState::Seen);
    assert!(
        matches!(
            after,
            PaymentState::Replaced { .. } | PaymentState::Conflicted { .. }
        ),
        "{after:?}"
    );
}

#[test]
fn no_block_is_scanned_before_it_is_known_what_became_of_those_before() {
    let (before, mut chain) = story();
    let mut disk = before.disk.clone();
    disk.headers.truncate(80 * 11);
    chain.truncate(11);
    // Three messages of headers: blocks could come in between. The double spend is in the first block that is scanned.
    mine(&mut chain, vec![pay(3, script_of(9), 900)], START + 80, 7);
    grow(&mut chain, 4_200, START + 90, 7);
    let mut world = go_on(disk, &chain);
    world.pass(60_000);
    let state = world.look(1).payments[0].state.clone();
    assert!(matches!(state, PaymentState::Dead { .. }), "{state:?}");
}

#[test]
fn a_stored_number_that_we_never_gave_takes_no_numbers_away() {
    let (before, _) = story();
    for key in ["invoice/4294967295", "corrupt/invoice/4294967294/2"] {
        let mut disk = before.disk.clone();
        disk.records.insert(key.to_owned(), b"nonsense".to_vec());
        let mut after = World::restored("regtest", disk, START + 600);
        assert_eq!(after.invoice(5, 10, 1).id, 2, "{key}");
    }
    // As whole records too.
    let mut disk = before.disk.clone();
    let counter = record::seal(1, &u32::MAX).expect("a number has a form");
    disk.records.insert("counter".to_owned(), counter);
    let mut invoice = InvoiceRecord::decode(&disk.records["invoice/1"]).expect("stored");
    invoice.id = u32::MAX;
    let invoice = invoice.encode().expect("a record has a form");
    let key = format!("invoice/{}", u32::MAX);
    disk.records.insert(key.clone(), invoice.clone());
    let mut after = World::restored("regtest", disk, START + 600);
    assert_eq!(after.invoice(5, 10, 1).id, 2);
    let aside = after.disk.records.get(&format!("corrupt/{key}"));
    assert_eq!(aside, Some(&invoice), "kept as it was");
}
