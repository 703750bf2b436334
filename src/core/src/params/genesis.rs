//! The first header of a network: Bitcoin's from their facts, a named network's from its name.
//!
//! The name is in the coinbase, so two networks of different names have different first headers;
//! the magic is the first four bytes of the first header's hash, so their nodes do not understand
//! each other, and a signature, which covers the hash, is worth nothing on the other.

use crate::primitives::{U256, UnixTime, bits_from_target, hash_value, target_from_bits};
use bitcoin::absolute::LockTime;
use bitcoin::block::{Header, Version};
use bitcoin::hashes::Hash;
use bitcoin::opcodes::all::OP_RETURN;
use bitcoin::script::{Builder, PushBytesBuf, ScriptBuf};
use bitcoin::{
    Amount, BlockHash, CompactTarget, OutPoint, Sequence, Transaction, TxIn, TxMerkleNode, TxOut,
    Witness, transaction,
};

/// The most characters of a network's name.
pub(super) const MAX_NAME: usize = 64;

/// The first second of 2026: before any such network was made, so no first block is too early.
const NAMED_GENESIS_TIME: UnixTime = 1_767_225_600;

/// A header from its facts. The Merkle root is written as people write it: reversed.
pub(super) fn from_facts(merkle_root: &str, time: UnixTime, bits: u32, nonce: u32) -> Header {
    Header {
        version: Version::ONE,
        prev_blockhash: BlockHash::all_zeros(),
        merkle_root: merkle_root
            .parse()
            .expect("the table's Merkle roots are 64 hex digits, and a test reads each"),
        time,
        bits: CompactTarget::from_consensus(bits),
        nonce,
    }
}

/// The first header of a network that is made from its name: `farthing:NAME`, `practice:NAME`.
///
/// It carries the network's easiest target, and its nonce is the first one with which its hash is at
/// most `limit`, so everybody finds the same header. Like every first header it is valid by
/// definition: nobody checks its work again.
pub(super) fn from_name(name: &str, pow_limit: U256, limit: U256) -> Header {
    let bits = bits_from_target(pow_limit);
    let mut header = Header {
        version: Version::ONE,
        prev_blockhash: BlockHash::all_zeros(),
        merkle_root: TxMerkleNode::from_raw_hash(named_coinbase(name).compute_txid().to_raw_hash()),
        time: NAMED_GENESIS_TIME,
        bits: CompactTarget::from_consensus(bits),
        nonce: 0,
    };
    // Compact targets round down.
    let target = target_from_bits(bits_from_target(limit)).unwrap_or(limit);
    while hash_value(&header.block_hash()) > target {
        match header.nonce.checked_add(1) {
            Some(nonce) => header.nonce = nonce,
            // One in 65,536 hashes meets the hardest limit of the table: this is never reached.
            None => header.time += 1,
        }
    }
    header
}

/// The only transaction of such a network's first block. It creates nothing: its output is an
/// `OP_RETURN` of value 0.
pub(super) fn named_coinbase(name: &str) -> Transaction {
    Transaction {
        version: transaction::Version::ONE,
        lock_time: LockTime::ZERO,
        input: vec![TxIn {
            previous_output: OutPoint::null(),
            script_sig: Builder::new()
                .push_slice(push(name.as_bytes()))
                .into_script(),
            sequence: Sequence::MAX,
            witness: Witness::new(),
        }],
        output: vec![TxOut {
            value: Amount::ZERO,
            script_pubkey: ScriptBuf::builder().push_opcode(OP_RETURN).into_script(),
        }],
    }
}

fn push(bytes: &[u8]) -> PushBytesBuf {
    PushBytesBuf::try_from(bytes.to_vec())
        .expect("a name is at most 64 characters and a prefix, a push holds 2^32 bytes")
}

/// Whether a network may be called so.
pub(super) fn is_valid_name(name: &str) -> bool {
    (1..=MAX_NAME).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}
