//! Merkle proofs: the bytes of a `merkleblock`, trees and branches that were true and then damaged,
//! proofs with a coinbase, whole blocks. A second implementation (the `bitcoin` crate's) must agree
//! with whatever is accepted, and no proof may show a transaction that is not in the tree.

use crate::builder::Builder;
use crate::script::Script;
use farthing_core::bitcoin::block::{Header, Version};
use farthing_core::bitcoin::consensus::{deserialize, serialize};
use farthing_core::bitcoin::hashes::{Hash, sha256, sha256d};
use farthing_core::bitcoin::merkle_tree::MerkleBlock;
use farthing_core::bitcoin::{Block, BlockHash, CompactTarget, Transaction, TxMerkleNode, Txid};
use farthing_core::merkle::block::{MAX_WEIGHT, VerifiedBlock, Witnesses};
use farthing_core::merkle::branch::MerkleBranch;
use farthing_core::merkle::partial::{MerkleProof, PartialTree};
use farthing_core::merkle::proof::TransactionProof;
use farthing_core::merkle::root;

/// Feeds one of the verifiers.
pub fn merkle(data: &[u8]) {
    let mut script = Script::new(data);
    match script.below(6) {
        0 => bytes_of_a_proof(script.rest()),
        1 => {
            let rest = script.rest();
            if let Ok(tree) = PartialTree::parse(rest) {
                let _ = tree.walk();
            }
        }
        2 => damaged_tree(&mut script),
        3 => damaged_branch(&mut script),
        4 => proof_with_coinbase(&mut script),
        _ => match script.one_in(3) {
            true => repeated_tail(&mut script),
            false => whole_block(script.rest()),
        },
    }
}

/// A true block is accepted; with its tail repeated so that the root stays, it is not
/// (CVE-2012-2459).
fn repeated_tail(script: &mut Script<'_>) {
    let mut builder = Builder::default();
    let number = builder.grow(script);
    builder.grow(script);
    let mut block = builder.made[builder.pick(script).max(number)].block.clone();
    if VerifiedBlock::check(block.clone()).is_err() {
        return;
    }
    for _ in 0..=script.below(3) {
        let from = block.txdata.len() - 1 - script.below(block.txdata.len());
        block.txdata.extend_from_within(from..);
        assert!(
            VerifiedBlock::check(block.clone()).is_err(),
            "a transaction twice"
        );
    }
}

fn bytes_of_a_proof(bytes: &[u8]) {
    let Ok(proof) = MerkleProof::check(bytes) else {
        return;
    };
    let message: MerkleBlock = deserialize(bytes).expect("what is accepted parses");
    assert_eq!(serialize(&message), bytes, "one proof has one form");
    assert_eq!(MerkleProof::check_message(&message), Ok(proof.clone()));
    let (mut txids, mut positions) = (Vec::new(), Vec::new());
    message
        .extract_matches(&mut txids, &mut positions)
        .expect("what is accepted here is accepted by the library");
    let found = proof
        .matches
        .iter()
        .map(|found| (found.txid, found.position));
    assert_eq!(found.collect::<Vec<_>>(), zip(txids, positions));
}

fn zip(txids: Vec<Txid>, positions: Vec<u32>) -> Vec<(Txid, u32)> {
    txids.into_iter().zip(positions).collect()
}

/// Leaves that differ.
fn leaves(script: &mut Script<'_>) -> Vec<sha256d::Hash> {
    let count = match script.one_in(8) {
        true => 1 + script.below(2_000),
        false => 1 + script.below(20),
    };
    let salt = script.byte();
    (0..count as u32)
        .map(|number| {
            let seed = [&[salt][..], &number.to_le_bytes()].concat();
            sha256d::Hash::from_byte_array(sha256::Hash::hash(&seed).to_byte_array())
        })
        .collect()
}

fn header(root: sha256d::Hash) -> Header {
    Header {
        version: Version::TWO,
        prev_blockhash: BlockHash::all_zeros(),
        merkle_root: TxMerkleNode::from_raw_hash(root),
        time: 1_700_000_000,
        bits: CompactTarget::from_consensus(0x207f_ffff),
        nonce: 0,
    }
}

/// A true partial tree is accepted; with a byte changed it shows nothing that is not in the block.
fn damaged_tree(script: &mut Script<'_>) {
    let leaves = leaves(script);
    let txids: Vec<_> = leaves.iter().copied().map(Txid::from_raw_hash).collect();
    let root = root::compute(&leaves).expect("there are leaves").hash;
    let marks: Vec<bool> = txids.iter().map(|_| script.one_in(4)).collect();
    let wanted: Vec<_> = txids
        .iter()
        .zip(&marks)
        .filter(|(_, mark)| **mark)
        .collect();
    let wanted: Vec<_> = wanted.into_iter().map(|(txid, _)| *txid).collect();
    let message = MerkleBlock::from_header_txids_with_predicate(&header(root), &txids, |txid| {
        wanted.contains(txid)
    });
    let mut bytes = serialize(&message);
    let proof = MerkleProof::check(&bytes).expect("a true proof");
    let found: Vec<_> = proof.matches.iter().map(|found| found.txid).collect();
    assert_eq!(found, wanted);
    if script.one_in(2) {
        return other_proof(script, &leaves, &proof_parts(&bytes), &txids, root);
    }
    for _ in 0..=script.below(3) {
        // Behind the header, which would make it a proof of another block.
        let at = 80 + script.below(bytes.len() - 80);
        bytes[at] ^= script.byte();
    }
    if script.one_in(4) {
        bytes.truncate(80 + script.below(bytes.len() - 79));
    }
    bytes.extend(script.piece(8));
    if let Ok(proof) = MerkleProof::check(&bytes) {
        // Under a wrong number of leaves a node can pass for one: it is the hash of 64 bytes, which
        // no transaction of a proof may have.
        let shown = match proof.transactions as usize == leaves.len() {
            true => leaves.clone(),
            false => nodes(&leaves),
        };
        for found in &proof.matches {
            let hash = found.txid.to_raw_hash();
            assert!(shown.contains(&hash), "proves what is not there");
        }
        bytes_of_a_proof(&bytes);
    }
}

fn proof_parts(bytes: &[u8]) -> PartialTree {
    PartialTree::parse(&bytes[80..]).expect("a true proof")
}

/// A tree with parts added, left out or changed. Where it still leads to the root under the true
/// count, it is the one proof of what it shows.
fn other_proof(
    script: &mut Script<'_>,
    leaves: &[sha256d::Hash],
    honest: &PartialTree,
    txids: &[Txid],
    root: sha256d::Hash,
) {
    let mut tree = honest.clone();
    for _ in 0..=script.below(3) {
        match script.below(8) {
            0 => tree.hashes.push(leaves[script.below(leaves.len())]),
            1 => {
                tree.hashes.pop();
            }
            2 => tree.flags.push(script.byte()),
            3 => {
                tree.flags.pop();
            }
            4 => {
                let at = script.below(tree.flags.len());
                if let Some(flags) = tree.flags.get_mut(at) {
                    *flags ^= 1 << script.below(8);
                }
            }
            5 => tree.transactions = tree.transactions.wrapping_add_signed(script.number()),
            6 => tree.transactions = script.number(),
            _ => {
                let hash = leaves[script.below(leaves.len())];
                let at = script.below(tree.hashes.len() + 1);
                tree.hashes.insert(at, hash);
            }
        }
    }
    let Ok((found, matches)) = tree.walk() else {
        return;
    };
    if found.to_raw_hash() != root || tree.transactions != honest.transactions {
        return;
    }
    for found in &matches {
        assert_eq!(txids.get(found.position as usize), Some(&found.txid));
    }
    // The bits say which nodes are there: their hashes, and nothing over.
    let mut bits = Bits {
        tree: &tree,
        used: 0,
    };
    let mut levels = vec![leaves.to_vec()];
    while let Some(level) = levels.last().filter(|level| level.len() > 1) {
        levels.push(above(level));
    }
    let mut hashes = Vec::new();
    bits.follow(&levels, levels.len() - 1, 0, &mut hashes);
    assert_eq!(tree.hashes, hashes, "one walk, other hashes");
    assert_eq!(
        tree.flags.len(),
        bits.used.div_ceil(8),
        "bits that nobody took"
    );
}

/// The bits of a partial tree as they are taken.
struct Bits<'a> {
    tree: &'a PartialTree,
    used: usize,
}

impl Bits<'_> {
    fn follow(
        &mut self,
        levels: &[Vec<sha256d::Hash>],
        height: usize,
        position: usize,
        hashes: &mut Vec<sha256d::Hash>,
    ) {
        let marked = self.tree.flags[self.used / 8] >> (self.used % 8) & 1 == 1;
        self.used += 1;
        if height == 0 || !marked {
            hashes.push(levels[height][position]);
            return;
        }
        for child in [2 * position, 2 * position + 1] {
            if child < levels[height - 1].len() {
                self.follow(levels, height - 1, child, hashes);
            }
        }
    }
}

/// The level above one of a Merkle tree.
fn above(level: &[sha256d::Hash]) -> Vec<sha256d::Hash> {
    let pairs = level.chunks(2);
    pairs
        .map(|pair| root::node(pair[0], pair[pair.len() - 1]))
        .collect()
}

/// Every node of the tree, and the leaves.
fn nodes(leaves: &[sha256d::Hash]) -> Vec<sha256d::Hash> {
    let mut all = leaves.to_vec();
    let mut level = leaves.to_vec();
    while level.len() > 1 {
        level = above(&level);
        all.extend(&level);
    }
    all
}

/// A true branch is accepted; a damaged one never shows another leaf.
fn damaged_branch(script: &mut Script<'_>) {
    let leaves = leaves(script);
    let root = root::compute(&leaves).expect("there are leaves");
    assert!(!root.mutated, "leaves that differ are no mutation");
    let position = script.below(leaves.len());
    let mut branch = MerkleBranch::of(&leaves, position as u32).expect("a leaf");
    assert_eq!(branch.verify(leaves[position], root.hash), Ok(()));
    assert!(MerkleBranch::of(&leaves, leaves.len() as u32).is_none());
    let mut leaf = leaves[position];
    while script.more() {
        match script.below(5) {
            0 => branch.position = script.number(),
            1 => branch.position ^= 1 << script.below(12),
            2 => {
                branch.siblings.pop();
            }
            3 => {
                let hash = sha256d::Hash::from_byte_array(script.hash());
                let at = script.below(branch.siblings.len() + 1);
                branch.siblings.insert(at, hash);
            }
            _ => leaf = sha256d::Hash::from_byte_array(script.hash()),
        }
        if branch.verify(leaf, root.hash).is_ok() {
            assert!(
                leaves.contains(&leaf) || branch.siblings.len() < depth(leaves.len()),
                "a branch of full length shows what is no leaf"
            );
        }
    }
}

fn depth(leaves: usize) -> usize {
    leaves.next_power_of_two().trailing_zeros() as usize
}

fn proof_with_coinbase(script: &mut Script<'_>) {
    let transaction =
        |script: &mut Script<'_>| deserialize::<Transaction>(script.piece(1_000)).ok();
    let branch = |script: &mut Script<'_>| MerkleBranch {
        position: script.number(),
        siblings: (0..script.below(40))
            .map(|_| sha256d::Hash::from_byte_array(script.hash()))
            .collect(),
    };
    let Some(coinbase) = transaction(script) else {
        return;
    };
    let Some(transaction) = transaction(script) else {
        return;
    };
    let txids = [coinbase.compute_txid(), transaction.compute_txid()];
    let true_leaves = txids.map(|txid| txid.to_raw_hash());
    let true_root = root::compute(&true_leaves).expect("two leaves").hash;
    let mut proof = TransactionProof {
        header: header(true_root),
        branch: MerkleBranch::of(&true_leaves, 1).expect("the second"),
        coinbase_branch: MerkleBranch::of(&true_leaves, 0).expect("the first"),
        transaction,
        coinbase,
    };
    let two_alike = txids[0] == txids[1];
    let true_proof = proof.check();
    if let Ok(proved) = &true_proof {
        assert!(!two_alike && proof.coinbase.is_coinbase());
        assert_eq!((proved.txid, proved.position), (txids[1], 1));
    }
    if script.more() {
        proof.branch = branch(script);
        proof.coinbase_branch = branch(script);
        let _ = proof.check();
    }
}

fn whole_block(bytes: &[u8]) {
    let Ok(verified) = VerifiedBlock::parse(bytes) else {
        return;
    };
    let block: Block = deserialize(bytes).expect("what is accepted parses");
    assert_eq!(*verified.block(), block);
    assert_eq!(serialize(&block), bytes, "one block has one form");
    assert!(block.check_merkle_root());
    assert!(block.txdata[0].is_coinbase());
    assert!(verified.weight() <= MAX_WEIGHT);
    assert_eq!(verified.weight(), block.weight().to_wu());
    if verified.witnesses() == Witnesses::Verified {
        assert!(block.check_witness_commitment());
    }
    let mut seen = verified.txids().to_vec();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), verified.txids().len(), "a transaction twice");
}
