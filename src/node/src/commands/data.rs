//! `farthing init`, `farthing verify`, `farthing rebuild`: the data directory of a node that does not
//! run.

use super::{Failure, OutputArguments, Report};
use crate::serve::DataOption;
use crate::store::{DataDirectory, DirectoryError, RebuildError, rebuild as rebuild_store};
use clap::{Args, ValueEnum};
use farthing_core::chain::{Chain, Store as _};
use farthing_core::params::NetworkParams;
use std::fmt::Display;

/// Arguments of `init`.
#[derive(Debug, Args)]
pub(crate) struct InitArguments {
    /// The network's name: 1 to 64 of the characters a-z, 0-9 and -.
    #[arg(long, value_name = "NAME")]
    name: String,
    /// What kind of network it is.
    #[arg(long, value_enum, default_value = "practice")]
    kind: Kind,
    #[command(flatten)]
    data: DataOption,
    #[command(flatten)]
    pub(super) output: OutputArguments,
}

/// Kinds of networks of one's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// For lessons and tests: a block costs a tab some seconds, always, and may be spent from the next
    /// one on.
    Practice,
    /// A block every 30 seconds whatever the hash power; a coinbase matures after 20 blocks.
    Farthing,
}

/// Arguments of `verify` and `rebuild`.
#[derive(Debug, Args)]
pub(crate) struct DataArguments {
    #[command(flatten)]
    data: DataOption,
    #[command(flatten)]
    pub(super) output: OutputArguments,
}

/// Makes a network.
pub(super) fn init(arguments: &InitArguments) -> Result<Report, Failure> {
    let kind = match arguments.kind {
        Kind::Practice => "practice",
        Kind::Farthing => "farthing",
    };
    let network = format!("{kind}:{}", arguments.name);
    let data = open(&arguments.data, Some(&network))?;
    let params = data.params();
    let mut report = Report::new();
    report.fact("network", "network", params.name.clone());
    report.fact(
        "genesis",
        "genesis",
        params.genesis.block_hash().to_string(),
    );
    report.fact("magic", "magic", hex::encode(params.magic));
    report.fact("data", "data", data.folder().display().to_string());
    Ok(report)
}

/// Reads all that is stored.
pub(super) fn verify(arguments: &DataArguments) -> Result<Report, Failure> {
    let data = open_existing(&arguments.data)?;
    describe(&data)
}

/// Makes the store anew from its blocks.
pub(super) fn rebuild(arguments: &DataArguments) -> Result<Report, Failure> {
    let data = open_existing(&arguments.data)?;
    let rebuilt = rebuild_store(&data).map_err(|error| match error {
        error @ RebuildError::NoBlocks(_) => Failure::Usage(error.to_string()),
        error => bad(error),
    })?;
    let mut report = describe(&data)?;
    report.fact("blocks taken", "taken", rebuilt.blocks);
    report.fact("damaged", "damaged", rebuilt.damaged);
    report.fact("invalid", "invalid", rebuilt.invalid);
    Ok(report)
}

fn open(data: &DataOption, network: Option<&str>) -> Result<DataDirectory, Failure> {
    let folder = data.folder().map_err(usage)?;
    DataDirectory::open(&folder, network).map_err(usage)
}

/// These commands make no network.
fn open_existing(data: &DataOption) -> Result<DataDirectory, Failure> {
    let folder = data.folder().map_err(usage)?;
    let made = ["network", "chain", "chain.old"];
    if !made.iter().any(|name| folder.join(name).exists()) {
        let text = format!(
            "{} holds no network: say where it is with --data DIR",
            folder.display()
        );
        return Err(Failure::Usage(text));
    }
    DataDirectory::open(&folder, None).map_err(usage)
}

fn describe(data: &DataDirectory) -> Result<Report, Failure> {
    let store = data.open_store().map_err(bad)?;
    let NetworkParams { name, .. } = data.params();
    let chain = Chain::open(data.params().clone(), store).map_err(bad)?;
    let mut blocks = 0_u64;
    for header in chain.store().headers().map_err(bad)? {
        // Reading compares each with its checksum.
        blocks += u64::from(chain.block(&header.block_hash()).map_err(bad)?.is_some());
    }
    let tip = chain.tip();
    let mut report = Report::new();
    report.fact("network", "network", name.clone());
    report.fact("height", "height", tip.height);
    report.fact("tip", "tip", tip.hash.to_string());
    report.fact("blocks", "blocks", blocks);
    let coins = hex::encode(chain.utxo_hash().map_err(bad)?);
    report.fact("unspent coins", "utxoHash", coins);
    Ok(report)
}

fn bad(error: impl Display) -> Failure {
    Failure::bad(error.to_string())
}

fn usage(error: DirectoryError) -> Failure {
    Failure::Usage(error.to_string())
}
