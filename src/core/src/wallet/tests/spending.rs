//! Payments and their replacements.

use super::world::{FTH, ME, OTHER, World};
use crate::wallet::{SpendError, SpendOutput, SpendRequest, WalletEntryState as State};
use bitcoin::Transaction;

fn fee_of(world: &World, request: &SpendRequest) -> u64 {
    // Of the size that it has when it is signed, at one unit for each virtual byte.
    let tx = ME.sign(&world.params, request);
    tx.weight().to_vbytes_ceil()
}

#[test]
fn the_fee_is_that_of_the_signed_size() {
    let mut world = World::new();
    world.earn(3);
    for amount in [FTH, 6 * FTH, 12 * FTH] {
        let request = world.prepare(amount);
        let least = fee_of(&world, &request);
        assert!(
            (least..=least + 4).contains(&request.fee),
            "{} for {least}",
            request.fee
        );
        assert_eq!(request.lock_time, 3);
        assert!(
            request
                .inputs
                .iter()
                .all(|input| input.sequence == 0xffff_fffd)
        );
    }
}

#[test]
fn everything_is_everything() {
    let mut world = World::new();
    world.earn(3);
    let request = world
        .wallet
        .prepare(&world.order(None), 3, &[0; 32])
        .expect("a sweep");
    assert_eq!(request.inputs.len(), 3);
    let [SpendOutput::Payment { amount, .. }] = request.outputs.as_slice() else {
        panic!("one payment: {:?}", request.outputs);
    };
    assert_eq!(*amount, 15 * FTH - request.fee);
    assert!(request.fee >= fee_of(&world, &request));
}

#[test]
fn change_that_is_worth_nothing_goes_to_the_miner() {
    let mut world = World::new();
    world.earn(1);
    // One coin, one payment: what is left would be dust.
    let request = world.prepare(5 * FTH - 110 - 302);
    assert_eq!(request.outputs.len(), 1);
    let request = world.prepare(5 * FTH - 1_000);
    assert_eq!(request.outputs.len(), 2);
    for output in &request.outputs {
        if let SpendOutput::Change { amount, path } = output {
            assert!(*amount >= 303);
            assert_eq!(path.index, 5);
        }
    }
}

#[test]
fn what_cannot_be_paid_is_refused_with_a_sentence() {
    let mut world = World::new();
    world.earn(2);
    let prepare = |change: &dyn Fn(&mut crate::wallet::PaymentOrder)| {
        let mut order = world.order(Some(FTH));
        change(&mut order);
        world
            .wallet
            .prepare(&order, 2, &[0; 32])
            .expect_err("no payment")
    };
    let error = prepare(&|order| order.amount = Some(10 * FTH));
    let SpendError::Funds { needed, found } = error else {
        panic!("{error}");
    };
    assert!(needed > 10 * FTH && found == 10 * FTH);
    assert!(matches!(
        prepare(&|order| order.amount = Some(302)),
        SpendError::Dust {
            least: 303,
            found: 302
        }
    ));
    for rate in [0, 999, 1_000_001, u64::MAX] {
        let error = prepare(&|order| order.fee_rate = rate);
        assert!(matches!(error, SpendError::FeeRate { .. }), "{error}");
    }
    let bitcoin = "bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu";
    let error = prepare(&|order| order.to = bitcoin.to_owned());
    assert!(matches!(error, SpendError::Address(_)), "{error}");
    let error = prepare(&|order| order.change_index = 10);
    assert!(matches!(error, SpendError::ChangeKey { .. }), "{error}");
    let error = prepare(&|order| order.account = 1);
    assert!(
        matches!(error, SpendError::ChangeKey { account: 1, .. }),
        "{error}"
    );
}

fn replace(world: &World, tx: &Transaction, rate: Option<u64>) -> Result<SpendRequest, SpendError> {
    let tip = world.tip();
    world
        .wallet
        .prepare_replacement(&tx.compute_txid(), rate, 6, tip, &[4; 32])
}

#[test]
fn a_replacement_pays_the_same_and_more_to_the_miner() {
    let mut world = World::new();
    world.earn(1);
    let first = world.pay(FTH);
    let before = world.entry(first.compute_txid()).fee.expect("our own");
    let request = replace(&world, &first, None).expect("a replacement");
    assert_eq!(request.replaces, Some(first.compute_txid().to_string()));
    let second = ME.sign(&world.params, &request);
    let size = second.weight().to_vbytes_ceil();
    assert!(
        request.fee >= before + size,
        "its own relay on top (BIP125)"
    );
    assert!(request.fee <= before + size + 8, "and no more than that");
    assert_eq!(
        second.input[0].previous_output,
        first.input[0].previous_output
    );
    let paid = |tx: &Transaction| {
        let script = OTHER.script(0, 1);
        let found = tx
            .output
            .iter()
            .find(|output| output.script_pubkey == script);
        found.map(|output| output.value.to_sat())
    };
    assert_eq!(paid(&second), Some(FTH));
    assert!(world.wallet.seen(&second, None, world.now));
    let by = second.compute_txid().to_string();
    assert_eq!(world.state(&first), State::Replaced { by });
    assert_eq!(world.wallet.to_send(), [&second]);
    // Whoever repeats the first one changes nothing: it pays less.
    world.seen(&first);
    assert_eq!(world.wallet.to_send(), [&second]);
}

#[test]
fn a_replacement_that_its_change_cannot_pay_takes_another_coin() {
    let mut world = World::new();
    world.earn(1);
    let first = world.pay(5 * FTH - 400);
    assert_eq!(first.output.len(), 1, "no change");
    assert!(
        replace(&world, &first, Some(50_000)).is_err(),
        "nothing to take it from"
    );
    world.earn(1);
    let request = replace(&world, &first, Some(50_000)).expect("a replacement");
    assert_eq!(request.inputs.len(), 2);
    let size = fee_of(&world, &request);
    assert!(request.fee >= 50 * size, "{} for {size}", request.fee);
    let spent: u64 = request.inputs.iter().map(|input| input.amount).sum();
    let made: u64 = request
        .outputs
        .iter()
        .map(|output| match output {
            SpendOutput::Payment { amount, .. } | SpendOutput::Change { amount, .. } => *amount,
        })
        .sum();
    assert_eq!(spent, made + request.fee);
}

#[test]
fn a_replacement_pays_for_the_children_that_it_pushes_out() {
    let mut world = World::new();
    world.earn(1);
    let first = world.pay(FTH);
    let child = world.pay(FTH);
    let fees: u64 = [&first, &child]
        .iter()
        .filter_map(|tx| world.entry(tx.compute_txid()).fee)
        .sum();
    let request = replace(&world, &first, None).expect("a replacement");
    assert!(request.fee >= fees + fee_of(&world, &request));
    let second = ME.sign(&world.params, &request);
    world.wallet.seen(&second, None, world.now);
    assert!(matches!(world.state(&child), State::Replaced { .. }));
}

#[test]
fn only_a_payment_of_our_own_that_waits_can_be_replaced() {
    let mut world = World::new();
    world.earn(1);
    let tx = world.pay(FTH);
    let error = replace(&world, &tx, Some(1_000)).expect_err("no higher");
    assert!(matches!(error, SpendError::FeeTooLow { .. }), "{error}");
    let error = replace(&world, &tx, Some(1)).expect_err("too low");
    assert!(matches!(error, SpendError::FeeRate { .. }), "{error}");
    let unknown = super::world::foreign(1, ME.script(0, 0), FTH);
    let error = replace(&world, &unknown, None).expect_err("unknown");
    assert!(matches!(error, SpendError::Unknown { .. }), "{error}");
    world.seen(&unknown);
    let error = replace(&world, &unknown, None).expect_err("not ours");
    assert!(
        matches!(error, SpendError::NotReplaceable { .. }),
        "{error}"
    );
    world.mine(vec![tx.clone()]);
    let error = replace(&world, &tx, None).expect_err("it is in a block");
    assert!(
        matches!(error, SpendError::NotReplaceable { .. }),
        "{error}"
    );
}
