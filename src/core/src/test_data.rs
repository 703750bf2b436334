//! Real chain data for tests: the directory `FARTHING_DATA`, or `../shared/data` beside the
//! repository. Where it is absent a test says that it was skipped; with `FARTHING_DATA_REQUIRED=1`
//! it fails.
#![allow(clippy::disallowed_methods, reason = "tests read files")]
#![allow(clippy::disallowed_macros, reason = "tests say what they skip")]
#![allow(clippy::panic, reason = "absence must fail where it is said to")]

use std::path::PathBuf;

/// A file of the data, such as `blocks/core_block413567.raw`.
pub(crate) fn read(file: &str) -> Option<Vec<u8>> {
    let path = directory().join(file);
    match std::fs::read(&path) {
        Ok(bytes) => Some(bytes),
        Err(error) if std::env::var_os("FARTHING_DATA_REQUIRED").is_some_and(|v| v == "1") => {
            panic!(
                "expected real chain data at {}, found: {error}",
                path.display()
            )
        }
        Err(error) => {
            eprintln!("skipped: no real chain data at {}: {error}", path.display());
            None
        }
    }
}

/// A file of hex, as bytes.
pub(crate) fn read_hex(file: &str) -> Option<Vec<u8>> {
    let text = read(file)?;
    Some(hex::decode(text.trim_ascii()).expect("the file holds hex"))
}

fn directory() -> PathBuf {
    std::env::var_os("FARTHING_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")),
        PathBuf::from,
    )
}
