//! Blocks that are still to be searched: judged against the tip. That each rule of a block is asked is
//! shown where the rules are (`invalid`, `mutated`), with the same blocks.

use super::builder::{Builder, LATER, practice, seal, spend};
use super::support::{give, give_all, proposed};
use crate::chain::Chain;
use crate::primitives::UnixTime;
use bitcoin::Block;

/// A chain of four blocks, and a fifth with a spend that it does not have.
fn case() -> (Builder, Chain<crate::chain::MemoryStore>, Block) {
    let mut builder = Builder::new();
    let numbers = builder.grow(0, 4);
    let mut chain = builder.chain();
    give_all(&mut chain, &builder, &numbers);
    let coin = builder.coin(numbers[3], 0);
    let fee = 7;
    let amount = coin.1.amount - fee;
    let spent = spend(&builder.params, &[coin], &[(1, amount)]);
    let value = builder.params.subsidy.at(5) + fee;
    let block = builder.propose(numbers[3], value, vec![spent]);
    (builder, chain, block)
}

#[test]
fn a_block_that_lacks_its_work_alone_is_accepted() {
    let (mut builder, mut chain, block) = case();
    assert_eq!(proposed(&chain, &block), "accepted");
    // With its work it is no less a proposal, and still it is not taken.
    assert_eq!(chain.check_proposal(block.clone(), LATER), Ok(()));
    assert_eq!(chain.tip().height, 4);
    // What the answer was worth.
    let number = builder.add(4, block);
    give(&mut chain, &builder, number);
    assert_eq!(chain.tip().height, 5);
}

#[test]
fn a_block_that_is_known_or_builds_on_another_is_not_judged() {
    let (mut builder, mut chain, block) = case();
    let word = |chain: &Chain<_>, number: usize, builder: &Builder| {
        let refusal = chain.check_proposal(builder.block(number), LATER);
        refusal.unwrap_err().code()
    };
    let beside = builder.grow(3, 1)[0];
    assert_eq!(
        word(&chain, beside, &builder),
        "inconclusive-not-best-prevblk"
    );
    give(&mut chain, &builder, beside);
    assert_eq!(word(&chain, beside, &builder), "duplicate-inconclusive");
    assert_eq!(word(&chain, 4, &builder), "duplicate");
    let mut nowhere = block.clone();
    nowhere.header.prev_blockhash = bitcoin::hashes::Hash::all_zeros();
    assert_eq!(proposed(&chain, &nowhere), "inconclusive-not-best-prevblk");
    // A header whose block is still to come.
    let header = block.header;
    chain.accept_header(header, LATER).unwrap();
    let refusal = chain.check_proposal(block, LATER).unwrap_err();
    assert_eq!(refusal.code(), "duplicate-inconclusive");
}

#[test]
fn the_header_is_checked_too() {
    let (builder, chain, block) = case();
    let with = |change: fn(&mut Block)| {
        let mut block = block.clone();
        change(&mut block);
        proposed(&chain, &block)
    };
    assert_eq!(with(|block| block.header.time = 1), "time-too-old");
    assert_eq!(
        with(|block| block.header.time = UnixTime::MAX),
        "time-too-new"
    );
    let harder = |block: &mut Block| {
        let bits = practice().genesis.bits.to_consensus() - 1;
        block.header.bits = bitcoin::CompactTarget::from_consensus(bits);
    };
    assert_eq!(with(harder), "bad-diffbits");
    // The block is sealed anew, so that its root is not what is wrong with it.
    let mut early = seal(block.clone());
    early.header.time = builder.median_time(4) + 1;
    assert_eq!(proposed(&chain, &early), "accepted");
}
