//! Whatever comes in whatever order: the bounds hold, and what is selected makes a valid block.

use super::*;
use proptest::collection;
use proptest::prelude::*;
use std::collections::BTreeSet;

#[derive(Debug, Clone)]
enum Step {
    /// Spend a coin of the chain with this fee.
    Pay(u32, u64),
    /// Spend the first output of one that was made before.
    Follow(usize, u64),
    /// A block of what is selected.
    Mine,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..12u32, 200..3_000u64).prop_map(|(coin, fee)| Step::Pay(coin, fee)),
        4 => (0..20usize, 200..3_000u64).prop_map(|(parent, fee)| Step::Follow(parent, fee)),
        1 => Just(Step::Mine),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_bounds_hold_and_a_selection_is_valid(steps in collection::vec(step(), 1..40)) {
        let mut coins = Coins::many(12);
        let limits = MempoolLimits { max_weight: 2_000, ..MempoolLimits::default() };
        let mut pool = Mempool::new(params(), limits);
        let mut made: Vec<Transaction> = Vec::new();
        for step in steps {
            match step {
                Step::Pay(number, fee) => {
                    let payment = pay(number, fee);
                    let _ = accept(&mut pool, &coins, &payment);
                    made.push(payment);
                }
                Step::Follow(parent, fee) => {
                    if let Some(parent) = made.get(parent)
                        && parent.output[0].value.to_sat() > fee
                    {
                        let child = follow(parent, fee);
                        let _ = accept(&mut pool, &coins, &child);
                        made.push(child);
                    }
                }
                Step::Mine => {
                    let selected = pool.select(1_000);
                    let chosen: Vec<_> = selected.iter().map(|(tx, _)| tx).collect();
                    let found = block(&chosen);
                    coins.connect(&found, 100);
                    pool.on_change(&[], &[found], &coins, NEXT, 0).expect("memory");
                }
            }
            prop_assert!(pool.weight() <= 2_000);
            let sum: u64 = pool.transactions().map(|(_, tx)| tx.weight().to_wu()).sum();
            prop_assert_eq!(sum, pool.weight());
            let mut spent = BTreeSet::new();
            let mut there = coins.clone();
            for (transaction, _) in pool.select(400_000) {
                for input in &transaction.input {
                    prop_assert!(spent.insert(input.previous_output), "spent once");
                    prop_assert!(there.0.contains_key(&input.previous_output), "in order");
                }
                there.connect(&block(&[&transaction]), 100);
            }
            prop_assert_eq!(pool.select(400_000).len(), pool.len());
        }
    }
}
