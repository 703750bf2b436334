//! Blocks that come one after the other.

use super::builder::{Builder, LATER, mine, practice, script, spend};
use super::support::{coins_of, give, give_all, hashes, stands_on};
use crate::chain::{Arrival, BlockRefusal, Chain, MemoryStore, OpenError};
use crate::filters;
use crate::headers::{Accepted, RuleError};
use crate::params::NetworkParams;
use bitcoin::{consensus, hashes::Hash};

#[test]
fn a_new_chain_holds_the_first_block() {
    let builder = Builder::new();
    let chain = builder.chain();
    stands_on(&chain, &builder, 0);
    let genesis = builder.hash(0);
    let bytes = chain.block(&genesis).unwrap().unwrap();
    assert_eq!(bytes, consensus::serialize(&builder.block(0)));
    assert_eq!(chain.filter(&genesis).unwrap().unwrap().filter, [0]);
    assert_eq!(chain.next_context().height, 1);
}

#[test]
fn only_networks_of_our_own_rules_open() {
    for name in NetworkParams::names() {
        let params = NetworkParams::by_name(name).unwrap();
        let opened = Chain::open(params, MemoryStore::new());
        match *name {
            "practice" => assert!(opened.is_ok()),
            name => assert_eq!(
                opened.unwrap_err(),
                OpenError::OtherRules {
                    network: name.to_owned()
                }
            ),
        }
    }
    let store = Builder::new().chain().into_store();
    let other = NetworkParams::by_name("practice:other").unwrap();
    assert_eq!(
        Chain::open(other.clone(), store).unwrap_err(),
        OpenError::OtherNetwork {
            network: "practice:other".to_owned(),
            expected: other.genesis.block_hash(),
            found: practice().genesis.block_hash(),
        }
    );
}

#[test]
fn blocks_are_connected_in_turn_with_their_filters() {
    let mut builder = Builder::new();
    let first = builder.grow(0, 3)[2];
    let coin = builder.coin(first, 0);
    let amount = coin.1.amount;
    let split = spend(
        &builder.params,
        std::slice::from_ref(&coin),
        &[(1, 7), (2, amount - 17)],
    );
    // A coin that is made and spent in one block.
    let made = (
        bitcoin::OutPoint::new(split.compute_txid(), 1),
        crate::chain::Coin {
            amount: amount - 17,
            script_pubkey: script(2),
            ..coin.1
        },
    );
    let next = spend(&builder.params, &[made], &[(3, amount - 20)]);
    let last = builder.grow_with(first, vec![split, next], 13);
    let mut chain = builder.chain();
    for number in 1..=last {
        let outcome = give(&mut chain, &builder, number);
        assert_eq!(outcome.arrival, Arrival::Connected);
        let (disconnected, connected) = hashes(&outcome.change);
        assert_eq!(
            (disconnected, connected),
            (vec![], vec![builder.hash(number)])
        );
        stands_on(&chain, &builder, number);
    }
    assert_eq!(coins_of(&chain).len(), 2 + 3);
    // The spent coin's script is in the filter, and the filters' headers form a chain.
    let (mut previous, filter) = (filters::NO_HEADER, |number| {
        chain.filter(&builder.hash(number)).unwrap().unwrap()
    });
    for number in 0..=last {
        let stored = filter(number);
        assert_eq!(stored.header, filters::header(&stored.filter, &previous));
        previous = stored.header;
        let owner = script(2);
        let found = filters::matches(&stored.filter, &builder.hash(number), [owner.as_script()]);
        assert_eq!(found, Ok(number == last));
    }
    let again = give(&mut chain, &builder, 2);
    assert_eq!(again.arrival, Arrival::Known);
    assert!(again.change.is_empty());
}

#[test]
fn an_unknown_parent_and_hostile_bytes_are_refused() {
    let mut builder = Builder::new();
    builder.grow(0, 2);
    let mut chain = builder.chain();
    let error = chain.accept_block(builder.block(2), LATER).unwrap_err();
    assert!(matches!(&error, BlockRefusal::Header(error)
        if matches!(error.rule, RuleError::UnknownParent { .. })));
    assert_eq!(error.code(), "prev-blk-not-found");
    assert!(!error.is_misbehaviour());
    let bytes = consensus::serialize(&builder.block(1));
    for length in [0, 79, 80, 81, bytes.len() - 1] {
        let error = chain.accept_block_bytes(&bytes[..length], LATER);
        let error = error.unwrap_err();
        assert!(matches!(error, BlockRefusal::Malformed { .. }));
        assert!(error.is_misbehaviour());
        assert!(error.to_string().len() < 300);
    }
    let mut unmined = builder.block(1);
    unmined.header.merkle_root = bitcoin::TxMerkleNode::all_zeros();
    while {
        unmined.header.nonce += 1;
        unmined.header.block_hash().to_byte_array()[31] < 0x80
    } {}
    let error = chain.accept_block(unmined, LATER).unwrap_err();
    assert_eq!(error.code(), "high-hash");
    assert!(error.is_misbehaviour());
    let outcome = chain.accept_block_bytes(&bytes, LATER).unwrap();
    assert_eq!(outcome.arrival, Arrival::Connected);
}

#[test]
fn an_early_block_is_no_crime_and_is_taken_later() {
    let mut builder = Builder::new();
    let mut block = builder.propose(0, 0, Vec::new());
    let now = builder.params.genesis.time + 1_000;
    block.header.time = now + builder.params.max_future + 1;
    mine(&mut block.header);
    let number = builder.add(0, block.clone());
    let mut chain = builder.chain();
    let error = chain.accept_block(block.clone(), now).unwrap_err();
    assert_eq!(error.retry_at(), Some(now + 1));
    assert_eq!(error.code(), "time-too-new");
    assert!(!error.is_misbehaviour());
    assert_eq!(chain.missing_blocks(8), []);
    assert!(chain.accept_block(block, now + 1).is_ok());
    stands_on(&chain, &builder, number);
}

#[test]
fn headers_first_then_blocks_in_any_order() {
    let mut builder = Builder::new();
    let numbers = builder.grow(0, 6);
    let mut chain = builder.chain();
    for number in &numbers {
        let header = builder.block(*number).header;
        assert_eq!(chain.accept_header(header, LATER), Ok(Accepted::Extended));
    }
    let all: Vec<_> = numbers.iter().map(|number| builder.hash(*number)).collect();
    assert_eq!(chain.missing_blocks(100), all);
    assert_eq!(chain.missing_blocks(2), all[..2]);
    for number in [3, 5, 2] {
        let outcome = give(&mut chain, &builder, number);
        assert_eq!(outcome.arrival, Arrival::Waiting);
        stands_on(&chain, &builder, 0);
    }
    assert_eq!(chain.missing_blocks(100), [all[0], all[3], all[5]]);
    let outcome = give(&mut chain, &builder, 1);
    assert_eq!(outcome.arrival, Arrival::Connected);
    assert_eq!(hashes(&outcome.change), (vec![], all[..3].to_vec()));
    stands_on(&chain, &builder, 3);
    give_all(&mut chain, &builder, &[6, 4]);
    stands_on(&chain, &builder, 6);
    assert_eq!(chain.missing_blocks(100), []);
}
