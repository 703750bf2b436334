//! The native binary `farthing`: serves the pages, carries Bitcoin's peer-to-peer protocol from a
//! page to a node, and checks headers and proofs without a network.
//!
//! | module | its job |
//! |---|---|
//! | [`serve`] | the local web site: the default |
//! | [`bridge`] | carries the peer-to-peer protocol between a page and a node |
//! | [`commands`] | what works off-line: headers, proofs, blocks, transactions, addresses |

mod bridge;
mod commands;
mod serve;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// A Bitcoin light client for a browser tab: serves its pages and carries them to a node.
///
/// Without a command it serves the pages on this machine.
#[derive(Debug, Parser)]
#[command(
    version,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true
)]
struct Arguments {
    #[command(flatten)]
    serve: serve::ServeOptions,

    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    #[command(flatten)]
    Offline(commands::Command),
}

fn main() -> ExitCode {
    let Arguments { serve, command } = Arguments::parse();
    match command {
        Some(Command::Offline(command)) => command.run(),
        None => serve.run(),
    }
}
