mod full;
mod limits;
mod lwma;
mod presync;
mod prop;
mod retarget;
mod tree;
mod vectors;

use crate::headers::{Accepted, HeaderTree};
use crate::params::NetworkParams;
use crate::primitives::{UnixTime, bits_from_target, hash_value, target_from_bits};
use bitcoin::block::{Header, Version};
use bitcoin::hashes::Hash;
use bitcoin::{BlockHash, CompactTarget, TxMerkleNode};

fn params(name: &str) -> NetworkParams {
    NetworkParams::by_name(name).unwrap()
}

fn headers_of(bytes: &[u8]) -> Vec<Header> {
    bytes
        .chunks(80)
        .map(|chunk| bitcoin::consensus::deserialize(chunk).unwrap())
        .collect()
}

fn bytes_of(headers: &[Header]) -> Vec<u8> {
    headers
        .iter()
        .flat_map(bitcoin::consensus::serialize)
        .collect()
}

/// A header that meets its target; `salt` tells apart headers that are otherwise the same.
fn mine(parent: BlockHash, time: UnixTime, bits: u32, salt: u64) -> Header {
    let mut root = [0; 32];
    root[..8].copy_from_slice(&salt.to_le_bytes());
    let mut header = Header {
        version: Version::from_consensus(0x2000_0000),
        prev_blockhash: parent,
        merkle_root: TxMerkleNode::from_byte_array(root),
        time,
        bits: CompactTarget::from_consensus(bits),
        nonce: 0,
    };
    let target = target_from_bits(bits).unwrap();
    while hash_value(&header.block_hash()) > target {
        header.nonce += 1;
    }
    header
}

/// So many headers after `parent` at the easiest target, `spacing` seconds apart.
fn chain_of(
    params: &NetworkParams,
    parent: &Header,
    count: usize,
    spacing: u32,
    salt: u64,
) -> Vec<Header> {
    let bits = bits_from_target(params.pow_limit);
    let mut headers = Vec::with_capacity(count);
    let mut last = *parent;
    for _ in 0..count {
        last = mine(last.block_hash(), last.time + spacing, bits, salt);
        headers.push(last);
    }
    headers
}

/// Later than every header of these tests.
const LATER: UnixTime = 4_000_000_000;

/// Every one must be accepted; what became of the last.
fn accept_all(tree: &mut HeaderTree, headers: &[Header]) -> Accepted {
    let mut last = Accepted::Known;
    for header in headers {
        last = tree.accept(*header, LATER).unwrap();
    }
    last
}
