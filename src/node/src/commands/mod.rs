//! The commands that work off-line, and say exactly what is wrong and where.

use clap::Subcommand;
use std::process::ExitCode;

/// What can be checked without a network.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {}

impl Command {
    /// Does it, and prints what was found.
    pub(crate) fn run(self) -> ExitCode {
        match self {}
    }
}
