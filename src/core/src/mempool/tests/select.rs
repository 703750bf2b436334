//! What goes into a block.

use super::*;

#[test]
fn the_best_paying_come_first_until_the_block_is_full() {
    let (mut pool, coins) = (pool(), Coins::many(5));
    for (number, fee) in [(0, 500), (1, 900), (2, 700)] {
        assert!(accept(&mut pool, &coins, &pay(number, fee)).is_ok());
    }
    let one = pay(0, 500).weight().to_wu();
    let fees = |weight| -> Vec<u64> {
        let selected = pool.select(weight);
        selected.iter().map(|(_, fee)| *fee).collect()
    };
    assert_eq!(fees(400_000), [900, 700, 500]);
    assert_eq!(fees(2 * one), [900, 700]);
    assert_eq!(fees(one - 1), [0; 0]);
}

#[test]
fn a_child_pays_for_its_parent_and_follows_it() {
    let (mut pool, coins) = (pool(), Coins::many(5));
    let poor = pay(0, 200);
    let rich = follow(&poor, 9_000);
    let middle = pay(1, 1_000);
    for transaction in [&poor, &rich, &middle] {
        assert!(accept(&mut pool, &coins, transaction).is_ok());
    }
    let order: Vec<_> = pool
        .select(400_000)
        .into_iter()
        .map(|(transaction, _)| transaction)
        .collect();
    assert_eq!(order, [poor, rich, middle]);
}
