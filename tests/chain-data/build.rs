//! Compiles the real chain data into the tests, since a browser's worker has no files.
//!
//! The directory is `FARTHING_DATA`, or `../shared/data` beside the repository. Where it is absent
//! the tests say that they were skipped; with `FARTHING_DATA_REQUIRED=1` the build fails.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

const FOLDERS: [&str; 5] = ["headers", "blocks", "merkleblock", "vectors", "filters"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-env-changed=FARTHING_DATA");
    println!("cargo:rerun-if-env-changed=FARTHING_DATA_REQUIRED");
    let here = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?);
    let data = here.join("../..").join(
        std::env::var_os("FARTHING_DATA").map_or_else(|| "../shared/data".into(), PathBuf::from),
    );
    println!("cargo:rerun-if-changed={}", data.display());
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let mut list = String::from("&[\n");
    if data.is_dir() {
        for folder in FOLDERS {
            add_folder(&mut list, &data, folder, &out)?;
        }
    } else if std::env::var_os("FARTHING_DATA_REQUIRED").is_some_and(|value| value == "1") {
        return Err(format!(
            "FARTHING_DATA_REQUIRED=1 asks for real chain data: expected the folders {} in {}, \
             found nothing; set FARTHING_DATA",
            FOLDERS.join(", "),
            data.display()
        )
        .into());
    } else {
        println!(
            "cargo:warning=no real chain data in {}: its tests are skipped",
            data.display()
        );
    }
    list.push(']');
    fs::write(out.join("files.rs"), list)?;
    Ok(())
}

/// Adds every file of a folder; what is packed is unpacked here.
fn add_folder(
    list: &mut String,
    data: &Path,
    folder: &str,
    out: &Path,
) -> Result<(), Box<dyn Error>> {
    let mut paths = fs::read_dir(data.join(folder))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()?;
    paths.sort();
    for path in paths {
        println!("cargo:rerun-if-changed={}", path.display());
        let file = path.file_name().and_then(|name| name.to_str());
        let file = file.ok_or("a file's name is no text")?;
        let mut name = format!("{folder}/{file}");
        let mut bytes = path.canonicalize()?;
        if let Some(unpacked) = name.strip_suffix(".bz2") {
            name = unpacked.to_owned();
            let mut content = Vec::new();
            bzip2::read::BzDecoder::new(fs::File::open(&path)?).read_to_end(&mut content)?;
            bytes = out.join(name.replace('/', "-"));
            fs::write(&bytes, content)?;
        }
        writeln!(list, "({name:?}, include_bytes!({bytes:?})),")?;
    }
    Ok(())
}
