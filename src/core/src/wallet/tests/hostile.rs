//! What a peer can and cannot make a wallet believe.

use super::world::{FTH, ME, OTHER, World, foreign, spend};
use crate::params::NetworkParams;
use crate::wallet::{KeyPath, SpendInput, SpendOutput, SpendRequest, Wallet, WatchError};
use bitcoin::{OutPoint, Transaction, Witness};

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

/// Two payments of ours: one of the last coinbase to ourselves, and one of what that makes beside
/// the coinbase before.
fn line(world: &World) -> [Transaction; 2] {
    let input = |outpoint: OutPoint, amount, index| SpendInput {
        txid: outpoint.txid.to_string(),
        vout: outpoint.vout,
        amount,
        path: KeyPath { account: 0, index },
        sequence: 0xffff_fffd,
    };
    let signed = |inputs, output| {
        let request = SpendRequest {
            inputs,
            outputs: vec![output],
            fee: FTH,
            lock_time: 0,
            replaces: None,
        };
        ME.sign(&world.params, &request)
    };
    let [older, newer] = [0, 1].map(|at: usize| OutPoint::new(world.chain[at].txids()[0], 0));
    let path = KeyPath {
        account: 0,
        index: 5,
    };
    let amount = 4 * FTH;
    let parent = signed(
        vec![input(newer, 5 * FTH, 0)],
        SpendOutput::Change { path, amount },
    );
    let made = OutPoint::new(parent.compute_txid(), 0);
    let address = OTHER.address(&world.params, 0, 1);
    let amount = 8 * FTH;
    let child = signed(
        vec![input(made, 4 * FTH, 5), input(older, 5 * FTH, 0)],
        SpendOutput::Payment { address, amount },
    );
    [parent, child]
}

#[test]
fn an_old_payment_that_spends_what_peers_alone_speak_of_binds_no_coin() {
    let mut world = World::new();
    world.earn(2);
    let told = line(&world);
    assert!(told.iter().all(|tx| world.seen(tx)));
    assert_eq!(world.account().spendable, 0);
    // Without the coinbase neither can ever be mined.
    world.undo(1);
    assert_eq!(world.account().spendable, 5 * FTH);
    // The same wallet, made anew from its phrase, never knew that coinbase: for all it knows, the
    // first of the two is somebody else's, of a coin that exists.
    let keys = ME.keys(&world.params, 10);
    world.wallet = Wallet::new(world.params.clone(), &keys).expect("good keys");
    let block = world.chain[0].clone();
    world.wallet.connect_block(&block, 1);
    for tx in &told {
        world.seen(tx);
    }
    assert_eq!(world.account().incoming, 4 * FTH);
    assert_eq!(world.account().spendable, 5 * FTH);
    assert!(world.wallet.to_send().is_empty());
    // A block speaks for it.
    world.mine(vec![told[0].clone()]);
    assert_eq!(world.account().spendable, 0);
    assert_eq!(world.wallet.to_send(), [&told[1]]);
}

#[test]
fn a_payment_stays_dead_when_the_coin_that_it_spent_is_forgotten() {
    let mut world = World::new();
    world.earn(2);
    for tx in line(&world) {
        assert!(world.wallet.seen(&tx, None, world.now));
    }
    world.undo(1);
    // So many blocks of ours left the chain since that one too many is dead: the oldest is forgotten.
    let mut lost = Vec::new();
    for _ in 0..498 {
        let block = world.block(ME.script(0, 0), Vec::new());
        world.wallet.connect_block(&block, 2);
        lost.push(block.hash());
    }
    world.wallet.disconnect_blocks(&lost, world.now);
    assert_eq!(world.wallet.entries.len(), 499, "with what spent it");
    assert_eq!(world.account().spendable, 5 * FTH);
    assert!(world.wallet.to_send().is_empty());
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
