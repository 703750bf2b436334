//! Writes `www/lib/messages.ts`: the types that cross between page and worker, as the contract in
//! `client/api.rs` has them. With `--check` it compares instead, and fails where they differ.
#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    reason = "a build tool that lives beside the types it prints; not part of the core"
)]

use farthing_core::client::{Command, Event, Reply};
use farthing_core::signer::{KeysCommand, KeysReply};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use ts_rs::{Config, TS, TypeVisitor};

const HEAD: &str = "\
// Made from the core's types by `cargo run -p farthing-core --features typescript --example
// typescript`: do not edit. Amounts and byte counts are bigint, heights and times are number.
";

fn main() -> ExitCode {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../www/lib/messages.ts");
    let made = messages();
    if std::env::args().any(|argument| argument == "--check") {
        return match std::fs::read_to_string(&path) {
            Ok(found) if found == made => ExitCode::SUCCESS,
            Ok(_) => fail("www/lib/messages.ts differs from the core's types: make it again"),
            Err(error) => fail(&format!("www/lib/messages.ts cannot be read: {error}")),
        };
    }
    match std::fs::write(&path, made) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&format!("www/lib/messages.ts cannot be written: {error}")),
    }
}

fn fail(reason: &str) -> ExitCode {
    eprintln!("{reason}");
    ExitCode::FAILURE
}

/// The whole file: every type that the roots name, in alphabetical order.
fn messages() -> String {
    let mut types = Types::default();
    types.visit::<Command>();
    types.visit::<Event>();
    types.visit::<Reply>();
    types.visit::<KeysCommand>();
    types.visit::<KeysReply>();
    let mut text = HEAD.to_owned();
    for declaration in types.declarations.values() {
        text.push('\n');
        text.push_str(declaration);
    }
    text
}

#[derive(Default)]
struct Types {
    config: Config,
    declarations: BTreeMap<String, String>,
}

impl TypeVisitor for Types {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        // Only types of our own have a path; numbers, strings and lists have none.
        if T::output_path().is_some() {
            let name = T::ident(&self.config);
            if self.declarations.contains_key(&name) {
                return;
            }
            let docs = T::docs().unwrap_or_default();
            let declaration = T::decl(&self.config);
            self.declarations.insert(name, lay_out(&docs, &declaration));
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

/// One declaration as a person would lay it out: short comments on one line, members indented.
fn lay_out(docs: &str, declaration: &str) -> String {
    let text = format!("{docs}export {declaration}\n")
        .replace(", } | { ", ", }\n| { ")
        .replace(" = { \"", " =\n| { \"")
        .replace(", };\n", ",\n};\n")
        .replace("\"type\": ", "type: ")
        .replace("\"stage\": ", "stage: ");
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        // `/**`, ` * text`, ` */` become one line.
        match (lines.as_slice(), line) {
            ([.., open, words], "*/") if open == "/**" => {
                let joined = format!("/** {} */", words.trim_start_matches("* "));
                lines.truncate(lines.len() - 2);
                lines.push(joined);
            }
            _ => lines.push(line.to_owned()),
        }
    }
    let mut laid_out = String::new();
    let mut inside = false;
    for line in lines {
        if inside && !line.starts_with("};") {
            laid_out.push_str(if line.starts_with('|') { "  " } else { "    " });
        }
        laid_out.push_str(if line.starts_with('*') { " " } else { "" });
        laid_out.push_str(&line);
        laid_out.push('\n');
        inside |= line.starts_with("export ");
    }
    laid_out
}
