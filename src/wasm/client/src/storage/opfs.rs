//! Headers in one file of the origin's private file system: 80-byte records at height x 80,
//! through a synchronous access handle, which only one worker of an origin can have.

use super::{Answer, HEADER, HeaderStore, PIECE, StorageError, whole_headers};
use gloo_timers::future::TimeoutFuture;
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DomException, File, FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetFileOptions,
    FileSystemReadWriteOptions, FileSystemSyncAccessHandle, StorageManager, WorkerGlobalScope,
};

/// A worker that was ended lets go of its handle a little later.
const TRIES: u32 = 20;
const BETWEEN_TRIES_MS: u32 = 100;

const MISSING: StorageError = StorageError::Missing {
    what: "the private file system",
};

/// The open file; closed when dropped.
pub(crate) struct Opfs {
    handle: FileSystemSyncAccessHandle,
}

impl Opfs {
    /// Opens or makes the file, and takes its handle.
    pub(crate) async fn open(name: &str) -> Result<Self, StorageError> {
        let file = file(name, true).await?;
        // Firefox before 111 and Safari before 15.2 have the file system without handles.
        if !has(&file, "createSyncAccessHandle") {
            return Err(MISSING);
        }
        let mut tries = 0;
        loop {
            match JsFuture::from(file.create_sync_access_handle()).await {
                Ok(handle) => {
                    return Ok(Self {
                        handle: handle.unchecked_into(),
                    });
                }
                Err(error) if is(&error, "NoModificationAllowedError") && tries < TRIES => {
                    tries += 1;
                    TimeoutFuture::new(BETWEEN_TRIES_MS).await;
                }
                Err(error) => {
                    return Err(StorageError::browser("taking the header file's handle")(
                        error,
                    ));
                }
            }
        }
    }

    fn size(&self) -> Result<usize, StorageError> {
        let size = self
            .handle
            .get_size()
            .map_err(StorageError::browser("asking for the header file's size"))?;
        Ok(count(size))
    }

    fn read_from(&self, height: u32) -> Result<Vec<u8>, StorageError> {
        let from = height as usize * HEADER;
        let length = self.size()?.saturating_sub(from).min(PIECE * HEADER);
        let mut bytes = vec![0; length];
        let read = self
            .handle
            .read_with_u8_array_and_options(&mut bytes, &at(from))
            .map_err(StorageError::browser("reading the header file"))?;
        bytes.truncate(count(read));
        Ok(whole_headers(bytes))
    }

    fn write_at(&self, from_height: u32, bytes: &[u8]) -> Result<(), StorageError> {
        let from = from_height as usize * HEADER;
        if from > self.size()? {
            return Err(StorageError::Hole { found: from_height });
        }
        let result = self.overwrite(from, bytes);
        if result.is_err() {
            // What was there before `from` is whole; a half-written rest would be refused by the
            // core at the next start, and need not be there.
            let _ = self.cut(from);
        }
        result
    }

    fn overwrite(&self, from: usize, bytes: &[u8]) -> Result<(), StorageError> {
        let written = self
            .handle
            .write_with_u8_array_and_options(bytes, &at(from))
            .map_err(StorageError::browser("writing the header file"))?;
        if count(written) != bytes.len() {
            return Err(StorageError::Full {
                expected: bytes.len(),
                found: count(written),
            });
        }
        self.cut(from + bytes.len())
    }

    fn cut(&self, size: usize) -> Result<(), StorageError> {
        self.handle
            .truncate_with_f64(size as f64)
            .and_then(|()| self.handle.flush())
            .map_err(StorageError::browser("flushing the header file"))
    }
}

impl Drop for Opfs {
    fn drop(&mut self) {
        self.handle.close();
    }
}

impl HeaderStore for Opfs {
    fn read(&mut self, from_height: u32) -> Answer<'_, Vec<u8>> {
        Box::pin(std::future::ready(self.read_from(from_height)))
    }

    fn write<'a>(&'a mut self, from_height: u32, bytes: &'a [u8]) -> Answer<'a, ()> {
        Box::pin(std::future::ready(self.write_at(from_height, bytes)))
    }
}

/// What the file holds now, for a tab that may not write it.
pub(crate) struct Snapshot {
    file: File,
}

/// Takes one.
pub(crate) async fn snapshot(name: &str) -> Result<Snapshot, StorageError> {
    let file = file(name, false).await?;
    let file = JsFuture::from(file.get_file())
        .await
        .map_err(reading_snapshot())?;
    Ok(Snapshot {
        file: file.unchecked_into(),
    })
}

impl Snapshot {
    async fn read_from(&self, height: u32) -> Result<Vec<u8>, StorageError> {
        let from = f64::from(height) * HEADER as f64;
        let to = from + (PIECE * HEADER) as f64;
        let part = self
            .file
            .slice_with_f64_and_f64(from, to)
            .map_err(reading_snapshot())?;
        let buffer = JsFuture::from(part.array_buffer())
            .await
            .map_err(reading_snapshot())?;
        Ok(whole_headers(Uint8Array::new(&buffer).to_vec()))
    }
}

impl HeaderStore for Snapshot {
    fn read(&mut self, from_height: u32) -> Answer<'_, Vec<u8>> {
        Box::pin(self.read_from(from_height))
    }

    fn write<'a>(&'a mut self, _from_height: u32, _bytes: &'a [u8]) -> Answer<'a, ()> {
        Box::pin(std::future::ready(Err(StorageError::Displaced)))
    }
}

fn reading_snapshot() -> impl Fn(JsValue) -> StorageError {
    StorageError::browser("reading another tab's header file")
}

async fn file(name: &str, create: bool) -> Result<FileSystemFileHandle, StorageError> {
    let directory = directory().await?;
    let options = FileSystemGetFileOptions::new();
    options.set_create(create);
    let name = format!("{name}-headers.bin");
    let file = JsFuture::from(directory.get_file_handle_with_options(&name, &options))
        .await
        .map_err(StorageError::browser("opening the header file"))?;
    Ok(file.unchecked_into())
}

/// The origin's directory. Missing where the page has no secure context, and refused in some
/// private windows.
async fn directory() -> Result<FileSystemDirectoryHandle, StorageError> {
    let scope: WorkerGlobalScope = js_sys::global().dyn_into().map_err(|_| MISSING)?;
    let navigator = scope.navigator();
    if !has(&navigator, "storage") {
        return Err(MISSING);
    }
    let storage: StorageManager = navigator.storage();
    if !has(&storage, "getDirectory") {
        return Err(MISSING);
    }
    JsFuture::from(storage.get_directory())
        .await
        .map(JsCast::unchecked_into)
        .map_err(|_| MISSING)
}

fn at(position: usize) -> FileSystemReadWriteOptions {
    let options = FileSystemReadWriteOptions::new();
    options.set_at_f64(position as f64);
    options
}

/// A count of bytes that the browser gave as a float.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float's cast saturates, and a file's size has no sign"
)]
fn count(bytes: f64) -> usize {
    bytes as usize
}

fn has(object: &JsValue, name: &str) -> bool {
    js_sys::Reflect::get(object, &name.into()).is_ok_and(|value| !value.is_undefined())
}

fn is(error: &JsValue, name: &str) -> bool {
    error
        .dyn_ref::<DomException>()
        .is_some_and(|error| error.name() == name)
}
