//! Headers and blocks with their proof of work, on networks where every other hash will do: the
//! fuzzer could not find one by itself.

use farthing_core::bitcoin::block::{Header, Version};
use farthing_core::bitcoin::hashes::Hash;
use farthing_core::bitcoin::{BlockHash, CompactTarget, Target, TxMerkleNode};
use farthing_core::params::NetworkParams;

/// Nonces that are tried: where the target is the easiest, all of them fail once in 2^64.
const TRIES: u32 = 64;

/// The practice network: trivial proof of work, Ed25519 spends.
///
/// # Panics
/// It is no longer in the table.
#[must_use]
pub(crate) fn practice() -> NetworkParams {
    NetworkParams::by_name("practice").expect("the practice network is in the table")
}

/// A header whose nonce was not looked for.
#[must_use]
pub(crate) fn unmined(parent: BlockHash, time: u32, bits: u32, salt: u64) -> Header {
    let mut root = [0; 32];
    root[..8].copy_from_slice(&salt.to_le_bytes());
    Header {
        version: Version::from_consensus(0x2000_0000),
        prev_blockhash: parent,
        merkle_root: TxMerkleNode::from_byte_array(root),
        time,
        bits: CompactTarget::from_consensus(bits),
        nonce: 0,
    }
}

/// Looks for a nonce with which the header meets its own target; whether it was found. The target
/// is read by another implementation than the one under test.
pub(crate) fn mine(header: &mut Header) -> bool {
    let target = Target::from_compact(header.bits);
    for nonce in 0..TRIES {
        header.nonce = nonce;
        if target.is_met_by(header.block_hash()) {
            return true;
        }
    }
    false
}
