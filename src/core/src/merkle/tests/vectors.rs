//! Every block and every partial tree of the real data.

use super::ids;
use crate::merkle::block::{BlockError, VerifiedBlock, Witnesses};
use crate::merkle::branch::MerkleBranch;
use crate::merkle::partial::MerkleProof;
use crate::merkle::proof::TransactionProof;
use crate::test_data::{read, read_hex};
use bitcoin::Block;
use bitcoin::consensus::encode::serialize;
use std::io::Read;

/// File, hash, transactions, weight, what is known of the witnesses.
const BLOCKS: [(&str, &str, usize, u64, Witnesses); 6] = [
    (
        "blocks/bcoin_block300025.raw",
        "0000000000000000821c4e0acc40f88bedbce3b73ba2358b5ade58a9022cc78c",
        461,
        1_136_924,
        Witnesses::None,
    ),
    (
        "blocks/bitcoinj_block227835.dat",
        "00000000000001aa077d7aa84c532a4d69bdbff519609d1da0835261b7a74eb6",
        122,
        215_596,
        Witnesses::None,
    ),
    (
        "blocks/bitcoinj_block481829.dat",
        "000000000000000000917cba69f69b758fe396c8e30ae97bbcf08c4eb975e726",
        2020,
        3_993_164,
        Witnesses::Verified,
    ),
    (
        "blocks/bitcoinj_block_testnet21066.dat",
        "0000000004053156021d8e42459d284220a7f6e087bf78f30179c3703ca4eefa",
        2,
        1_520,
        Witnesses::None,
    ),
    (
        "blocks/core_block413567.raw",
        "0000000000000000025aff8be8a55df8f89c77296db6198f272d6577325d4069",
        1557,
        3_999_548,
        Witnesses::None,
    ),
    (
        "blocks/rustbitcoin_main_taproot.raw",
        "000000000000000000000c835b2adcaedc20fdf6ee440009c249452c726dafae",
        2500,
        3_993_054,
        Witnesses::Verified,
    ),
];

const BLOCK_13B8A: &str = "0000000000013b8ab2cd513b0261a14096412195a72a0c4827d229dcc7e0f7af";
const BLOCK_300025: &str = "0000000000000000821c4e0acc40f88bedbce3b73ba2358b5ade58a9022cc78c";

/// The first, a middle and the last transaction, each with the coinbase's branch.
fn prove_some(block: &Block) {
    let ids = ids(block);
    let last = ids.len() - 1;
    for position in [0, last / 2, last] {
        let proof = TransactionProof {
            header: block.header,
            transaction: block.txdata[position].clone(),
            branch: MerkleBranch::of(&ids, position as u32).unwrap(),
            coinbase: block.txdata[0].clone(),
            coinbase_branch: MerkleBranch::of(&ids, 0).unwrap(),
        };
        let proved = proof.check().unwrap();
        assert_eq!(proved.txid.to_raw_hash(), ids[position]);
    }
}

#[test]
fn whole_blocks() {
    for (file, hash, transactions, weight, witnesses) in BLOCKS {
        let Some(bytes) = read(file) else { return };
        let block = VerifiedBlock::parse(&bytes).unwrap();
        assert_eq!(block.hash().to_string(), hash, "{file}");
        assert_eq!(block.txids().len(), transactions, "{file}");
        assert_eq!(block.weight(), weight, "{file}");
        assert_eq!(block.witnesses(), witnesses, "{file}");
        assert_eq!(serialize(block.block()), bytes, "{file}");
        prove_some(block.block());
    }
}

#[test]
fn the_blocks_from_1_to_255() {
    let Some(packed) = read("blocks/main_1_256.bz2") else {
        return;
    };
    let mut bytes = Vec::new();
    bzip2::read::BzDecoder::new(packed.as_slice())
        .read_to_end(&mut bytes)
        .unwrap();
    let mut rest = bytes.as_slice();
    let mut previous = None;
    let mut count = 0;
    while let Some((magic, after)) = rest.split_first_chunk::<4>() {
        assert_eq!(magic, &[0xf9, 0xbe, 0xb4, 0xd9]);
        let (length, after) = after.split_first_chunk::<4>().unwrap();
        let (block, after) = after.split_at(u32::from_le_bytes(*length) as usize);
        let block = VerifiedBlock::parse(block).unwrap();
        if let Some(previous) = previous {
            assert_eq!(block.block().header.prev_blockhash, previous);
        }
        previous = Some(block.hash());
        prove_some(block.block());
        count += 1;
        rest = after;
    }
    assert_eq!(count, 255);
}

/// Real blocks of an odd number of transactions, with the last one twice.
#[test]
fn real_blocks_mutated() {
    for (file, _, transactions, _, _) in BLOCKS {
        let Some(bytes) = read(file) else { return };
        let mut block = VerifiedBlock::parse(&bytes).unwrap().into_block();
        let last = block.txdata.last().unwrap().clone();
        block.txdata.push(last);
        match VerifiedBlock::check_limited(block, u64::MAX) {
            Err(BlockError::Mutated) => assert_eq!(transactions % 2, 1, "{file}"),
            Err(BlockError::Root { .. }) => assert_eq!(transactions % 2, 0, "{file}"),
            other => panic!("{file}: {other:?}"),
        }
    }
}

#[test]
fn a_flipped_bit_anywhere_in_a_block() {
    let Some(honest) = read("blocks/bitcoinj_block_testnet21066.dat") else {
        return;
    };
    let hash = VerifiedBlock::parse(&honest).unwrap().hash();
    for bit in 0..honest.len() * 8 {
        let mut flipped = honest.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        // Most of a header is for the header tree to judge, and there it is another header.
        if let Ok(block) = VerifiedBlock::parse(&flipped) {
            assert!(bit < 80 * 8, "bit {bit}");
            assert_ne!(block.hash(), hash, "bit {bit}");
        }
    }
}

#[test]
fn a_merkleblock_of_block_13b8a() {
    let (Some(proof), Some(block)) = (
        read_hex("merkleblock/rustbitcoin_merkle_block.hex"),
        read_hex("merkleblock/rustbitcoin_block_13b8a.hex"),
    ) else {
        return;
    };
    let block = VerifiedBlock::parse(&block).unwrap();
    let proof = MerkleProof::check(&proof).unwrap();
    assert_eq!(block.hash().to_string(), BLOCK_13B8A);
    assert_eq!(proof.block(), block.hash());
    assert_eq!(proof.transactions, 9);
    assert_eq!(proof.matches.len(), 1);
    assert_eq!(proof.matches[0].position, 3);
    assert_eq!(proof.matches[0].txid, block.txids()[3]);
}

#[test]
fn a_merkleblock_of_block_300025_and_each_of_its_bits_flipped() {
    let (Some(honest), Some(block)) = (
        read("merkleblock/bcoin_merkle300025.raw"),
        read("blocks/bcoin_block300025.raw"),
    ) else {
        return;
    };
    let block = VerifiedBlock::parse(&block).unwrap();
    let proof = MerkleProof::check(&honest).unwrap();
    assert_eq!(proof.block().to_string(), BLOCK_300025);
    assert_eq!(proof.transactions, 461);
    let positions: Vec<u32> = proof.matches.iter().map(|found| found.position).collect();
    assert_eq!(positions, [396, 397]);

    for bit in 0..honest.len() * 8 {
        let mut flipped = honest.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let Ok(proof) = MerkleProof::check(&flipped) else {
            continue;
        };
        // Another header, another choice of leaves, or another claim of how many there are, which
        // no partial tree proves; never a transaction that is not there.
        assert!(
            proof.block() != block.hash()
                || proof.matches != positions_of(&block, &positions)
                || proof.transactions != 461
        );
        for found in proof.matches {
            assert_eq!(
                found.txid,
                block.txids()[found.position as usize],
                "bit {bit}"
            );
        }
    }
}

fn positions_of(block: &VerifiedBlock, positions: &[u32]) -> Vec<crate::merkle::partial::Match> {
    positions
        .iter()
        .map(|&position| crate::merkle::partial::Match {
            position,
            txid: block.txids()[position as usize],
        })
        .collect()
}
