//! Tests of the closed list. Each case says what it shows and which rule refuses it; the same cases
//! are the vectors under `docs/vectors`.

mod block_cases;
mod form_cases;
mod keys;
mod lock_cases;
mod mutations;
mod rules;
mod signature_cases;
mod vectors;

use crate::consensus::{SpendContext, SpentCoin, script_of_key, sighash};
use crate::keys::SecretKey;
use crate::params::NetworkParams;
use bitcoin::absolute::LockTime;
use bitcoin::hashes::Hash;
use bitcoin::{
    Amount, Block, OutPoint, ScriptBuf, Sequence, Transaction, TxIn, TxOut, Txid, Witness,
    transaction,
};
use std::sync::LazyLock;

/// The network of the cases, which matures coinbases after 20 blocks.
const NETWORK: &str = "farthing:vectors";

static PARAMS: LazyLock<NetworkParams> = LazyLock::new(|| NetworkParams::by_name(NETWORK).unwrap());

/// All money of a network of our own.
const ALL: u64 = 2_100_000_000_000_000;
/// The median time before the coins' block, and before the spending one.
const COIN_TIME: u32 = 1_800_000_000;
const NEXT_TIME: u32 = 1_800_000_030;

/// A transaction with the coins that it spends, and what comes of it.
struct SpendCase {
    about: &'static str,
    transaction: Transaction,
    coins: Vec<SpentCoin>,
    context: SpendContext,
    /// The fee, or the rule's code.
    outcome: Result<u64, &'static str>,
}

/// A block at height 1, and what comes of it.
struct BlockCase {
    about: &'static str,
    block: Block,
    /// What its transactions leave to the miner.
    fees: u64,
    /// The rule's code.
    outcome: Result<(), &'static str>,
    /// Too large for a file that people look at.
    large: bool,
}

/// Every case of a transaction.
fn spend_cases() -> Vec<SpendCase> {
    [
        form_cases::outputs(),
        form_cases::inputs(),
        form_cases::amounts(),
        form_cases::sizes(),
        lock_cases::maturity(),
        lock_cases::lock_times(),
        lock_cases::sequence_locks(),
        signature_cases::all(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn secret(number: u8) -> SecretKey {
    SecretKey::from_seed(&[number; 32])
}

fn script(number: u8) -> ScriptBuf {
    script_of_key(&secret(number).public())
}

fn raw(hex: &str) -> ScriptBuf {
    ScriptBuf::from_hex(hex).unwrap()
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
        median_time_past: COIN_TIME,
    }
}

/// The block after the coins'.
fn next() -> SpendContext {
    SpendContext {
        height: 101,
        median_time_past: NEXT_TIME,
    }
}

/// A transaction with so many inputs; not signed.
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

/// Signs every input with key 1.
fn sign(transaction: &mut Transaction, coins: &[SpentCoin]) {
    let prevouts: Vec<_> = coins
        .iter()
        .map(|coin| output(coin.amount, coin.script_pubkey.clone()))
        .collect();
    for place in 0..transaction.input.len() {
        let message = sighash(&PARAMS, transaction, &prevouts, place).unwrap();
        let signature = secret(1).sign(&message);
        transaction.input[place].witness = Witness::from_slice(&[signature]);
    }
}

/// A case of a coin of 1,000 units, of which `outputs` are paid; `change` is done before it is signed.
fn signed(
    about: &'static str,
    outputs: Vec<TxOut>,
    outcome: Result<u64, &'static str>,
    change: impl FnOnce(&mut Transaction, &mut Vec<SpentCoin>, &mut SpendContext),
) -> SpendCase {
    let (mut transaction, mut coins) = (unsigned(1, outputs), vec![coin(1_000)]);
    let mut context = next();
    change(&mut transaction, &mut coins, &mut context);
    sign(&mut transaction, &coins);
    SpendCase {
        about,
        transaction,
        coins,
        context,
        outcome,
    }
}

/// Nothing to change.
fn as_it_is(_: &mut Transaction, _: &mut Vec<SpentCoin>, _: &mut SpendContext) {}
