//! From a request, as a person read it, to a signed transaction: built from the request and nothing
//! else. The coins' amounts are the request's word; the signature covers them, so that a wrong one
//! is worthless to everybody.

use super::open::OpenWallet;
use super::{KeysReply, SignerError};
use crate::consensus::{Sighasher, check_transaction, script_of_key};
use crate::params::NetworkParams;
use crate::wallet::{DUST, MOST_FEE_RATE, SpendInput, SpendOutput, SpendRequest};
use bitcoin::absolute::LockTime;
use bitcoin::consensus::encode::serialize_hex;
use bitcoin::transaction::Version;
use bitcoin::{Amount, OutPoint, ScriptBuf, Sequence, Transaction, TxIn, TxOut, Txid, Witness};

/// Units for a virtual byte above which a fee is taken for a mistake: twice the most that the wallet
/// offers, since what is too little for change is left to the fee.
pub const MAX_FEE_RATE: u64 = 2 * MOST_FEE_RATE / 1000;
/// More than a block has room for.
const MAX_PARTS: usize = 5000;

pub(super) fn sign(
    params: &NetworkParams,
    wallet: &OpenWallet,
    request: &SpendRequest,
) -> Result<KeysReply, SignerError> {
    let found = request.inputs.len() + request.outputs.len();
    if found > MAX_PARTS {
        return Err(SignerError::TooMany {
            expected: MAX_PARTS,
            found,
        });
    }
    let fee = fee(params, request)?;
    let coins = coins(wallet, request)?;
    let mut transaction = Transaction {
        version: Version::TWO,
        lock_time: LockTime::from_height(request.lock_time).map_err(|_| SignerError::LockTime {
            found: request.lock_time,
        })?,
        input: inputs(request)?,
        output: outputs(params, wallet, request)?,
    };
    check_transaction(params, &transaction)?;
    let size = u64::try_from(transaction.vsize()).unwrap_or(u64::MAX);
    let limit = size.saturating_mul(MAX_FEE_RATE);
    if fee > limit {
        return Err(SignerError::HighFee { limit, found: fee });
    }

    let mut signatures = Vec::with_capacity(request.inputs.len());
    let mut hashes = Sighasher::new(params, &transaction, &coins)?;
    for (place, input) in request.inputs.iter().enumerate() {
        let hash = hashes.sighash(place)?;
        signatures.push(wallet.secret_key(input.path)?.sign(&hash));
    }
    for (input, signature) in transaction.input.iter_mut().zip(signatures) {
        input.witness = Witness::from_slice(&[signature]);
    }
    Ok(KeysReply::Signed {
        txid: transaction.compute_txid().to_string(),
        transaction: serialize_hex(&transaction),
    })
}

/// What the amounts leave to whoever mines it, where the request says the same.
fn fee(params: &NetworkParams, request: &SpendRequest) -> Result<u64, SignerError> {
    let expected = params.subsidy.max_money();
    let sum = |amounts: Vec<u64>| {
        let sum = amounts.into_iter().try_fold(0, u64::checked_add);
        sum.filter(|sum| *sum <= expected)
            .ok_or(SignerError::Amounts { expected })
    };
    let inputs = sum(request.inputs.iter().map(|input| input.amount).collect())?;
    let outputs = sum(request.outputs.iter().map(amount).collect())?;
    let computed = inputs
        .checked_sub(outputs)
        .ok_or(SignerError::Overspent { inputs, outputs })?;
    if computed == request.fee {
        Ok(computed)
    } else {
        Err(SignerError::Fee {
            computed,
            stated: request.fee,
        })
    }
}

/// The coins, with the scripts that their paths lead to: one that is not ours gets a signature that
/// no node accepts.
fn coins(wallet: &OpenWallet, request: &SpendRequest) -> Result<Vec<TxOut>, SignerError> {
    let coin = |(amount, path)| {
        Ok(TxOut {
            value: Amount::from_sat(amount),
            script_pubkey: script_of_key(&wallet.public_key(path)?),
        })
    };
    let inputs = request.inputs.iter();
    inputs.map(|i| (i.amount, i.path)).map(coin).collect()
}

/// With empty signatures, of the size of real ones.
fn inputs(request: &SpendRequest) -> Result<Vec<TxIn>, SignerError> {
    let read = |(place, input): (usize, &SpendInput)| {
        let txid: Txid = input.txid.parse().map_err(|_| SignerError::Txid {
            input: place,
            found: input.txid.chars().take(80).collect(),
        })?;
        Ok(TxIn {
            previous_output: OutPoint::new(txid, input.vout),
            script_sig: ScriptBuf::new(),
            sequence: Sequence(input.sequence),
            witness: Witness::from_slice(&[[0u8; 64]]),
        })
    };
    request.inputs.iter().enumerate().map(read).collect()
}

fn outputs(
    params: &NetworkParams,
    wallet: &OpenWallet,
    request: &SpendRequest,
) -> Result<Vec<TxOut>, SignerError> {
    let write = |(place, output): (usize, &SpendOutput)| {
        let found = amount(output);
        if found < DUST {
            return Err(SignerError::Dust {
                output: place,
                found,
            });
        }
        let script_pubkey =
            match output {
                SpendOutput::Payment { address, .. } => params
                    .script_from_address(address)
                    .map_err(|error| SignerError::Address {
                        output: place,
                        error,
                    })?,
                SpendOutput::Change { path, .. } => script_of_key(&wallet.public_key(*path)?),
            };
        Ok(TxOut {
            value: Amount::from_sat(found),
            script_pubkey,
        })
    };
    request.outputs.iter().enumerate().map(write).collect()
}

const fn amount(output: &SpendOutput) -> u64 {
    match output {
        SpendOutput::Payment { amount, .. } | SpendOutput::Change { amount, .. } => *amount,
    }
}
