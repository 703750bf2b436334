//! Replacement by fee: each of BIP125's rules on its own.

use super::*;

#[test]
fn a_higher_fee_and_rate_replace_all_that_follows() {
    let (mut pool, coins) = (pool(), Coins::many(2));
    let first = pay(0, 500);
    let child = follow(&first, 500);
    assert!(accept(&mut pool, &coins, &first).is_ok());
    assert!(accept(&mut pool, &coins, &child).is_ok());
    let better = pay(0, 2_000);
    let mut replaced = accept(&mut pool, &coins, &better).expect("better").replaced;
    replaced.sort();
    let mut expected = vec![first.compute_txid(), child.compute_txid()];
    expected.sort();
    assert_eq!(replaced, expected);
    assert_eq!(pool.len(), 1);
    assert_eq!(pool.spender(&coin(0)), Some(better.compute_txid()));
}

#[test]
fn the_fees_of_all_that_leaves_and_a_step_are_to_be_paid() {
    let (mut pool, coins) = (pool(), Coins::many(1));
    let first = pay(0, 500);
    assert!(accept(&mut pool, &coins, &first).is_ok());
    assert!(accept(&mut pool, &coins, &follow(&first, 3_000)).is_ok());
    let step = pool.least_rate(0).fee(first.weight().to_wu());
    let short = accept(&mut pool, &coins, &pay(0, 3_500 + step - 1));
    assert!(matches!(short, Err(MempoolError::Fee { .. })), "{short:?}");
    assert!(accept(&mut pool, &coins, &pay(0, 3_500 + step)).is_ok());
}

#[test]
fn the_rate_must_be_higher_too() {
    let (mut pool, coins) = (pool(), Coins::many(40));
    assert!(accept(&mut pool, &coins, &pay(0, 1_000)).is_ok());
    let inputs: Vec<_> = (0..30).map(|number| (coin(number), 100_000)).collect();
    let heavy = spend(&inputs, &[3_000_000 - 4_000]);
    let error = accept(&mut pool, &coins, &heavy).expect_err("a lower rate");
    assert!(
        matches!(error, MempoolError::ReplacementRate { .. }),
        "{error}"
    );
    assert!(pool.contains(&pay(0, 1_000).compute_txid()));
}

#[test]
fn at_most_a_hundred_leave() {
    let (mut pool, coins) = (pool(), Coins::many(5));
    for number in 0..5 {
        let parent = spend(&[(coin(number), 100_000)], &[3_000; 21]);
        assert!(accept(&mut pool, &coins, &parent).is_ok());
        for vout in 0..20 {
            let (outpoint, units) = of(&parent, vout);
            let child = spend(&[(outpoint, units)], &[units - 200]);
            assert!(accept(&mut pool, &coins, &child).is_ok());
        }
    }
    let all: Vec<_> = (0..5).map(|number| (coin(number), 100_000)).collect();
    let error = accept(&mut pool, &coins, &spend(&all, &[1_000])).expect_err("105 would leave");
    assert!(
        matches!(error, MempoolError::TooManyReplaced { .. }),
        "{error}"
    );
    let four: Vec<_> = all[..4].to_vec();
    let accepted = accept(&mut pool, &coins, &spend(&four, &[1_000])).expect("84 leave");
    assert_eq!(accepted.replaced.len(), 84);
}

#[test]
fn a_replacement_spends_nothing_new_that_is_unconfirmed() {
    let (mut pool, coins) = (pool(), Coins::many(2));
    let other = pay(1, 500);
    assert!(accept(&mut pool, &coins, &other).is_ok());
    assert!(accept(&mut pool, &coins, &pay(0, 500)).is_ok());
    let better = spend(&[(coin(0), 100_000), of(&other, 0)], &[100_000]);
    let error = accept(&mut pool, &coins, &better).expect_err("a parent of its own");
    assert!(
        matches!(error, MempoolError::ReplacementParent { .. }),
        "{error}"
    );
}

#[test]
fn a_replacement_does_not_spend_what_it_replaces() {
    let (mut pool, coins) = (pool(), Coins::many(1));
    let first = spend(&[(coin(0), 100_000)], &[50_000, 49_000]);
    assert!(accept(&mut pool, &coins, &first).is_ok());
    let odd = spend(&[(coin(0), 100_000), of(&first, 0)], &[100_000]);
    let error = accept(&mut pool, &coins, &odd).expect_err("spends what it replaces");
    assert!(
        matches!(error, MempoolError::ReplacementParent { .. }),
        "{error}"
    );
}
