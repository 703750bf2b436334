//! Writes the seeds of every target into a folder: `seeds FOLDER`. One file a seed, named by its
//! number.

use farthing_fuzz::{TARGETS, seeds};
use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("expected a folder to write the seeds to, found none");
        return ExitCode::FAILURE;
    };
    for (target, _) in TARGETS {
        let folder = folder.join(target);
        let written = std::fs::create_dir_all(&folder).and_then(|()| {
            (0..)
                .zip(seeds(target))
                .try_for_each(|(number, bytes): (u32, _)| {
                    std::fs::write(folder.join(format!("seed-{number:02}")), bytes)
                })
        });
        if let Err(error) = written {
            eprintln!("cannot write to {}: {error}", folder.display());
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
