//! Every whole block.

use crate::data::{at, file, folder, from_hex, header, main_500};
use farthing_core::bitcoin::BlockHash;
use farthing_core::headers::HEADER_SIZE;
use farthing_core::merkle::block::{VerifiedBlock, Witnesses};

/// mainnet's magic, before each block of the file.
const MAGIC: [u8; 4] = [0xf9, 0xbe, 0xb4, 0xd9];

pub(crate) fn first_blocks() -> String {
    let headers = file("headers/main_0_10236.bin");
    let mut rest = file("blocks/main_1_256");
    let mut transactions = 0;
    let mut height = 0;
    while !rest.is_empty() {
        height += 1;
        assert_eq!(rest[..4], MAGIC);
        let size = u32::from_le_bytes(rest[4..8].try_into().unwrap()) as usize;
        let (block, after) = rest[8..].split_at(size);
        let block = VerifiedBlock::parse(block).unwrap();
        let expected = header(at(headers, 0, height)).block_hash();
        assert_eq!(block.hash(), expected, "height {height}");
        assert_eq!(block.witnesses(), Witnesses::None);
        transactions += block.txids().len();
        rest = after;
    }
    // The file's name counts the first block, which is not in it.
    assert_eq!(height, 255);
    // The first payment is in block 170.
    assert!(transactions > 255);
    format!("blocks 1 to {height}: {transactions} transactions")
}

/// The blocks that are a file of their own.
pub(crate) fn single_blocks() -> Vec<(&'static str, Vec<u8>)> {
    let mut blocks: Vec<_> = folder("blocks")
        .filter(|(name, _)| !name.ends_with("-undo.raw") && *name != "blocks/main_1_256")
        .map(|(name, bytes)| (name, bytes.to_vec()))
        .collect();
    let name = "merkleblock/rustbitcoin_block_13b8a.hex";
    blocks.push((name, from_hex(file(name))));
    blocks
}

/// The block with this hash.
pub(crate) fn block_of(hash: BlockHash) -> VerifiedBlock {
    single_blocks()
        .iter()
        .map(|(_, bytes)| VerifiedBlock::parse(bytes).unwrap())
        .find(|block| block.hash() == hash)
        .unwrap()
}

pub(crate) fn every_block() -> String {
    let blocks = single_blocks();
    assert_eq!(blocks.len(), 7);
    let mut told = String::new();
    for (name, bytes) in &blocks {
        let block = VerifiedBlock::parse(bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        // The header meets its own target, so that its root is the one that took the work.
        let header = block.block().header;
        assert_eq!(header.validate_pow(header.target()), Ok(block.hash()));
        told += &format!(
            "{name}: {}, {} transactions\n",
            block.hash(),
            block.txids().len()
        );
    }
    let named = "000000000000000000000c835b2adcaedc20fdf6ee440009c249452c726dafae";
    let taproot = block_of(named.parse().unwrap());
    assert_eq!(taproot.witnesses(), Witnesses::Verified);
    let linked = header(at(&main_500(), 300_000, 300_025)).block_hash();
    assert_eq!(block_of(linked).hash(), linked);
    told
}

pub(crate) fn flipped() -> String {
    const FLIPS: usize = 24;
    let mut refused = 0;
    for (name, bytes) in single_blocks() {
        // Spread over the block: the count, amounts, scripts, signatures, witnesses.
        let step = (bytes.len() - HEADER_SIZE) / FLIPS;
        for flip in 0..FLIPS {
            let mut bytes = bytes.clone();
            let place = HEADER_SIZE + flip * step;
            bytes[place] ^= 1 << (flip % 8);
            assert!(
                VerifiedBlock::parse(&bytes).is_err(),
                "{name}, byte {place}"
            );
            refused += 1;
        }
    }
    format!("{refused} damaged blocks refused")
}
