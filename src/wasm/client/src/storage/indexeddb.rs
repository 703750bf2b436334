//! Records, and headers where OPFS is missing, in one database of the network's own.
//!
//! Every writing transaction asks for strict durability: it is complete when the disk has it. It
//! also looks at the number of the tab that writes, in the same transaction: a tab that was frozen,
//! lost its turn and wakes cannot overwrite what the next one wrote, with or without locks.

use super::{Answer, HEADER, HeaderStore, PIECE, RecordChange, RecordStore, StorageError};
use farthing_core::client::Record;
use gloo_events::EventListener;
use js_sys::{Array, Object, Promise, Reflect, Uint8Array};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    IdbDatabase, IdbFactory, IdbKeyRange, IdbObjectStore, IdbOpenDbRequest, IdbRequest,
    IdbTransaction,
};

/// The database's layout; a change of it needs an upgrade from every older one.
const VERSION: u32 = 1;
const RECORDS: &str = "records";
const HEADERS: &str = "headers";
const WRITER: &str = "writer";
const TURN: &str = "turn";
/// Headers in one value of the database: one period of retarget, 161,280 bytes.
const CHUNK: usize = 2016 * HEADER;

const MISSING: StorageError = StorageError::Missing { what: "IndexedDB" };

#[wasm_bindgen]
extern "C" {
    /// web-sys keeps a transaction's options behind a compiler flag.
    #[wasm_bindgen(extends = IdbDatabase)]
    type Database;
    #[wasm_bindgen(method, catch)]
    fn transaction(
        this: &Database,
        stores: &Array,
        mode: &str,
        options: &Object,
    ) -> Result<IdbTransaction, JsValue>;

    #[wasm_bindgen(extends = Object)]
    type Scope;
    #[wasm_bindgen(method, getter, js_name = indexedDB)]
    fn indexed_db(this: &Scope) -> Option<IdbFactory>;
}

/// The open database.
#[derive(Clone)]
pub(crate) struct IndexedDb {
    database: Rc<Connection>,
    /// The turn that this tab took, if it writes.
    turn: Option<f64>,
}

/// Closed with its last owner, and when a newer version of the site wants to change the layout.
struct Connection {
    database: Database,
    _version: EventListener,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.database.close();
    }
}

impl IndexedDb {
    /// Opens or makes the database; a tab that `writes` takes the next turn.
    pub(crate) async fn open(name: &str, writes: bool) -> Result<Self, StorageError> {
        let factory = js_sys::global()
            .unchecked_into::<Scope>()
            .indexed_db()
            .ok_or(MISSING)?;
        let request = factory
            .open_with_u32(name, VERSION)
            .map_err(StorageError::browser("opening the database"))?;
        let upgrade = EventListener::once(&request, "upgradeneeded", |event| {
            let Some(request) = event
                .target()
                .and_then(|target| target.dyn_into::<IdbOpenDbRequest>().ok())
            else {
                return;
            };
            if let Ok(database) = request.result() {
                let database: IdbDatabase = database.unchecked_into();
                for store in [RECORDS, HEADERS, WRITER] {
                    // A failure aborts the upgrade, and opening fails.
                    let _ = database.create_object_store(store);
                }
            }
        });
        let database = JsFuture::from(Promise::new(&mut |resolve, reject| {
            request.set_onsuccess(Some(&resolve));
            request.set_onerror(Some(&reject));
            request.set_onblocked(Some(&reject));
        }))
        .await
        .and_then(|_| request.result())
        .map_err(StorageError::browser("opening the database"))?
        .unchecked_into::<Database>();
        drop(upgrade);
        let version = {
            let database = database.clone();
            EventListener::once(&database.clone(), "versionchange", move |_| {
                database.close()
            })
        };
        let mut opened = Self {
            database: Rc::new(Connection {
                database,
                _version: version,
            }),
            turn: None,
        };
        if writes {
            opened.take_turn().await?;
        }
        Ok(opened)
    }

    /// Numbers this tab as the one that writes: the one before it writes no more.
    async fn take_turn(&mut self) -> Result<(), StorageError> {
        let transaction = self.begin(&[WRITER], "readwrite")?;
        let store = open_store(&transaction, WRITER)?;
        let found = result(store.get(&TURN.into())).await?;
        let turn = found.as_f64().unwrap_or(0.0) + 1.0;
        store
            .put_with_key(&turn.into(), &TURN.into())
            .map_err(writing)?;
        complete(&transaction).await?;
        self.turn = Some(turn);
        Ok(())
    }

    /// A writing transaction in which it is still this tab's turn.
    async fn begin_write(
        &self,
        name: &str,
    ) -> Result<(IdbTransaction, IdbObjectStore), StorageError> {
        let transaction = self.begin(&[WRITER, name], "readwrite")?;
        let found = result(open_store(&transaction, WRITER)?.get(&TURN.into())).await?;
        if self.turn.is_none() || found.as_f64() != self.turn {
            // Nothing was written in it; without this it would end by itself.
            let _ = transaction.abort();
            return Err(StorageError::Displaced);
        }
        let store = open_store(&transaction, name)?;
        Ok((transaction, store))
    }

    fn begin(&self, stores: &[&str], mode: &str) -> Result<IdbTransaction, StorageError> {
        let stores: Array = stores.iter().map(|name| JsValue::from_str(name)).collect();
        let options = Object::new();
        Reflect::set(&options, &"durability".into(), &"strict".into()).map_err(writing)?;
        self.database
            .database
            .transaction(&stores, mode, &options)
            .map_err(StorageError::browser("beginning a transaction"))
    }

    /// The durability that the browser gives our transactions.
    #[cfg(test)]
    #[cfg(target_family = "wasm")]
    pub(super) fn durability(&self) -> String {
        self.begin(&[RECORDS], "readwrite")
            .ok()
            .and_then(|transaction| Reflect::get(&transaction, &"durability".into()).ok())
            .and_then(|durability| durability.as_string())
            .unwrap_or_default()
    }

    async fn read_records(&self) -> Result<Vec<Record>, StorageError> {
        let (keys, values) = self.read_all(RECORDS).await?;
        Ok(keys
            .iter()
            .zip(values.iter())
            .filter_map(|(key, value)| {
                Some(Record {
                    key: key.as_string()?,
                    value: value.dyn_into::<Uint8Array>().ok()?.to_vec(),
                })
            })
            .collect())
    }

    async fn write_records(&self, changes: &[RecordChange]) -> Result<(), StorageError> {
        let (transaction, store) = self.begin_write(RECORDS).await?;
        let asked = changes.iter().try_for_each(|change| {
            match change {
                RecordChange::Put(Record { key, value }) => {
                    let value = Uint8Array::from(value.as_slice());
                    store.put_with_key(&value, &key.into())
                }
                RecordChange::Delete(key) => store.delete(&key.into()),
            }
            .map(drop)
        });
        all_or_none(&transaction, asked).await
    }

    async fn read_headers(&self, from_height: u32) -> Result<Vec<u8>, StorageError> {
        let from = from_height as usize * HEADER;
        let mut headers = Vec::new();
        // What follows a hole or a short chunk has no known height.
        while (from + headers.len()).is_multiple_of(CHUNK) && headers.len() < PIECE * HEADER {
            let transaction = self.begin(&[HEADERS], "readonly")?;
            let store = open_store(&transaction, HEADERS)?;
            let next = chunk(&store, (from + headers.len()) / CHUNK).await?;
            if next.is_empty() {
                break;
            }
            headers.extend_from_slice(&next);
        }
        Ok(super::whole_headers(headers))
    }

    async fn write_headers(&self, from_height: u32, bytes: &[u8]) -> Result<(), StorageError> {
        let from = from_height as usize * HEADER;
        let (first, kept) = (from / CHUNK, from % CHUNK);
        let (transaction, store) = self.begin_write(HEADERS).await?;
        let before = if kept > 0 {
            chunk(&store, first).await?
        } else if first > 0 {
            chunk(&store, first - 1).await?
        } else {
            Vec::new()
        };
        let needed = if kept > 0 || first == 0 { kept } else { CHUNK };
        if before.len() < needed {
            let _ = transaction.abort();
            return Err(StorageError::Hole { found: from_height });
        }
        let mut rest = before[..kept].to_vec();
        rest.extend_from_slice(bytes);
        let asked = put_chunks(&store, first, &rest);
        all_or_none(&transaction, asked).await
    }

    /// All keys and values of a store, in the order of the keys.
    async fn read_all(&self, name: &str) -> Result<(Array, Array), StorageError> {
        let transaction = self.begin(&[name], "readonly")?;
        let store = open_store(&transaction, name)?;
        let keys = result(store.get_all_keys()).await?;
        let values = result(store.get_all()).await?;
        Ok((keys.unchecked_into(), values.unchecked_into()))
    }
}

impl HeaderStore for IndexedDb {
    fn read(&mut self, from_height: u32) -> Answer<'_, Vec<u8>> {
        Box::pin(self.read_headers(from_height))
    }

    fn write<'a>(&'a mut self, from_height: u32, bytes: &'a [u8]) -> Answer<'a, ()> {
        Box::pin(self.write_headers(from_height, bytes))
    }
}

impl RecordStore for IndexedDb {
    fn read(&mut self) -> Answer<'_, Vec<Record>> {
        Box::pin(self.read_records())
    }

    fn write<'a>(&'a mut self, changes: &'a [RecordChange]) -> Answer<'a, ()> {
        Box::pin(self.write_records(changes))
    }
}

fn key(index: usize) -> JsValue {
    JsValue::from_f64(index as f64)
}

/// Puts chunks from one on, and removes what was stored beyond them.
fn put_chunks(store: &IdbObjectStore, first: usize, bytes: &[u8]) -> Result<(), JsValue> {
    let mut index = first;
    for chunk in bytes.chunks(CHUNK) {
        store.put_with_key(&Uint8Array::from(chunk), &key(index))?;
        index += 1;
    }
    let beyond = IdbKeyRange::lower_bound(&key(index))?;
    store.delete(&beyond).map(drop)
}

async fn chunk(store: &IdbObjectStore, index: usize) -> Result<Vec<u8>, StorageError> {
    let value = result(store.get(&key(index))).await?;
    Ok(value
        .dyn_into::<Uint8Array>()
        .map(|chunk| chunk.to_vec())
        .unwrap_or_default())
}

fn open_store(transaction: &IdbTransaction, name: &str) -> Result<IdbObjectStore, StorageError> {
    transaction
        .object_store(name)
        .map_err(StorageError::browser("opening a store of the database"))
}

fn writing(error: JsValue) -> StorageError {
    StorageError::browser("writing to the database")(error)
}

/// Waits for one request. The transaction goes on in the same turn of the event loop.
async fn result(request: Result<IdbRequest, JsValue>) -> Result<JsValue, StorageError> {
    let reading = StorageError::browser("reading the database");
    let request = request.map_err(&reading)?;
    JsFuture::from(Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    }))
    .await
    .and_then(|_| request.result())
    .map_err(|_| reading(failure(request.error().ok().flatten())))
}

/// Ends a transaction whose changes were asked for. Where one was refused at once, those before it
/// would be kept without this.
async fn all_or_none(
    transaction: &IdbTransaction,
    asked: Result<(), JsValue>,
) -> Result<(), StorageError> {
    if let Err(error) = asked {
        let _ = transaction.abort();
        return Err(writing(error));
    }
    complete(transaction).await
}

/// Waits until a transaction is on disk.
async fn complete(transaction: &IdbTransaction) -> Result<(), StorageError> {
    JsFuture::from(Promise::new(&mut |resolve, reject| {
        transaction.set_oncomplete(Some(&resolve));
        transaction.set_onabort(Some(&reject));
    }))
    .await
    .map(drop)
    .map_err(|_| writing(failure(transaction.error())))
}

fn failure(error: Option<web_sys::DomException>) -> JsValue {
    error.map_or_else(
        || JsValue::from_str("the browser gives no reason"),
        JsValue::from,
    )
}
