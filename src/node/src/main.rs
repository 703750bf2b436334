//! The native binary `farthing`: a full node of a network of one's own with its pages, a bridge from
//! these pages to Bitcoin's nodes, a miner, and checks without a network.
//!
//! | module | its job |
//! |---|---|
//! | [`serve`] | the node and the local web site: the default |
//! | [`driver`] | runs the node's machine: peers over TCP and WebSocket, timers |
//! | [`api`] | the node over HTTP: templates, submissions, health, figures |
//! | [`rpc`] | JSON-RPC as Bitcoin Core speaks it, for the programs that mine |
//! | [`tls`] | certificates for a site that other machines reach |
//! | [`log`] | the log: one line each, with its time |
//! | [`mine`] | searches blocks with a node's templates |
//! | [`store`] | where a node keeps its chain |
//! | [`stratum`] | programs and pages that mine, with the node's templates |
//! | [`stream`] | one connection's bytes, both ways, over TCP or a WebSocket |
//! | [`bridge`] | carries the peer-to-peer protocol between a page and a node |
//! | [`commands`] | what works off-line: headers, proofs, blocks, transactions, addresses |

mod api;
mod bridge;
mod commands;
mod driver;
mod log;
mod mine;
mod rpc;
mod serve;
mod store;
mod stratum;
mod stream;
mod tls;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// A Bitcoin light client and miner for a browser tab, and the node behind it.
///
/// Without a command it runs a node of a network of one's own and serves the pages, on this machine
/// alone.
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
#[allow(clippy::large_enum_variant, reason = "there is one of them")]
enum Command {
    #[command(flatten)]
    Offline(commands::Command),
    Mine(mine::MineOptions),
}

fn main() -> ExitCode {
    let Arguments { serve, command } = Arguments::parse();
    match command {
        Some(Command::Offline(command)) => command.run(),
        Some(Command::Mine(options)) => options.run(),
        None => serve.run(),
    }
}
