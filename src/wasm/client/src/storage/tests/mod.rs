//! Storage in a real browser's worker.

mod fallback;
mod headers;
mod records;
mod turn;

use super::{HeaderStore, Storage, read_all};
use farthing_core::client::Record;
use std::cell::Cell;

thread_local! {
    static NAMES: Cell<u32> = const { Cell::new(0) };
}

/// A name that no test before used, in this run or in one before it.
fn fresh(what: &str) -> String {
    let number = NAMES.with(|names| {
        names.set(names.get() + 1);
        names.get()
    });
    format!("test-{what}-{number}-{}", js_sys::Date::now())
}

/// Recognisable headers: each byte says its height and a version of it.
fn some_headers(from: u32, count: usize, version: u8) -> Vec<u8> {
    (from..)
        .take(count)
        .flat_map(|height| {
            let mut header = [version; super::HEADER];
            header[..4].copy_from_slice(&height.to_le_bytes());
            header
        })
        .collect()
}

/// All headers of a place.
async fn all(place: &mut dyn HeaderStore) -> Vec<u8> {
    let mut headers = Vec::new();
    read_all(place, &mut |piece| headers.extend(piece))
        .await
        .unwrap();
    headers
}

/// What was there at the start.
struct Opened {
    headers: Vec<u8>,
    records: Vec<Record>,
    place: &'static str,
}

/// The places of a network, and all that is there.
async fn open(network: &str, writes: bool) -> (Storage, Opened) {
    let mut headers = Vec::new();
    let mut each = |piece| headers.extend::<Vec<u8>>(piece);
    let (storage, restored) = Storage::open(network, writes, &mut each).await;
    let opened = Opened {
        headers,
        records: restored.records,
        place: restored.place,
    };
    (storage, opened)
}
