//! What a peer can and cannot make a wallet believe.

use super::world::{FTH, ME, OTHER, World, foreign, spend};
use crate::params::NetworkParams;
use crate::wallet::{Wallet, WatchError};
use bitcoin::{OutPoint, Witness};

fn coin(world: &World) -> OutPoint {
    OutPoint::new(world.chain[0].txids()[0], 0)
}

#[test]
fn an_announced_spend_of_our_coin_without_our_signature_changes_nothing() {
    let mut world = World::new();
    world.earn(1);
    let theft = spend(&[coin(&world)], &[(OTHER.script(0, 0), 4 * FTH)]);
    assert!(!world.seen(&theft));
    let to_us = spend(&[coin(&world)], &[(ME.script(0, 1), 4 * FTH)]);
    assert!(!world.seen(&to_us));
    assert_eq!(world.account().spendable, 5 * FTH);
    assert_eq!(world.account().incoming, 0);
    assert_eq!(world.view().history.len(), 1);
}

#[test]
fn a_spend_of_our_coin_beside_a_foreign_one_is_believed_in_a_block_alone() {
    let mut world = World::new();
    world.earn(1);
    let invented = OutPoint::new(foreign(1, ME.script(0, 0), 1).compute_txid(), 0);
    let joint = spend(&[coin(&world), invented], &[(ME.script(0, 1), 8 * FTH)]);
    assert!(!world.seen(&joint));
    assert_eq!(world.account().spendable, 5 * FTH);
    world.mine(vec![joint.clone()]);
    assert_eq!(world.account().spendable, 8 * FTH);
    assert_eq!(world.entry(joint.compute_txid()).fee, None);
}

#[test]
fn a_signature_that_was_changed_is_no_signature() {
    let mut world = World::new();
    world.earn(1);
    let mut tx = ME.sign(&world.params, &world.prepare(FTH));
    let mut signature = tx.input[0].witness.nth(0).expect("one item").to_vec();
    signature[5] ^= 1;
    tx.input[0].witness = Witness::from_slice(&[signature]);
    assert!(!world.seen(&tx));
    assert_eq!(world.account().spendable, 5 * FTH);
}

#[test]
fn a_flood_of_invented_payments_is_bounded_for_each_operator() {
    let mut world = World::new();
    let number = |n: u32, to: u32| {
        let mut id = [0; 32];
        id[..4].copy_from_slice(&n.to_le_bytes());
        let outpoint = OutPoint::new(bitcoin::hashes::Hash::from_byte_array(id), 0);
        spend(&[outpoint], &[(ME.script(0, to), FTH)])
    };
    for n in 0..1_000 {
        world.wallet.seen(&number(n, 1), Some("a"), world.now);
    }
    assert_eq!(world.wallet.entries.len(), 200);
    // Another operator's word is heard all the same, and nothing that came before made room.
    let honest = number(5_000, 2);
    assert!(world.wallet.seen(&honest, Some("b"), world.now));
    assert!(!world.wallet.seen(&number(5_001, 2), Some("a"), world.now));
    assert_eq!(world.wallet.entries.len(), 201);
    assert!(world.wallet.has(&number(0, 1).compute_txid()));
}

#[test]
fn a_flood_of_large_payments_is_bounded_by_their_bytes() {
    let mut world = World::new();
    for coin in 0..100u8 {
        let outputs: Vec<_> = (0..1_000)
            .map(|n| {
                (
                    if n == 0 {
                        ME.script(0, 0)
                    } else {
                        OTHER.script(0, 0)
                    },
                    1_000,
                )
            })
            .collect();
        let id = bitcoin::hashes::Hash::from_byte_array([coin; 32]);
        let tx = spend(&[OutPoint::new(id, 0)], &outputs);
        world.wallet.seen(&tx, Some("a"), world.now);
    }
    let bytes: usize = world
        .wallet
        .entries
        .values()
        .filter_map(|entry| entry.raw.as_ref())
        .map(|raw| raw.0.total_size())
        .sum();
    assert!(bytes <= 1_000_000, "{bytes}");
    assert!(world.wallet.entries.len() > 10);
}

#[test]
fn replacements_without_end_are_forgotten_oldest_first() {
    let mut world = World::new();
    for n in 0..800u64 {
        let operator = format!("operator {}", n / 150);
        let tx = foreign(9, ME.script(0, 3), FTH + n);
        world.wallet.seen(&tx, Some(&operator), world.now);
    }
    assert!(
        world.wallet.entries.len() <= 502,
        "{}",
        world.wallet.entries.len()
    );
}

#[test]
fn an_amount_that_cannot_exist_is_not_added_up() {
    let mut world = World::new();
    let most = world.params.subsidy.max_money();
    let to = |amount| foreign(9, ME.script(0, 0), amount);
    // A light client does not check what a block's transactions are worth.
    world.mine(vec![to(most + 1)]);
    assert_eq!(world.account().spendable, 0);
    let many: Vec<_> = (0..50u8)
        .map(|n| foreign(n, ME.script(0, 0), most))
        .collect();
    world.mine(many);
    let whole = world.wallet.prepare(&world.order(Some(FTH)), 2, &[0; 32]);
    assert!(whole.is_ok());
    assert!(world.account().spendable >= most);
}

#[test]
fn a_key_with_another_keys_address_is_refused() {
    let params = NetworkParams::by_name("practice").expect("known");
    let mut keys = ME.keys(&params, 2);
    keys[1].address = OTHER.address(&params, 0, 1);
    let error = Wallet::new(params.clone(), &keys).expect_err("substituted");
    assert!(matches!(error, WatchError::Address { .. }), "{error}");
    keys = ME.keys(&params, 2);
    keys[1].path = keys[0].path;
    let error = Wallet::new(params.clone(), &keys).expect_err("two at one place");
    assert!(matches!(error, WatchError::Twice { .. }), "{error}");
    keys = ME.keys(&params, 1);
    // A point of small order: anybody can sign for it.
    keys[0].public_key = format!("01{}", "00".repeat(31));
    let error = Wallet::new(params.clone(), &keys).expect_err("weak");
    assert!(matches!(error, WatchError::Key(_)), "{error}");
    assert!(matches!(Wallet::new(params, &[]), Err(WatchError::None)));
    let bitcoin = NetworkParams::by_name("bitcoin").expect("known");
    let error = Wallet::new(bitcoin, &keys).expect_err("not ours");
    assert!(matches!(error, WatchError::Network { .. }), "{error}");
}
