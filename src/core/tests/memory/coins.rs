//! Keys, coins and spends of a farthing network.

use bitcoin::absolute::LockTime;
use bitcoin::block::Block;
use bitcoin::{
    Amount, OutPoint, ScriptBuf, Sequence, Transaction, TxIn, TxOut, Witness, transaction,
};
use farthing_core::consensus::{script_of_key, sighash};
use farthing_core::keys::SecretKey;
use farthing_core::mining::Candidate;
use farthing_core::params::NetworkParams;

fn key() -> SecretKey {
    SecretKey::from_seed(&[1; 32])
}

/// Whoever owns every coin here.
pub(crate) fn script() -> ScriptBuf {
    script_of_key(&key().public())
}

/// Finds a nonce.
pub(crate) fn seal(candidate: &Candidate) -> Block {
    let mut header = candidate.header();
    loop {
        match candidate.block_with(header) {
            Ok(block) => return block,
            Err(_) => header.nonce += 1,
        }
    }
}

/// Spends one coin into these amounts.
pub(crate) fn spend(params: &NetworkParams, coin: (OutPoint, u64), amounts: &[u64]) -> Transaction {
    let (previous_output, value) = coin;
    let output = |units: &u64| TxOut {
        value: Amount::from_sat(*units),
        script_pubkey: script(),
    };
    let mut spend = Transaction {
        version: transaction::Version::TWO,
        lock_time: LockTime::ZERO,
        input: vec![TxIn {
            previous_output,
            script_sig: ScriptBuf::new(),
            sequence: Sequence::MAX,
            witness: Witness::from_slice(&[[0u8; 64]]),
        }],
        output: amounts.iter().map(output).collect(),
    };
    let hash = sighash(params, &spend, &[output(&value)], 0).expect("one coin");
    spend.input[0].witness = Witness::from_slice(&[key().sign(&hash)]);
    spend
}

/// A spend of a coin that nobody knows: some 17,500 units of weight, with no good signature.
pub(crate) fn orphan(number: u32) -> Transaction {
    let output = TxOut {
        value: Amount::from_sat(1_000),
        script_pubkey: script(),
    };
    Transaction {
        version: transaction::Version::TWO,
        lock_time: LockTime::ZERO,
        input: vec![TxIn {
            previous_output: OutPoint::new(super::messages::txid(number), 0),
            script_sig: ScriptBuf::new(),
            sequence: Sequence::MAX,
            witness: Witness::from_slice(&[[0u8; 64]]),
        }],
        output: vec![output; 100],
    }
}
