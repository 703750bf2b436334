//! Bodies that are not their header's: refused, and the true one is taken after them.

use super::builder::{Builder, LATER, spend};
use super::support::{give, give_all, stands_on};
use crate::chain::{Arrival, BlockRefusal, Chain};
use bitcoin::{Block, Witness};

/// A chain, and a block after it with two spends.
fn case() -> (Builder, usize) {
    let mut builder = Builder::new();
    let tip = builder.grow(0, 4)[3];
    let spends = (0..2).map(|n| {
        let coin = builder.coin(tip, n);
        let amount = coin.1.amount;
        spend(&builder.params, &[coin], &[(1, amount - 5)])
    });
    let spends = spends.collect();
    let last = builder.grow_with(tip, spends, 10);
    (builder, last)
}

/// The mutated body is refused under this code wherever it comes from, and the true block is taken
/// all the same, then and after a restart.
#[track_caller]
fn never_poisons(mutate: impl Fn(&mut Block), code: &str) {
    let (mut builder, last) = case();
    let mut chain = builder.chain();
    let before: Vec<_> = (1..last).collect();
    give_all(&mut chain, &builder, &before);
    let mut mutated = builder.block(last);
    mutate(&mut mutated);
    assert_eq!(
        mutated.block_hash(),
        builder.hash(last),
        "the header is the true one"
    );
    assert_ne!(mutated, builder.block(last));
    let refused = |chain: &mut Chain<_>| {
        let error = chain.accept_block(mutated.clone(), LATER).unwrap_err();
        assert!(matches!(error, BlockRefusal::Mutated { .. }), "{error}");
        assert_eq!(error.code(), code);
        assert!(error.is_misbehaviour());
        assert!(!chain.headers().is_invalid(&builder.hash(last)));
        assert_eq!(chain.missing_blocks(9), [builder.hash(last)]);
        assert_eq!(chain.has_block(&builder.hash(last)), Ok(false));
    };
    refused(&mut chain);
    refused(&mut chain);
    stands_on(&chain, &builder, last - 1);
    let store = chain.clone().into_store();
    assert_eq!(give(&mut chain, &builder, last).arrival, Arrival::Connected);
    stands_on(&chain, &builder, last);
    let mut chain = Chain::open(builder.params.clone(), store).unwrap();
    assert_eq!(give(&mut chain, &builder, last).arrival, Arrival::Connected);
    // What follows it is not tainted either.
    let next = builder.grow(last, 1)[0];
    give(&mut chain, &builder, next);
    stands_on(&chain, &builder, next);
}

#[test]
fn a_repeated_tail_under_the_same_root() {
    // CVE-2012-2459: of three transactions the last is repeated.
    never_poisons(
        |block| block.txdata.push(block.txdata[2].clone()),
        "bad-txns-duplicate",
    );
}

#[test]
fn other_transactions() {
    never_poisons(|block| block.txdata.truncate(2), "bad-txnmrklroot");
    never_poisons(|block| block.txdata.clear(), "bad-blk-length");
    never_poisons(|block| block.txdata.swap(1, 2), "bad-txnmrklroot");
}

#[test]
fn other_witnesses() {
    // A signature of one bit less, an item more, a heavy one, the witnesses of two exchanged.
    never_poisons(
        |block| {
            let mut signature = block.txdata[1].input[0].witness.nth(0).unwrap().to_vec();
            signature[9] ^= 1;
            block.txdata[1].input[0].witness = Witness::from_slice(&[signature]);
        },
        "bad-witness-merkle-match",
    );
    never_poisons(
        |block| block.txdata[2].input[0].witness.push([]),
        "bad-witness-merkle-match",
    );
    never_poisons(
        |block| block.txdata[2].input[0].witness.push(vec![7; 500_000]),
        "bad-witness-merkle-match",
    );
    never_poisons(
        |block| block.txdata[2].input[0].witness.push(vec![7; 4_000_000]),
        "bad-blk-weight",
    );
    never_poisons(
        |block| {
            let first = block.txdata[1].input[0].witness.clone();
            block.txdata[1].input[0].witness = block.txdata[2].input[0].witness.clone();
            block.txdata[2].input[0].witness = first;
        },
        "bad-witness-merkle-match",
    );
}

#[test]
fn no_witnesses_and_another_reserved_value() {
    never_poisons(
        |block| {
            for transaction in &mut block.txdata {
                transaction.input[0].witness = Witness::new();
            }
        },
        "bad-witness-nonce-size",
    );
    never_poisons(
        |block| block.txdata[0].input[0].witness = Witness::new(),
        "bad-witness-nonce-size",
    );
    never_poisons(
        |block| block.txdata[0].input[0].witness = Witness::from_slice(&[[1; 32]]),
        "bad-witness-merkle-match",
    );
}
