//! The driver in a real browser's worker, around a stand-in for the core.

mod driver;
mod socket;

use farthing_core::bitcoin::block::{Header, Version};
use farthing_core::bitcoin::consensus::encode::serialize;
use farthing_core::bitcoin::hashes::Hash;
use farthing_core::bitcoin::{Target, TxMerkleNode};
use farthing_core::params::NetworkParams;

/// The genesis header and `count` headers after it, with proof of work; regtest asks for little.
pub(crate) fn mine(params: &NetworkParams, count: u8) -> Vec<u8> {
    let mut chain = serialize(&params.genesis);
    chain.extend(mine_after(params.genesis, 1, count));
    chain
}

/// `count` headers after another; `seed` tells two branches apart.
pub(crate) fn mine_after(mut header: Header, seed: u8, count: u8) -> Vec<u8> {
    let mut chain = Vec::new();
    for height in 1..=count {
        header.prev_blockhash = header.block_hash();
        header.version = Version::from_consensus(0x2000_0000);
        header.merkle_root = TxMerkleNode::from_byte_array([height ^ seed; 32]);
        header.time += 600;
        header.nonce = 0;
        while header
            .validate_pow(Target::from_compact(header.bits))
            .is_err()
        {
            header.nonce += 1;
        }
        chain.extend(serialize(&header));
    }
    chain
}
