//! The command line of `farthing` without a command.

use super::server::{self, ServeError};
use crate::bridge::NodeOption;
use clap::Args;
use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// How to serve the site, and which nodes its pages may reach.
#[derive(Debug, Args)]
pub(crate) struct ServeOptions {
    /// Where to serve the site.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8420")]
    pub(super) listen: SocketAddr,

    /// A node that pages may be carried to, as 127.0.0.1:8333 or regtest@127.0.0.1:9000; may be
    /// given several times. Without it: whatever node listens on this machine's well-known ports.
    #[arg(long, value_name = "[NETWORK@]HOST:PORT")]
    pub(super) bitcoin: Vec<NodeOption>,

    /// The network of nodes whose port does not tell it: bitcoin, testnet4, testnet3, signet,
    /// regtest.
    #[arg(long)]
    pub(super) network: Option<String>,

    /// A name that this machine is reached under, besides its addresses and localhost; may be given
    /// several times.
    #[arg(long, value_name = "HOST")]
    pub(super) name: Vec<String>,

    /// Serve a site from a folder, instead of the one in this binary.
    #[arg(long, value_name = "FOLDER")]
    pub(super) site: Option<PathBuf>,
}

impl ServeOptions {
    /// Serves until Ctrl-C.
    pub(crate) fn run(self) -> ExitCode {
        // RUST_LOG=debug shows more.
        let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
        tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_target(false)
            .with_ansi(std::io::stderr().is_terminal())
            .with_writer(std::io::stderr)
            .init();
        let runtime = match tokio::runtime::Runtime::new() {
            Ok(runtime) => runtime,
            Err(error) => return fail(&ServeError::Runtime(error)),
        };
        match runtime.block_on(server::serve(self)) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => fail(&error),
        }
    }
}

fn fail(error: &ServeError) -> ExitCode {
    eprintln!("farthing: {error}");
    ExitCode::FAILURE
}
