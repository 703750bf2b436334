//! Storage in a real browser's worker.

mod fallback;
mod headers;
mod records;
mod turn;

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
