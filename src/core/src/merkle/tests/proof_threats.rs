//! What is done to branches and to the proofs made of two.

use super::{block, block_of, coinbase, ids, leaf, leaves, payment, sized_as_node};
use crate::merkle::branch::{BranchError, MerkleBranch};
use crate::merkle::proof::{TransactionProof, TransactionProofError};
use crate::merkle::root;
use bitcoin::consensus::encode::serialize;
use bitcoin::hashes::{Hash, sha256d};
use bitcoin::{Block, TxMerkleNode};

fn root_of(leaves: &[sha256d::Hash]) -> sha256d::Hash {
    root::compute(leaves).unwrap().hash
}

fn proof(block: &Block, position: u32) -> TransactionProof {
    TransactionProof {
        header: block.header,
        transaction: block.txdata[position as usize].clone(),
        branch: MerkleBranch::of(&ids(block), position).unwrap(),
        coinbase: block.txdata[0].clone(),
        coinbase_branch: MerkleBranch::of(&ids(block), 0).unwrap(),
    }
}

#[test]
fn the_tail_of_an_odd_level_may_stand_for_itself() {
    for count in [1, 3, 5, 7, 11, 13] {
        let leaves = leaves(count);
        let branch = MerkleBranch::of(&leaves, count - 1).unwrap();
        assert_eq!(branch.verify(leaf(count - 1), root_of(&leaves)), Ok(()));
    }
}

#[test]
fn a_repeated_left_sibling_is_refused() {
    // Three leaves, and the last a second time: its left sibling is itself.
    let mut repeated = leaves(3);
    repeated.push(leaf(2));
    let lie = MerkleBranch::of(&repeated, 3).unwrap();
    assert_eq!(
        lie.verify(leaf(2), root_of(&leaves(3))),
        Err(BranchError::RepeatedLeft { level: 1 })
    );

    let mut repeated = leaves(6);
    repeated.extend([leaf(4), leaf(5)]);
    let lie = MerkleBranch::of(&repeated, 7).unwrap();
    assert_eq!(
        lie.verify(leaf(5), root_of(&leaves(6))),
        Err(BranchError::RepeatedLeft { level: 2 })
    );
}

#[test]
fn a_position_outside_the_tree_is_refused() {
    let mut lie = MerkleBranch::of(&leaves(4), 1).unwrap();
    lie.position = 5;
    assert_eq!(
        lie.verify(leaf(1), root_of(&leaves(4))),
        Err(BranchError::Position {
            leaves: 4,
            found: 5
        })
    );
}

#[test]
fn a_branch_deeper_than_any_block_is_refused() {
    let lie = MerkleBranch {
        position: 0,
        siblings: leaves(40),
    };
    assert_eq!(lie.root(leaf(0)), Err(BranchError::TooDeep { found: 40 }));
    let deepest = MerkleBranch {
        position: 0,
        siblings: leaves(15),
    };
    assert!(deepest.root(leaf(99)).is_ok());
}

#[test]
fn a_transaction_as_node_is_refused() {
    let odd = serialize(&sized_as_node());
    let left = sha256d::Hash::from_slice(&odd[..32]).unwrap();
    let right = sha256d::Hash::from_slice(&odd[32..]).unwrap();
    let odd_id = sized_as_node().compute_txid().to_raw_hash();
    let lie = MerkleBranch {
        position: 3,
        siblings: vec![left, leaf(0)],
    };
    assert_eq!(
        lie.verify(right, root_of(&[leaf(0), odd_id])),
        Err(BranchError::TransactionAsNode { level: 1 })
    );
}

#[test]
fn an_honest_proof_is_accepted_for_every_place() {
    for payments in 0..9 {
        let block = block(payments);
        for position in 0..=payments {
            let proved = proof(&block, position).check().unwrap();
            let transaction = &block.txdata[position as usize];
            assert_eq!(proved.txid, transaction.compute_txid());
            assert_eq!(proved.block, block.block_hash());
            assert_eq!(proved.position, position);
        }
    }
}

#[test]
fn another_transaction_is_refused() {
    let mut lie = proof(&block(5), 3);
    lie.transaction = payment(77, &[0x51; 25]);
    assert!(matches!(
        lie.check(),
        Err(TransactionProofError::Branch(BranchError::Root { .. }))
    ));
}

#[test]
fn a_foreign_coinbase_is_refused() {
    let mut lie = proof(&block(5), 3);
    lie.coinbase = coinbase(7);
    assert!(matches!(
        lie.check(),
        Err(TransactionProofError::CoinbaseBranch(
            BranchError::Root { .. }
        ))
    ));
}

#[test]
fn an_ordinary_transaction_as_coinbase_is_refused() {
    let block = block_of(vec![payment(0, &[0x51; 25]), payment(1, &[0x51; 25])]);
    let txid = block.txdata[0].compute_txid();
    assert_eq!(
        proof(&block, 1).check(),
        Err(TransactionProofError::NoCoinbase { txid })
    );
}

#[test]
fn a_coinbase_at_another_place_is_refused() {
    let block = block_of(vec![payment(0, &[0x51; 25]), coinbase(1)]);
    let mut lie = proof(&block, 0);
    lie.coinbase = block.txdata[1].clone();
    lie.coinbase_branch = MerkleBranch::of(&ids(&block), 1).unwrap();
    assert_eq!(
        lie.check(),
        Err(TransactionProofError::CoinbasePosition { found: 1 })
    );
}

#[test]
fn a_transaction_deeper_than_the_coinbase_is_refused() {
    // The header commits to a coinbase and to something that is a node over the invention.
    let coinbase = coinbase(0);
    let invented = payment(1, &[0x51; 25]);
    let invented_id = invented.compute_txid().to_raw_hash();
    let below = root::node(invented_id, leaf(5));
    let coinbase_id = coinbase.compute_txid().to_raw_hash();
    let mut header = block(0).header;
    header.merkle_root = TxMerkleNode::from_raw_hash(root::node(coinbase_id, below));
    let lie = TransactionProof {
        header,
        transaction: invented,
        branch: MerkleBranch {
            position: 2,
            siblings: vec![leaf(5), coinbase_id],
        },
        coinbase,
        coinbase_branch: MerkleBranch {
            position: 0,
            siblings: vec![below],
        },
    };
    assert_eq!(
        lie.check(),
        Err(TransactionProofError::Depth {
            expected: 1,
            found: 2
        })
    );
}

#[test]
fn a_transaction_of_the_size_of_a_node_is_refused() {
    let block = block_of(vec![coinbase(0), sized_as_node()]);
    let txid = block.txdata[1].compute_txid();
    assert_eq!(
        proof(&block, 1).check(),
        Err(TransactionProofError::SizeOfNode { txid })
    );
}
