//! Tests of the closed list.

mod spends;

use crate::consensus::{SpendContext, SpentCoin, script_of_key, sighash};
use crate::keys::SecretKey;
use crate::params::NetworkParams;
use bitcoin::absolute::LockTime;
use bitcoin::hashes::Hash;
use bitcoin::{
    Amount, OutPoint, ScriptBuf, Sequence, Transaction, TxIn, TxOut, Txid, Witness, transaction,
};

fn params() -> NetworkParams {
    NetworkParams::by_name("farthing:test").unwrap()
}

fn secret(number: u8) -> SecretKey {
    SecretKey::from_seed(&[number; 32])
}

fn script(number: u8) -> ScriptBuf {
    script_of_key(&secret(number).public())
}

fn output(amount: u64, script_pubkey: ScriptBuf) -> TxOut {
    TxOut {
        value: Amount::from_sat(amount),
        script_pubkey,
    }
}

/// A coin of key 1, made at height 100.
fn coin(amount: u64) -> SpentCoin {
    SpentCoin {
        amount,
        script_pubkey: script(1),
        height: 100,
        coinbase: false,
        median_time_past: 1_800_000_000,
    }
}

/// The block after the coins'.
fn next() -> SpendContext {
    SpendContext {
        height: 101,
        median_time_past: 1_800_000_030,
    }
}

/// A transaction with so many inputs of key 1 that pays all of `outputs`; not signed.
fn unsigned(inputs: u8, outputs: Vec<TxOut>) -> Transaction {
    let input = |number| TxIn {
        previous_output: OutPoint::new(Txid::from_byte_array([number + 1; 32]), u32::from(number)),
        script_sig: ScriptBuf::new(),
        sequence: Sequence::MAX,
        witness: Witness::new(),
    };
    Transaction {
        version: transaction::Version::TWO,
        lock_time: LockTime::ZERO,
        input: (0..inputs).map(input).collect(),
        output: outputs,
    }
}

/// Signs every input with key 1, anew.
fn sign(params: &NetworkParams, transaction: &mut Transaction, coins: &[SpentCoin]) {
    let prevouts: Vec<_> = coins
        .iter()
        .map(|coin| output(coin.amount, coin.script_pubkey.clone()))
        .collect();
    for place in 0..transaction.input.len() {
        let message = sighash(params, transaction, &prevouts, place).unwrap();
        let signature = secret(1).sign(&message);
        transaction.input[place].witness = Witness::from_slice(&[signature]);
    }
}
