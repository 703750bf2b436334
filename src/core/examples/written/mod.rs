//! Lays out the types that cross between a page and a worker as TypeScript, and writes the file or
//! compares it. Shared by the crates that have such types.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use ts_rs::{Config, TS, TypeVisitor};

/// Writes this file of `www/lib/`; with `--check` on the command line compares it instead, and fails
/// where it differs.
pub(crate) fn write_or_check(name: &str, made: &str) -> ExitCode {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../www/lib")
        .join(name);
    let said = if std::env::args().any(|argument| argument == "--check") {
        match std::fs::read_to_string(&path) {
            Ok(found) if found == made => return ExitCode::SUCCESS,
            Ok(_) => format!("www/lib/{name} differs from the Rust types: make it again"),
            Err(error) => format!("www/lib/{name} cannot be read: {error}"),
        }
    } else {
        match std::fs::write(&path, made) {
            Ok(()) => return ExitCode::SUCCESS,
            Err(error) => format!("www/lib/{name} cannot be written: {error}"),
        }
    };
    eprintln!("{said}");
    ExitCode::FAILURE
}

/// Types that were visited, and all that they name.
#[derive(Default)]
pub(crate) struct Types {
    config: Config,
    declarations: BTreeMap<String, String>,
}

impl Types {
    /// Every declaration, in alphabetical order.
    pub(crate) fn text(&self) -> String {
        let declarations = self.declarations.values();
        declarations
            .map(|declaration| format!("\n{declaration}"))
            .collect()
    }
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
