//! `kill -9` at any moment, while blocks come in as fast as they can be kept.

use crate::support::{Farthing, Running, copy, facts, until};
use std::process::Stdio;
use std::thread::sleep;
use std::time::Duration;

/// So many kills; a longer run is told how many by FARTHING_KILLS.
fn kills() -> u32 {
    let told = std::env::var("FARTHING_KILLS").ok();
    told.and_then(|told| told.parse().ok()).unwrap_or(12)
}

#[test]
fn killed_at_any_moment_it_goes_on_from_the_last_block_that_it_told() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut node = Farthing::start(&data, &[]);
    let miner = node
        .miner()
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let miner = Running(miner);
    let mut moment = 1_u64;
    for kill in 0..kills() {
        let before = node.height();
        until("a block is mined", || node.height() > before);
        // xorshift: another moment each time, the same ones in each run.
        moment ^= moment << 13;
        moment ^= moment >> 7;
        moment ^= moment << 17;
        sleep(Duration::from_micros(moment % 300_000));
        let told = node.height();
        node.kill();
        node.restart();
        let after = node.height();
        assert!(
            after >= told,
            "kill {kill}: {told} blocks were told, {after} are there"
        );
    }
    drop(miner);
    assert_eq!(node.interrupt(), Some(0), "{}", node.said());

    let (found, control) = (facts("verify", &data), folder.path().join("control"));
    assert!(
        found["height"].as_u64().unwrap() > u64::from(kills()),
        "{found}"
    );
    copy(&data, &control);
    let rebuilt = facts("rebuild", &control);
    for fact in ["network", "height", "tip", "utxoHash"] {
        assert_eq!(found[fact], rebuilt[fact], "{fact}");
    }
    assert_eq!(rebuilt["damaged"], 0);
    assert_eq!(rebuilt["invalid"], 0);
}
