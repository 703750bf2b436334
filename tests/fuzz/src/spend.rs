//! Keys, coins and signed spends of the practice network.

use farthing_core::bitcoin::absolute::LockTime;
use farthing_core::bitcoin::hashes::Hash;
use farthing_core::bitcoin::{
    Amount, OutPoint, ScriptBuf, Sequence, Transaction, TxIn, TxOut, Txid, Witness, transaction,
};
use farthing_core::chain::Coin;
use farthing_core::consensus::{script_of_key, sighash};
use farthing_core::keys::SecretKey;
use farthing_core::params::NetworkParams;

/// Keys that sign here.
pub(crate) const KEYS: u8 = 4;

/// The key of this number.
#[must_use]
pub(crate) fn key(number: u8) -> SecretKey {
    SecretKey::from_seed(&[number % KEYS + 1; 32])
}

/// The script that pays to it.
#[must_use]
pub(crate) fn script(number: u8) -> ScriptBuf {
    script_of_key(&key(number).public())
}

/// Its address.
///
/// # Panics
/// The network has no addresses for keys.
#[must_use]
pub(crate) fn address(params: &NetworkParams, number: u8) -> String {
    let address = params.address_from_script(&script(number));
    address.expect("a network of our own has an address for each key")
}

/// An outpoint that no chain knows.
#[must_use]
pub(crate) fn outpoint(number: u8) -> OutPoint {
    OutPoint::new(Txid::from_byte_array([number; 32]), number.into())
}

/// A transaction of these coins, of which each belongs to one of the keys; signed.
#[must_use]
pub(crate) fn spend(
    params: &NetworkParams,
    coins: &[(OutPoint, Coin)],
    outputs: Vec<TxOut>,
) -> Transaction {
    let input = |(outpoint, _): &(OutPoint, Coin)| TxIn {
        previous_output: *outpoint,
        script_sig: ScriptBuf::new(),
        sequence: Sequence::MAX,
        witness: Witness::from_slice(&[[0; 64]]),
    };
    let mut transaction = Transaction {
        version: transaction::Version::TWO,
        lock_time: LockTime::ZERO,
        input: coins.iter().map(input).collect(),
        output: outputs,
    };
    sign(params, &mut transaction, coins);
    transaction
}

/// Signs every input whose coin belongs to one of the keys.
pub(crate) fn sign(
    params: &NetworkParams,
    transaction: &mut Transaction,
    coins: &[(OutPoint, Coin)],
) {
    let prevouts: Vec<_> = coins.iter().map(|(_, coin)| prevout(coin)).collect();
    for (place, (_, coin)) in coins.iter().enumerate() {
        let owner = (0..KEYS).find(|number| script(*number) == coin.script_pubkey);
        if let Some(owner) = owner
            && let Ok(message) = sighash(params, transaction, &prevouts, place)
        {
            let signature = key(owner).sign(&message);
            transaction.input[place].witness = Witness::from_slice(&[signature]);
        }
    }
}

fn prevout(coin: &Coin) -> TxOut {
    TxOut {
        value: Amount::from_sat(coin.amount),
        script_pubkey: coin.script_pubkey.clone(),
    }
}

/// An output to the key of this number.
#[must_use]
pub(crate) fn output(number: u8, units: u64) -> TxOut {
    TxOut {
        value: Amount::from_sat(units),
        script_pubkey: script(number),
    }
}
