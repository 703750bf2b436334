//! Writes `www/lib/messages.ts`: the types that cross between page and worker, as the contract in
//! `client/api.rs` has them. With `--check` it compares instead, and fails where they differ.
#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    reason = "a build tool that lives beside the types it prints; not part of the core"
)]

mod written;

use farthing_core::client::{Command, Event, Reply};
use farthing_core::signer::{KeysCommand, KeysReply};
use farthing_core::stratum::client as pool;
use std::process::ExitCode;
use ts_rs::TypeVisitor;
use written::{Types, write_or_check};

const HEAD: &str = "\
// Made from the core's types by `cargo run -p farthing-core --features typescript --example
// typescript`: do not edit. Amounts and byte counts are bigint, heights and times are number.
";

fn main() -> ExitCode {
    let mut types = Types::default();
    types.visit::<Command>();
    types.visit::<Event>();
    types.visit::<Reply>();
    types.visit::<KeysCommand>();
    types.visit::<KeysReply>();
    types.visit::<pool::Options>();
    types.visit::<pool::Input>();
    types.visit::<pool::Output>();
    types.visit::<pool::Work>();
    write_or_check("messages.ts", &format!("{HEAD}{}", types.text()))
}
