//! Power lost at every write of a chain's life: its first start, blocks that connect and disconnect,
//! a rebuild. What was kept is there, no part of a batch is, and the node goes on to where a control
//! is.
//!
//! `npm run test:faults` tells longer stories: FARTHING_FAULT_BLOCKS, from FARTHING_FAULT_SEED on.

use super::control::{Control, blocks, give, open, open_chain, seed, setting, stand, step};
use super::faulty::{Fault, FaultyDisk, Left};
use super::made::{NETWORK, Random};
use crate::store::directory::{read_whole, write_whole_on};
use crate::store::{DataDirectory, rebuild};
use std::cell::RefCell;
use std::path::Path;
use std::time::Instant;

/// Says how many faults there were: what a published figure is read from.
pub(super) fn tell(what: &str, faults: usize, since: Instant) {
    println!(
        "faults: {what}: {faults}, all recovered ({:.1} s)",
        since.elapsed().as_secs_f64()
    );
}

/// A whole life without a fault: the disk after it, and how many changes there were when each batch
/// was kept.
fn live(control: &Control, folder: &Path) -> (FaultyDisk, Vec<usize>) {
    let disk = FaultyDisk::new(folder);
    let kept = RefCell::new(Vec::new());
    let mut chain = open_chain(&disk, folder, |_| kept.borrow_mut().push(disk.changes())).unwrap();
    give(&mut chain, control.blocks()).unwrap();
    assert_eq!(stand(&chain), control.end());
    drop(chain);
    // Once more from what is stored.
    assert_eq!(
        control.holds(
            &open(&disk, folder).unwrap(),
            kept.borrow().len(),
            "the end"
        ),
        kept.borrow().len()
    );
    (disk, kept.into_inner())
}

#[test]
fn power_lost_at_every_write_leaves_what_was_kept_and_no_part_of_a_batch() {
    let (since, folder) = (Instant::now(), tempfile::tempdir().unwrap());
    let control = Control::new(seed(), blocks());
    let told = || control.told.iter();
    assert!(told().any(|told| told.left > 0), "blocks leave the chain");
    assert!(told().any(|told| !told.valid), "one breaks a rule");
    assert!(told().any(|told| told.block.txdata.len() > 2), "coins move");
    let (disk, kept) = live(&control, folder.path());
    let (mut random, mut faults) = (Random::new(seed()), 0);
    disk.replay(|done, disk| {
        let kept = kept.iter().filter(|changes| **changes <= done).count();
        for (number, left) in Left::EACH.into_iter().enumerate() {
            let what = format!(
                "seed {}: power lost after {done} changes, left {left:?}",
                seed()
            );
            let found = disk.after_power_loss(left, &mut random);
            // To go on to the end costs most: each time after another of them.
            if number == done % Left::EACH.len() {
                control.recovers(&found, folder.path(), kept, &what);
            } else {
                control.opens(&found, folder.path(), kept, &what);
            }
            faults += 1;
        }
    });
    assert!(faults > 500, "{faults}");
    tell("power lost at a write", faults, since);
}

#[test]
fn power_lost_again_and_again_costs_nothing_that_was_kept() {
    let (since, folder) = (Instant::now(), tempfile::tempdir().unwrap());
    let mut faults = 0;
    for seed in seed()..seed() + setting("FARTHING_FAULT_LIVES", 2) {
        let control = Control::new(seed, 2 * blocks());
        let mut random = Random::new(seed);
        let (mut disk, mut kept) = (FaultyDisk::new(folder.path()), 0);
        loop {
            let at = random.below(120) as usize;
            disk.set(Fault::PowerLoss { at });
            let mut now = kept;
            let lived = open_chain(&disk, folder.path(), |_| now += 1).and_then(|mut chain| {
                give(&mut chain, control.blocks()).map_err(|error| error.to_string())
            });
            kept = now;
            let left = Left::EACH[random.below(5) as usize];
            let what = format!(
                "seed {seed}: fault {faults}, power lost after {at} changes, left {left:?}"
            );
            disk = disk.after_power_loss(left, &mut random);
            // Another copy is opened to be looked at: opening writes.
            let found = control.recovers(&disk.well(), folder.path(), kept, &what);
            kept = found;
            faults += 1;
            if lived.is_ok() {
                break;
            }
        }
    }
    tell("power lost again and again", faults, since);
}

#[test]
fn power_lost_at_every_write_of_a_rebuild_leaves_blocks_to_rebuild_from() {
    let (since, folder) = (Instant::now(), tempfile::tempdir().unwrap());
    let control = Control::new(seed(), blocks().min(12));
    let (lived, _) = live(&control, folder.path());
    // As `farthing rebuild` does it, on a disk that remembers nothing of what was before.
    let rebuilt = |disk: &FaultyDisk, what: &str| {
        let data = DataDirectory::open_on(disk.clone(), folder.path(), Some(NETWORK));
        let data = data.unwrap_or_else(|error| panic!("{what}: {error}"));
        rebuild(&data).unwrap_or_else(|error| panic!("{what}: {error}"));
    };
    let ends_well = |disk: &FaultyDisk, what: &str| {
        let mut chain = open_chain(disk, folder.path(), |_| ())
            .unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(stand(&chain), control.end(), "{what}");
        give(&mut chain, control.blocks()).unwrap();
    };
    let all = lived.well();
    rebuilt(&all, "without a fault");
    let changes = all.changes();
    ends_well(&all, "without a fault");
    let (mut random, mut faults) = (Random::new(seed()), 0);
    // The last changes are those in which the new store takes the old one's place.
    let is_swept = |at: &usize| at.is_multiple_of(step()) || at + 16 > changes;
    for at in (0..changes).filter(is_swept) {
        for left in Left::EACH {
            let what = format!(
                "seed {}: rebuild, power lost after {at} changes, left {left:?}",
                seed()
            );
            let disk = lived.well();
            disk.set(Fault::PowerLoss { at });
            let data = DataDirectory::open_on(disk.clone(), folder.path(), Some(NETWORK));
            data.map(|data| rebuild(&data).is_ok()).ok();
            let disk = disk.after_power_loss(left, &mut random);
            // Either the old one or the new one is in its place, or it is said that none is.
            match open(&disk, folder.path()) {
                Ok(store) => drop(store),
                Err(said) => {
                    assert!(
                        said.contains("was interrupted: run `farthing rebuild"),
                        "{what}: {said}"
                    );
                    rebuilt(&disk, &what);
                }
            }
            ends_well(&disk, &what);
            faults += 1;
        }
    }
    tell("power lost in a rebuild", faults, since);
}

#[test]
fn a_small_file_is_there_whole_or_not_at_all_and_lasts_once_it_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("network");
    let disk = FaultyDisk::new(folder.path());
    write_whole_on(&disk, &path, b"before").unwrap();
    let before = disk.changes();
    write_whole_on(&disk, &path, b"and after").unwrap();
    let all = disk.changes();
    let mut random = Random::new(seed());
    disk.replay(|done, disk| {
        for left in Left::EACH {
            let disk = disk.after_power_loss(left, &mut random);
            let found = read_whole(&disk, &path).unwrap();
            let (old, new) = (Some(b"before".to_vec()), Some(b"and after".to_vec()));
            let is_right = match done {
                _ if done == all => found == new,
                _ if done < before => found.is_none() || found == old,
                _ if done == before => found == old,
                _ => found == old || found == new,
            };
            assert!(is_right, "after {done} changes, left {left:?}: {found:?}");
        }
    });
}
