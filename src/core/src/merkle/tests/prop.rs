//! What holds for every tree, and for every byte that somebody sends.

use super::{block, leaf, leaves};
use crate::merkle::block::VerifiedBlock;
use crate::merkle::branch::MerkleBranch;
use crate::merkle::partial::{MerkleProof, PartialTree};
use crate::merkle::root;
use bitcoin::consensus::encode::{deserialize, serialize};
use bitcoin::hashes::sha256d;
use bitcoin::merkle_tree::{self, PartialMerkleTree};
use bitcoin::{MerkleBlock, Txid};
use proptest::prelude::*;

proptest! {
    #[test]
    fn the_root_is_the_one_of_the_bitcoin_crate(count in 1..300_u32) {
        let leaves = leaves(count);
        let computed = root::compute(&leaves).unwrap();
        prop_assert_eq!(Some(computed.hash), merkle_tree::calculate_root(leaves.into_iter()));
        prop_assert!(!computed.mutated);
    }

    #[test]
    fn a_repeated_tail_is_noticed_at_every_level(pairs in 1..12_usize, level in 0..5_u32) {
        // At that level stands an odd number of nodes, and the last has no right sibling.
        let width = 1_usize << level;
        let count = (2 * pairs + 1) * width;
        let honest = leaves(count as u32);
        let mut mutated = honest.clone();
        mutated.extend_from_slice(&honest[count - width..]);
        let computed = root::compute(&mutated).unwrap();
        prop_assert_eq!(computed.hash, root::compute(&honest).unwrap().hash);
        prop_assert!(computed.mutated);
    }

    #[test]
    fn every_leaf_has_a_branch_and_no_other_leaf_fits_it(count in 1..200_u32, at in any::<u32>()) {
        let leaves = leaves(count);
        let root = root::compute(&leaves).unwrap().hash;
        let branch = MerkleBranch::of(&leaves, at % count).unwrap();
        prop_assert_eq!(branch.verify(leaf(at % count), root), Ok(()));
        prop_assert!(branch.verify(leaf(count), root).is_err());
        prop_assert_eq!(MerkleBranch::of(&leaves, count), None);
    }

    #[test]
    fn a_partial_tree_proves_what_was_put_into_it(flags in prop::collection::vec(any::<bool>(), 1..200)) {
        let leaves = leaves(flags.len() as u32);
        let txids: Vec<Txid> = leaves.iter().copied().map(Txid::from_raw_hash).collect();
        let theirs = PartialMerkleTree::from_txids(&txids, &flags);
        let (root, matches) = PartialTree::parse(&serialize(&theirs)).unwrap().walk().unwrap();
        prop_assert_eq!(root.to_raw_hash(), root::compute(&leaves).unwrap().hash);
        let expected: Vec<u32> = (0..).zip(&flags).filter(|(_, on)| **on).map(|(at, _)| at).collect();
        let found: Vec<u32> = matches.iter().map(|found| found.position).collect();
        prop_assert_eq!(found, expected);
        for found in matches {
            prop_assert_eq!(found.txid, txids[found.position as usize]);
        }
    }

    /// A message that was parsed by the codec is judged as its bytes are.
    #[test]
    fn both_ways_in_agree(
        matched in prop::collection::vec(any::<bool>(), 10),
        byte in any::<prop::sample::Index>(),
        flip in any::<u8>(),
    ) {
        let block = block(9);
        let txids: Vec<Txid> = block.txdata.iter().map(|t| t.compute_txid()).collect();
        let mut bytes = serialize(&MerkleBlock {
            header: block.header,
            txn: PartialMerkleTree::from_txids(&txids, &matched),
        });
        let at = byte.index(bytes.len());
        bytes[at] ^= flip;
        if let Ok(message) = deserialize::<MerkleBlock>(&bytes) {
            let from_bytes = MerkleProof::check(&bytes);
            prop_assert_eq!(from_bytes.is_ok(), MerkleProof::check_message(&message).is_ok());
        } else {
            prop_assert!(MerkleProof::check(&bytes).is_err());
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let proof = MerkleProof::check(&bytes);
        let block = VerifiedBlock::parse(&bytes);
        prop_assert!(proof.is_err() && block.is_err());
        if let Ok(tree) = PartialTree::parse(&bytes) {
            prop_assert!(tree.hashes.len() <= tree.transactions as usize);
            let _ = tree.walk();
        }
    }

    #[test]
    fn no_tree_makes_it_panic(
        transactions in prop_oneof![0..40_u32, any::<u32>()],
        hashes in 0..40_u32,
        flags in prop::collection::vec(any::<u8>(), 0..12),
    ) {
        let hashes: Vec<sha256d::Hash> = leaves(hashes);
        let tree = PartialTree { transactions, hashes, flags };
        if let Ok((_, matches)) = tree.walk() {
            prop_assert!(matches.iter().all(|found| found.position < transactions));
        }
    }
}
