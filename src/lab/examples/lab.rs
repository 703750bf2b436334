//! The lab from the command line; `npm run test:lab` calls it.
//!
//! ```text
//! lab seeds SCENARIO FROM COUNT    plays so many seeds, and says each that fails
//! lab traces FOLDER                records the traces that the tests replay
//! lab speed NODES BLOCKS SPACING   how fast mining nodes are, SPACING in milliseconds
//! ```

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a command has a clock, files and a screen"
)]

use farthing_lab::scenario::{ALL, Scenario, scenario_hash};
use farthing_lab::{Lab, LabOptions, Link, trace};
use std::process::ExitCode;
use std::time::Instant;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match args[..] {
        ["seeds", name, from, count] => seeds(name, from, count),
        ["traces", folder] => traces(folder),
        ["speed", nodes, blocks, spacing] => speed(nodes, blocks, spacing),
        _ => Err(
            "expected seeds SCENARIO FROM COUNT, traces FOLDER or speed NODES BLOCKS SPACING"
                .to_owned(),
        ),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn number(text: &str) -> Result<u64, String> {
    text.parse()
        .map_err(|_| format!("expected a number, found {text:?}"))
}

fn seeds(name: &str, from: &str, count: &str) -> Result<(), String> {
    let known = || ALL.map(|scenario| scenario.name).join(", ");
    let scenario = Scenario::by_name(name)
        .ok_or_else(|| format!("expected one of {}, found {name:?}", known()))?;
    let (from, count) = (number(from)?, number(count)?);
    let began = Instant::now();
    let (mut failed, mut steps, mut blocks, mut stale, mut deepest) = (Vec::new(), 0, 0, 0, 0);
    for seed in from..from + count {
        match scenario.play(seed) {
            Ok(played) => {
                steps += played.steps;
                blocks += u64::from(played.height);
                stale += played.stale;
                deepest = deepest.max(played.deepest);
            }
            Err(error) => {
                println!("  seed {seed} fails: {error}");
                println!("  alone: npm run test:lab -- --scenario {name} --from {seed} --seeds 1");
                failed.push(seed);
            }
        }
        let done = seed - from + 1;
        if done % 10 == 0 || done == count {
            let took = began.elapsed().as_secs_f64();
            println!(
                "  {name}: {done} of {count} seeds, {} failed, {took:.0} s",
                failed.len()
            );
        }
    }
    println!(
        "  {name}: {steps} events, {blocks} blocks on the chains, {stale} stale, deepest reorganisation {deepest}"
    );
    if failed.is_empty() {
        return Ok(());
    }
    Err(format!(
        "{name}: {} of {count} seeds fail: {failed:?}",
        failed.len()
    ))
}

fn traces(folder: &str) -> Result<(), String> {
    for (name, recorded) in trace::samples().map_err(|error| error.to_string())? {
        let path = format!("{folder}/{name}.jsonl");
        let text = recorded.to_text();
        std::fs::write(&path, &text).map_err(|error| format!("{path}: {error}"))?;
        println!(
            "  {path}: {} inputs, {} bytes",
            recorded.entries.len(),
            text.len()
        );
    }
    for seed in [1, 2] {
        println!("  seed {seed} of tests/same.rs: {}", scenario_hash(seed));
    }
    Ok(())
}

fn speed(nodes: &str, blocks: &str, spacing: &str) -> Result<(), String> {
    let (nodes, blocks, spacing) = (number(nodes)? as usize, number(blocks)?, number(spacing)?);
    let mut lab = Lab::new(LabOptions::practice(1));
    lab.set_default_link(Link {
        latency_ms: 50,
        jitter_ms: 100,
        ..Link::default()
    });
    let names: Vec<_> = (0..nodes).map(|number| format!("node{number}")).collect();
    for (number, name) in names.iter().enumerate() {
        let peers = [1, 2, 5, 11].map(|way| names[(number + way) % nodes].as_str());
        let node = lab.add_node(name, &peers);
        lab.set_miner(node, 1);
    }
    lab.set_spacing_ms(spacing);
    let began = Instant::now();
    let mut steps = 0_u64;
    while lab.now_ms() < blocks * spacing && lab.step().is_some() {
        steps += 1;
        lab.drain_events();
    }
    let took = began.elapsed().as_secs_f64();
    let height = lab.members().map(|member| lab.tip(member).height).max();
    let height = height.unwrap_or(0);
    println!(
        "  {nodes} nodes, {height} blocks, {steps} events in {took:.1} s: {:.0} events and {:.1} blocks a second",
        steps as f64 / took,
        f64::from(height) / took,
    );
    Ok(())
}
