//! Two tabs: one writes.

use super::super::indexeddb::IndexedDb;
use super::super::lock::{Ask, Grant, ask};
use super::super::{HeaderStore, RecordStore, StorageError};
use super::records::{put, record};
use super::{all, fresh, some_headers};
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
async fn a_tab_that_lost_its_turn_writes_nothing() {
    let name = fresh("turn");
    let mut old = IndexedDb::open(&name, true).await.unwrap();
    RecordStore::write(&mut old, &[put("invoice/1", b"old")])
        .await
        .unwrap();
    let mut new = IndexedDb::open(&name, true).await.unwrap();
    RecordStore::write(&mut new, &[put("invoice/1", b"new")])
        .await
        .unwrap();
    let late = [put("invoice/1", b"late"), put("invoice/2", b"late")];
    let found = RecordStore::write(&mut old, &late).await;
    assert_eq!(found, Err(StorageError::Displaced));
    let found = HeaderStore::write(&mut old, 0, &some_headers(0, 1, 1)).await;
    assert_eq!(found, Err(StorageError::Displaced));
    assert_eq!(
        RecordStore::read(&mut new).await.unwrap(),
        [record("invoice/1", b"new")]
    );
    assert_eq!(all(&mut new).await, Vec::<u8>::new());
}

#[wasm_bindgen_test]
async fn a_tab_that_reads_takes_no_turn_and_writes_nothing() {
    let name = fresh("reader");
    let mut writer = IndexedDb::open(&name, true).await.unwrap();
    let mut reader = IndexedDb::open(&name, false).await.unwrap();
    let found = RecordStore::write(&mut reader, &[put("a", b"1")]).await;
    assert_eq!(found, Err(StorageError::Displaced));
    RecordStore::write(&mut writer, &[put("a", b"2")])
        .await
        .unwrap();
    assert_eq!(
        RecordStore::read(&mut reader).await.unwrap(),
        [record("a", b"2")]
    );
}

#[wasm_bindgen_test]
async fn one_tab_has_the_lock_until_another_takes_it() {
    let name = fresh("lock");
    let Grant::Held(first) = ask(&name, Ask::IfFree).await else {
        panic!("expected a free lock");
    };
    assert!(matches!(ask(&name, Ask::IfFree).await, Grant::Taken));
    let Grant::Held(_second) = ask(&name, Ask::Steal).await else {
        panic!("expected to take the lock");
    };
    // Ends, or the test does not.
    first.lost().await;
    assert!(matches!(ask(&name, Ask::IfFree).await, Grant::Taken));
}
