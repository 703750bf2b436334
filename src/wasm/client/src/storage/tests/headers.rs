//! The same promises for both places that keep headers.

use super::super::indexeddb::IndexedDb;
use super::super::opfs::{self, Opfs};
use super::super::{HEADER, HeaderStore, StorageError};
use super::{all, fresh, some_headers};
use farthing_core::bitcoin::consensus::encode::deserialize;
use farthing_core::headers::HeaderTree;
use farthing_core::params::NetworkParams;
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen_futures::spawn_local;
use wasm_bindgen_test::wasm_bindgen_test;

async fn opfs(name: &str) -> Box<dyn HeaderStore> {
    Box::new(Opfs::open(name).await.unwrap())
}

async fn indexeddb(name: &str) -> Box<dyn HeaderStore> {
    Box::new(IndexedDb::open(name, true).await.unwrap())
}

/// Writes, and the same on a plain list.
async fn write(
    store: &mut dyn HeaderStore,
    model: &mut Vec<u8>,
    from: u32,
    count: usize,
    version: u8,
) {
    let bytes = some_headers(from, count, version);
    store.write(from, &bytes).await.unwrap();
    model.truncate(from as usize * HEADER);
    model.extend_from_slice(&bytes);
}

async fn keeps_what_is_written(store: &mut dyn HeaderStore) -> Vec<u8> {
    let mut model = Vec::new();
    assert_eq!(all(&mut *store).await, model);
    // The first, one after it, a reorganisation, and around the border of a chunk of the database.
    for (step, (from, count)) in [
        (0, 3),
        (3, 1),
        (2, 1),
        (1, 5000),
        (2015, 1),
        (2016, 1),
        (2017, 4000),
        (4032, 2016),
        (4032, 0),
        (4000, 10),
        (0, 2),
        (2, 7),
    ]
    .into_iter()
    .enumerate()
    {
        write(store, &mut model, from, count, step as u8).await;
        assert!(all(&mut *store).await == model, "after step {step}");
    }
    model
}

async fn refuses_a_hole(store: &mut dyn HeaderStore) {
    for (kept, from) in [
        (0, 1),
        (3, 4),
        (3, 2016),
        (3, 5000),
        (2016, 2017),
        (2016, 4032),
    ] {
        store.write(0, &some_headers(0, kept, 1)).await.unwrap();
        let found = store.write(from, &some_headers(from, 1, 2)).await;
        assert_eq!(found, Err(StorageError::Hole { found: from }));
        assert!(all(&mut *store).await == some_headers(0, kept, 1));
    }
}

#[wasm_bindgen_test]
async fn opfs_keeps_what_is_written_over_a_reload() {
    let name = fresh("opfs");
    let mut store = opfs(&name).await;
    let model = keeps_what_is_written(store.as_mut()).await;
    drop(store);
    assert!(all(&mut *opfs(&name).await).await == model);
}

#[wasm_bindgen_test]
async fn indexeddb_keeps_what_is_written_over_a_reload() {
    let name = fresh("indexeddb");
    let mut store = indexeddb(&name).await;
    let model = keeps_what_is_written(store.as_mut()).await;
    drop(store);
    assert!(all(&mut *indexeddb(&name).await).await == model);
}

#[wasm_bindgen_test]
async fn opfs_refuses_a_hole() {
    refuses_a_hole(opfs(&fresh("opfs-hole")).await.as_mut()).await;
}

#[wasm_bindgen_test]
async fn indexeddb_refuses_a_hole() {
    refuses_a_hole(indexeddb(&fresh("indexeddb-hole")).await.as_mut()).await;
}

#[wasm_bindgen_test]
async fn a_reorganisation_cuts_the_file() {
    let name = fresh("opfs-cut");
    let mut store = opfs(&name).await;
    store.write(0, &some_headers(0, 10, 1)).await.unwrap();
    store.write(4, &some_headers(4, 2, 2)).await.unwrap();
    drop(store);
    let found = all(&mut opfs::snapshot(&name).await.unwrap()).await;
    assert_eq!(found.len(), 6 * HEADER);
    assert!(found[..4 * HEADER] == some_headers(0, 4, 1));
    assert!(found[4 * HEADER..] == some_headers(4, 2, 2));
}

#[wasm_bindgen_test]
async fn a_torn_record_at_the_end_is_left_out_and_overwritten() {
    let name = fresh("opfs-torn");
    let mut store = opfs(&name).await;
    let mut torn = some_headers(0, 3, 1);
    torn.truncate(3 * HEADER - 1);
    store.write(0, &torn).await.unwrap();
    assert!(all(&mut *store).await == some_headers(0, 2, 1));
    store.write(2, &some_headers(2, 2, 1)).await.unwrap();
    assert!(all(&mut *store).await == some_headers(0, 4, 1));
}

#[wasm_bindgen_test]
async fn another_tab_reads_while_one_writes() {
    let name = fresh("opfs-snapshot");
    assert!(opfs::snapshot(&name).await.is_err(), "nothing is there");
    let mut store = opfs(&name).await;
    store.write(0, &some_headers(0, 3, 1)).await.unwrap();
    assert!(all(&mut opfs::snapshot(&name).await.unwrap()).await == some_headers(0, 3, 1));
}

#[wasm_bindgen_test]
async fn a_handle_that_is_let_go_of_late_is_waited_for() {
    let name = fresh("opfs-late");
    let held = opfs(&name).await;
    spawn_local(async move {
        TimeoutFuture::new(350).await;
        drop(held);
    });
    assert!(Opfs::open(&name).await.is_ok());
}

#[wasm_bindgen_test]
async fn a_flipped_bit_costs_what_follows_it_and_no_more() {
    let params = NetworkParams::by_name("regtest").unwrap();
    let chain = crate::tests::mine(&params, 12);
    let mut store = opfs(&fresh("opfs-flip")).await;
    let mut damaged = chain.clone();
    // The version field of the header at height 7: its hash, and so its proof of work and the link
    // from height 8, no longer fit.
    damaged[7 * HEADER] ^= 1;
    store.write(0, &damaged).await.unwrap();
    let found = all(&mut *store).await;
    let (tree, problem) = HeaderTree::restore(params.clone(), &found);
    let tip = tree.tip();
    assert!(tip.height == 6 || tip.height == 7, "found {problem:?}");
    assert!(problem.is_some());
    // What is fetched again is written over what was damaged.
    store.write(7, &chain[7 * HEADER..]).await.unwrap();
    let (tree, problem) = HeaderTree::restore(params, &all(&mut *store).await);
    assert_eq!(tree.tip().height, 12);
    assert!(problem.is_none());
}

#[wasm_bindgen_test]
async fn a_write_that_is_cut_off_at_any_byte_leaves_a_chain() {
    let params = NetworkParams::by_name("regtest").unwrap();
    let old = crate::tests::mine(&params, 12);
    // The chain forks after height 6, and the new branch is one longer.
    let kept = 7 * HEADER;
    let last_common = deserialize(&old[kept - HEADER..kept]).unwrap();
    let branch = crate::tests::mine_after(last_common, 0x80, 7);
    let whole = [&old[..kept], &branch].concat();
    let mut store = opfs(&fresh("opfs-killed")).await;
    for written in 0..=branch.len() {
        // The worker dies: some of the new bytes are over the old ones, nothing is cut.
        let rest = old.get(kept + written..).unwrap_or_default();
        let torn = [&whole[..kept + written], rest].concat();
        store.write(0, &torn).await.unwrap();
        let (tree, _) = HeaderTree::restore(params.clone(), &all(&mut *store).await);
        let tip = tree.tip();
        let least = 6 + (written / HEADER) as u32;
        assert!(tip.height >= least, "{written} bytes: {}", tip.height);
        // What the next worker fetches goes over it.
        store.write(7, &branch).await.unwrap();
        assert!(all(&mut *store).await == whole);
    }
    let (tree, problem) = HeaderTree::restore(params, &whole);
    assert_eq!((tree.tip().height, problem), (13, None));
}
