//! The commands that work off-line, run as a person runs them.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails where it stands"
)]

mod address;
mod block;
mod headers;
mod proof;
mod transaction;

use serde_json::Value;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// How a command ended.
struct Ended {
    status: i32,
    out: String,
    error: String,
}

impl Ended {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap()
    }

    /// The value behind a label of the text.
    fn fact(&self, label: &str) -> &str {
        let line = self.out.lines().find(|line| line.starts_with(label));
        line.unwrap_or_else(|| panic!("no {label} in {}", self.out))[label.len()..].trim()
    }
}

fn farthing(arguments: &[&str]) -> Ended {
    farthing_with_input(arguments, &[])
}

fn farthing_with_input(arguments: &[&str], input: &[u8]) -> Ended {
    let mut child = Command::new(env!("CARGO_BIN_EXE_farthing"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that takes no input may have ended before it is written.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    Ended {
        status: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        error: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The path of a file of the real data. Where the data is absent the test says that it was skipped;
/// with `FARTHING_DATA_REQUIRED=1` it fails.
fn data(file: &str) -> Option<String> {
    let directory = std::env::var_os("FARTHING_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")),
        PathBuf::from,
    );
    let path = directory.join(file);
    if path.exists() {
        return Some(path.to_str().unwrap().to_owned());
    }
    let required = std::env::var_os("FARTHING_DATA_REQUIRED").is_some_and(|v| v == "1");
    assert!(!required, "expected real chain data at {}", path.display());
    eprintln!("skipped: no real chain data at {}", path.display());
    None
}

fn read(path: &str) -> Vec<u8> {
    std::fs::read(path).unwrap()
}
