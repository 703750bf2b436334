//! What is held, counted by the allocator.

use peak_alloc::PeakAlloc;
use std::sync::{Mutex, MutexGuard, PoisonError};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Whoever holds it measures; the other tests of this program wait.
static TURN: Mutex<()> = Mutex::new(());

/// The only test at work until it is dropped.
pub(crate) fn alone() -> MutexGuard<'static, ()> {
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a flood may cost.
#[derive(Clone, Copy)]
pub(crate) struct Bounds {
    /// Bytes more that may be held after the whole flood than after its beginning.
    pub(crate) flat: usize,
    /// Bytes that may be held at any moment above what was held before.
    pub(crate) most: usize,
}

/// Sends so many messages, which fill whatever there is to fill, and then nine times as many; compares
/// what is held.
pub(crate) fn flood(name: &str, fill: u32, bounds: Bounds, send: impl FnMut(u32)) {
    flood_of(name, fill, 10 * fill, bounds, send);
}

/// The same for what takes long: as many in all as are said.
pub(crate) fn flood_of(name: &str, fill: u32, all: u32, bounds: Bounds, mut send: impl FnMut(u32)) {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    for number in 0..fill {
        send(number);
    }
    let first = MEMORY.current_usage().saturating_sub(before);
    for number in fill..all {
        send(number);
    }
    let whole = MEMORY.current_usage().saturating_sub(before);
    let most = MEMORY.peak_usage().saturating_sub(before);
    println!(
        "{name}: {} kB held after {fill} messages, {} kB after {all}, {} kB at most",
        first / 1_000,
        whole / 1_000,
        most / 1_000
    );
    assert!(
        whole <= first + bounds.flat,
        "{name}: expected at most {} bytes more after {all} messages than after {fill}, found {first} \
         and {whole}",
        bounds.flat
    );
    assert!(
        most <= bounds.most,
        "{name}: expected at most {} bytes at any moment, found {most}",
        bounds.most
    );
}
