//! Records: durable in one go, or not at all.

use super::super::indexeddb::IndexedDb;
use super::super::{RecordChange, RecordStore};
use super::fresh;
use farthing_core::client::Record;
use wasm_bindgen_test::wasm_bindgen_test;

pub(super) fn record(key: &str, value: &[u8]) -> Record {
    Record {
        key: key.to_owned(),
        value: value.to_vec(),
    }
}

pub(super) fn put(key: &str, value: &[u8]) -> RecordChange {
    RecordChange::Put(record(key, value))
}

#[wasm_bindgen_test]
async fn records_are_kept_over_a_reload() {
    let name = fresh("records");
    let mut store = IndexedDb::open(&name, true).await.unwrap();
    let changes = [
        put("invoice/2", &[2; 70_000]),
        put("invoice/1", b"first"),
        put("invoice/10", b""),
        put("gone", b"soon"),
    ];
    store.write(&changes).await.unwrap();
    let changes = [
        put("invoice/1", b"second"),
        RecordChange::Delete("gone".into()),
        RecordChange::Delete("never there".into()),
    ];
    store.write(&changes).await.unwrap();
    drop(store);
    let mut store = IndexedDb::open(&name, true).await.unwrap();
    let expected = [
        record("invoice/1", b"second"),
        record("invoice/10", b""),
        record("invoice/2", &[2; 70_000]),
    ];
    assert_eq!(RecordStore::read(&mut store).await.unwrap(), expected);
}

#[wasm_bindgen_test]
async fn a_record_is_on_disk_when_it_is_called_stored() {
    let store = IndexedDb::open(&fresh("strict"), true).await.unwrap();
    assert_eq!(store.durability(), "strict");
}

#[wasm_bindgen_test]
async fn networks_do_not_meet() {
    let (one, two) = (fresh("net"), fresh("net"));
    let mut first = IndexedDb::open(&one, true).await.unwrap();
    let mut second = IndexedDb::open(&two, true).await.unwrap();
    RecordStore::write(&mut first, &[put("a", b"1")])
        .await
        .unwrap();
    assert_eq!(RecordStore::read(&mut second).await.unwrap(), []);
    let names = ["bitcoin", "a b", "a%20b", "a/b", "é"].map(super::super::place_name);
    assert_eq!(
        names,
        [
            "farthing-bitcoin",
            "farthing-a%20b",
            "farthing-a%2520b",
            "farthing-a%2fb",
            "farthing-%c3%a9"
        ]
    );
}

#[wasm_bindgen_test]
async fn a_change_that_is_refused_at_once_takes_those_before_it_along() {
    let mut store = IndexedDb::open(&fresh("refused"), true).await.unwrap();
    // As a browser that lacks the memory to copy a value: this one put throws.
    js_sys::eval(
        "{ const own = IDBObjectStore.prototype.put;
           IDBObjectStore.prototype.put = function (value, key) {
             if (key === 'refused') {
               IDBObjectStore.prototype.put = own;
               throw new DOMException('no memory', 'DataCloneError');
             }
             return own.call(this, value, key);
           }; }",
    )
    .unwrap();
    let changes = [put("before", b"1"), put("refused", b"2")];
    assert!(RecordStore::write(&mut store, &changes).await.is_err());
    assert_eq!(RecordStore::read(&mut store).await.unwrap(), []);
    RecordStore::write(&mut store, &changes).await.unwrap();
    assert_eq!(RecordStore::read(&mut store).await.unwrap().len(), 2);
}
