//! Where headers and records are kept, and who may write them.
//!
//! | place | headers | records |
//! |---|---|---|
//! | `opfs` | one file, 80 bytes at height x 80 | |
//! | `indexeddb` | where OPFS is missing | always, with strict durability |
//! | `memory` | last, and in a tab that may not write | the same |
//!
//! Every tab runs its own client. One of them writes, the holder of a Web Lock (`lock`); the
//! others read at the start and keep what is new to themselves. Threats: two tabs, a tab that was
//! frozen and wakes, a full disk, a handle that is taken, a worker that died in mid-write. What is
//! read is not believed: the core checks every header's link and work again, and every record's
//! checksum; so the header file needs no checksum of its own, each header being the hash of the one
//! before and the last one showing its work.

mod indexeddb;
pub(crate) mod lock;
mod memory;
mod opfs;
#[cfg(test)]
#[cfg(target_family = "wasm")]
mod tests;

use farthing_core::client::Record;
use indexeddb::IndexedDb;
use memory::Memory;
use opfs::Opfs;
use std::future::Future;
use std::pin::Pin;
use wasm_bindgen::JsValue;

/// Bytes of a header.
const HEADER: usize = 80;
/// Headers that are read at once: a module's memory never shrinks, so a million of them, 80 MB, must
/// not be in it together.
const PIECE: usize = 8 * 2016;

/// What a place of headers must offer.
pub(crate) trait HeaderStore {
    /// What is there from this height on, at most [`PIECE`] headers of it; nothing at the end, where
    /// what is torn off is left out.
    fn read(&mut self, from_height: u32) -> Answer<'_, Vec<u8>>;
    /// Makes `bytes` durable at `from_height`, and cuts off what follows them. A hole is refused.
    fn write<'a>(&'a mut self, from_height: u32, bytes: &'a [u8]) -> Answer<'a, ()>;
}

/// What a place of records must offer.
pub(crate) trait RecordStore {
    /// Every record.
    fn read(&mut self) -> Answer<'_, Vec<Record>>;
    /// Makes all changes durable, or none.
    fn write<'a>(&'a mut self, changes: &'a [RecordChange]) -> Answer<'a, ()>;
}

/// What a place answers, later.
pub(crate) type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, StorageError>> + 'a>>;

/// A change of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RecordChange {
    /// Write or replace it.
    Put(Record),
    /// Remove it.
    Delete(String),
}

/// Why something is not stored, or not there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum StorageError {
    #[error("{what} is missing in this browser, or on a page without https")]
    Missing { what: &'static str },
    #[error("expected headers that follow what is stored, found some for height {found}")]
    Hole { found: u32 },
    #[error(
        "expected to write {expected} bytes, wrote {found}: the disk or this site's share is full"
    )]
    Full { expected: usize, found: usize },
    #[error("another tab writes now")]
    Displaced,
    #[error("{doing}: {reason}")]
    Browser { doing: &'static str, reason: String },
}

impl StorageError {
    fn browser(doing: &'static str) -> impl Fn(JsValue) -> Self {
        move |error| Self::Browser {
            doing,
            reason: crate::page::words(&error),
        }
    }
}

/// Takes the stored headers, piece by piece.
pub(crate) type Each<'a> = dyn FnMut(Vec<u8>) + 'a;

/// What was there at the start, beside headers.
pub(crate) struct Restored {
    pub(crate) records: Vec<Record>,
    /// Where things are kept from now on: headers in `opfs` or `indexeddb` and records in
    /// IndexedDB; `memory` if either is only there; `othertab`: another tab keeps both.
    pub(crate) place: &'static str,
}

/// The places of one network.
pub(crate) struct Storage {
    headers: Box<dyn HeaderStore>,
    records: Box<dyn RecordStore>,
}

impl Storage {
    /// Opens the best places that this browser has, and reads them; `each` gets the headers. Never
    /// fails: the last place is memory.
    pub(crate) async fn open(network: &str, writes: bool, each: &mut Each<'_>) -> (Self, Restored) {
        let name = place_name(network);
        let database = IndexedDb::open(&name, writes).await.ok();
        let (records, found_records) = match open_records(database.clone()).await {
            Some((records, found)) => (Some(records), found),
            None => (None, Vec::new()),
        };
        let (headers, place) = if writes {
            open_headers(&name, database, each).await
        } else {
            read_headers(&name, database, each).await;
            (Box::new(Memory) as Box<dyn HeaderStore>, "othertab")
        };
        // The page is told the worse of the two: an invoice that goes with the tab is no small thing.
        let place = if records.is_none() { "memory" } else { place };
        let records = records
            .filter(|_| writes)
            .unwrap_or_else(|| Box::new(Memory));
        let storage = Self { headers, records };
        let restored = Restored {
            records: found_records,
            place,
        };
        (storage, restored)
    }

    /// Writes headers. After a failure they stay in the core's memory only, and what is stored
    /// stays a valid prefix: the next start goes on from there.
    pub(crate) async fn write_headers(
        &mut self,
        from_height: u32,
        bytes: &[u8],
    ) -> Result<(), StorageError> {
        let result = self.headers.write(from_height, bytes).await;
        if result.is_err() {
            self.headers = Box::new(Memory);
        }
        result
    }

    /// Writes records: all of them or none. A failure is told each time and tried again with the
    /// next write: nobody is told that an invoice is kept while it is not.
    pub(crate) async fn write_records(
        &mut self,
        changes: &[RecordChange],
    ) -> Result<(), StorageError> {
        self.records.write(changes).await
    }
}

/// The database of records and what is there, if this browser has it.
async fn open_records(database: Option<IndexedDb>) -> Option<(Box<dyn RecordStore>, Vec<Record>)> {
    let mut database = database?;
    let found = RecordStore::read(&mut database).await.ok()?;
    Some((Box::new(database), found))
}

/// Where this tab writes headers; `each` gets what is there.
async fn open_headers(
    name: &str,
    database: Option<IndexedDb>,
    each: &mut Each<'_>,
) -> (Box<dyn HeaderStore>, &'static str) {
    match Opfs::open(name).await {
        Ok(mut opfs) => {
            if read_all(&mut opfs, each).await.is_ok() {
                return (Box::new(opfs), "opfs");
            }
        }
        Err(StorageError::Missing { .. }) => {
            if let Some(mut database) = database
                && read_all(&mut database, each).await.is_ok()
            {
                return (Box::new(database), "indexeddb");
            }
        }
        // The file is there and a frozen tab has its handle: read it, and keep what is new.
        Err(_) => {
            if let Ok(mut snapshot) = opfs::snapshot(name).await {
                // What was read before an error is a chain all the same.
                let _ = read_all(&mut snapshot, each).await;
            }
        }
    }
    (Box::new(Memory), "memory")
}

/// Reads the headers that another tab keeps; after an error, those before it.
async fn read_headers(name: &str, database: Option<IndexedDb>, each: &mut Each<'_>) {
    let _ = match (opfs::snapshot(name).await, database) {
        (Ok(mut snapshot), _) => read_all(&mut snapshot, each).await,
        (Err(StorageError::Missing { .. }), Some(mut database)) => {
            read_all(&mut database, each).await
        }
        (Err(error), _) => Err(error),
    };
}

/// Gives all headers of a place to `each`, from height 0 on.
async fn read_all(place: &mut dyn HeaderStore, each: &mut Each<'_>) -> Result<(), StorageError> {
    let mut next = 0;
    loop {
        let piece = place.read(next).await?;
        if piece.is_empty() {
            return Ok(());
        }
        next += (piece.len() / HEADER) as u32;
        each(piece);
    }
}

/// The network's own file and database: `farthing-NETWORK`, where what is no letter, digit, point,
/// hyphen or underscore is written as its code, so that two names never meet.
pub(crate) fn place_name(network: &str) -> String {
    let mut name = String::from("farthing-");
    for byte in network.bytes() {
        if byte.is_ascii_alphanumeric() || b"._-".contains(&byte) {
            name.push(char::from(byte));
        } else {
            name.push_str(&format!("%{byte:02x}"));
        }
    }
    name
}

/// The whole headers in what was read: a record torn off at the end is left out.
fn whole_headers(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.truncate(bytes.len() / HEADER * HEADER);
    bytes
}
