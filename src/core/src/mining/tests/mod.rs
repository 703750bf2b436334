//! Tests of templates and candidates.

mod candidates;
mod templates;

use crate::consensus::script_of_key;
use crate::keys::SecretKey;
use crate::mining::TemplateParent;
use crate::params::NetworkParams;
use crate::primitives::{bits_from_target, hash_value};
use bitcoin::absolute::LockTime;
use bitcoin::block::Header;
use bitcoin::hashes::Hash;
use bitcoin::{
    Amount, OutPoint, ScriptBuf, Sequence, Transaction, TxIn, TxOut, Txid, Witness, transaction,
};

const NOW: u32 = 1_800_000_000;

/// The network on which every other hash will do.
fn params() -> NetworkParams {
    NetworkParams::by_name("practice").unwrap()
}

fn script(number: u8) -> ScriptBuf {
    script_of_key(&SecretKey::from_seed(&[number; 32]).public())
}

fn parent(params: &NetworkParams) -> TemplateParent {
    TemplateParent {
        hash: params.genesis.block_hash(),
        height: 0,
        median_time_past: params.genesis.time,
        bits: bits_from_target(params.pow_limit),
    }
}

/// A coin that some transaction made.
fn coin(number: u8) -> OutPoint {
    OutPoint::new(Txid::from_byte_array([number; 32]), 0)
}

/// A well-formed transaction whose signatures nobody has checked; it has so many bytes of data.
fn spend(coins: &[OutPoint], data: usize) -> Transaction {
    let input = |previous_output: &OutPoint| TxIn {
        previous_output: *previous_output,
        script_sig: ScriptBuf::new(),
        sequence: Sequence::MAX,
        witness: Witness::from_slice(&[[7; 64]]),
    };
    let mut output = vec![TxOut {
        value: Amount::from_sat(1_000),
        script_pubkey: script(2),
    }];
    // An output of 200 bytes of data has 212 bytes.
    for _ in 0..data / 212 {
        let mut bytes = vec![0x6a, 0x4c, 200];
        bytes.extend_from_slice(&[9; 200]);
        output.push(TxOut {
            value: Amount::ZERO,
            script_pubkey: ScriptBuf::from_bytes(bytes),
        });
    }
    Transaction {
        version: transaction::Version::TWO,
        lock_time: LockTime::ZERO,
        input: coins.iter().map(input).collect(),
        output,
    }
}

/// Finds a nonce.
fn solve(candidate: &crate::mining::Candidate) -> Header {
    let mut header = candidate.header();
    while hash_value(&header.block_hash()) > candidate.target() {
        header.nonce += 1;
    }
    header
}
