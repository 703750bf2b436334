//! Coin selection: enough, not too much, no dust, the same for the same seed.

use crate::wallet::KeyPath;
use crate::wallet::coins::Spendable;
use crate::wallet::select::{MOST_COINS, Selection, Shortage, Target, select, sweep};
use crate::wallet::size::{fee, least_output, weight};
use bitcoin::hashes::Hash;
use bitcoin::{OutPoint, Txid};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn coins(amounts: &[u64]) -> Vec<Spendable> {
    (0u32..)
        .zip(amounts)
        .map(|(vout, amount)| Spendable {
            outpoint: OutPoint::new(Txid::all_zeros(), vout),
            amount: *amount,
            path: KeyPath {
                account: 0,
                index: 0,
            },
            mined: true,
        })
        .collect()
}

fn target(amount: u64) -> Target {
    Target {
        amount,
        outputs: 1,
        rate: 1_000,
        most: MOST_COINS,
    }
}

fn check(found: &Selection, target: Target) {
    let total: u64 = found.coins.iter().map(|coin| coin.amount).sum();
    let change = found.change.unwrap_or(0);
    assert_eq!(total, target.amount + change + found.fee, "nothing is lost");
    let outputs = target.outputs + usize::from(found.change.is_some());
    let due = fee(weight(found.coins.len(), outputs), target.rate);
    assert!(found.fee >= due);
    match found.change {
        Some(change) => {
            assert!(change >= least_output(target.rate), "no dust");
            assert_eq!(found.fee, due);
        }
        // What change would have cost, to make and to spend, and the dust that it would have been.
        None => assert!(found.fee <= due + 44 + 59 + 303, "{} for {due}", found.fee),
    }
    let each: BTreeSet<OutPoint> = found.coins.iter().map(|coin| coin.outpoint).collect();
    assert_eq!(each.len(), found.coins.len(), "each coin once");
    assert!(found.coins.len() <= MOST_COINS);
}

#[test]
fn a_set_without_change_is_found() {
    let due = fee(weight(2, 1), 1_000) + 2;
    let all = coins(&[9_000, 5_000, 3_000, 2_000]);
    let found = select(&all, target(8_000 - due), &[0; 32]).expect("5,000 and 3,000");
    assert_eq!(found.change, None);
    let amounts: Vec<u64> = found.coins.iter().map(|coin| coin.amount).collect();
    assert_eq!(amounts, [5_000, 3_000]);
}

#[test]
fn a_thousand_like_coins_are_no_labour() {
    let all = coins(&vec![500_000_000; 1_000]);
    let found = select(&all, target(1_234_567_890), &[1; 32]).expect("three of them");
    assert_eq!(found.coins.len(), 3);
    check(&found, target(1_234_567_890));
}

#[test]
fn what_is_not_there_is_not_found() {
    let all = coins(&[1_000, 2_000]);
    let found = select(&all, target(3_000), &[0; 32]);
    assert!(matches!(found, Err(Shortage::Funds { found: 3_000, .. })));
    assert!(select(&[], target(1), &[0; 32]).is_err());
    let many = coins(&vec![1_000; 1_000]);
    let found = select(&many, target(600_000), &[0; 32]);
    assert_eq!(found, Err(Shortage::Coins));
    let (swept, left) = sweep(&many, 1_000).expect("some of them");
    assert_eq!(swept.len(), MOST_COINS);
    assert_eq!(left, 400_000 - fee(weight(400, 1), 1_000));
    // Each costs more than it brings.
    assert_eq!(sweep(&coins(&[58; 10]), 1_000), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_found_is_enough_and_no_dust(
        amounts in prop::collection::vec(1u64..1_000_000, 1..60),
        share in 1u64..110,
        rate in 1_000u64..20_000,
        seed in any::<[u8; 32]>(),
    ) {
        let all = coins(&amounts);
        let total: u64 = amounts.iter().sum();
        let target = Target { amount: (total * share / 100).max(303), outputs: 1, rate, most: MOST_COINS };
        let found = select(&all, target, &seed);
        prop_assert_eq!(&found, &select(&all, target, &seed), "the same seed, the same coins");
        match found {
            Ok(found) => {
                let total: u64 = found.coins.iter().map(|coin| coin.amount).sum();
                let change = found.change.unwrap_or(0);
                prop_assert_eq!(total, target.amount + change + found.fee);
                let outputs = 1 + usize::from(found.change.is_some());
                prop_assert!(found.fee >= fee(weight(found.coins.len(), outputs), rate));
                prop_assert!(found.change.is_none_or(|change| change >= least_output(rate)));
            }
            Err(Shortage::Funds { .. }) => {
                let cost = fee(crate::wallet::size::INPUT, rate);
                let worth: Vec<u64> = amounts.iter().copied().filter(|a| *a > cost).collect();
                let all: u64 = worth.iter().sum();
                prop_assert!(all < target.amount + fee(weight(worth.len(), 1), rate));
            }
            Err(Shortage::Coins) => prop_assert!(false, "there are few"),
        }
    }
}
