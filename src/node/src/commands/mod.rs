//! The commands that work off-line and say exactly what is wrong and where.
//!
//! | module | its job |
//! |---|---|
//! | `headers` | headers in sequence against a network's rules |
//! | `proof` | a partial Merkle tree, and the work of its header |
//! | `block` | a whole block and what it holds |
//! | `transaction` | one transaction |
//! | `data` | a node's data: made, verified, rebuilt |
//! | `address` | what an address stands for, on which network |
//! | `input` | bytes from a file or from standard input, raw or in hex |
//! | `report` | what is printed, as text or as JSON, and the exit status |
//!
//! The exit status is 0 for a thing that is good, 1 for one that is bad, 2 for wrong usage, an
//! unreadable file included.

mod address;
mod block;
mod data;
mod headers;
mod input;
mod proof;
mod report;
mod transaction;

use clap::{Args, Subcommand};
use farthing_core::params::{NetworkParams, UnknownNetworkError};
use report::{Failure, Report};
use std::process::ExitCode;

/// What can be checked without a network.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check headers.
    #[command(subcommand)]
    Headers(HeadersCommand),
    /// Check proofs that a block holds transactions.
    #[command(subcommand)]
    Proof(ProofCommand),
    /// Check a block against its own header, and list its transactions.
    Block(FileArguments),
    /// Take a transaction apart.
    Tx(FileArguments),
    /// Make a network of one's own.
    Init(data::InitArguments),
    /// Read all that a node that does not run has stored, and say where its chain stands.
    Verify(data::DataArguments),
    /// Make a corrupt store anew from its blocks.
    Rebuild(data::DataArguments),
    /// Say what an address stands for, and on which networks.
    Address(address::AddressArguments),
}

/// What can be done with headers.
#[derive(Debug, Subcommand)]
pub(crate) enum HeadersCommand {
    /// Check raw 80-byte headers in sequence: links, proof of work, targets, times.
    Check(headers::HeadersArguments),
}

/// What can be done with proofs.
#[derive(Debug, Subcommand)]
pub(crate) enum ProofCommand {
    /// Check a `merkleblock` payload or an answer of `gettxoutproof`.
    Check(ProofArguments),
}

/// Arguments of every command.
#[derive(Debug, Args)]
struct OutputArguments {
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Arguments of `proof check`.
#[derive(Debug, Args)]
pub(crate) struct ProofArguments {
    /// bitcoin, testnet4, testnet3, signet, regtest, practice, practice:NAME or farthing:NAME.
    #[arg(long, value_name = "NET", value_parser = network)]
    network: NetworkParams,
    /// A file of raw bytes or of hex; - for standard input.
    file: String,
    #[command(flatten)]
    output: OutputArguments,
}

/// Arguments of the commands that look at one file.
#[derive(Debug, Args)]
pub(crate) struct FileArguments {
    /// bitcoin, testnet4, testnet3, signet, regtest, practice, practice:NAME or farthing:NAME.
    #[arg(long, value_name = "NET", value_parser = network, default_value = "bitcoin")]
    network: NetworkParams,
    /// A file of raw bytes or of hex; - for standard input.
    file: String,
    #[command(flatten)]
    output: OutputArguments,
}

impl Command {
    /// Does it, and prints what was found.
    pub(crate) fn run(self) -> ExitCode {
        match self {
            Command::Headers(HeadersCommand::Check(arguments)) => {
                report::print(arguments.output.json, headers::check(&arguments))
            }
            Command::Proof(ProofCommand::Check(arguments)) => {
                report::print(arguments.output.json, proof::check(&arguments))
            }
            Command::Block(arguments) => {
                report::print(arguments.output.json, block::inspect(&arguments))
            }
            Command::Tx(arguments) => {
                report::print(arguments.output.json, transaction::inspect(&arguments))
            }
            Command::Init(arguments) => {
                report::print(arguments.output.json, data::init(&arguments))
            }
            Command::Verify(arguments) => {
                report::print(arguments.output.json, data::verify(&arguments))
            }
            Command::Rebuild(arguments) => {
                report::print(arguments.output.json, data::rebuild(&arguments))
            }
            Command::Address(arguments) => {
                report::print(arguments.output.json, address::inspect(&arguments))
            }
        }
    }
}

fn network(name: &str) -> Result<NetworkParams, UnknownNetworkError> {
    NetworkParams::by_name(name)
}
