//! The native half of `npm run bench`: `farthing-bench WHAT ROUNDS [ARGUMENT]...` prints a line of
//! JSON for each measured thing, `{"name": .., "samples": [..]}`, a sample a round. Things that are
//! compared take turns, so that a busy moment of the machine strikes all of them.

use bitcoin::consensus::encode::serialize_hex;
use farthing_bench::payments::{Blocks, PAYMENTS_IN_BLOCK, Signatures};
use farthing_bench::{Failure, headers, practice, search};
use farthing_core::headers::HEADER_SIZE;
use farthing_core::params::NetworkParams;
use farthing_work::Kernel;
use peak_alloc::PeakAlloc;
use serde_json::json;
use std::hint::black_box;
use std::io::Write as _;
use std::process::ExitCode;
use std::time::Instant;
use std::{fs, io};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Blocks of one round.
const FULL_BLOCKS: usize = 8;
const EMPTY_BLOCKS: usize = 2_000;
const SIGNATURES: usize = 4_000;
/// Hashes of one round of the search.
const HASHES: u32 = 1 << 19;

/// A thing to measure: its name, how many units one run does, and the run.
struct Thing<'a> {
    name: &'a str,
    units: usize,
    run: Box<dyn FnMut() -> Result<f64, Failure> + 'a>,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match measure(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("farthing-bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(arguments: &[String]) -> Result<(), Failure> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["headers", rounds, network, path] => verify_headers(rounds.parse()?, network, path),
        ["make-headers", count, path] => {
            let bytes = practice::headers(&practice::params()?, count.parse()?);
            Ok(fs::write(path, bytes)?)
        }
        ["memory", path] => memory(path),
        ["blocks", rounds] => connect_blocks(rounds.parse()?),
        ["make-blocks", kind, count] => make_blocks(kind, count.parse()?),
        ["search", rounds] => search_by_each(rounds.parse()?),
        _ => Err(
            "expected headers ROUNDS NETWORK FILE, make-headers COUNT FILE, memory FILE, blocks ROUNDS, \
             make-blocks full|empty COUNT or search ROUNDS"
                .into(),
        ),
    }
}

/// Rates, in units a second: one sample a round and thing.
fn rates(rounds: usize, mut things: Vec<Thing<'_>>) -> Result<(), Failure> {
    let mut samples = vec![Vec::new(); things.len()];
    for _ in 0..rounds {
        for (thing, samples) in things.iter_mut().zip(&mut samples) {
            let seconds = (thing.run)()?;
            samples.push(thing.units as f64 / seconds);
        }
    }
    for (thing, samples) in things.iter().zip(samples) {
        tell(thing.name, &samples)?;
    }
    Ok(())
}

fn tell(name: &str, samples: &[f64]) -> io::Result<()> {
    let line = json!({ "name": name, "samples": samples });
    writeln!(io::stdout(), "{line}")
}

/// Seconds that it takes.
fn timed<T>(work: impl FnOnce() -> Result<T, Failure>) -> Result<f64, Failure> {
    let since = Instant::now();
    black_box(work()?);
    Ok(since.elapsed().as_secs_f64())
}

fn verify_headers(rounds: usize, network: &str, path: &str) -> Result<(), Failure> {
    let params = NetworkParams::by_name(network)?;
    let bytes = fs::read(path)?;
    let units = bytes.len() / HEADER_SIZE;
    rates(
        rounds,
        vec![
            Thing {
                name: "farthing",
                units,
                run: Box::new(|| timed(|| headers::verify(&params, &bytes))),
            },
            Thing {
                name: "in lanes, plain",
                units,
                run: Box::new(|| timed(|| headers::check_in_lanes(&bytes))),
            },
            Thing {
                name: "rust-bitcoin, plain",
                units,
                run: Box::new(|| timed(|| headers::check_plainly(&bytes))),
            },
        ],
    )
}

/// What the tree of all these headers holds, and the most that was held while they were read; the
/// file itself is not counted.
fn memory(path: &str) -> Result<(), Failure> {
    let bytes = fs::read(path)?;
    let params = practice::params()?;
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let tree = headers::verify(&params, &bytes)?;
    let held = MEMORY.current_usage() - before;
    let peak = MEMORY.peak_usage() - before;
    black_box(tree);
    tell("held", &[held as f64])?;
    Ok(tell("peak", &[peak as f64])?)
}

fn connect_blocks(rounds: usize) -> Result<(), Failure> {
    let full = Blocks::full(FULL_BLOCKS)?;
    let empty = Blocks::empty(EMPTY_BLOCKS)?;
    let signatures = Signatures::new(SIGNATURES);
    let connect = |blocks: &Blocks| {
        let mut chain = blocks.chain()?;
        timed(|| blocks.connect_measured(&mut chain))
    };
    rates(
        rounds,
        vec![
            Thing {
                name: "payments",
                units: FULL_BLOCKS * PAYMENTS_IN_BLOCK,
                run: Box::new(|| connect(&full)),
            },
            Thing {
                name: "empty blocks",
                units: EMPTY_BLOCKS,
                run: Box::new(|| connect(&empty)),
            },
            Thing {
                name: "ed25519-dalek, signatures alone",
                units: SIGNATURES,
                run: Box::new(|| timed(|| signatures.verify())),
            },
        ],
    )
}

/// Blocks in hex, a line each: first those to be spent from, then an empty line, then the others.
fn make_blocks(kind: &str, count: usize) -> Result<(), Failure> {
    let blocks = match kind {
        "full" => Blocks::full(count)?,
        _ => Blocks::empty(count)?,
    };
    let mut out = io::stdout().lock();
    for block in &blocks.before {
        writeln!(out, "{}", serialize_hex(block))?;
    }
    writeln!(out)?;
    for block in &blocks.measured {
        writeln!(out, "{}", serialize_hex(block))?;
    }
    Ok(())
}

/// The search for a nonce that is never found, by every kernel that runs here.
fn search_by_each(rounds: usize) -> Result<(), Failure> {
    let names: Vec<(Kernel, u32, String)> = Kernel::all()
        .flat_map(|kernel| {
            let name = kernel.name();
            [
                (kernel, 0, name.to_owned()),
                (kernel, search::ROLLING, format!("{name}, rolled versions")),
            ]
        })
        .collect();
    let mut things: Vec<Thing<'_>> = names
        .iter()
        .map(|(kernel, mask, name)| Thing {
            name,
            units: HASHES as usize,
            run: Box::new(move || timed(|| Ok(search::search(*kernel, *mask, 0, HASHES)))),
        })
        .collect();
    things.push(Thing {
        name: "sha2, naive",
        units: HASHES as usize,
        run: Box::new(|| timed(|| Ok(search::plainly(0, HASHES)))),
    });
    rates(rounds, things)
}
