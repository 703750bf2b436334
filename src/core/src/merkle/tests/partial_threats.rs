//! What is done to partial trees.

use super::{leaf, leaves, sized_as_node};
use crate::merkle::ParseError;
use crate::merkle::partial::{PartialTree, PartialTreeError};
use crate::merkle::root::{self, MAX_TRANSACTIONS};
use bitcoin::consensus::encode::serialize;
use bitcoin::hashes::{Hash, sha256d};
use bitcoin::merkle_tree::PartialMerkleTree;
use bitcoin::{Txid, VarInt};

/// The tree of `count` leaves that proves the ones at these positions, as the `bitcoin` crate
/// writes it.
fn tree(count: u32, matched: &[u32]) -> PartialTree {
    tree_of(&leaves(count), matched)
}

fn tree_of(leaves: &[sha256d::Hash], matched: &[u32]) -> PartialTree {
    let txids: Vec<Txid> = leaves.iter().copied().map(Txid::from_raw_hash).collect();
    let flags: Vec<bool> = (0..)
        .map(|at| matched.contains(&at))
        .take(txids.len())
        .collect();
    let bytes = serialize(&PartialMerkleTree::from_txids(&txids, &flags));
    PartialTree::parse(&bytes).unwrap()
}

fn bytes(transactions: u32, hashes: u64, flags: u64) -> Vec<u8> {
    let mut bytes = transactions.to_le_bytes().to_vec();
    bytes.extend(serialize(&VarInt(hashes)));
    if hashes < 100 {
        bytes.resize(bytes.len() + 32 * hashes as usize, 1);
    }
    bytes.extend(serialize(&VarInt(flags)));
    if flags < 100 {
        bytes.resize(bytes.len() + flags as usize, 0);
    }
    bytes
}

#[test]
fn an_honest_tree_proves_its_leaves() {
    let (root, matches) = tree(7, &[2, 6]).walk().unwrap();
    assert_eq!(root.to_raw_hash(), root::compute(&leaves(7)).unwrap().hash);
    let found: Vec<_> = matches
        .iter()
        .map(|found| (found.position, found.txid.to_raw_hash()))
        .collect();
    assert_eq!(found, [(2, leaf(2)), (6, leaf(6))]);
}

#[test]
fn no_transactions_are_refused() {
    assert_eq!(
        PartialTree::parse(&bytes(0, 0, 0)),
        Err(PartialTreeError::NoTransactions)
    );
    let mut lie = tree(1, &[0]);
    lie.transactions = 0;
    assert_eq!(lie.walk(), Err(PartialTreeError::NoTransactions));
}

#[test]
fn too_many_transactions_are_refused() {
    for found in [MAX_TRANSACTIONS + 1, u32::MAX] {
        let error = PartialTreeError::TooManyTransactions { found };
        assert_eq!(PartialTree::parse(&bytes(found, 1, 1)), Err(error.clone()));
        let mut lie = tree(1, &[0]);
        lie.transactions = found;
        assert_eq!(lie.walk(), Err(error));
    }
    let most = tree(MAX_TRANSACTIONS, &[0, MAX_TRANSACTIONS - 1]);
    assert_eq!(most.walk().unwrap().1.len(), 2);
}

#[test]
fn more_hashes_than_transactions_are_refused() {
    for (transactions, found) in [(3, 4), (16_000, 16_001), (1, u64::MAX)] {
        assert_eq!(
            PartialTree::parse(&bytes(transactions, found, 1)),
            Err(PartialTreeError::TooManyHashes {
                limit: transactions,
                found
            })
        );
    }
    let mut lie = tree(3, &[0, 1, 2]);
    lie.hashes.push(leaf(3));
    assert_eq!(
        lie.walk(),
        Err(PartialTreeError::TooManyHashes { limit: 3, found: 4 })
    );
}

#[test]
fn more_bits_than_any_walk_takes_are_refused_before_they_are_read() {
    for found in [6, 1 << 40] {
        assert_eq!(
            PartialTree::parse(&bytes(4, 1, found)),
            Err(PartialTreeError::TooManyBits { limit: 5, found })
        );
    }
    for count in 1..300 {
        let everything: Vec<u32> = (0..count).collect();
        assert_eq!(
            tree(count, &everything).walk().unwrap().1.len(),
            count as usize
        );
    }
}

#[test]
fn fewer_bits_than_hashes_are_refused() {
    let mut lie = tree(9, &[0, 1, 2, 3, 4, 5, 6, 7, 8]);
    lie.flags.truncate(1);
    assert_eq!(
        lie.walk(),
        Err(PartialTreeError::FewerBitsThanHashes {
            hashes: 9,
            found: 8
        })
    );
}

#[test]
fn bits_that_end_early_are_refused() {
    let mut lie = tree(6, &[0, 1, 2, 3, 4, 5]);
    lie.flags.truncate(1);
    assert_eq!(lie.walk(), Err(PartialTreeError::BitsUsedUp { found: 8 }));
}

#[test]
fn hashes_that_end_early_are_refused() {
    let mut lie = tree(7, &[2]);
    let found = lie.hashes.len() - 1;
    lie.hashes.truncate(found);
    assert_eq!(lie.walk(), Err(PartialTreeError::HashesUsedUp { found }));
}

#[test]
fn left_over_hashes_are_refused() {
    let mut lie = tree(7, &[2]);
    let used = lie.hashes.len();
    lie.hashes.push(leaf(99));
    let found = used + 1;
    assert_eq!(
        lie.walk(),
        Err(PartialTreeError::LeftOverHashes { used, found })
    );
}

#[test]
fn left_over_bits_are_refused() {
    let mut lie = tree(7, &[2]);
    let bits = lie.flags.len() * 8;
    lie.flags.push(0);
    assert!(matches!(
        lie.walk(),
        Err(PartialTreeError::LeftOverBits { found, .. }) if found == bits + 8
    ));
}

#[test]
fn a_padding_that_is_not_zero_is_refused() {
    let honest = tree(7, &[2]);
    // Root, three nodes on the way, and their siblings: seven bits.
    assert_eq!(honest.flags.len(), 1);
    let mut lie = honest.clone();
    lie.flags[0] |= 0x80;
    assert_eq!(lie.walk(), Err(PartialTreeError::Padding { used: 7 }));
    assert!(honest.walk().is_ok());
}

#[test]
fn bytes_after_the_end_are_refused() {
    let mut lie = bytes(4, 1, 1);
    let expected = lie.len();
    lie.push(0);
    assert_eq!(
        PartialTree::parse(&lie),
        Err(PartialTreeError::Parse(ParseError::LeftOver {
            expected,
            found: expected + 1
        }))
    );
}

#[test]
fn equal_left_and_right_are_refused() {
    // Three leaves and the last repeated: the root is that of three, the last is at two places.
    let mut repeated = leaves(3);
    repeated.push(leaf(2));
    let lie = tree_of(&repeated, &[3]);
    assert_eq!(
        root::compute(&repeated).unwrap().hash,
        root::compute(&leaves(3)).unwrap().hash
    );
    assert_eq!(lie.walk(), Err(PartialTreeError::RepeatedLeft { level: 1 }));

    // The same with two leaves of six, one level up.
    let mut repeated = leaves(6);
    repeated.extend([leaf(4), leaf(5)]);
    let lie = tree_of(&repeated, &[7]);
    assert_eq!(lie.walk(), Err(PartialTreeError::RepeatedLeft { level: 2 }));
}

#[test]
fn the_tail_of_an_odd_level_may_stand_for_itself() {
    for count in [1, 3, 5, 7, 9, 11, 13, 17] {
        let (root, _) = tree(count, &[count - 1]).walk().unwrap();
        let expected = root::compute(&leaves(count)).unwrap();
        assert_eq!(root.to_raw_hash(), expected.hash, "{count} leaves");
        assert!(!expected.mutated);
    }
}

#[test]
fn a_transaction_as_node_is_refused() {
    // The block holds a coinbase and a transaction of 64 bytes. The lie: the two halves of the
    // transaction are leaves, the second of them the id of whatever the liar likes.
    let odd = serialize(&sized_as_node());
    let half = |range: std::ops::Range<usize>| sha256d::Hash::from_slice(&odd[range]).unwrap();
    let (left, right) = (half(0..32), half(32..64));
    let odd_id = sized_as_node().compute_txid().to_raw_hash();
    assert_eq!(root::node(left, right), odd_id);
    let lie = PartialTree {
        transactions: 4,
        hashes: vec![leaf(0), left, right],
        flags: vec![0b1_0101],
    };
    assert_eq!(
        lie.walk(),
        Err(PartialTreeError::TransactionAsNode { level: 1 })
    );
}
