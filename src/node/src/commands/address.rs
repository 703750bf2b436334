//! `farthing address`: what an address stands for, on which network.

use super::transaction::kind;
use super::{Failure, OutputArguments, Report, input, network};
use bitcoin::Script;
use clap::Args;
use farthing_core::params::{AddressError, NetworkParams};

/// Longer than any address.
const MAX_BYTES: usize = 1_000;

/// Arguments of `address`.
#[derive(Debug, Args)]
pub(crate) struct AddressArguments {
    /// Only this network; without it, every network that is known.
    #[arg(long, value_name = "NET", value_parser = network)]
    network: Option<NetworkParams>,
    /// The address; - for standard input.
    address: String,
    #[command(flatten)]
    pub(super) output: OutputArguments,
}

pub(super) fn inspect(arguments: &AddressArguments) -> Result<Report, Failure> {
    let address = match arguments.address.as_str() {
        "-" => input::read_line_from_stdin(MAX_BYTES)?,
        address => address.to_owned(),
    };
    let candidates: Vec<NetworkParams> = match &arguments.network {
        Some(network) => vec![network.clone()],
        None => known_networks(&address),
    };
    let mut names = Vec::new();
    let mut found = None;
    let mut reasons = Vec::new();
    for network in &candidates {
        match network.script_from_address(&address) {
            Ok(script) => {
                names.push(network.name.as_str());
                let shown = network.address_from_script(&script);
                found = found.or(Some((script, shown)));
            }
            Err(error) => reasons.push(error),
        }
    }
    let Some((script, shown)) = found else {
        return Err(Failure::bad(why(&reasons)).with("address", address));
    };
    let mut report = Report::new();
    report.fact("address", "address", shown.unwrap_or(address));
    report.line("network", names.join(", "));
    report.field("networks", names);
    report.fact("type", "type", kind(&script));
    report.fact("script", "script", script.to_hex_string());
    if let Some(program) = program(&script) {
        report.field("program", program);
    }
    Ok(report)
}

/// The table's networks, and a farthing network: their addresses are alike whatever their names.
fn known_networks(address: &str) -> Vec<NetworkParams> {
    let mut networks: Vec<NetworkParams> = NetworkParams::names()
        .iter()
        .filter_map(|name| NetworkParams::by_name(name).ok())
        .collect();
    if address.to_ascii_lowercase().starts_with("fth1") {
        networks.extend(NetworkParams::by_name("farthing:any").ok());
    }
    networks
}

/// Of the reasons of several networks, the one that says most: what is wrong with the text itself,
/// before which network it is not of.
fn why(reasons: &[AddressError]) -> String {
    let own = reasons.iter().find(|reason| {
        !matches!(
            reason,
            AddressError::OtherNetwork { .. } | AddressError::Beginning { .. }
        )
    });
    let of_network = || {
        reasons
            .iter()
            .find(|reason| matches!(reason, AddressError::OtherNetwork { .. }))
    };
    match own.or_else(of_network).or(reasons.first()) {
        Some(reason) => reason.to_string(),
        None => "expected a known network, found none".to_owned(),
    }
}

fn program(script: &Script) -> Option<String> {
    script.witness_version()?;
    Some(hex::encode(script.as_bytes().get(2..)?))
}
