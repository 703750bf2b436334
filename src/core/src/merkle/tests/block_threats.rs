//! What is done to whole blocks.

use super::{block, block_of, coinbase, commit, payment, sized_as_node};
use crate::merkle::ParseError;
use crate::merkle::block::{BlockError, MAX_WEIGHT, VerifiedBlock, Witnesses};
use bitcoin::consensus::encode::serialize;
use bitcoin::hashes::Hash;
use bitcoin::{Amount, Block, ScriptBuf, TxOut, WitnessCommitment, WitnessMerkleNode};

/// A block with one witness and the coinbase's commitment to it (BIP141).
fn block_with_witness() -> Block {
    let mut block = block(3);
    block.txdata[2].input[0].witness.push([7; 71]);
    block.txdata[0].input[0].witness.push([9; 32]);
    recommit(&mut block);
    block
}

/// Writes the commitment that the `bitcoin` crate computes, as the last output.
fn recommit(block: &mut Block) {
    let root: WitnessMerkleNode = block.witness_root().expect("has a coinbase");
    let hash: WitnessCommitment = Block::compute_witness_commitment(&root, &[9; 32]);
    let mut script = vec![0x6a, 0x24, 0xaa, 0x21, 0xa9, 0xed];
    script.extend_from_slice(hash.as_byte_array());
    block.txdata[0].output.truncate(1);
    block.txdata[0].output.push(TxOut {
        value: Amount::ZERO,
        script_pubkey: ScriptBuf::from_bytes(script),
    });
    commit(block);
}

#[test]
fn an_honest_block_is_accepted() {
    let honest = block(4);
    let verified = VerifiedBlock::parse(&serialize(&honest)).unwrap();
    assert_eq!(verified.block(), &honest);
    assert_eq!(verified.hash(), honest.block_hash());
    assert_eq!(verified.witnesses(), Witnesses::None);
    assert_eq!(verified.transactions().count(), 5);
}

#[test]
fn a_repeated_tail_is_refused() {
    // Three leaves: the last stands for its own sibling.
    let honest = block(2);
    let mut mutated = honest.clone();
    mutated.txdata.push(honest.txdata[2].clone());
    assert_eq!(mutated.compute_merkle_root(), honest.compute_merkle_root());
    assert_eq!(VerifiedBlock::check(mutated), Err(BlockError::Mutated));
    assert!(VerifiedBlock::check(honest).is_ok());
}

#[test]
fn a_repeated_tail_of_an_upper_level_is_refused() {
    // Six leaves, three nodes: the last two leaves together.
    let honest = block(5);
    let mut mutated = honest.clone();
    mutated.txdata.extend_from_slice(&honest.txdata[4..]);
    assert_eq!(mutated.compute_merkle_root(), honest.compute_merkle_root());
    assert_eq!(VerifiedBlock::check(mutated), Err(BlockError::Mutated));
    assert!(VerifiedBlock::check(honest).is_ok());
}

#[test]
fn another_transaction_is_refused() {
    let mut lie = block(4);
    lie.txdata[3].output[0].value = Amount::from_sat(1_000_000);
    let found = lie.compute_merkle_root().unwrap();
    let expected = lie.header.merkle_root;
    assert_eq!(
        VerifiedBlock::check(lie),
        Err(BlockError::Root { expected, found })
    );
}

#[test]
fn a_block_without_coinbase_is_refused() {
    let first = payment(1, &[0x51; 25]);
    let txid = first.compute_txid();
    let lie = block_of(vec![first.clone(), coinbase(0)]);
    let error = VerifiedBlock::check(lie).unwrap_err();
    assert_eq!(error, BlockError::NoCoinbase { txid });
    assert_eq!(error.code(), "bad-cb-missing");
    // With a witness a node's size is still that of the bytes that its id is the hash of.
    let mut node = sized_as_node();
    node.input[0].witness.push([7; 71]);
    let lie = block_of(vec![first, node]);
    let error = VerifiedBlock::check(lie).unwrap_err();
    assert_eq!(error, BlockError::Nodes { txid });
    assert_eq!(error.code(), "bad-cb-missing");
}

#[test]
fn a_second_coinbase_is_refused() {
    let second = coinbase(2);
    let txid = second.compute_txid();
    let lie = block_of(vec![coinbase(0), payment(1, &[0x51; 25]), second]);
    assert_eq!(
        VerifiedBlock::check(lie),
        Err(BlockError::SecondCoinbase { txid, position: 2 })
    );
}

/// The consensus allows it: who refused it would refuse the chain, and ban who shows it.
#[test]
fn a_transaction_of_the_size_of_a_node_is_allowed_in_a_whole_block() {
    let odd = sized_as_node();
    let txid = odd.compute_txid();
    let stripped = VerifiedBlock::check(block_of(vec![coinbase(0), odd.clone()])).unwrap();
    assert_eq!(stripped.txids()[1], txid);
    let mut odd = odd;
    odd.input[0].witness.push([1; 10]);
    assert!(odd.total_size() > 64);
    let mut whole = block_of(vec![coinbase(0), odd]);
    whole.txdata[0].input[0].witness.push([9; 32]);
    recommit(&mut whole);
    let whole = VerifiedBlock::check(whole).unwrap();
    assert_eq!(whole.txids()[1], txid);
    assert_eq!(whole.witnesses(), Witnesses::Verified);
}

/// The lie: the two halves of a node above the transactions, given as the only transaction. The root
/// is the header's; what comes first is no coinbase.
#[test]
fn a_node_as_the_first_transaction_is_refused() {
    let node = sized_as_node();
    let txid = node.compute_txid();
    let lie = block_of(vec![node]);
    assert_eq!(VerifiedBlock::check(lie), Err(BlockError::Nodes { txid }));
}

#[test]
fn an_empty_block_is_refused() {
    let lie = block_of(Vec::new());
    assert_eq!(
        VerifiedBlock::parse(&serialize(&lie)),
        Err(BlockError::Empty)
    );
}

#[test]
fn a_heavy_block_is_refused() {
    let mut heavy = block(1);
    let limit = heavy.weight().to_wu();
    assert!(VerifiedBlock::check_limited(heavy.clone(), limit).is_ok());
    let lower = VerifiedBlock::check_limited(heavy.clone(), limit - 1);
    assert_eq!(
        lower,
        Err(BlockError::Weight {
            limit: limit - 1,
            found: limit
        })
    );

    heavy.txdata[1].output[0].script_pubkey = ScriptBuf::from_bytes(vec![0x6a; 1_000_000]);
    commit(&mut heavy);
    let found = heavy.weight().to_wu();
    assert_eq!(
        VerifiedBlock::check(heavy),
        Err(BlockError::Weight {
            limit: MAX_WEIGHT,
            found
        })
    );
}

#[test]
fn witnesses_are_verified_where_the_block_commits_to_them() {
    let verified = VerifiedBlock::check(block_with_witness()).unwrap();
    assert_eq!(verified.witnesses(), Witnesses::Verified);
}

#[test]
fn another_witness_is_refused() {
    let mut lie = block_with_witness();
    lie.txdata[2].input[0].witness = vec![vec![8; 71]].into();
    assert_eq!(lie.compute_merkle_root(), Some(lie.header.merkle_root));
    assert!(matches!(
        VerifiedBlock::check(lie),
        Err(BlockError::WitnessCommitment { .. })
    ));
}

#[test]
fn the_last_commitment_counts() {
    let mut block = block_with_witness();
    let mut other = block.txdata[0].output[1].clone();
    let mut script = other.script_pubkey.to_bytes();
    script[20] ^= 1;
    other.script_pubkey = ScriptBuf::from_bytes(script);
    block.txdata[0].output.insert(1, other.clone());
    commit(&mut block);
    assert!(VerifiedBlock::check(block.clone()).is_ok());

    block.txdata[0].output.push(other);
    commit(&mut block);
    assert!(matches!(
        VerifiedBlock::check(block),
        Err(BlockError::WitnessCommitment { .. })
    ));
}

#[test]
fn a_witness_without_commitment_is_refused() {
    let mut lie = block(3);
    lie.txdata[2].input[0].witness.push([7; 71]);
    assert_eq!(
        VerifiedBlock::check(lie),
        Err(BlockError::UnexpectedWitness { position: 2 })
    );
}

#[test]
fn a_bad_reserved_value_is_refused() {
    for (witness, found) in [
        (vec![], vec![]),
        (vec![vec![9; 31]], vec![31]),
        (vec![vec![9; 32], vec![9; 32]], vec![32, 32]),
    ] {
        let mut lie = block_with_witness();
        lie.txdata[0].input[0].witness = witness.into();
        assert_eq!(
            VerifiedBlock::check(lie),
            Err(BlockError::ReservedValue { found })
        );
    }
}

#[test]
fn a_stripped_block_says_so() {
    let mut stripped = block_with_witness();
    for transaction in &mut stripped.txdata {
        transaction.input[0].witness.clear();
    }
    let verified = VerifiedBlock::check(stripped).unwrap();
    assert_eq!(verified.witnesses(), Witnesses::Stripped);
}

#[test]
fn bytes_after_the_end_are_refused() {
    let mut bytes = serialize(&block(2));
    let expected = bytes.len();
    bytes.push(0);
    assert_eq!(
        VerifiedBlock::parse(&bytes),
        Err(BlockError::Parse(ParseError::LeftOver {
            expected,
            found: expected + 1
        }))
    );
}

#[test]
fn a_block_cut_off_anywhere_is_refused_and_says_where() {
    let bytes = serialize(&block(2));
    for end in 0..bytes.len() {
        let error = VerifiedBlock::parse(&bytes[..end]).unwrap_err();
        let BlockError::Parse(ParseError::Malformed { what, at, .. }) = error else {
            panic!("cut at {end}: {error}");
        };
        assert!(at <= end, "{what} at {at}, cut at {end}");
    }
    let error = VerifiedBlock::parse(&bytes[..bytes.len() - 1]).unwrap_err();
    let text = error.to_string();
    assert!(
        text.starts_with("expected transaction 2 of 3 at byte "),
        "{text}"
    );
}
