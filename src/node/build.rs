//! Puts the built site into the binary: `FARTHING_SITE` names its folder. Without it the binary
//! holds no site and is told of one with `--site`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=FARTHING_SITE");
    let mut code = String::from("&[\n");
    if let Some(site) = env::var_os("FARTHING_SITE").map(PathBuf::from) {
        println!("cargo:rerun-if-changed={}", site.display());
        add(&mut code, &site, "")?;
    }
    code.push(']');
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("OUT_DIR is not set"))?;
    fs::write(Path::new(&out).join("site.rs"), code)
}

/// Adds each file as a pair of its path on the site and its bytes.
fn add(code: &mut String, folder: &Path, prefix: &str) -> io::Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = format!("{prefix}/{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            add(code, &entry.path(), &name)?;
        } else {
            writeln!(code, "({name:?}, include_bytes!({:?})),", entry.path())
                .map_err(io::Error::other)?;
        }
    }
    Ok(())
}
