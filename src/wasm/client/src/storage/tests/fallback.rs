//! The next best place, where one is missing or refused.

use super::super::opfs::Opfs;
use super::super::{HeaderStore, place_name};
use super::records::{put, record};
use super::{all, fresh, open, some_headers};
use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

/// Hides a member of an object until it is dropped.
struct Hidden {
    owner: Object,
    name: &'static str,
    before: JsValue,
}

impl Hidden {
    fn new(owner: Object, name: &'static str) -> Self {
        let before = Object::get_own_property_descriptor(&owner, &name.into());
        let nothing = Object::new();
        Reflect::set(&nothing, &"value".into(), &JsValue::UNDEFINED).unwrap();
        Reflect::set(&nothing, &"configurable".into(), &JsValue::TRUE).unwrap();
        Object::define_property(&owner, &name.into(), &nothing);
        Self {
            owner,
            name,
            before,
        }
    }

    fn private_files() -> Self {
        let class = Reflect::get(&js_sys::global(), &"StorageManager".into()).unwrap();
        let prototype = Reflect::get(&class, &"prototype".into()).unwrap();
        Self::new(prototype.into(), "getDirectory")
    }

    fn indexeddb() -> Self {
        Self::new(js_sys::global(), "indexedDB")
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        let name = self.name.into();
        if self.before.is_undefined() {
            // It was a member of the prototype, and shows again.
            Reflect::delete_property(&self.owner, &name).unwrap();
        } else {
            let before = Object::from(self.before.clone());
            Object::define_property(&self.owner, &name, &before);
        }
    }
}

#[wasm_bindgen_test]
async fn the_best_place_is_the_private_file_system() {
    let network = fresh("best");
    let (mut storage, restored) = open(&network, true).await;
    assert_eq!(restored.place, "opfs");
    storage
        .write_headers(0, &some_headers(0, 3, 1))
        .await
        .unwrap();
    storage.write_records(&[put("a", b"1")]).await.unwrap();
    // A second tab sees both, and changes neither.
    let (mut second, restored) = open(&network, false).await;
    assert_eq!(restored.place, "othertab");
    assert!(restored.headers == some_headers(0, 3, 1));
    assert_eq!(restored.records, [record("a", b"1")]);
    second
        .write_headers(1, &some_headers(1, 1, 2))
        .await
        .unwrap();
    second.write_records(&[put("a", b"2")]).await.unwrap();
    drop((storage, second));
    let (_storage, restored) = open(&network, true).await;
    assert!(restored.headers == some_headers(0, 3, 1));
    assert_eq!(restored.records, [record("a", b"1")]);
}

#[wasm_bindgen_test]
async fn without_private_files_headers_are_in_the_database() {
    let network = fresh("database");
    let _hidden = Hidden::private_files();
    let (mut storage, restored) = open(&network, true).await;
    assert_eq!(restored.place, "indexeddb");
    storage
        .write_headers(0, &some_headers(0, 3, 1))
        .await
        .unwrap();
    let (_second, restored) = open(&network, false).await;
    assert!(restored.headers == some_headers(0, 3, 1));
    drop(storage);
    let (_storage, restored) = open(&network, true).await;
    assert_eq!(restored.place, "indexeddb");
    assert!(restored.headers == some_headers(0, 3, 1));
}

#[wasm_bindgen_test]
async fn records_that_are_only_in_memory_are_said_so() {
    let network = fresh("records");
    let hidden = Hidden::indexeddb();
    let (mut storage, restored) = open(&network, true).await;
    assert_eq!(restored.place, "memory");
    storage
        .write_headers(0, &some_headers(0, 3, 1))
        .await
        .unwrap();
    drop((storage, hidden));
    let (_storage, restored) = open(&network, true).await;
    assert_eq!(restored.place, "opfs");
    assert!(restored.headers == some_headers(0, 3, 1));
}

#[wasm_bindgen_test]
async fn without_either_all_is_in_memory_and_said_so() {
    let network = fresh("memory");
    let _hidden = (Hidden::private_files(), Hidden::indexeddb());
    let (mut storage, restored) = open(&network, true).await;
    assert_eq!(restored.place, "memory");
    assert_eq!((restored.headers, restored.records), (vec![], vec![]));
    storage
        .write_headers(0, &some_headers(0, 3, 1))
        .await
        .unwrap();
    storage.write_records(&[put("a", b"1")]).await.unwrap();
    drop(storage);
    let (_storage, restored) = open(&network, true).await;
    assert_eq!((restored.headers, restored.records), (vec![], vec![]));
}

#[wasm_bindgen_test]
async fn a_handle_that_stays_taken_leaves_memory() {
    let network = fresh("taken");
    let mut held = Opfs::open(&place_name(&network)).await.unwrap();
    held.write(0, &some_headers(0, 3, 1)).await.unwrap();
    let (mut storage, restored) = open(&network, true).await;
    assert_eq!(restored.place, "memory");
    assert!(restored.headers == some_headers(0, 3, 1));
    storage
        .write_headers(0, &some_headers(0, 1, 2))
        .await
        .unwrap();
    assert!(all(&mut held).await == some_headers(0, 3, 1));
}

#[wasm_bindgen_test]
async fn after_a_failure_headers_go_on_in_memory_and_what_is_stored_stays() {
    let network = fresh("failure");
    let (mut storage, _) = open(&network, true).await;
    storage
        .write_headers(0, &some_headers(0, 3, 1))
        .await
        .unwrap();
    assert!(
        storage
            .write_headers(9, &some_headers(9, 1, 1))
            .await
            .is_err()
    );
    storage
        .write_headers(10, &some_headers(10, 1, 1))
        .await
        .unwrap();
    drop(storage);
    let (_storage, restored) = open(&network, true).await;
    assert!(restored.headers == some_headers(0, 3, 1));
}
