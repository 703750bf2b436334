//! Each file of a data directory, damaged in each way. The node runs as before, or it refuses and names
//! the file; it never runs with another chain, and never breaks. `farthing rebuild` mends what the
//! blocks tell, and peers tell the rest.

use crate::kill::{stand_of, submit};
use crate::made::{Stand, Story, Told};
use crate::support::{Farthing, copy, run};
use serde_json::Value;
use std::fmt::Debug;
use std::fs;
use std::path::Path;
use std::time::Instant;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Damage {
    Emptied,
    Halved,
    /// A bit of the byte at so many hundredths of the file.
    Flipped(usize),
    Deleted,
    /// A folder in its place.
    Folder,
    /// This user may not read it.
    Closed,
}

const DAMAGES: [Damage; 10] = [
    Damage::Emptied,
    Damage::Halved,
    Damage::Flipped(0),
    Damage::Flipped(13),
    Damage::Flipped(50),
    Damage::Flipped(77),
    Damage::Flipped(99),
    Damage::Deleted,
    Damage::Folder,
    Damage::Closed,
];

const FILES: [&str; 4] = ["network", "lock", "chain/store.redb", "chain/blocks.dat"];

impl Damage {
    /// False where it is none: a flip in an empty file, a closed file for who may open all.
    fn apply(self, path: &Path) -> bool {
        let mut bytes = fs::read(path).unwrap();
        match self {
            Self::Emptied => fs::write(path, []).unwrap(),
            Self::Halved => fs::write(path, &bytes[..bytes.len() / 2]).unwrap(),
            Self::Flipped(hundredths) => {
                let at = bytes.len() * hundredths / 100;
                let Some(byte) = bytes.get_mut(at) else {
                    return false;
                };
                *byte ^= 0x10;
                fs::write(path, bytes).unwrap();
            }
            Self::Deleted => fs::remove_file(path).unwrap(),
            Self::Folder => {
                fs::remove_file(path).unwrap();
                fs::create_dir(path).unwrap();
            }
            Self::Closed => {
                use std::os::unix::fs::PermissionsExt as _;
                fs::set_permissions(path, fs::Permissions::from_mode(0o000)).unwrap();
                return fs::File::open(path).is_err();
            }
        }
        true
    }
}

/// A command of a directory: its facts, or what it said.
fn attempt(command: &str, data: &Path) -> Result<Value, String> {
    let output = run(&[command, "--json", "--data", data.to_str().unwrap()]);
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    match output.status.success() {
        true => Ok(serde_json::from_str(&said).unwrap()),
        false => Err(said),
    }
}

/// It was refused as it should be: the file is named, nothing broke.
#[track_caller]
fn names(said: &str, path: &Path, what: &dyn Debug) {
    assert!(!said.contains("panicked"), "{what:?}: {said}");
    assert!(said.contains(&*path.to_string_lossy()), "{what:?}: {said}");
}

fn of(stand: Stand) -> (u64, String, String) {
    let (tip, coins) = (stand.tip.to_string(), hex::encode(stand.coins));
    (stand.height.into(), tip, coins)
}

/// Does what the sentences say until the directory can be used.
fn mend(data: &Path, path: &Path, what: &dyn Debug) {
    if attempt("rebuild", data).is_ok() {
        return;
    }
    // There is nothing in it that anything could be made from.
    if path.is_dir() {
        fs::remove_dir(path).unwrap();
    } else {
        fs::remove_file(path).unwrap();
    }
    if let Err(said) = attempt("verify", data) {
        names(&said, path, what);
        let rebuilt = attempt("rebuild", data);
        assert!(rebuilt.is_ok(), "{what:?}: {rebuilt:?}");
    }
}

/// Damages a file of a copy; whether that was a damage.
fn suffer(whole: &Path, file: &str, damage: Damage, told: &[Told]) -> bool {
    let what = (file, damage);
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    copy(whole, &data);
    let path = data.join(file);
    if !damage.apply(&path) {
        return false;
    }
    let end = told.last().unwrap().stand;
    let mut node = Farthing::new(&data, &[]);
    node.spawn();
    let started = node.try_ready();
    match &started {
        Ok(()) => assert_eq!(node.tip(), end.tip.to_string(), "{what:?}"),
        Err(said) => names(said, &path, &what),
    }
    node.kill();
    match attempt("verify", &data) {
        Ok(found) => assert_eq!(stand_of(&found), of(end), "{what:?}"),
        Err(said) => {
            names(&said, &path, &what);
            mend(&data, &path, &what);
            let found = attempt("verify", &data).unwrap_or_else(|said| panic!("{what:?}: {said}"));
            let mut stands = told.iter().map(|told| of(told.stand));
            let is_first = found["height"] == 0;
            assert!(
                is_first || stands.any(|stand| stand == stand_of(&found)),
                "{what:?}: {found}"
            );
        }
    }
    node.restart();
    assert_eq!(submit(node.site, told), told.len(), "{what:?}");
    assert_eq!(node.interrupt(), Some(0), "{what:?}: {}", node.said());
    let found = attempt("verify", &data).unwrap_or_else(|said| panic!("{what:?}: {said}"));
    assert_eq!(stand_of(&found), of(end), "{what:?}");
    true
}

#[test]
fn each_file_damaged_in_each_way_is_named_and_mended_or_does_no_harm() {
    let (since, folder) = (Instant::now(), tempfile::tempdir().unwrap());
    let whole = folder.path().join("whole");
    // Branches that win and lose, and one that breaks a rule.
    let told = Story::of(2, 12);
    let mut node = Farthing::start(&whole, &[]);
    assert_eq!(submit(node.site, &told), told.len());
    assert_eq!(node.interrupt(), Some(0));
    let (mut faults, mut none) = (0, Vec::new());
    for file in FILES {
        for damage in DAMAGES {
            match suffer(&whole, file, damage, &told) {
                true => faults += 1,
                false => none.push((file, damage)),
            }
        }
    }
    assert!(faults >= 24, "{faults}; no damage: {none:?}");
    println!(
        "faults: files damaged: {faults}, all named, mended or harmless ({:.1} s); no damage: {none:?}",
        since.elapsed().as_secs_f64()
    );
}
