//! `farthing tx`: one transaction.

use super::{Failure, FileArguments, Report, input};
use bitcoin::consensus::encode::{Decodable, Error};
use bitcoin::{Amount, Script, Transaction, TxIn, TxOut};
use farthing_core::params::NetworkParams;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// As long as a transaction that fills a block.
const MAX_BYTES: usize = 4_000_000;

pub(super) fn inspect(arguments: &FileArguments) -> Result<Report, Failure> {
    let FileArguments { network, file, .. } = arguments;
    let bytes = input::read(file, MAX_BYTES)?;
    let transaction = parse(&bytes).map_err(|error| Failure::bad(format!("{file}: {error}")))?;
    let checked = check(&transaction);

    let mut report = Report::new();
    report.fact("network", "network", network.name.as_str());
    report.fact("txid", "txid", transaction.compute_txid().to_string());
    report.fact("wtxid", "wtxid", transaction.compute_wtxid().to_string());
    report.fact("version", "version", transaction.version.0);
    report.fact(
        "lock time",
        "lockTime",
        transaction.lock_time.to_consensus_u32(),
    );
    report.fact("bytes", "size", bytes.len());
    report.fact("weight", "weight", transaction.weight().to_wu());
    report.field("coinbase", transaction.is_coinbase());
    let mut inputs = Vec::new();
    for (at, input) in transaction.input.iter().enumerate() {
        let spent = if transaction.is_coinbase() {
            "nothing: a coinbase".to_owned()
        } else {
            input.previous_output.to_string()
        };
        report.line(&format!("input {at}"), format!("spends {spent}"));
        inputs.push(input_value(input));
    }
    report.field("inputs", inputs);
    for (at, output) in transaction.output.iter().enumerate() {
        let script = &output.script_pubkey;
        let to = network
            .address_from_script(script)
            .unwrap_or_else(|| format!("script {}", script.to_hex_string()));
        report.line(
            &format!("output {at}"),
            format!("{} to {to} ({})", output.value.to_sat(), kind(script)),
        );
    }
    let outputs: Vec<Value> = transaction
        .output
        .iter()
        .map(|o| output(network, o))
        .collect();
    report.field("outputs", outputs);
    match checked {
        Ok(()) => Ok(report),
        Err(error) => Err(report.into_failure(format!("{file}: {error}"))),
    }
}

/// An output for machines.
pub(super) fn output(network: &NetworkParams, output: &TxOut) -> Value {
    let script = &output.script_pubkey;
    json!({
        "value": output.value.to_sat(),
        "address": network.address_from_script(script),
        "type": kind(script),
        "script": script.to_hex_string(),
    })
}

fn input_value(input: &TxIn) -> Value {
    let witness: Vec<String> = input.witness.iter().map(hex::encode).collect();
    json!({
        "spends": input.previous_output.to_string(),
        "scriptSig": input.script_sig.to_hex_string(),
        "sequence": input.sequence.to_consensus_u32(),
        "witness": witness,
    })
}

/// What a script is called.
pub(super) fn kind(script: &Script) -> String {
    let name = match script {
        script if script.is_p2pkh() => "p2pkh",
        script if script.is_p2sh() => "p2sh",
        script if script.is_p2wpkh() => "p2wpkh",
        script if script.is_p2wsh() => "p2wsh",
        script if script.is_p2tr() => "p2tr",
        script if script.is_p2pk() => "p2pk",
        script if script.is_multisig() => "multisig",
        script if script.is_op_return() => "op_return",
        script => match script.witness_version() {
            Some(version) => {
                let bytes = script.len().saturating_sub(2);
                return format!(
                    "witness v{version}, {bytes} bytes",
                    version = version.to_num()
                );
            }
            None => "other",
        },
    };
    name.to_owned()
}

fn parse(bytes: &[u8]) -> Result<Transaction, String> {
    let mut rest = bytes;
    let parsed = Transaction::consensus_decode_from_finite_reader(&mut rest);
    let read = bytes.len() - rest.len();
    match parsed {
        Ok(transaction) if rest.is_empty() => Ok(transaction),
        Ok(_) => Err(format!(
            "expected a transaction of {read} bytes, found {}",
            bytes.len()
        )),
        Err(Error::Io(_)) => {
            let length = bytes.len();
            Err(format!(
                "expected a transaction, found the end after {length} bytes"
            ))
        }
        Err(error) => Err(format!(
            "expected a transaction, found by byte {read}: {error}"
        )),
    }
}

/// What needs no other transaction to be seen.
fn check(transaction: &Transaction) -> Result<(), String> {
    if transaction.input.is_empty() {
        return Err("expected at least one input, found none".to_owned());
    }
    if transaction.output.is_empty() {
        return Err("expected at least one output, found none".to_owned());
    }
    let limit = u128::from(Amount::MAX_MONEY.to_sat());
    let mut total = 0;
    for (at, output) in transaction.output.iter().enumerate() {
        total += u128::from(output.value.to_sat());
        if total > limit {
            return Err(format!(
                "expected outputs of at most {limit} units together, found {total} by output {at}"
            ));
        }
    }
    // CVE-2018-17144: one coin, spent twice in one transaction.
    let mut spent = BTreeSet::new();
    for (at, input) in transaction.input.iter().enumerate() {
        if !spent.insert(input.previous_output) {
            return Err(format!(
                "expected each coin once, found {} again in input {at}",
                input.previous_output
            ));
        }
    }
    Ok(())
}
