//! Blocks come and go.

use super::*;

#[test]
fn what_a_block_holds_leaves_and_what_conflicts_leaves_with_its_descendants() {
    let (mut pool, mut coins) = (pool(), Coins::many(3));
    let mined = pay(0, 500);
    let child = follow(&mined, 500);
    let rival = pay(1, 500);
    let after = follow(&rival, 500);
    for transaction in [&mined, &child, &rival, &after] {
        assert!(accept(&mut pool, &coins, transaction).is_ok());
    }
    let found = block(&[&mined, &pay(1, 700)]);
    coins.connect(&found, 100);
    let mut gone = pool
        .on_change(&[], &[found], &coins, NEXT, 0)
        .expect("memory")
        .gone;
    gone.sort();
    let mut expected = vec![rival.compute_txid(), after.compute_txid()];
    expected.sort();
    assert_eq!(gone, expected);
    // The child's parent is confirmed: it is alone now.
    assert_eq!(pool.len(), 1);
    assert_eq!(pool.weight(), child.weight().to_wu());
    assert_eq!(pool.select(400_000), [(child, 500)]);
}

#[test]
fn what_was_in_a_block_that_left_comes_back_below_its_children() {
    let (mut pool, mut coins) = (pool(), Coins::many(3));
    let before = coins.clone();
    let mined = pay(0, 500);
    let child = follow(&mined, 900);
    let lost = block(&[&mined]);
    coins.connect(&lost, 100);
    assert!(accept(&mut pool, &coins, &child).is_ok());
    let changed = pool
        .on_change(&[lost], &[block(&[])], &before, NEXT, 0)
        .expect("memory");
    assert!(changed.gone.is_empty(), "{changed:?}");
    assert_eq!(changed.back, [mined.compute_txid()]);
    assert_eq!(pool.select(400_000), [(mined, 500), (child, 900)]);
}

#[test]
fn what_lost_its_coins_leaves() {
    let (mut pool, mut coins) = (pool(), Coins::many(1));
    let before = coins.clone();
    let lost = block(&[]);
    coins.connect(&lost, 70);
    let reward = OutPoint::new(lost.txdata[0].compute_txid(), 0);
    coins.0.insert(reward, spent_coin(100_000, 70, true));
    let orphaned = spend(&[(reward, 100_000)], &[90_000]);
    assert!(accept(&mut pool, &coins, &orphaned).is_ok());
    assert!(accept(&mut pool, &coins, &follow(&orphaned, 500)).is_ok());
    let gone = pool
        .on_change(&[lost], &[], &before, NEXT, 0)
        .expect("memory")
        .gone;
    assert_eq!(gone.len(), 2);
    assert!(pool.is_empty());
}

#[test]
fn what_is_no_longer_final_or_mature_leaves() {
    let (mut pool, mut coins) = (pool(), Coins::many(1));
    coins.0.insert(coin(1), spent_coin(100_000, 80, true));
    let height = LockTime::from_height(99).expect("a height");
    let late = locked(
        &[(coin(0), 100_000)],
        &[99_000],
        height,
        Sequence::ENABLE_LOCKTIME_NO_RBF,
    );
    let mature = pay(1, 500);
    assert!(accept(&mut pool, &coins, &late).is_ok());
    assert!(accept(&mut pool, &coins, &mature).is_ok());
    let lower = SpendContext { height: 99, ..NEXT };
    let gone = pool
        .on_change(&[block(&[])], &[], &coins, lower, 0)
        .expect("memory")
        .gone;
    assert_eq!(gone.len(), 2, "one block lower, neither is allowed");
}

#[test]
fn a_family_that_grew_too_long_is_cut() {
    let (mut pool, mut coins) = (pool(), Coins::many(1));
    let before = coins.clone();
    let mined = pay(0, 500);
    let lost = block(&[&mined]);
    coins.connect(&lost, 100);
    let mut last = follow(&mined, 500);
    for _ in 0..25 {
        assert!(accept(&mut pool, &coins, &last).is_ok());
        last = follow(&last, 500);
    }
    let gone = pool
        .on_change(&[lost], &[], &before, NEXT, 0)
        .expect("memory")
        .gone;
    assert_eq!((gone.len(), pool.len()), (1, 25));
}
