//! A valid chain of headers of any length: on the bare practice network every other hash will do.

use bitcoin::block::{Header, Version};
use bitcoin::consensus::encode::serialize;
use bitcoin::hashes::Hash;
use bitcoin::{TxMerkleNode, block};
use farthing_core::headers::HEADER_SIZE;
use farthing_core::params::{NetworkParams, UnknownNetworkError};
use farthing_core::primitives::{U256, hash_value, target_from_bits};

/// The network of these headers.
pub const NETWORK: &str = "practice";

/// Its parameters.
///
/// # Errors
/// The table has no such network.
pub fn params() -> Result<NetworkParams, UnknownNetworkError> {
    NetworkParams::by_name(NETWORK)
}

/// So many headers of 80 bytes, the network's first among them.
#[must_use]
pub fn headers(params: &NetworkParams, count: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(count * HEADER_SIZE);
    let mut header = params.genesis;
    for height in 0..count {
        if height > 0 {
            header = next(&header, height as u64);
        }
        bytes.extend(serialize(&header));
    }
    bytes
}

/// The header after this one, with a root of its own.
fn next(parent: &Header, number: u64) -> Header {
    let mut root = [0; 32];
    root[..8].copy_from_slice(&number.to_le_bytes());
    let mut header = Header {
        version: Version::from_consensus(0x2000_0000),
        prev_blockhash: parent.block_hash(),
        merkle_root: TxMerkleNode::from_byte_array(root),
        time: parent.time + 1,
        bits: parent.bits,
        nonce: 0,
    };
    seal(&mut header);
    header
}

/// Finds a nonce with which the header meets its own target.
pub fn seal(header: &mut block::Header) {
    let target = target_from_bits(header.bits.to_consensus()).unwrap_or(U256::MAX);
    while hash_value(&header.block_hash()) > target {
        header.nonce = header.nonce.wrapping_add(1);
    }
}
