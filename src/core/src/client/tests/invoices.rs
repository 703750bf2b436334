//! A payment from the announcement to the reorganisation, through the whole machine.

use super::chain::{Chain, genesis, grow, mine, pay, script_of};
use super::peer::Peer;
use super::world::{START, World};
use crate::client::{Command, Event, NoticeKind, Output, Reply};
use crate::invoice::{Decision, InvoiceFlag, InvoiceStatus, PaymentState, VerdictAnswer};
use bitcoin::p2p::message::NetworkMessage;

fn ready() -> (World, Chain) {
    let mut world = World::new("regtest");
    let mut chain = genesis(&world.params);
    grow(&mut chain, 20, START, 0);
    world.connect(vec![("a", Peer::new(&world.params, chain.clone()))]);
    (world, chain)
}

#[test]
fn a_payment_is_seen_confirmed_and_settled() {
    let (mut world, mut chain) = ready();
    let made = world.invoice(1, 1_000, 2);
    assert_eq!(made.status, InvoiceStatus::Awaiting);
    let id = made.id;
    world.pass(1_000);
    assert_eq!(world.look(id).verdict.answer, VerdictAnswer::NothingSeen);
    let payment = pay(3, script_of(1), 1_000);
    world.relay("a", &payment);
    assert_eq!(world.look(id).status, InvoiceStatus::Seen);
    mine(&mut chain, vec![payment.clone()], world.unix(), 0);
    world.announce("a", &chain);
    let confirming = world.look(id);
    assert_eq!(
        confirming.status,
        InvoiceStatus::Confirming { depth: 1, of: 2 }
    );
    assert!(matches!(
        confirming.payments[0].state,
        PaymentState::Mined {
            depth: 1,
            height: 21,
            ..
        }
    ));
    mine(&mut chain, Vec::new(), world.unix(), 0);
    world.announce("a", &chain);
    let settled = world.look(id);
    assert_eq!(settled.status, InvoiceStatus::Settled { depth: 2 });
    assert_eq!(settled.verdict.answer, VerdictAnswer::Confirmed);
    assert!(settled.verdict.work_behind_log2.is_some());
    assert_eq!(settled.payments[0].txid, payment.compute_txid().to_string());
}

#[test]
fn a_reorganisation_takes_a_settled_invoice_back_and_sends_its_payment_again() {
    for depth in [1, 6, 10, 100, 2_100] {
        reorganised(depth);
    }
}

/// A settled payment whose block, with so many in all, is replaced.
fn reorganised(depth: u32) {
    let (mut world, trunk) = ready();
    let id = world.invoice(1, 1_000, 1).id;
    let payment = pay(3, script_of(1), 1_000);
    let mut old = trunk.clone();
    mine(&mut old, vec![payment.clone()], START + 10, 1);
    grow(&mut old, depth - 1, START + 200, 1);
    world.announce("a", &old);
    assert_eq!(world.look(id).status, InvoiceStatus::Settled { depth });
    let mut new = trunk;
    grow(&mut new, depth + 1, START + 200, 2);
    world.announce("a", &new);
    let fallen = world.look(id);
    assert!(fallen.flags.contains(&InvoiceFlag::Reorged), "{fallen:?}");
    assert_eq!(
        fallen.status,
        InvoiceStatus::Seen,
        "no confirmation is left"
    );
    assert!(matches!(fallen.payments[0].state, PaymentState::Reorged));
    let alarm = fallen.alarm.expect("a settled sale is settled no more");
    assert_eq!(alarm.status, InvoiceStatus::Seen);
    let said = world.notices(NoticeKind::Reorganisation);
    let s = if depth == 1 { "" } else { "s" };
    let wanted = format!("left {depth} block{s} after height 20");
    assert!(said.len() == 1 && said[0].contains(&wanted), "{said:?}");
    let sent_again = world.peers["a"]
        .heard
        .contains(&NetworkMessage::Tx(payment.clone()));
    assert!(sent_again, "the raw transaction is broadcast again");
    // And back: mined on the new branch.
    mine(&mut new, vec![payment], START + 300, 2);
    world.announce("a", &new);
    assert_eq!(world.look(id).status, InvoiceStatus::Settled { depth: 1 });
    let decision = Decision::Acknowledge;
    world
        .ask(Command::DecideInvoice { id, decision })
        .expect("an alarm to acknowledge");
    assert_eq!(world.look(id).alarm, None);
}

#[test]
fn an_invoice_is_stored_before_it_is_shown() {
    let (mut world, _) = ready();
    let before = world.outputs.len();
    let id = world.invoice(1, 1_000, 1).id;
    let outputs = &world.outputs[before..];
    let stored = outputs.iter().position(|output| {
        matches!(output, Output::Store { request: crate::client::StoreRequest::Put(record), .. }
            if record.key == format!("invoice/{id}"))
    });
    let shown = outputs.iter().position(|output| {
        matches!(
            output,
            Output::Reply { .. } | Output::Event(Event::Invoice { .. })
        )
    });
    assert!(stored.expect("stored") < shown.expect("shown"));
}

#[test]
fn an_invoice_that_cannot_be_stored_is_not_made() {
    let (mut world, _) = ready();
    world.disk_error = Some("the disk is full".to_owned());
    let request = world.request(1, 1_000, 1);
    let error = world
        .ask(Command::CreateInvoice { request })
        .expect_err("not stored");
    assert!(error.message.contains("the disk is full"), "{error}");
    world.disk_error = None;
    let invoices = world.ask(Command::ListInvoices).expect("a list");
    assert_eq!(invoices, Reply::Invoices { invoices: vec![] });
    assert_eq!(
        world.invoice(1, 1_000, 1).id,
        2,
        "its number is not used again"
    );
}

#[test]
fn a_second_open_invoice_on_an_address_is_refused() {
    let (mut world, _) = ready();
    world.invoice(1, 1_000, 1);
    let request = world.request(1, 500, 1);
    let error = world
        .ask(Command::CreateInvoice { request })
        .expect_err("one open invoice at a time");
    assert!(error.message.contains('1'), "names the other: {error}");
    assert_eq!(world.invoice(2, 500, 1).id, 2);
}

#[test]
fn an_address_of_another_network_is_refused() {
    let (mut world, _) = ready();
    let address = "bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu".to_owned();
    let mut request = world.request(1, 500, 1);
    request.address = address.clone();
    let error = world
        .ask(Command::CreateInvoice { request })
        .expect_err("Bitcoin's own");
    assert!(!error.message.is_empty());
    assert!(world.ask(Command::CheckAddress { address }).is_err());
    let address = world.request(1, 500, 1).address;
    let checked = world.ask(Command::CheckAddress { address });
    assert_eq!(checked, Ok(Reply::Done));
}

#[test]
fn a_pasted_transaction_is_seen_and_sent() {
    let (mut world, _) = ready();
    let id = world.invoice(1, 1_000, 1).id;
    let payment = pay(3, script_of(1), 1_000);
    let hex = bitcoin::consensus::encode::serialize_hex(&payment);
    let reply = world.ask(Command::SubmitTransaction { hex: hex.clone() });
    let Ok(Reply::Transaction { transaction }) = reply else {
        panic!("expected a transaction, found {reply:?}");
    };
    assert!(transaction.outputs[0].watched);
    assert_eq!(transaction.hex, Some(hex));
    let invoice = world.look(id);
    assert_eq!(invoice.payments.len(), 1);
    assert_eq!(invoice.payments[0].seen_by, Vec::<String>::new());
    assert!(
        world.peers["a"]
            .heard
            .contains(&NetworkMessage::Tx(payment))
    );
    let error = world.ask(Command::SubmitTransaction {
        hex: "00ff".to_owned(),
    });
    assert!(error.is_err());
}

/// What the page was told last.
fn told(world: &World, id: u32) -> Option<InvoiceStatus> {
    world.events.iter().rev().find_map(|event| match event {
        Event::Invoice { invoice } if invoice.id == id => Some(invoice.status),
        _ => None,
    })
}

#[test]
fn an_invoice_expires_by_the_clock_alone() {
    let (mut world, _) = ready();
    let id = world.invoice(1, 1_000, 1).id;
    world.pass(3_601_000);
    assert_eq!(told(&world, id), Some(InvoiceStatus::Expired));
}

#[test]
fn a_quiet_network_is_asked_at_an_invoices_end_whether_it_is_there() {
    let (mut world, _) = ready();
    // Off the beat of the pings, and long after the last block.
    world.pass(7_000);
    let id = world.invoice(1, 1_000, 1).id;
    world.pass(3_600_000);
    assert_eq!(told(&world, id), Some(InvoiceStatus::Awaiting));
    let pings = |world: &World| {
        let heard = world.peers["a"].heard.iter();
        heard
            .filter(|message| matches!(message, NetworkMessage::Ping(_)))
            .count()
    };
    let before = pings(&world);
    world.pass(1_000);
    assert_eq!(told(&world, id), Some(InvoiceStatus::Expired), "at once");
    assert_eq!(pings(&world), before + 1);
    world.pass(20_000);
    assert_eq!(pings(&world), before + 1, "once");
    // Nobody answers at the end: then it is not known.
    let id = world.invoice(2, 1_000, 1).id;
    world.pass(3_590_000);
    world
        .peers
        .get_mut("a")
        .expect("it is there")
        .habits
        .no_pong = true;
    world.pass(12_000);
    assert_eq!(told(&world, id), Some(InvoiceStatus::Awaiting));
}

#[test]
fn an_invoice_whose_end_was_not_watched_is_not_computed_with_every_message() {
    let (mut world, _) = ready();
    let id = world.invoice(1, 1_000, 1).id;
    world.unreachable.push("a".to_owned());
    world.cut("a");
    world.pass(600_000);
    world.unreachable.clear();
    world.pass(4_000_000);
    assert_eq!(world.look(id).status, InvoiceStatus::Awaiting);
    world.pass(1_000);
    let before = world.client.till.computed;
    for nonce in 0..100 {
        world.say("a", NetworkMessage::Ping(nonce));
    }
    let computed = world.client.till.computed - before;
    assert!(computed <= 1, "computed {computed} times");
}

#[test]
fn a_payment_that_needed_no_confirmation_is_still_looked_for_in_blocks() {
    let (mut world, mut chain) = ready();
    let id = world.invoice(1, 1_000, 0).id;
    let payment = pay(3, script_of(1), 1_000);
    world.relay("a", &payment);
    assert_eq!(world.look(id).status, InvoiceStatus::Settled { depth: 0 });
    world.pass(2_000);
    // Mined more than a day after the invoice's end, among more blocks than are fetched for nobody.
    let later = START + 3_600 + 100_000;
    mine(&mut chain, vec![payment], later, 0);
    grow(&mut chain, 29, later + 600, 0);
    let mut world = World::restored("regtest", world.disk, later + 700);
    world.connect(vec![("a", Peer::new(&world.params, chain))]);
    world.pass(5_000);
    assert_eq!(world.look(id).status, InvoiceStatus::Settled { depth: 30 });
}
