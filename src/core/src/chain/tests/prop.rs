//! Properties of random trees of blocks with random spends, arriving in random order.

use super::builder::{Builder, KEYS, LATER, spend};
use super::support::{coins_of, stands_on};
use crate::chain::{Arrival, Chain, MemoryStore};
use bitcoin::{Block, BlockHash};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// How a block is made.
#[derive(Debug, Clone)]
struct Plan {
    /// The block before it, by its number.
    parent: usize,
    /// Which coins are spent, and how.
    spends: Vec<(usize, u8, u8)>,
    /// The coinbase takes a unit too much.
    greedy: bool,
}

fn plans(greedy: impl Strategy<Value = bool>) -> impl Strategy<Value = Plan> {
    let spends = prop::collection::vec((any::<usize>(), 0..KEYS, 0..4_u8), 0..3);
    // Mostly on one of the last few, so that branches grow long.
    (0_usize..6, spends, greedy).prop_map(|(parent, spends, greedy)| Plan {
        parent,
        spends,
        greedy,
    })
}

/// The tree, and of each block whether it and all before it are valid.
fn grown(plans: &[Plan]) -> (Builder, Vec<bool>) {
    let mut builder = Builder::new();
    let mut valid = vec![true];
    for plan in plans {
        let parent = builder.made.len() - 1 - plan.parent.min(builder.made.len() - 1);
        // A throwaway copy of the coins: a spend may use what an earlier one made.
        let mut scratch = builder.clone();
        let mut at = parent;
        let height = builder.made[parent].height + 1;
        let (mut spends, mut fees) = (Vec::new(), 0);
        for (coin, to, parts) in &plan.spends {
            // A coin of the block itself is immature: only those of before and of spends.
            let coins = &mut scratch.made[at].coins;
            coins.retain(|_, coin| !(coin.coinbase && coin.height == height));
            if coins.is_empty() {
                continue;
            }
            let coin = scratch.coin(at, *coin);
            let (amount, parts) = (coin.1.amount, u64::from(*parts) + 1);
            let fee = amount.min(3);
            let part = (amount - fee) / parts;
            let outputs: Vec<_> = (0..parts).map(|n| ((*to + n as u8) % KEYS, part)).collect();
            let transaction = spend(&builder.params, &[coin], &outputs);
            fees += amount - part * parts;
            spends.push(transaction);
            let block = scratch.propose(parent, 0, spends.clone());
            at = scratch.add(parent, block);
        }
        let number = builder.grow_with(parent, spends, fees + u64::from(plan.greedy));
        assert_eq!(number, valid.len());
        valid.push(valid[parent] && !plan.greedy);
    }
    (builder, valid)
}

/// What a follower of the chain knows.
struct Follower {
    chain: Chain<MemoryStore>,
    active: Vec<BlockHash>,
}

impl Follower {
    fn new(builder: &Builder, step_bytes: usize) -> Self {
        let mut chain = builder.chain();
        chain.step_bytes = step_bytes;
        Self {
            active: vec![chain.tip().hash],
            chain,
        }
    }

    /// Gives a block and follows all changes. Whether it is done with: known, or refused for good.
    fn give(&mut self, block: Block) -> bool {
        let result = self.chain.accept_block(block, LATER);
        let done = match &result {
            Ok(outcome) => outcome.arrival != Arrival::NotKept,
            Err(error) => error.code() != "prev-blk-not-found",
        };
        let mut change = result.map(|outcome| outcome.change).unwrap_or_default();
        loop {
            for block in &change.disconnected {
                assert_eq!(self.active.pop(), Some(block.block_hash()));
            }
            for block in &change.connected {
                assert_eq!(self.active.last(), Some(&block.header.prev_blockhash));
                self.active.push(block.block_hash());
            }
            assert_eq!(self.active.last(), Some(&self.chain.tip().hash));
            self.no_inflation();
            if !self.chain.has_more() {
                return done;
            }
            change = self.chain.advance().unwrap().change;
        }
    }

    /// There is never more money than the blocks up to the tip may have made.
    fn no_inflation(&self) {
        let params = self.chain.params();
        let made: u64 = (1..=self.chain.tip().height)
            .map(|height| params.subsidy.at(height))
            .sum();
        let coins = coins_of(&self.chain);
        let found: u64 = coins.values().map(|coin| coin.amount).sum();
        assert!(found <= made, "{found} of {made}");
    }

    /// Gives all blocks in this order, and again those whose parents came later.
    fn give_all(&mut self, builder: &Builder, order: &[usize]) {
        let mut left: BTreeSet<usize> = order.iter().copied().collect();
        while !left.is_empty() {
            let before = left.len();
            for number in order {
                if left.contains(number) && self.give(builder.block(*number)) {
                    left.remove(number);
                }
            }
            // Those on an invalid block whose header was never taken are of unknown parents.
            if left.len() == before {
                break;
            }
        }
    }
}

/// An order of the blocks 1 to `count`, from random numbers.
fn order(count: usize, keys: &[u32]) -> Vec<usize> {
    let mut order: Vec<_> = (1..=count).collect();
    order.sort_by_key(|number| keys.get(*number).copied().unwrap_or(0));
    order
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    /// Blocks of a random tree in random order, with headers first or without: in the end the chain
    /// stands on a branch of most work, and its coins are those of validation from scratch.
    #[test]
    fn any_connects_and_disconnects_equal_validation_from_scratch(
        plans in prop::collection::vec(plans(Just(false)), 1..24),
        keys in prop::collection::vec(any::<u32>(), 25),
        headers_first in any::<bool>(),
        step_bytes in prop::sample::select(vec![1, 1_000, 1 << 20]),
    ) {
        let (builder, _) = grown(&plans);
        let mut follower = Follower::new(&builder, step_bytes);
        if headers_first {
            for made in &builder.made {
                follower.chain.accept_header(made.block.header, LATER).unwrap();
            }
        }
        follower.give_all(&builder, &order(plans.len(), &keys));
        let tip = follower.chain.tip();
        let best = builder.made.iter().map(|made| made.height).max();
        prop_assert_eq!(Some(tip.height), best);
        prop_assert!(tip.best);
        let at = builder.made.iter().position(|made| made.hash == tip.hash).unwrap();
        stands_on(&follower.chain, &builder, at);
        // And so after a restart.
        let chain = Chain::open(builder.params.clone(), follower.chain.into_store()).unwrap();
        stands_on(&chain, &builder, at);
    }

    /// The same where some blocks are invalid: what follows from them never counts.
    #[test]
    fn invalid_blocks_never_count_wherever_they_are(
        plans in prop::collection::vec(plans(prop::bool::weighted(0.2)), 1..24),
        keys in prop::collection::vec(any::<u32>(), 25),
        step_bytes in prop::sample::select(vec![1, 1_000, 1 << 20]),
    ) {
        let (builder, valid) = grown(&plans);
        let mut follower = Follower::new(&builder, step_bytes);
        follower.give_all(&builder, &order(plans.len(), &keys));
        let tip = follower.chain.tip();
        let at = builder.made.iter().position(|made| made.hash == tip.hash).unwrap();
        prop_assert!(valid[at]);
        let numbers = 0..builder.made.len();
        let best = numbers.filter(|number| valid[*number]).map(|n| builder.made[n].height).max();
        prop_assert_eq!(Some(tip.height), best);
        stands_on(&follower.chain, &builder, at);
        let chain = Chain::open(builder.params.clone(), follower.chain.into_store()).unwrap();
        stands_on(&chain, &builder, at);
    }
}
