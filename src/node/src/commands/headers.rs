//! `farthing headers check`: headers in sequence against a network's rules.

use super::{Failure, OutputArguments, Report, input, network};
use clap::Args;
use farthing_core::headers::range::{RangeError, check as check_range};
use farthing_core::params::NetworkParams;
use farthing_core::primitives::{BlockHeight, U256, UnixTime};
use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};

/// Every header of Bitcoin for some hundred years.
const MAX_BYTES: usize = 1 << 29;

const HEADER_SIZE: u64 = 80;

/// Arguments of `headers check`.
#[derive(Debug, Args)]
pub(crate) struct HeadersArguments {
    /// bitcoin, testnet4, testnet3, signet, regtest, practice, practice:NAME or farthing:NAME.
    #[arg(long, value_name = "NET", value_parser = network)]
    network: NetworkParams,
    /// The height of the first header.
    #[arg(long, value_name = "HEIGHT", default_value_t = 0)]
    from: BlockHeight,
    /// A file of raw headers or of hex; - for standard input.
    file: String,
    #[command(flatten)]
    pub(super) output: OutputArguments,
}

pub(super) fn check(arguments: &HeadersArguments) -> Result<Report, Failure> {
    let HeadersArguments {
        network,
        from,
        file,
        ..
    } = arguments;
    let bytes = input::read(file, MAX_BYTES)?;
    let range = check_range(network, *from, &bytes, now()).map_err(|error| {
        let message = match byte_of(&error, *from) {
            Some(byte) => format!("{file}: {error} (at byte {byte})"),
            None => format!("{file}: {error}"),
        };
        let failure = Failure::bad(message).with("network", network.name.as_str());
        match error {
            RangeError::Header(error) => failure
                .with("height", error.height)
                .with("hash", error.hash.to_string())
                .with("reason", error.rule.to_string()),
            RangeError::Empty => failure,
        }
    })?;

    let mut report = Report::new();
    report.fact("network", "network", network.name.as_str());
    report.fact("headers", "count", range.count);
    report.fact("first height", "firstHeight", range.first_height);
    report.fact("last height", "lastHeight", range.last_height);
    report.fact("tip", "tip", range.tip.to_string());
    report.fact("total work", "work", format!("{:064x}", range.work));
    report.line("", format!("2^{:.2} hashes expected", log2(range.work)));
    report.field("workLog2", log2(range.work));
    report.field("anchored", range.anchored);
    if !range.anchored {
        report.line(
            "not shown",
            format!(
                "that they belong to {}: they hold neither its first header nor a checkpoint",
                network.name
            ),
        );
    }
    for unchecked in &range.unchecked {
        report.line("not checked", unchecked);
    }
    let unchecked: Vec<Value> = range
        .unchecked
        .iter()
        .map(|unchecked| {
            json!({
                "what": unchecked.to_string(),
                "first": unchecked.first,
                "last": unchecked.last,
                "needs": unchecked.needs,
            })
        })
        .collect();
    report.field("unchecked", unchecked);
    Ok(report)
}

/// Where the refused header begins.
fn byte_of(error: &RangeError, from: BlockHeight) -> Option<u64> {
    let RangeError::Header(error) = error else {
        return None;
    };
    let before = error.height?.checked_sub(from)?;
    Some(u64::from(before) * HEADER_SIZE)
}

/// The clock, for headers that are ahead of it; none where it makes no sense.
fn now() -> Option<UnixTime> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    UnixTime::try_from(since.as_secs()).ok()
}

/// The logarithm to base 2, to read; 0 for no work.
fn log2(work: U256) -> f64 {
    let bits = work.bit_len();
    let shift = bits.saturating_sub(53);
    let top = (work >> shift).as_limbs()[0];
    (top.max(1) as f64).log2() + shift as f64
}

#[cfg(test)]
mod tests {
    use super::log2;
    use farthing_core::primitives::U256;

    #[test]
    fn logarithms() {
        assert_eq!(log2(U256::ZERO), 0.0);
        assert_eq!(log2(U256::from(1024)), 10.0);
        assert_eq!(log2(U256::from(1) << 200), 200.0);
        assert!((log2(U256::MAX) - 256.0).abs() < 1e-9);
    }
}
