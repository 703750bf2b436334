//! Our own light client at our own node, with no browser between them.

use super::coins::{pay, script};
use super::world::{World, params};
use crate::client::{Command, Event, Reply};
use crate::invoice::{InvoiceRequest, InvoiceStatus};

fn tip(world: &World) -> u32 {
    let told = world.events.iter().rev().find_map(|event| match event {
        Event::Chain { chain } => Some(chain.tip.height),
        _ => None,
    });
    told.unwrap_or(0)
}

fn status(world: &World, wanted: fn(&InvoiceStatus) -> bool) -> bool {
    let told = world.events.iter().rev().find_map(|event| match event {
        Event::Invoice { invoice } => Some(&invoice.status),
        _ => None,
    });
    told.is_some_and(wanted)
}

#[test]
fn a_light_client_syncs_sees_a_payment_and_its_block() {
    let mut world = World::new();
    world.node("alice", &[]);
    let blocks = world.mine("alice", 30, 1);
    world.client("till", &["alice"]);
    world.until("the till has the headers", |world| tip(world) == 30);
    let address = params()
        .address_from_script(&script(9))
        .expect("an address");
    let command = world.command(
        "till",
        Command::CreateInvoice {
            request: InvoiceRequest {
                label: "Table 7".to_owned(),
                address,
                due: 1_000,
                tolerance_ppm: 0,
                confirmations: 2,
                expires_in: 3_600,
                attacker_share_ppm: 100_000,
                risk_cap: None,
            },
        },
    );
    world.pass(1_000);
    let reply = world.client_replies.get(&command);
    assert!(
        matches!(reply, Some(Ok(Reply::Invoice { .. }))),
        "{reply:?}"
    );
    let payment = pay(&blocks[0].txdata[0], 1, 9, 1_000, 500);
    world.pay("alice", &payment);
    world.until("the till sees it", |world| {
        status(world, |status| matches!(status, InvoiceStatus::Seen))
    });
    world.mine("alice", 1, 1);
    world.until("it is confirmed", |world| {
        status(world, |status| {
            matches!(status, InvoiceStatus::Confirming { .. })
        })
    });
    world.mine("alice", 1, 1);
    world.until("it is settled", |world| {
        status(world, |status| {
            matches!(status, InvoiceStatus::Settled { .. })
        })
    });
    assert_eq!(tip(&world), 32);
}
