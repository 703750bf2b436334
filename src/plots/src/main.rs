//! `npm run plots`: the figures and plots of docs/retarget.md, from the lab. The same sources give the
//! same bytes.
//!
//! | file | its job |
//! |---|---|
//! | `tables` | the figures |
//! | `draw` | the plots |

mod draw;
mod tables;

use farthing_core::params::NetworkParams;
use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};
use tables::Table;

/// Answers one table's questions.
type Maker = fn(&NetworkParams) -> Table;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let folder = PathBuf::from(
        arguments
            .next()
            .unwrap_or_else(|| "docs/retarget".to_owned()),
    );
    let only = arguments.next();
    fs::create_dir_all(&folder)?;
    let network = tables::network();
    let makers: [(&str, Maker); 8] = [
        ("changes", tables::changes),
        ("rates", tables::rates),
        ("stalls", tables::stalls),
        ("silence", tables::silences),
        ("liars", tables::liars),
        ("guests", tables::guests),
        ("attacks", tables::attacks),
        ("numbers", tables::others),
    ];
    let mut made = Vec::new();
    for (name, make) in makers {
        if only.as_deref().is_some_and(|only| only != name) {
            continue;
        }
        let table = make(&network);
        fs::write(folder.join(format!("{name}.csv")), table.text())?;
        println!("{name}.csv: {} rows", table.rows.len());
        made.push(table);
    }
    if only.is_none() {
        draw::all(&folder, &made)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::tables::{network, stall_row, with_and_without};
    use std::path::Path;

    fn committed(name: &str) -> String {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/retarget");
        std::fs::read_to_string(folder.join(name)).expect("npm run plots wrote it")
    }

    /// Two rows, computed anew: where the rule or the lab changed, so must the document.
    #[test]
    fn the_tables_in_the_documents_are_of_these_sources() {
        let network = network();
        let stalls = committed("stalls.csv");
        for named in with_and_without(&network) {
            let row = stall_row(&network, named, 1_000.0);
            let found = stalls.lines().any(|line| line == row);
            assert!(found, "npm run plots: {row}");
        }
    }
}
