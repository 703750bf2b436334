//! The same targets without a fuzzer: what it found once is fed again.

use crate::Target;
use std::path::Path;
use std::process::ExitCode;

/// Feeds the files that are named on the command line to a target.
#[must_use]
pub fn command(name: &str, target: Target) -> ExitCode {
    let files: Vec<_> = std::env::args_os().skip(1).collect();
    if files.is_empty() {
        eprintln!("expected files to feed to {name}, found none");
        return ExitCode::FAILURE;
    }
    for file in files {
        match std::fs::read(&file) {
            Ok(bytes) => {
                eprintln!("{name}: {}", Path::new(&file).display());
                target(&bytes);
            }
            Err(error) => {
                eprintln!("cannot read {}: {error}", Path::new(&file).display());
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}

#[cfg(test)]
mod tests {
    use crate::{TARGETS, Target, seeds};
    use std::path::PathBuf;

    /// The seeds, then every file of the corpora in the order of their names; what breaks something
    /// is named.
    #[test]
    fn what_was_found_once_stays_mended() {
        for (name, target) in TARGETS {
            for (number, bytes) in (0..).zip(seeds(name)) {
                feed(name, target, &format!("seed {number}"), &bytes);
            }
            let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus")).join(name);
            let entries = std::fs::read_dir(&folder)
                .unwrap_or_else(|error| panic!("no corpus at {}: {error}", folder.display()));
            let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
            files.sort();
            assert!(!files.is_empty(), "an empty corpus at {}", folder.display());
            for file in files {
                let bytes = std::fs::read(&file).unwrap();
                feed(name, target, &file.display().to_string(), &bytes);
            }
        }
    }

    fn feed(name: &str, target: Target, what: &str, bytes: &[u8]) {
        let result = std::panic::catch_unwind(|| target(bytes));
        assert!(result.is_ok(), "{name} broke on {what}");
    }
}
