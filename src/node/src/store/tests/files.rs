//! On a real disk: what is kept, what is refused, each damage named.

use crate::store::blocks::{BlockFile, FoundBlocks, Place};
use crate::store::disk::RealDisk;
use crate::store::{DataDirectory, DirectoryError, DiskError, DiskStore};
use farthing_core::bitcoin::block::{Header, Version};
use farthing_core::bitcoin::hashes::Hash as _;
use farthing_core::bitcoin::{BlockHash, CompactTarget, OutPoint, ScriptBuf, TxMerkleNode, Txid};
use farthing_core::chain::{Batch, Coin, Store as _, StoredFilter};
use farthing_core::params::NetworkParams;
use std::fs;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use tempfile::TempDir;

fn params() -> NetworkParams {
    NetworkParams::by_name("practice:test").unwrap()
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn hash(number: u8) -> BlockHash {
    BlockHash::from_byte_array([number; 32])
}

fn outpoint(number: u8, vout: u32) -> OutPoint {
    OutPoint {
        txid: Txid::from_byte_array([number; 32]),
        vout,
    }
}

fn coin(amount: u64, height: u32, coinbase: bool) -> Coin {
    Coin {
        amount,
        script_pubkey: ScriptBuf::from_bytes(vec![0x60; 34]),
        height,
        coinbase,
        median_time_past: 77,
    }
}

fn header(nonce: u32) -> Header {
    Header {
        version: Version::ONE,
        prev_blockhash: BlockHash::all_zeros(),
        merkle_root: TxMerkleNode::all_zeros(),
        time: 0,
        bits: CompactTarget::from_consensus(0x207f_ffff),
        nonce,
    }
}

/// Every kind of thing that is kept.
fn batch(number: u8) -> Batch {
    let filter = StoredFilter {
        filter: vec![number; 7],
        header: [number; 32],
    };
    Batch {
        headers: vec![
            header(u32::from(number) * 2),
            header(u32::from(number) * 2 + 1),
        ],
        blocks: vec![(hash(number), vec![number; 1000])],
        invalid: vec![hash(number + 100)],
        undo: vec![(hash(number), vec![number; 3])],
        filters: vec![(hash(number), filter)],
        coins_added: vec![(outpoint(number, 0), coin(5, u32::from(number), true))],
        coins_removed: Vec::new(),
        tip: Some(hash(number)),
    }
}

fn open(folder: &Path, params: &NetworkParams) -> Result<DiskStore, DiskError> {
    DiskStore::open(&RealDisk, folder, params)
}

fn said(error: impl ToString) -> String {
    error.to_string()
}

#[test]
fn keeps_what_was_committed() {
    let folder = folder();
    for number in 1..4 {
        // Opened anew each time: everything is read from the disk.
        let mut store = open(folder.path(), &params()).unwrap();
        assert_eq!(store.has_block(&hash(number)), Ok(false));
        store.commit(batch(number)).unwrap();
        assert_eq!(store.tip(), Ok(Some(hash(number))));
    }
    let store = open(folder.path(), &params()).unwrap();
    assert_eq!(store.headers(), Ok((2..8).map(header).collect()));
    assert_eq!(store.invalid(), Ok(vec![hash(101), hash(102), hash(103)]));
    assert_eq!(store.tip(), Ok(Some(hash(3))));
    for number in 1..4 {
        assert_eq!(store.block(&hash(number)), Ok(Some(vec![number; 1000])));
        assert_eq!(store.undo(&hash(number)), Ok(Some(vec![number; 3])));
        let filter = store.filter(&hash(number)).unwrap().unwrap();
        assert_eq!(
            (filter.filter, filter.header),
            (vec![number; 7], [number; 32])
        );
        let expected = coin(5, u32::from(number), true);
        assert_eq!(store.coin(&outpoint(number, 0)), Ok(Some(expected)));
        assert_eq!(store.coin(&outpoint(number, 1)), Ok(None));
    }
    assert_eq!(store.block(&hash(9)), Ok(None));
    assert_eq!(store.filter(&hash(9)), Ok(None));
    assert_eq!(store.undo(&hash(9)), Ok(None));
}

#[test]
fn a_new_store_is_empty() {
    let folder = folder();
    let store = open(folder.path(), &params()).unwrap();
    assert_eq!(store.tip(), Ok(None));
    assert_eq!(store.headers(), Ok(Vec::new()));
    store
        .each_coin(&mut |_, _| panic!("expected no coin"))
        .unwrap();
}

#[test]
fn coins_come_in_the_order_of_their_outpoints_and_removals_go_first() {
    let folder = folder();
    let mut store = open(folder.path(), &params()).unwrap();
    let mut outpoints: Vec<OutPoint> = [
        (7, 256),
        (1, 1),
        (7, 1),
        (255, 0),
        (0, u32::MAX),
        (1, 65_536),
    ]
    .map(|(number, vout)| outpoint(number, vout))
    .to_vec();
    let coins_added = outpoints
        .iter()
        .map(|at| (*at, coin(u64::MAX, u32::MAX, false)));
    let coins_added = coins_added.collect();
    store
        .commit(Batch {
            coins_added,
            ..Batch::default()
        })
        .unwrap();
    let mut seen = Vec::new();
    store
        .each_coin(&mut |at, found| {
            assert_eq!(found, &coin(u64::MAX, u32::MAX, false));
            seen.push(*at);
        })
        .unwrap();
    outpoints.sort_unstable();
    assert_eq!(seen, outpoints);

    let both = outpoint(1, 1);
    let swap = Batch {
        coins_added: vec![(both, coin(1, 2, false))],
        coins_removed: vec![both, outpoint(7, 1)],
        ..Batch::default()
    };
    store.commit(swap).unwrap();
    assert_eq!(store.coin(&both), Ok(Some(coin(1, 2, false))));
    assert_eq!(store.coin(&outpoint(7, 1)), Ok(None));
}

#[test]
fn another_networks_data_is_refused_by_name() {
    let folder = folder();
    open(folder.path(), &params()).unwrap();
    let other = NetworkParams::by_name("practice:other").unwrap();
    let error = said(open(folder.path(), &other).unwrap_err());
    assert!(
        error.contains("holds the network practice:test, expected practice:other"),
        "{error}"
    );
    assert!(error.contains(&*folder.path().to_string_lossy()), "{error}");
    assert!(error.contains("--data DIR"), "{error}");
}

#[test]
fn a_newer_version_is_refused() {
    let folder = folder();
    open(folder.path(), &params()).unwrap();
    let path = folder.path().join("store.redb");
    let database = redb::Database::open(&path).unwrap();
    let transaction = database.begin_write().unwrap();
    let meta = redb::TableDefinition::<&str, &[u8]>::new("meta");
    let newer = 2_u32.to_le_bytes();
    transaction
        .open_table(meta)
        .unwrap()
        .insert("version", &newer[..])
        .unwrap();
    transaction.commit().unwrap();
    drop(database);
    let error = said(open(folder.path(), &params()).unwrap_err());
    assert!(
        error.contains("store.redb was written by a newer farthing (version 2"),
        "{error}"
    );
}

#[test]
fn a_changed_byte_anywhere_is_found_or_harmless() {
    let folder = folder();
    let mut store = open(folder.path(), &params()).unwrap();
    for number in 1..4 {
        store.commit(batch(number)).unwrap();
    }
    drop(store);
    let path = folder.path().join("store.redb");
    let whole = fs::read(&path).unwrap();
    let mut found = 0;
    // A prime step meets every part of a page; and the coins' scripts, which would be believed.
    let scripts = whole.windows(34).enumerate();
    let scripts = scripts.filter(|(_, bytes)| bytes == &[0x60; 34]);
    let scripts: Vec<usize> = scripts.map(|(at, _)| at + 9).collect();
    assert!(scripts.len() >= 3, "they are found");
    for at in (0..whole.len()).step_by(1531).chain(scripts) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x5a;
        fs::write(&path, &bytes).unwrap();
        match open(folder.path(), &params()) {
            Err(error) => {
                found += 1;
                let error = said(error);
                assert!(error.contains("store.redb"), "byte {at}: {error}");
            }
            // An unused page, or one of the older of two copies: everything is as it was.
            Ok(store) => {
                assert_eq!(store.tip(), Ok(Some(hash(3))), "byte {at}");
                assert_eq!(store.headers().unwrap().len(), 6, "byte {at}");
                for number in 1..4 {
                    let kept = coin(5, u32::from(number), true);
                    let found = store.coin(&outpoint(number, 0));
                    assert_eq!(found, Ok(Some(kept)), "byte {at}");
                }
            }
        }
    }
    assert!(found > 0, "at least one page is in use");
}

#[test]
fn what_is_no_database_is_named_and_the_way_out_too() {
    let folder = folder();
    let path = folder.path().join("store.redb");
    fs::write(&path, b"not a database at all").unwrap();
    let error = said(open(folder.path(), &params()).unwrap_err());
    assert!(error.contains("store.redb is corrupt"), "{error}");
    assert!(error.contains("farthing rebuild --data"), "{error}");
}

#[test]
fn a_changed_or_lost_block_is_told_and_never_served() {
    let folder = folder();
    let mut store = open(folder.path(), &params()).unwrap();
    store.commit(batch(1)).unwrap();
    let path = folder.path().join("blocks.dat");
    let file = fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.write_all_at(b"x", 8 + 500).unwrap();
    let error = said(store.block(&hash(1)).unwrap_err());
    assert!(
        error.contains("blocks.dat is corrupt: a block that was changed at byte 8"),
        "{error}"
    );
    file.set_len(600).unwrap();
    let error = said(store.block(&hash(1)).unwrap_err());
    assert!(error.contains("a block cut short"), "{error}");
    drop(store);
    let error = said(open(folder.path(), &params()).unwrap_err());
    assert!(
        error.contains("expected 1008 bytes of blocks, found 600"),
        "{error}"
    );
}

#[test]
fn blocks_without_their_database_are_not_written_over() {
    let folder = folder();
    let mut store = open(folder.path(), &params()).unwrap();
    store.commit(batch(1)).unwrap();
    drop(store);
    let whole = fs::read(folder.path().join("blocks.dat")).unwrap();
    fs::remove_file(folder.path().join("store.redb")).unwrap();
    let error = said(open(folder.path(), &params()).unwrap_err());
    assert!(
        error.contains("store.redb is corrupt: it is gone"),
        "{error}"
    );
    assert_eq!(fs::read(folder.path().join("blocks.dat")).unwrap(), whole);
}

#[test]
fn blocks_that_no_transaction_named_are_gone_after_a_start() {
    let folder = folder();
    let mut store = open(folder.path(), &params()).unwrap();
    store.commit(batch(1)).unwrap();
    drop(store);
    let path = folder.path().join("blocks.dat");
    let whole = fs::read(&path).unwrap();
    fs::write(&path, [&whole[..], b"torn"].concat()).unwrap();
    let store = open(folder.path(), &params()).unwrap();
    assert_eq!(fs::read(&path).unwrap(), whole);
    assert_eq!(store.block(&hash(1)), Ok(Some(vec![1; 1000])));
}

#[test]
fn blocks_that_no_transaction_named_are_written_over() {
    let folder = folder();
    let path = folder.path().join("blocks.dat");
    let mut file = BlockFile::open(&RealDisk, &path, [1; 4], 0).unwrap();
    let (_, end) = file.append([&b"kept"[..]].into_iter()).unwrap();
    file.keep(end);
    let (lost, _) = file.append([&b"torn away"[..]].into_iter()).unwrap();
    let (places, _) = file.append([&b"next"[..]].into_iter()).unwrap();
    assert_eq!(places[0].offset, lost[0].offset);
    assert_eq!(file.read(places[0]).unwrap(), b"next");
    let bytes = places[0].to_bytes();
    assert_eq!(Place::from_bytes(&bytes), places[0]);
}

fn scanned(path: &Path, blocks: &[&[u8]]) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    let each = |_, bytes: &[u8]| {
        let known = blocks.contains(&bytes);
        if known {
            found.push(bytes.to_vec());
        }
        known
    };
    let file = FoundBlocks::open(&RealDisk, path).unwrap();
    file.scan([0xfa, 0xbf, 0xb5, 0xda], each).unwrap();
    found
}

#[test]
fn a_damaged_file_of_blocks_loses_the_damaged_blocks_alone() {
    let folder = folder();
    let path = folder.path().join("blocks.dat");
    let file = BlockFile::open(&RealDisk, &path, [0xfa, 0xbf, 0xb5, 0xda], 0).unwrap();
    let blocks: [&[u8]; 4] = [b"first", b"second block", b"third", b"the fourth of them"];
    file.append(blocks.into_iter()).unwrap();
    assert_eq!(scanned(&path, &blocks), blocks);
    let whole = fs::read(&path).unwrap();
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x80;
        fs::write(&path, &bytes).unwrap();
        let found = scanned(&path, &blocks);
        assert_eq!(found.len(), 3, "byte {at} belongs to one block: {found:?}");
    }
    fs::write(&path, &whole[..whole.len() - 1]).unwrap();
    assert_eq!(scanned(&path, &blocks), blocks[..3]);
}

#[test]
fn a_first_start_makes_a_network_and_keeps_it() {
    let folder = folder();
    let first = DataDirectory::open(folder.path(), None).unwrap();
    assert!(first.is_new());
    let name = first.params().name.clone();
    assert!(name.starts_with("practice:"), "{name}");
    drop(first);
    let again = DataDirectory::open(folder.path(), None).unwrap();
    assert_eq!(
        (again.params().name.clone(), again.is_new()),
        (name.clone(), false)
    );
    drop(again);
    let same = DataDirectory::open(folder.path(), Some(&name)).unwrap();
    drop(same);
    let error = DataDirectory::open(folder.path(), Some("farthing:other")).unwrap_err();
    assert!(
        said(&error).contains(&format!(
            "holds the network {name}, expected farthing:other"
        )),
        "{error}"
    );
}

#[test]
fn one_farthing_at_a_time() {
    let folder = folder();
    let held = DataDirectory::open(folder.path(), Some("practice:test")).unwrap();
    let error = DataDirectory::open(folder.path(), None).unwrap_err();
    assert!(
        said(&error).contains("is in use by another farthing"),
        "{error}"
    );
    drop(held);
    DataDirectory::open(folder.path(), None).unwrap();
}

#[test]
fn says_what_is_wrong_with_a_directory_or_a_network() {
    let folder = folder();
    let file = folder.path().join("file");
    fs::write(&file, b"").unwrap();
    let error = DataDirectory::open(&file.join("below"), None).unwrap_err();
    assert!(
        said(&error).contains("file/below cannot be used"),
        "{error}"
    );
    let error = DataDirectory::open(folder.path(), Some("regtest")).unwrap_err();
    assert!(
        said(&error).contains("--bitcoin regtest@HOST:PORT"),
        "{error}"
    );
    let error = DataDirectory::open(folder.path(), Some("farthing:Upper")).unwrap_err();
    assert!(matches!(error, DirectoryError::Network(_)), "{error}");
    fs::write(folder.path().join("network"), b"nonsense\n").unwrap();
    let error = DataDirectory::open(folder.path(), None).unwrap_err();
    assert!(
        said(&error).contains("unknown network \"nonsense\""),
        "{error}"
    );
}

#[test]
fn a_chain_whose_directory_lost_its_name_keeps_its_network() {
    let folder = folder();
    let data = |network| DataDirectory::open(folder.path(), network);
    let name = folder.path().join("network");
    let made = data(Some("farthing:class-7b")).unwrap();
    drop(made.open_store().unwrap());
    drop(made);
    fs::remove_file(&name).unwrap();
    let error = said(data(Some("farthing:other")).unwrap_err());
    assert!(
        error.contains("holds the network farthing:class-7b"),
        "{error}"
    );
    assert!(!name.exists(), "nothing is written over it");
    let found = data(None).unwrap();
    assert_eq!(found.params().name, "farthing:class-7b");
    assert!(!found.is_new());
    found.open_store().unwrap();
    drop(found);
    assert_eq!(fs::read(&name).unwrap(), b"farthing:class-7b\n");

    // Where the database is gone as well nobody knows it any more.
    fs::remove_file(&name).unwrap();
    fs::remove_file(folder.path().join("chain/store.redb")).unwrap();
    let error = said(data(None).unwrap_err());
    assert!(error.contains("say it once with --network NAME"), "{error}");
    assert!(!name.exists());
    let told = data(Some("farthing:class-7b")).unwrap();
    let error = said(told.open_store().unwrap_err());
    assert!(error.contains("farthing rebuild --data"), "{error}");
}
