//! A disk without room.

use crate::support::{Farthing, Running, binary, facts, until};
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A disk of a few mebibytes; needs the right to mount one.
struct Disk(PathBuf);

impl Disk {
    fn mount(at: &Path) -> Option<Self> {
        std::fs::create_dir_all(at).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=3m", "tmpfs"])
            .arg(at)
            .stderr(Stdio::null())
            .status();
        mounted
            .is_ok_and(|status| status.success())
            .then(|| Self(at.to_owned()))
    }

    fn grow(&self) {
        let grown = Command::new("mount")
            .args(["-o", "remount,size=64m"])
            .arg(&self.0)
            .status();
        assert!(grown.unwrap().success());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        Command::new("umount").arg(&self.0).status().ok();
    }
}

/// Takes all of the disk's room but so many bytes.
fn fill(ballast: &Path, left: u64) {
    let mut file = File::create(ballast).unwrap();
    while file.write_all(&[1; 4096]).is_ok() {}
    let length = file.metadata().unwrap().len();
    file.set_len(length.saturating_sub(left)).unwrap();
}

#[test]
fn a_full_disk_halts_it_with_a_sentence_and_costs_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = Disk::mount(&folder.path().join("disk")) else {
        println!("skipped: this user may not mount a small disk");
        return;
    };
    let data = disk.0.join("data");
    let mut node = Farthing::new(&data, &[]);
    node.log = folder.path().join("log");
    node.restart();
    // What fills it beside the node: the last room goes within a few blocks.
    fill(&disk.0.join("ballast"), 200_000);
    let miner = node
        .miner()
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let miner = Running(miner);
    assert_eq!(node.ended(), Some(1), "{}", node.said());
    drop(miner);
    let said = node.said();
    assert!(
        said.contains("farthing: the node stopped: no room is left on the disk of"),
        "{said}"
    );
    assert!(said.contains("make room and start again"), "{said}");

    disk.grow();
    let before = facts("verify", &data);
    let height = before["height"].as_u64().unwrap();
    assert!(height > 0, "{before}");
    node.restart();
    node.mine(2);
    until("it goes on", || node.height() == height + 2);
    node.kill();
}

/// The log may lie on the disk that is full.
#[cfg(target_os = "linux")]
#[test]
fn a_log_that_cannot_be_written_ends_nothing() {
    const FULL: &str = "/dev/full";
    let folder = tempfile::tempdir().unwrap();
    let mut node = Farthing::new(&folder.path().join("data"), &[]);
    node.log = FULL.into();
    node.restart();
    node.mine(2);
    until("it has the blocks", || node.height() == 2);
    node.kill();
    let log = File::options().write(true).open(FULL).unwrap();
    let status = binary().args(["--network", "none"]).stderr(log).status();
    assert_eq!(status.unwrap().code(), Some(1), "it ends as it should");
}
