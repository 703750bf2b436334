//! Keys, payments and proof of work.

use super::world::params;
use crate::consensus::{script_of_key, sighash};
use crate::keys::SecretKey;
use crate::mining::Candidate;
use bitcoin::absolute::LockTime;
use bitcoin::block::Block;
use bitcoin::{
    Amount, OutPoint, ScriptBuf, Sequence, Transaction, TxIn, TxOut, Witness, transaction,
};

fn key(number: u8) -> SecretKey {
    SecretKey::from_seed(&[number; 32])
}

pub(super) fn script(number: u8) -> ScriptBuf {
    script_of_key(&key(number).public())
}

/// Finds a nonce.
pub(super) fn seal(candidate: &Candidate) -> Block {
    let mut header = candidate.header();
    loop {
        match candidate.block_with(header) {
            Ok(block) => return block,
            Err(_) => header.nonce += 1,
        }
    }
}

/// Spends the first output of a transaction, which belongs to the numbered key, and pays another
/// key; the rest after the fee comes back.
pub(super) fn pay(from: &Transaction, owner: u8, to: u8, units: u64, fee: u64) -> Transaction {
    let spent = from.output[0].clone();
    let rest = spent.value.to_sat() - units - fee;
    let output = |number, units| TxOut {
        value: Amount::from_sat(units),
        script_pubkey: script(number),
    };
    let mut payment = Transaction {
        version: transaction::Version::TWO,
        lock_time: LockTime::ZERO,
        input: vec![TxIn {
            previous_output: OutPoint::new(from.compute_txid(), 0),
            script_sig: ScriptBuf::new(),
            sequence: Sequence::MAX,
            witness: Witness::new(),
        }],
        output: vec![output(to, units), output(owner, rest)],
    };
    let hash = sighash(&params(), &payment, &[spent], 0).expect("one coin");
    payment.input[0].witness = Witness::from_slice(&[key(owner).sign(&hash)]);
    payment
}
