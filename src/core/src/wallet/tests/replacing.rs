//! What a replacement takes its fee from, and how far it grows.

use super::world::{FTH, ME, OTHER, World, foreign, spend};
use crate::wallet::select::MOST_COINS;
use crate::wallet::{KeyPath, SpendError, SpendOutput, SpendRequest};
use bitcoin::{OutPoint, Transaction, TxOut};

const TILL: u32 = 1;

/// The wallet's world, with the till's keys watched too.
fn with_till() -> World {
    let mut world = World::new();
    let keys: Vec<_> = (0..10)
        .map(|index| ME.key(&world.params, TILL, index))
        .collect();
    // Of the same wallet, whose first key names it.
    let mut all = ME.keys(&world.params, 10);
    all.extend(keys);
    assert_eq!(world.wallet.watch(&all), Ok(true));
    world.earn(2);
    world
}

/// Prepares a payment to an address; an even seed puts the change first, an odd one last.
fn prepare(world: &World, to: String, amount: Option<u64>, seed: u8) -> SpendRequest {
    let mut order = world.order(amount);
    order.to = to;
    world
        .wallet
        .prepare(&order, world.tip(), &[seed; 32])
        .expect("a payment")
}

fn send(world: &mut World, request: &SpendRequest) -> Transaction {
    let tx = ME.sign(&world.params, request);
    assert!(world.wallet.seen(&tx, None, world.now));
    tx
}

fn replace(world: &World, tx: &Transaction, rate: Option<u64>) -> Result<SpendRequest, SpendError> {
    world
        .wallet
        .prepare_replacement(&tx.compute_txid(), rate, 6, world.tip(), &[4; 32])
}

fn paid(tx: &Transaction, account: u32, index: u32) -> u64 {
    let script = ME.script(account, index);
    let to = |output: &&TxOut| output.script_pubkey == script;
    let found = tx.output.iter().filter(to);
    found.map(|output| output.value.to_sat()).sum()
}

#[test]
fn an_invoice_of_ones_own_till_is_no_change() {
    for seed in [2, 3] {
        let mut world = with_till();
        let to = ME.address(&world.params, TILL, 0);
        let request = prepare(&world, to, Some(FTH), seed);
        let first = send(&mut world, &request);
        let request = replace(&world, &first, Some(50_000)).expect("a replacement");
        let second = ME.sign(&world.params, &request);
        assert_eq!(paid(&second, TILL, 0), FTH, "the invoice is paid in full");
        assert!(paid(&second, 0, 5) < paid(&first, 0, 5), "the change pays");
        assert_eq!(second.input.len(), first.input.len());
    }
}

#[test]
fn the_change_that_was_asked_for_is_known_between_two_outputs_to_one_account() {
    for seed in [2, 3] {
        let mut world = with_till();
        let to = ME.address(&world.params, 0, 1);
        let request = prepare(&world, to, Some(FTH), seed);
        world.wallet.expect_change(&request);
        let first = send(&mut world, &request);
        let request = replace(&world, &first, Some(50_000)).expect("a replacement");
        let second = ME.sign(&world.params, &request);
        assert_eq!(paid(&second, 0, 1), FTH);
        assert!(paid(&second, 0, 5) < paid(&first, 0, 5), "the change pays");
    }
}

#[test]
fn where_either_may_be_the_change_the_fee_comes_from_more_coins() {
    for seed in [2, 3] {
        let mut world = with_till();
        let to = ME.address(&world.params, 0, 1);
        let request = prepare(&world, to, Some(FTH), seed);
        let first = send(&mut world, &request);
        let request = replace(&world, &first, None).expect("a replacement");
        let second = ME.sign(&world.params, &request);
        assert_eq!(paid(&second, 0, 1), FTH);
        assert_eq!(paid(&second, 0, 5), paid(&first, 0, 5));
        assert_eq!(second.input.len(), 2);
        let path = KeyPath {
            account: 0,
            index: 6,
        };
        let is_new = |output: &SpendOutput| matches!(output, SpendOutput::Change { path: to, .. } if *to == path);
        assert!(request.outputs.iter().any(is_new), "what the coin leaves");
    }
}

/// So many small coins, all in one block.
fn with_coins(count: usize) -> World {
    let mut world = World::new();
    let outputs = vec![(ME.script(0, 0), 2_000); count];
    let source = foreign(9, OTHER.script(0, 0), FTH).input[0].previous_output;
    world.mine(vec![spend(&[source], &outputs)]);
    world
}

#[test]
fn a_replacement_has_no_more_coins_than_nodes_relay() {
    let mut world = with_coins(2 * MOST_COINS);
    let to = OTHER.address(&world.params, 0, 1);
    let request = prepare(&world, to, None, 3);
    assert_eq!(request.inputs.len(), MOST_COINS);
    let first = send(&mut world, &request);
    let error = replace(&world, &first, Some(3_000)).expect_err("too large to be relayed");
    let limit = MOST_COINS;
    assert_eq!(error, SpendError::TooManyCoins { limit });
}

#[test]
fn a_replacement_takes_as_many_coins_as_there_is_room_for() {
    let mut world = with_coins(MOST_COINS - 1);
    let to = OTHER.address(&world.params, 0, 1);
    let request = prepare(&world, to, None, 3);
    let first = send(&mut world, &request);
    world.mine(vec![spend(
        &[OutPoint::new(first.compute_txid(), 7)],
        &vec![(ME.script(0, 0), 2_000); 40],
    )]);
    let limit = MOST_COINS;
    let refused = replace(&world, &first, Some(2_000)).expect_err("forty are too many");
    assert_eq!(refused, SpendError::TooManyCoins { limit });
    world.earn(1);
    world.mine(Vec::new());
    let request = replace(&world, &first, Some(2_000)).expect("one is enough");
    assert_eq!(request.inputs.len(), MOST_COINS);
}
