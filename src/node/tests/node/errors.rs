//! What can be wrong at the start: each told with a sentence that says what to do.

use crate::support::{Farthing, NETWORK, facts, free_address, run};
use std::fs;
use std::net::TcpListener;
use std::path::Path;

/// Starts it where it cannot start, and gives what it says.
fn fails(data: &Path, args: &[&str]) -> String {
    let site = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/web/site");
    let listen = free_address().to_string();
    let fixed = [
        "--data",
        data.to_str().unwrap(),
        "--site",
        site,
        "--listen",
        &listen,
    ];
    let output = run(&[&fixed[..], args].concat());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    said
}

#[test]
fn a_port_that_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let said = fails(folder.path(), &["--p2p", &address.to_string()]);
    assert!(said.contains(&format!("{address} is taken")), "{said}");
    assert!(said.contains("another port: --p2p 127.0.0.1:"), "{said}");
}

#[test]
fn a_folder_that_cannot_be_made() {
    // Root may write anywhere, but nobody has a folder below a file.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, b"").unwrap();
    let said = fails(&file.join("data"), &["--p2p", "none"]);
    assert!(said.contains("file/data cannot be used"), "{said}");
}

#[test]
fn another_networks_data() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let made = run(&["init", "--name", "harbour-wren", "--data", data]);
    assert!(made.status.success());
    let said = fails(
        folder.path(),
        &["--p2p", "none", "--network", "farthing:other"],
    );
    assert!(
        said.contains(&format!(
            "{data} holds the network practice:harbour-wren, expected farthing:other"
        )),
        "{said}"
    );
    assert!(said.contains("--data DIR"), "{said}");
    // The same by another command, and the same name is no error.
    let again = run(&["init", "--name", "harbour-wren", "--data", data]);
    assert!(again.status.success());
    let other = run(&[
        "init",
        "--name",
        "harbour-wren",
        "--kind",
        "farthing",
        "--data",
        data,
    ]);
    assert!(!other.status.success());
}

#[test]
fn another_farthing_there() {
    let folder = tempfile::tempdir().unwrap();
    let node = Farthing::start(&folder.path().join("data"), &[]);
    let said = fails(&node.data, &["--p2p", "none"]);
    assert!(
        said.contains("data is in use by another farthing"),
        "{said}"
    );
    let output = run(&["rebuild", "--data", node.data.to_str().unwrap()]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        said.contains("in use by another farthing"),
        "a store in use is not rebuilt: {said}"
    );
}

#[test]
fn a_corrupt_store_is_named_and_rebuilt_on_request() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut node = Farthing::start(&data, &[]);
    node.mine(20);
    assert_eq!(node.interrupt(), Some(0));
    let before = facts("verify", &data);
    assert_eq!(before["height"], 20);

    let store = data.join("chain/store.redb");
    let mut bytes = fs::read(&store).unwrap();
    for byte in bytes.iter_mut().skip(4096).step_by(997) {
        *byte ^= 0xff;
    }
    fs::write(&store, bytes).unwrap();
    let said = fails(&data, &["--p2p", "none"]);
    assert!(
        said.contains(&format!("{} is corrupt", store.display())),
        "{said}"
    );
    assert!(
        said.contains(&format!("farthing rebuild --data {}", data.display())),
        "{said}"
    );

    let rebuilt = facts("rebuild", &data);
    for fact in ["network", "height", "tip", "utxoHash"] {
        assert_eq!(before[fact], rebuilt[fact], "{fact}");
    }
    node.restart();
    assert_eq!(node.height(), 20);
    node.mine(1);
    assert_eq!(node.height(), 21);
}

#[test]
fn a_store_that_lost_its_database_and_a_block_keeps_what_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut node = Farthing::start(&data, &[]);
    node.mine(20);
    assert_eq!(node.interrupt(), Some(0));
    fs::remove_file(data.join("chain/store.redb")).unwrap();
    let path = data.join("chain/blocks.dat");
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&path, bytes).unwrap();
    let said = fails(&data, &["--p2p", "none"]);
    assert!(said.contains("store.redb is corrupt: it is gone"), "{said}");
    let rebuilt = facts("rebuild", &data);
    let height = rebuilt["height"].as_u64().unwrap();
    assert!(
        (8..=12).contains(&height),
        "the chain up to the damaged block: {rebuilt}"
    );
}

#[test]
fn a_rebuild_that_was_interrupted_is_told_and_finished() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut node = Farthing::start(&data, &[]);
    node.mine(5);
    assert_eq!(node.interrupt(), Some(0));
    // Between the two renames.
    fs::rename(data.join("chain"), data.join("chain.old")).unwrap();
    fs::create_dir(data.join("chain.new")).unwrap();
    let said = fails(&data, &["--p2p", "none"]);
    assert!(
        said.contains("was interrupted: run `farthing rebuild"),
        "{said}"
    );
    assert_eq!(facts("rebuild", &data)["height"], 5);
    assert!(!data.join("chain.old").exists() && !data.join("chain.new").exists());
}

#[test]
fn options_that_are_wrong() {
    let folder = tempfile::tempdir().unwrap();
    for (args, expected) in [
        (&["--network", "regtest"][..], "--bitcoin regtest@HOST:PORT"),
        (&["--network", "farthing:NAME"], "unknown network"),
    ] {
        let said = fails(folder.path(), args);
        assert!(said.contains(expected), "{said}");
    }
    for (args, expected) in [
        (&["--p2p", "here"][..], "expected ADDRESS:PORT"),
        (&["--peer", "there"], "expected HOST:PORT"),
        (&["--tls-cert", "a.pem"], "--tls-key"),
        (
            &["init", "--name", "x", "--kind", "bitcoin"],
            "possible values: practice, farthing",
        ),
    ] {
        let output = run(args);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.code() == Some(2) && said.contains(expected),
            "{said}"
        );
    }
    let none = run(&[
        "verify",
        "--data",
        folder.path().join("none").to_str().unwrap(),
    ]);
    let said = String::from_utf8_lossy(&none.stderr);
    assert!(said.contains("holds no network"), "{said}");
    assert!(
        !folder.path().join("none").exists(),
        "to look makes nothing: {NETWORK}"
    );
}
