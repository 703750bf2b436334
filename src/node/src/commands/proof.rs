//! `farthing proof check`: a partial Merkle tree, and the work of its header.

use super::{Failure, ProofArguments, Report, input};
use bitcoin::block::Header;
use farthing_core::headers::RuleError;
use farthing_core::merkle::partial::MerkleProof;
use farthing_core::params::NetworkParams;
use farthing_core::primitives::{bits_from_target, hash_value, target_from_bits};
use serde_json::{Value, json};

/// Longer than any partial tree of a block.
const MAX_BYTES: usize = 1 << 20;

pub(super) fn check(arguments: &ProofArguments) -> Result<Report, Failure> {
    let ProofArguments { network, file, .. } = arguments;
    let bytes = input::read(file, MAX_BYTES)?;
    let proof =
        MerkleProof::check(&bytes).map_err(|error| Failure::bad(format!("{file}: {error}")))?;
    let work = check_work(network, &proof.header);

    let mut report = Report::new();
    report.fact("network", "network", network.name.as_str());
    report.fact("block", "block", proof.block().to_string());
    report.field("meetsTarget", work.is_ok());
    if work.is_ok() {
        report.line("work", "the header meets its own target");
    }
    report.fact("time", "time", proof.header.time);
    // A neighbouring count often fits the same tree: it is the peer's word.
    report.fact("claimed size", "claimedTransactions", proof.transactions);
    for found in &proof.matches {
        let text = format!("{} at position {}", found.txid, found.position);
        report.line("holds", text);
    }
    let matches: Vec<Value> = proof
        .matches
        .iter()
        .map(|found| json!({ "txid": found.txid.to_string(), "position": found.position }))
        .collect();
    report.field("matches", matches);
    if let Err(error) = work {
        return Err(report.into_failure(format!("{file}: header {}: {error}", proof.block())));
    }
    if proof.matches.is_empty() {
        let message = "expected at least one proved transaction, found none";
        return Err(report.into_failure(format!("{file}: {message}")));
    }
    Ok(report)
}

/// Whether a header's hash meets the target that it names, and the network allows that target. Not
/// whether that is the target which the chain asked for: it takes the headers before it.
pub(super) fn check_work(network: &NetworkParams, header: &Header) -> Result<(), RuleError> {
    let bits = header.bits.to_consensus();
    let target = target_from_bits(bits)?;
    if target > network.pow_limit {
        return Err(RuleError::AboveLimit {
            limit: bits_from_target(network.pow_limit),
            found: bits,
        });
    }
    let found = header.block_hash();
    if hash_value(&found) > target {
        return Err(RuleError::ProofOfWork { target, found });
    }
    Ok(())
}
