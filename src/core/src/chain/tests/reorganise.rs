//! Branches: most work wins, and first seen on equal work.

use super::builder::{Builder, Coins, LATER, spend};
use super::support::{coins_of, give, give_all, hashes, stands_on};
use crate::chain::{Arrival, Chain};
use crate::params::NetworkParams;
use bitcoin::BlockHash;

/// A trunk of four blocks, then two branches whose first blocks spend the same coin differently:
/// one of `depth` blocks, one of a block more. The trunk's tip, and the numbers of each branch.
fn forked(builder: &mut Builder, depth: usize) -> (usize, Vec<usize>, Vec<usize>) {
    let fork = builder.grow(0, 4)[3];
    let mut branch = |to: u8, length: usize| {
        let coin = builder.coin(fork, 1);
        let amount = coin.1.amount;
        let spent = spend(&builder.params, &[coin], &[(to, amount - 9), (to, 4)]);
        let mut numbers = vec![builder.grow_with(fork, vec![spent], 5)];
        numbers.extend(builder.grow(numbers[0], length - 1));
        numbers
    };
    let (old, new) = (branch(1, depth), branch(2, depth + 1));
    (fork, old, new)
}

#[test]
fn reorganisations_of_1_6_and_100() {
    for (depth, step_bytes) in [(1, 1 << 20), (6, 1 << 20), (100, 1 << 20), (100, 900)] {
        let mut builder = Builder::new();
        let (fork, old, new) = forked(&mut builder, depth);
        let mut chain = builder.chain();
        chain.step_bytes = step_bytes;
        give_all(&mut chain, &builder, &(1..=fork).collect::<Vec<_>>());
        give_all(&mut chain, &builder, &old);
        let before = *old.last().unwrap();
        stands_on(&chain, &builder, before);
        for number in &new[..depth] {
            let outcome = give(&mut chain, &builder, *number);
            assert_eq!(outcome.arrival, Arrival::Branch);
            assert!(outcome.change.is_empty());
        }
        stands_on(&chain, &builder, before);
        let outcome = give(&mut chain, &builder, new[depth]);
        let mut disconnected: Vec<_> = old.iter().map(|number| builder.hash(*number)).collect();
        disconnected.reverse();
        let connected: Vec<_> = new.iter().map(|number| builder.hash(*number)).collect();
        assert_eq!(hashes(&outcome.change), (disconnected, connected));
        stands_on(&chain, &builder, new[depth]);
        // And back, by two more on the old one: undone and done again is as before.
        let more = builder.grow(before, 2);
        give_all(&mut chain, &builder, &more);
        stands_on(&chain, &builder, more[1]);
    }
}

#[test]
fn a_deep_reorganisation_takes_bounded_steps() {
    let mut builder = Builder::new();
    let (fork, old, new) = forked(&mut builder, 60);
    let mut chain = builder.chain();
    chain.step_bytes = 2_000;
    give_all(&mut chain, &builder, &(1..=fork).collect::<Vec<_>>());
    give_all(&mut chain, &builder, &old);
    give_all(&mut chain, &builder, &new[..60]);
    let outcome = chain.accept_block(builder.block(new[60]), LATER).unwrap();
    assert_eq!(outcome.arrival, Arrival::Branch);
    let mut steps = vec![outcome.change];
    while chain.has_more() {
        // In the middle the tip and the coins agree.
        let tip = chain.tip().hash;
        let at = (0..builder.made.len()).find(|number| builder.hash(*number) == tip);
        stands_on(&chain, &builder, at.unwrap());
        steps.push(chain.advance().unwrap().change);
    }
    assert!(steps.len() > 10);
    for step in steps {
        let blocks = step.disconnected.iter().chain(&step.connected);
        let bytes: usize = blocks.map(bitcoin::Block::total_size).sum();
        assert!(bytes < 3_000, "{bytes}");
    }
    stands_on(&chain, &builder, new[60]);
}

#[test]
fn an_invalid_end_of_a_branch_leads_back_to_the_same_coins() {
    for step_bytes in [1 << 20, 400] {
        let mut builder = Builder::new();
        let (fork, old, new) = forked(&mut builder, 8);
        // The last block of the branch takes a unit too much.
        let parent = new[7];
        let value = builder.params.subsidy.at(builder.made[parent].height + 1) + 1;
        let bad = builder.propose(parent, value, Vec::new());
        let bad = builder.add(parent, bad);
        let child = builder.grow(bad, 3)[2];
        let mut chain = builder.chain();
        chain.step_bytes = step_bytes;
        give_all(&mut chain, &builder, &(1..=fork).collect::<Vec<_>>());
        give_all(&mut chain, &builder, &old);
        let before = *old.last().unwrap();
        let coins = chain.utxo_hash();
        give_all(&mut chain, &builder, &new[..8]);
        // Its descendants wait for it: all are marked at once.
        for number in [child - 2, child - 1, child] {
            let header = builder.block(number - 1).header;
            chain.accept_header(header, LATER).unwrap();
            let outcome = give(&mut chain, &builder, number);
            assert_eq!(outcome.arrival, Arrival::Waiting);
        }
        let result = chain.accept_block(builder.block(bad), LATER);
        let mut invalid = Vec::new();
        while chain.has_more() {
            invalid.extend(chain.advance().unwrap().invalid);
        }
        match result {
            // In one step it is refused at once; in many it is found on the way.
            Err(error) => assert_eq!(error.code(), "bad-cb-amount"),
            Ok(_) => assert_eq!(invalid[0].hash, builder.hash(bad)),
        }
        assert_eq!(chain.utxo_hash(), coins);
        stands_on(&chain, &builder, before);
        assert_eq!(chain.headers().tip().hash, builder.hash(before));
        assert!(chain.headers().get(&builder.hash(child)).is_none());
        // The valid beginning of the branch may still win.
        let more = builder.grow(parent, 1)[0];
        give(&mut chain, &builder, more);
        stands_on(&chain, &builder, more);
    }
}

#[test]
fn the_valid_part_of_a_heavier_branch_is_followed() {
    let mut builder = Builder::new();
    let (fork, old, new) = forked(&mut builder, 2);
    let value = u64::MAX >> 20;
    let bad = builder.propose(new[2], value, Vec::new());
    let bad = builder.add(new[2], bad);
    let mut chain = builder.chain();
    give_all(&mut chain, &builder, &(1..=fork).collect::<Vec<_>>());
    give_all(&mut chain, &builder, &old);
    for number in &new {
        let header = builder.block(*number).header;
        chain.accept_header(header, LATER).unwrap();
    }
    // From the end: the first one makes the branch whole, the last of it is invalid.
    for number in [bad, new[2], new[1]] {
        let outcome = give(&mut chain, &builder, number);
        assert_eq!(outcome.arrival, Arrival::Waiting);
    }
    let outcome = give(&mut chain, &builder, new[0]);
    assert_eq!(outcome.arrival, Arrival::Connected);
    assert_eq!(outcome.invalid.len(), 1);
    assert_eq!(outcome.invalid[0].hash, builder.hash(bad));
    stands_on(&chain, &builder, new[2]);
    // It was stored before it was found invalid, and stays refused.
    let again = chain.accept_block(builder.block(bad), LATER).unwrap_err();
    assert_eq!(again.code(), "duplicate-invalid");
    let mut chain = Chain::open(builder.params.clone(), chain.into_store()).unwrap();
    let again = chain.accept_block(builder.block(bad), LATER).unwrap_err();
    assert_eq!(again.code(), "duplicate-invalid");
    stands_on(&chain, &builder, new[2]);
}

#[test]
fn a_withheld_block_holds_up_nobody_else() {
    let mut builder = Builder::new();
    let (fork, old, new) = forked(&mut builder, 3);
    let mut chain = builder.chain();
    give_all(&mut chain, &builder, &(1..=fork).collect::<Vec<_>>());
    // The best headers are `new`, whose blocks nobody gives.
    for number in old.iter().chain(&new) {
        let header = builder.block(*number).header;
        chain.accept_header(header, LATER).unwrap();
    }
    assert_eq!(chain.headers().tip().hash, builder.hash(new[3]));
    let wanted = chain.missing_blocks(4);
    let (new_hashes, old_hashes): (Vec<BlockHash>, Vec<BlockHash>) = wanted
        .into_iter()
        .partition(|hash| new.iter().any(|number| builder.hash(*number) == *hash));
    assert_eq!(new_hashes, [builder.hash(new[0]), builder.hash(new[1])]);
    assert_eq!(old_hashes, [builder.hash(old[0]), builder.hash(old[1])]);
    give_all(&mut chain, &builder, &old);
    stands_on(&chain, &builder, old[2]);
    let all: Vec<_> = new.iter().map(|number| builder.hash(*number)).collect();
    assert_eq!(chain.missing_blocks(9), all);
}

#[test]
fn a_block_far_behind_in_work_is_not_kept() {
    let mut builder = Builder::new();
    let numbers = builder.grow(0, 150);
    let spam = builder.grow(0, 1)[0];
    let near = builder.grow(numbers[20], 1)[0];
    let mut chain = builder.chain();
    give_all(&mut chain, &builder, &numbers);
    assert_eq!(give(&mut chain, &builder, spam).arrival, Arrival::NotKept);
    assert_eq!(chain.has_block(&builder.hash(spam)), Ok(false));
    assert_eq!(give(&mut chain, &builder, near).arrival, Arrival::Branch);
    // Headers are stored with the blocks that are kept on them.
    let store = chain.into_store();
    let stored = crate::chain::Store::headers(&store).unwrap();
    assert_eq!(stored.len(), 1 + 150 + 1);
    let params: NetworkParams = builder.params.clone();
    let chain = Chain::open(params, store).unwrap();
    assert!(chain.headers().get(&builder.hash(near)).is_some());
    assert!(chain.headers().get(&builder.hash(spam)).is_none());
    stands_on(&chain, &builder, *numbers.last().unwrap());
}

#[test]
fn the_coins_are_not_more_than_the_subsidies() {
    let mut builder = Builder::new();
    let (fork, old, _) = forked(&mut builder, 3);
    let mut chain = builder.chain();
    give_all(&mut chain, &builder, &(1..=fork).collect::<Vec<_>>());
    give_all(&mut chain, &builder, &old);
    let sum = |coins: Coins| coins.values().map(|coin| coin.amount).sum::<u64>();
    assert_eq!(sum(coins_of(&chain)), 7 * builder.params.subsidy.at(1));
}

#[test]
fn a_node_that_is_far_behind_catches_up_and_a_long_partition_heals() {
    let mut builder = Builder::new();
    let fork = builder.grow(0, 5)[4];
    let own = builder.grow(fork, 180);
    let other = builder.grow(fork, 200);
    let mut chain = builder.chain();
    let catch_up = |chain: &mut Chain<_>, numbers: &[usize]| {
        for number in numbers {
            let header = builder.block(*number).header;
            chain.accept_header(header, LATER).unwrap();
        }
        // The oldest blocks have far less work behind them than the best headers.
        loop {
            let wanted = chain.missing_blocks(16);
            if wanted.is_empty() {
                break;
            }
            for hash in wanted.iter().rev() {
                let number = numbers
                    .iter()
                    .find(|number| builder.hash(**number) == *hash);
                let outcome = give(chain, &builder, *number.unwrap());
                assert_ne!(outcome.arrival, Arrival::NotKept);
            }
        }
        stands_on(chain, &builder, *numbers.last().unwrap());
    };
    let trunk: Vec<_> = (1..=fork).collect();
    catch_up(&mut chain, &[trunk, own].concat());
    catch_up(&mut chain, &other);
}
