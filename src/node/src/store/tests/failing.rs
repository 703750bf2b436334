//! A disk that refuses: each write, each wait for the disk and each read, once or from then on. The
//! node stops and names the file; started again it is where it was.

use super::control::{Control, blocks, open_chain, seed, step};
use super::faulty::{Fault, FaultyDisk, Left};
use super::made::{LATER, Random, Story};
use super::power::tell;
use farthing_core::bitcoin::consensus::serialize;
use farthing_core::chain::{Chain, Store};
use farthing_core::client::RequestId;
use farthing_core::node::{Input, Node, NodeOptions, Output, Request};
use farthing_core::primitives::Now;
use std::cell::Cell;
use std::path::Path;
use std::time::Instant;

/// A device that is broken, and one that is full.
const EIO: i32 = 5;
const ENOSPC: i32 = 28;

/// How a node's life on a disk went.
struct Life {
    /// How many batches were kept.
    kept: usize,
    /// With what sentence it stopped.
    said: Option<String>,
    /// How many changes and reads the disk had seen before it was closed.
    changes: usize,
    reads: usize,
}

fn live(control: &Control, disk: &FaultyDisk, folder: &Path) -> Life {
    let kept = Cell::new(0);
    let said = open_chain(disk, folder, |_| kept.set(kept.get() + 1))
        .and_then(|chain| run(chain, control).map(|node| (node, disk.changes(), disk.reads())));
    let (said, changes, reads) = match said {
        Ok((_node, changes, reads)) => (None, changes, reads),
        Err(said) => (Some(said), 0, 0),
    };
    Life {
        kept: kept.get(),
        said,
        changes,
        reads,
    }
}

/// Submits the blocks to a node, until it stops.
fn run<S: Store>(chain: Chain<S>, control: &Control) -> Result<Node<S>, String> {
    let params = Story::new(0).params;
    let mut node = Node::new(params, [7; 32], chain, NodeOptions::default());
    let submitted = (0..)
        .zip(control.blocks())
        .map(|(number, block)| Input::Request {
            id: RequestId(number),
            request: Request::SubmitBlock {
                block: serialize(block),
            },
        });
    for (monotonic_ms, input) in (0..).zip([Input::Tick].into_iter().chain(submitted)) {
        let unix_ms = u64::from(LATER) * 1000;
        node.handle(
            Now {
                unix_ms,
                monotonic_ms,
            },
            input,
        );
        while let Some(output) = node.poll_output() {
            if let Output::Halt { reason } = output {
                return Err(reason);
            }
        }
    }
    Ok(node)
}

fn control() -> Control {
    Control::new(seed(), blocks().min(24))
}

/// Lives with a fault, and looks at what is left: as it is, and after a power loss. The sentence
/// with which it stopped.
fn suffer(control: &Control, fault: Fault, folder: &Path, random: &mut Random) -> Option<String> {
    let disk = FaultyDisk::new(folder);
    disk.set(fault);
    let life = live(control, &disk, folder);
    let what = format!("{fault:?}: {:?}", life.said);
    if let Some(said) = &life.said {
        assert!(
            said.contains(&*folder.to_string_lossy()),
            "the file is named: {what}"
        );
    }
    for disk in [disk.well(), disk.after_power_loss(Left::Sectors, random)] {
        control.recovers(&disk, folder, life.kept, &what);
    }
    life.said
}

#[test]
fn a_write_or_a_wait_that_is_refused_stops_the_node_with_a_sentence_and_costs_nothing() {
    let (since, folder) = (Instant::now(), tempfile::tempdir().unwrap());
    let control = control();
    let changes = live(&control, &FaultyDisk::new(folder.path()), folder.path()).changes;
    let (mut random, mut faults) = (Random::new(1), 0);
    for at in (0..changes).step_by(step()) {
        for (errno, ever) in [(EIO, false), (EIO, true), (ENOSPC, true)] {
            let fault = Fault::Refuse { at, ever, errno };
            let said = suffer(&control, fault, folder.path(), &mut random);
            let said = said.unwrap_or_else(|| panic!("{fault:?}: expected it to stop"));
            let expected = match errno {
                ENOSPC => "no room is left on the disk of",
                _ => "cannot be used: ",
            };
            assert!(said.contains(expected), "{fault:?}: {said}");
            faults += 1;
        }
    }
    tell("refused writes and waits", faults, since);
}

#[test]
fn a_read_that_is_refused_is_told_or_not_needed() {
    let (since, folder) = (Instant::now(), tempfile::tempdir().unwrap());
    let control = control();
    let reads = live(&control, &FaultyDisk::new(folder.path()), folder.path()).reads;
    let (mut random, mut faults) = (Random::new(1), 0);
    for at in (0..reads).step_by(step()) {
        suffer(
            &control,
            Fault::RefuseRead { at },
            folder.path(),
            &mut random,
        );
        faults += 1;
    }
    tell("refused reads", faults, since);
}
