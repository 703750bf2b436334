//! `farthing block`: a whole block and what it holds.

use super::proof::check_work;
use super::{Failure, FileArguments, Report, input};
use bitcoin::{Block, Transaction, Txid};
use farthing_core::merkle::ParseError;
use farthing_core::merkle::block::{BlockError, VerifiedBlock, Witnesses};
use farthing_core::params::NetworkParams;
use serde_json::{Value, json};

/// Longer than any block.
const MAX_BYTES: usize = 8_000_000;

pub(super) fn inspect(arguments: &FileArguments) -> Result<Report, Failure> {
    let FileArguments { network, file, .. } = arguments;
    let bytes = input::read(file, MAX_BYTES)?;
    let block =
        VerifiedBlock::parse_limited(&bytes, network.max_block_weight).map_err(|error| {
            let at = match &error {
                BlockError::Parse(ParseError::Malformed { at, .. }) => Some(*at),
                BlockError::Parse(ParseError::LeftOver { expected, .. }) => Some(*expected),
                _ => None,
            };
            Failure::bad(format!("{file}: {error}")).with("byte", at)
        })?;
    let header = &block.block().header;
    let work = check_work(network, header);

    let mut report = Report::new();
    report.fact("network", "network", network.name.as_str());
    report.fact("block", "block", block.hash().to_string());
    report.fact("previous", "previous", header.prev_blockhash.to_string());
    report.fact("merkle root", "merkleRoot", header.merkle_root.to_string());
    report.fact("version", "version", header.version.to_consensus());
    report.fact("time", "time", header.time);
    let bits = header.bits.to_consensus();
    report.line("bits", format!("{bits:#010x}"));
    report.field("bits", bits);
    report.fact("nonce", "nonce", header.nonce);
    report.field("meetsTarget", work.is_ok());
    if work.is_ok() {
        report.line("work", "the header meets its own target");
    }
    report.fact("bytes", "size", bytes.len());
    report.fact("weight", "weight", block.weight());
    let (word, text) = match block.witnesses() {
        Witnesses::None => ("none", "none"),
        Witnesses::Stripped => ("stripped", "committed to, but left away here"),
        Witnesses::Verified => ("verified", "what the coinbase commits to"),
    };
    report.line("witnesses", text);
    report.field("witnesses", word);
    if let Some(height) = bip34_height(block.block()) {
        report.line("height", format!("{height}, says the coinbase (BIP34)"));
        report.field("coinbaseHeight", height);
    }
    report.fact("transactions", "transactionCount", block.txids().len());
    let mut transactions = Vec::new();
    for (position, (txid, transaction)) in block.transactions().enumerate() {
        let total: u128 = transaction
            .output
            .iter()
            .map(|o| u128::from(o.value.to_sat()))
            .sum();
        report.line(
            &position.to_string(),
            format!(
                "{txid} creates {total} in {} outputs",
                transaction.output.len()
            ),
        );
        transactions.push(summary(network, txid, transaction));
    }
    report.field("transactions", transactions);
    match work {
        Ok(()) => Ok(report),
        Err(error) => {
            let message = format!("{file}: header {}: {error}", block.hash());
            Err(report.into_failure(message))
        }
    }
}

fn summary(network: &NetworkParams, txid: Txid, transaction: &Transaction) -> Value {
    let outputs: Vec<Value> = transaction
        .output
        .iter()
        .map(|output| super::transaction::output(network, output))
        .collect();
    json!({
        "txid": txid.to_string(),
        "size": transaction.total_size(),
        "weight": transaction.weight().to_wu(),
        "outputs": outputs,
    })
}

/// The height in the coinbase of a block of version 2 or later; a claim of its miner.
fn bip34_height(block: &Block) -> Option<u64> {
    block.bip34_block_height().ok()
}
