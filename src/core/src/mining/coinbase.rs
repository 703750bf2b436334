//! The first transaction of a block: it pays whoever found it, and commits to the witnesses.

use crate::consensus::height_push;
use crate::merkle::block::{self, COMMITMENT_PREFIX};
use crate::primitives::BlockHeight;
use bitcoin::absolute::LockTime;
use bitcoin::hashes::Hash;
use bitcoin::{
    Amount, OutPoint, ScriptBuf, Sequence, Transaction, TxIn, TxOut, Witness, transaction,
};

/// The coinbase's one witness item (BIP141 leaves it to later rules).
const RESERVED: [u8; 32] = [0; 32];

/// A coinbase at this height: `value` units to `script`, and the commitment to the witnesses. Its
/// script is the height (BIP34) and the extra nonce, which makes one miner's block differ from
/// another's.
#[must_use]
pub fn coinbase(
    height: BlockHeight,
    script: ScriptBuf,
    value: u64,
    extra_nonce: u64,
    commitment: [u8; 32],
) -> Transaction {
    // Eight bytes always: a script of one byte (heights 1 to 16) would be too short.
    let mut script_sig = height_push(height).into_bytes();
    let extra_nonce = extra_nonce.to_le_bytes();
    script_sig.push(extra_nonce.len() as u8);
    script_sig.extend_from_slice(&extra_nonce);
    Transaction {
        version: transaction::Version::TWO,
        lock_time: LockTime::ZERO,
        input: vec![TxIn {
            previous_output: OutPoint::null(),
            script_sig: ScriptBuf::from_bytes(script_sig),
            sequence: Sequence::MAX,
            witness: Witness::from_slice(&[RESERVED]),
        }],
        output: vec![
            TxOut {
                value: Amount::from_sat(value),
                script_pubkey: script,
            },
            TxOut {
                value: Amount::ZERO,
                script_pubkey: commitment_script(commitment),
            },
        ],
    }
}

/// What the coinbase of a block with these transactions after it commits to (BIP141).
#[must_use]
pub fn witness_commitment<'a>(others: impl IntoIterator<Item = &'a Transaction>) -> [u8; 32] {
    block::witness_commitment(others, &RESERVED).to_byte_array()
}

/// The output's script that carries a commitment.
pub(super) fn commitment_script(commitment: [u8; 32]) -> ScriptBuf {
    let mut bytes = COMMITMENT_PREFIX.to_vec();
    bytes.extend_from_slice(&commitment);
    ScriptBuf::from_bytes(bytes)
}
