mod vectors;

use std::path::PathBuf;

/// A file of real chain data; none where there is no data at all, which is then said.
fn real_data(name: &str) -> Option<Vec<u8>> {
    let directory = std::env::var_os("FARTHING_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    match std::fs::read(directory.join(name)) {
        Ok(bytes) => Some(bytes),
        Err(error) => {
            assert!(
                std::env::var_os("FARTHING_DATA_REQUIRED").is_none_or(|value| value != "1"),
                "{name} is required: {error}"
            );
            eprintln!("skipped: no {name} in {}", directory.display());
            None
        }
    }
}
