//! Every partial Merkle tree, compared with the whole block that it is of.

use crate::blocks::block_of;
use crate::data::{file, from_hex};
use farthing_core::headers::HEADER_SIZE;
use farthing_core::merkle::block::VerifiedBlock;
use farthing_core::merkle::partial::MerkleProof;

fn merkleblocks() -> [(&'static str, Vec<u8>); 2] {
    let hex = "merkleblock/rustbitcoin_merkle_block.hex";
    let raw = "merkleblock/bcoin_merkle300025.raw";
    [(hex, from_hex(file(hex))), (raw, file(raw).to_vec())]
}

/// Every transaction that is proved is in the block, where the proof says.
fn is_of(proof: &MerkleProof, block: &VerifiedBlock) -> bool {
    proof
        .matches
        .iter()
        .all(|found| block.txids().get(found.position as usize) == Some(&found.txid))
}

pub(crate) fn every_merkleblock() -> String {
    let mut told = String::new();
    for (name, bytes) in merkleblocks() {
        let proof = MerkleProof::check(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        let block = block_of(proof.block());
        assert_eq!(proof.transactions as usize, block.txids().len());
        assert!(!proof.matches.is_empty());
        assert!(is_of(&proof, &block), "{name}");
        told += &format!(
            "{name}: {} of {} transactions\n",
            proof.matches.len(),
            proof.transactions
        );
    }
    told
}

/// A damaged tree is refused, or at most shows other transactions that truly are in the block.
pub(crate) fn flipped() -> String {
    let (mut refused, mut harmless) = (0, 0);
    for (name, bytes) in merkleblocks() {
        let block = block_of(MerkleProof::check(&bytes).unwrap().block());
        for bit in HEADER_SIZE * 8..bytes.len() * 8 {
            let mut damaged = bytes.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            match MerkleProof::check(&damaged) {
                Err(_) => refused += 1,
                Ok(proof) => {
                    assert_eq!(proof.block(), block.hash());
                    assert!(is_of(&proof, &block), "{name}, bit {bit}");
                    harmless += 1;
                }
            }
        }
    }
    // Among them every bit of every hash.
    assert!(refused > 20 * harmless, "refused {refused}, not {harmless}");
    format!("{refused} damaged trees refused, {harmless} prove other transactions of the block")
}
