//! Who enters, who leaves first, who waits too long.

use super::*;
use crate::mempool::FeeRate;

#[test]
fn a_good_payment_waits_and_is_found() {
    let (mut pool, coins) = (pool(), Coins::many(1));
    let payment = pay(0, 500);
    assert_eq!(accept(&mut pool, &coins, &payment), Ok(Accepted::default()));
    assert_eq!(pool.get(&payment.compute_txid()), Some(&payment));
    assert_eq!(pool.get_by_wtxid(&payment.compute_wtxid()), Some(&payment));
    assert_eq!(pool.weight(), payment.weight().to_wu());
    assert_eq!(
        accept(&mut pool, &coins, &payment),
        Err(MempoolError::Known)
    );
}

#[test]
fn a_bad_signature_does_not_enter() {
    let (mut pool, coins) = (pool(), Coins::many(1));
    let mut payment = pay(0, 500);
    payment.output[0].value = Amount::from_sat(99_000);
    let error = accept(&mut pool, &coins, &payment).expect_err("another signature");
    assert!(matches!(error, MempoolError::Rule(_)), "{error}");
    assert!(pool.is_empty());
}

#[test]
fn what_is_cheap_to_refuse_is_refused_before_the_signature() {
    let (mut pool, coins) = (pool(), Coins::many(1));
    let mut payment = pay(0, 50);
    payment.input[0].witness = Witness::from_slice(&[[0; 64]]);
    let error = accept(&mut pool, &coins, &payment).expect_err("a fee too low");
    assert!(matches!(error, MempoolError::Fee { .. }), "{error}");
    let stranger = pay(7, 500);
    assert_eq!(
        accept(&mut pool, &coins, &stranger),
        Err(MempoolError::MissingInputs {
            missing: vec![coin(7)]
        })
    );
}

#[test]
fn more_out_than_in_does_not_enter() {
    let (mut pool, coins) = (pool(), Coins::many(1));
    let payment = spend(&[(coin(0), 100_000)], &[100_001]);
    let error = accept(&mut pool, &coins, &payment).expect_err("inflation");
    assert!(matches!(error, MempoolError::Overspent { .. }), "{error}");
}

#[test]
fn an_immature_coinbase_does_not_enter() {
    let (mut pool, mut coins) = (pool(), Coins::default());
    coins.0.insert(coin(0), spent_coin(100_000, 90, true));
    let error = accept(&mut pool, &coins, &pay(0, 500)).expect_err("ten blocks old");
    assert_eq!(error.code(), "bad-txns-premature-spend-of-coinbase");
    coins.0.insert(coin(0), spent_coin(100_000, 80, true));
    assert!(accept(&mut pool, &coins, &pay(0, 500)).is_ok());
}

#[test]
fn a_family_has_at_most_25_members() {
    let (mut pool, coins) = (pool(), Coins::many(1));
    let mut last = pay(0, 500);
    for member in 1..=25 {
        assert!(accept(&mut pool, &coins, &last).is_ok(), "member {member}");
        last = follow(&last, 500);
    }
    let error = accept(&mut pool, &coins, &last).expect_err("the 26th");
    assert!(
        matches!(error, MempoolError::TooManyRelatives { .. }),
        "{error}"
    );
}

#[test]
fn a_transaction_has_at_most_24_descendants() {
    let (mut pool, coins) = (pool(), Coins::many(1));
    let parent = spend(&[(coin(0), 100_000)], &[3_000; 30]);
    assert!(accept(&mut pool, &coins, &parent).is_ok());
    for child in 0..30 {
        let (outpoint, units) = of(&parent, child);
        let child_of = spend(&[(outpoint, units)], &[units - 500]);
        assert_eq!(
            accept(&mut pool, &coins, &child_of).is_ok(),
            child < 24,
            "child {child}"
        );
    }
}

#[test]
fn the_worst_paying_leave_first_and_the_least_rate_rises() {
    let coins = Coins::many(30);
    let one = pay(0, 500).weight().to_wu();
    let limits = MempoolLimits {
        max_weight: 10 * one,
        ..MempoolLimits::default()
    };
    let mut pool = Mempool::new(params(), limits);
    let least = pool.least_rate(0);
    for number in 0..10 {
        assert!(accept(&mut pool, &coins, &pay(number, 1_000 + u64::from(number))).is_ok());
    }
    let better = pay(20, 5_000);
    let accepted = accept(&mut pool, &coins, &better).expect("it pays more");
    assert_eq!(accepted.evicted, [pay(0, 1_000).compute_txid()]);
    assert!(pool.least_rate(0) > FeeRate::of(1_000, one));
    let error = accept(&mut pool, &coins, &pay(21, 1_000)).expect_err("below the floor");
    assert!(matches!(error, MempoolError::Fee { .. }), "{error}");
    let later = 100 * MempoolLimits::default().half_life_ms;
    assert_eq!(pool.least_rate(later), least);
    assert!(pool.weight() <= 10 * one);
}

#[test]
fn a_child_that_pays_keeps_its_parent() {
    let coins = Coins::many(30);
    let one = pay(0, 500).weight().to_wu();
    let limits = MempoolLimits {
        max_weight: 5 * one,
        ..MempoolLimits::default()
    };
    let mut pool = Mempool::new(params(), limits);
    let poor = pay(0, 200);
    let rich = follow(&poor, 9_000);
    assert!(accept(&mut pool, &coins, &poor).is_ok());
    assert!(accept(&mut pool, &coins, &rich).is_ok());
    for number in 1..4 {
        assert!(accept(&mut pool, &coins, &pay(number, 700 + u64::from(number))).is_ok());
    }
    let accepted = accept(&mut pool, &coins, &pay(9, 2_000)).expect("it pays more");
    assert_eq!(accepted.evicted, [pay(1, 701).compute_txid()]);
    assert!(pool.contains(&poor.compute_txid()));
}

#[test]
fn nothing_waits_for_ever() {
    let (mut pool, coins) = (pool(), Coins::many(2));
    let first = pay(0, 500);
    assert!(accept(&mut pool, &coins, &first).is_ok());
    assert!(accept(&mut pool, &coins, &follow(&first, 500)).is_ok());
    let days = 14 * 24 * 3_600_000;
    assert_eq!(pool.expire(days - 1), 0);
    assert_eq!(pool.expire(days), 2);
    assert_eq!((pool.len(), pool.weight()), (0, 0));
}
