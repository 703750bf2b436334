//! Bodies that are not their header's: refused, and the true one is taken after them.

use super::builder::{Builder, LATER, script, seal, sign, spend};
use super::support::{give, give_all, proposed, stands_on};
use crate::chain::{Arrival, BlockRefusal, Chain};
use crate::mining::{coinbase, witness_commitment};
use bitcoin::absolute::LockTime;
use bitcoin::consensus::{deserialize, serialize};
use bitcoin::hashes::{Hash, sha256d};
use bitcoin::{Block, Transaction, Txid, Witness};

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
    never_poisons_of(case(), mutate, code);
}

#[track_caller]
fn never_poisons_of(case: (Builder, usize), mutate: impl Fn(&mut Block), code: &str) {
    let (mut builder, last) = case;
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
        assert_eq!(proposed(chain, &mutated), code);
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

/// Where a search for a pair of ids came to its end, after some million lock times. Should the
/// builder's blocks change, the test searches for another from here on, for a second or two.
const FOUND: u32 = 4_889_102;

/// The transaction that the two ids of a block of two are as bytes.
fn as_transaction(first: &Txid, second: &Txid) -> Option<Transaction> {
    let node = [first.to_byte_array(), second.to_byte_array()].concat();
    deserialize(&node).ok()
}

/// A block of two transactions whose ids together are a transaction's 64 bytes: one input, whose
/// count is a byte of the coinbase's id, and one output, whose place depends on the script's length.
fn ground() -> (Builder, usize) {
    let mut builder = Builder::new();
    let tip = builder.grow(0, 4)[3];
    let coins = [builder.coin(tip, 0)];
    let amount = coins[0].1.amount;
    let mut spent = spend(&builder.params, &coins, &[(1, amount - 5)]);
    // The id does not hang on the signature: the last four bytes are searched.
    let mut bytes = serialize(&Transaction {
        input: vec![bitcoin::TxIn {
            witness: Witness::new(),
            ..spent.input[0].clone()
        }],
        ..spent.clone()
    });
    let from = bytes.len() - 4;
    let lock_time = (FOUND..u32::MAX).find(|lock_time| {
        bytes[from..].copy_from_slice(&lock_time.to_le_bytes());
        let id = sha256d::Hash::hash(&bytes).to_byte_array();
        let script = usize::from(id[9]);
        script <= 4 && id[14 + script] == 1 && usize::from(id[23 + script]) == 4 - script
    });
    let lock_time = lock_time.expect("one in four millions");
    spent.lock_time = LockTime::from_consensus(lock_time);
    sign(&builder.params, &mut spent, &coins);
    let value = builder.params.subsidy.at(5) + 5;
    let mut block = builder.propose(tip, value, vec![spent]);
    let commitment = witness_commitment(&block.txdata[1..]);
    let second = block.txdata[1].compute_txid();
    let first = (0..).find_map(|extra| {
        let first = coinbase(5, script(0), value, extra, commitment);
        as_transaction(&first.compute_txid(), &second).map(|_| first)
    });
    block.txdata[0] = first.expect("one in 256");
    let last = builder.add(tip, seal(block));
    (builder, last)
}

/// CVE-2017-12842 turned against the block: what is refused is a body that its miner, or whoever had
/// a transaction ground into it, made of the true one's ids. Were the hash remembered for it, those
/// who were shown it first would part from the chain for good.
#[test]
fn the_node_above_two_transactions_as_the_only_one() {
    never_poisons_of(
        ground(),
        |block| {
            let ids: Vec<_> = block.txdata.iter().map(Transaction::compute_txid).collect();
            let node = as_transaction(&ids[0], &ids[1]).unwrap();
            assert_eq!(node.base_size(), 64);
            assert!(!node.is_coinbase());
            block.txdata = vec![node];
            assert!(block.check_merkle_root(), "the root is the header's");
        },
        "bad-cb-missing",
    );
}
