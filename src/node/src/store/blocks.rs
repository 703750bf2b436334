//! The blocks, one after the other, as Bitcoin Core's block files have them: the network's magic,
//! the length, the block. They are apart from the database because a block cannot be computed
//! again from anything else: whatever happens to the database, this file can be read from its
//! start, and every block in it vouches for itself by its proof of work and its Merkle root.
//!
//! Threat: power lost in mid-write. A block is on disk before the database names it, and what the
//! database does not name is written over.

use super::DiskError;
use farthing_core::bitcoin::hashes::{Hash as _, sha256};
use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Magic and length.
const HEAD: u64 = 8;
/// No network's blocks are longer: Bitcoin's weigh 4,000,000.
const LONGEST: u32 = 4_000_000;

/// Where a block is, and how its bytes are known again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// Of the block's first byte.
    pub(super) offset: u64,
    pub(super) length: u32,
    pub(super) checksum: [u8; 8],
}

pub(super) const PLACE: usize = 20;

impl Place {
    pub(super) fn to_bytes(self) -> [u8; PLACE] {
        let mut bytes = [0; PLACE];
        bytes[..8].copy_from_slice(&self.offset.to_le_bytes());
        bytes[8..12].copy_from_slice(&self.length.to_le_bytes());
        bytes[12..].copy_from_slice(&self.checksum);
        bytes
    }

    pub(super) fn from_bytes(bytes: &[u8; PLACE]) -> Self {
        Self {
            offset: u64::from_le_bytes(part(bytes, 0)),
            length: u32::from_le_bytes(part(bytes, 8)),
            checksum: part(bytes, 12),
        }
    }
}

fn part<const N: usize>(bytes: &[u8; PLACE], from: usize) -> [u8; N] {
    let mut part = [0; N];
    part.copy_from_slice(&bytes[from..from + N]);
    part
}

fn checksum(bytes: &[u8]) -> [u8; 8] {
    let mut checksum = [0; 8];
    checksum.copy_from_slice(&sha256::Hash::hash(bytes).as_byte_array()[..8]);
    checksum
}

/// The open file.
#[derive(Debug)]
pub(super) struct BlockFile {
    path: PathBuf,
    magic: [u8; 4],
    file: Mutex<File>,
    /// Where the next block goes: after the last one that the database names.
    end: u64,
}

impl BlockFile {
    /// Opens the file of a database that names all up to `end`; what is behind that, a kill left.
    pub(super) fn open(path: &Path, magic: [u8; 4], end: u64) -> Result<Self, DiskError> {
        let fails = |error| DiskError::io(path, error);
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(fails)?;
        let length = file.metadata().map_err(fails)?.len();
        if length < end {
            let what = format!("expected {end} bytes of blocks, found {length}");
            return Err(DiskError::corrupt(path, what));
        }
        if length > end {
            file.set_len(end).map_err(fails)?;
        }
        Ok(Self::new(path, magic, file, end))
    }

    /// Opens it to read alone.
    pub(super) fn look(path: &Path, magic: [u8; 4]) -> Result<Self, DiskError> {
        let file = File::open(path).map_err(|error| DiskError::io(path, error))?;
        Ok(Self::new(path, magic, file, 0))
    }

    fn new(path: &Path, magic: [u8; 4], file: File, end: u64) -> Self {
        Self {
            path: path.to_owned(),
            magic,
            file: Mutex::new(file),
            end,
        }
    }

    fn file(&self) -> MutexGuard<'_, File> {
        // Nothing is left half done in the file's position: each use seeks first.
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Appends blocks and waits until they are on the disk. They are part of the file once
    /// [`Self::keep`] is called: until then the next ones would be written over them.
    pub(super) fn append<'a>(
        &self,
        blocks: impl Iterator<Item = &'a [u8]>,
    ) -> Result<(Vec<Place>, u64), DiskError> {
        let mut end = self.end;
        let (mut places, mut bytes) = (Vec::new(), Vec::new());
        for block in blocks {
            let length = u32::try_from(block.len())
                .ok()
                .filter(|length| *length <= LONGEST);
            let length = length.ok_or_else(|| {
                let found = format!(
                    "expected a block of at most {LONGEST} bytes, found {}",
                    block.len()
                );
                DiskError::io(
                    &self.path,
                    io::Error::new(io::ErrorKind::InvalidInput, found),
                )
            })?;
            bytes.extend(self.magic);
            bytes.extend(length.to_le_bytes());
            bytes.extend(block);
            let (offset, checksum) = (end + HEAD, checksum(block));
            places.push(Place {
                offset,
                length,
                checksum,
            });
            end = offset + u64::from(length);
        }
        if !bytes.is_empty() {
            let mut file = self.file();
            let written = file
                .seek(SeekFrom::Start(self.end))
                .and_then(|_| file.write_all(&bytes))
                .and_then(|()| file.sync_data());
            written.map_err(|error| DiskError::io(&self.path, error))?;
        }
        Ok((places, end))
    }

    /// The database names all up to here.
    pub(super) fn keep(&mut self, end: u64) {
        self.end = end;
    }

    pub(super) fn read(&self, place: Place) -> Result<Vec<u8>, DiskError> {
        let corrupt =
            |what: &str| DiskError::corrupt(&self.path, format!("{what} at byte {}", place.offset));
        if place.length > LONGEST {
            return Err(corrupt("a block of impossible length"));
        }
        let mut bytes = vec![0; place.length as usize];
        let mut file = self.file();
        let read = file
            .seek(SeekFrom::Start(place.offset))
            .and_then(|_| file.read_exact(&mut bytes));
        match read {
            Ok(()) if checksum(&bytes) == place.checksum => Ok(bytes),
            Ok(()) => Err(corrupt("a block that was changed")),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                Err(corrupt("a block cut short"))
            }
            Err(error) => Err(DiskError::io(&self.path, error)),
        }
    }
}

/// Reads a file of blocks from its start, whatever is left of it: `each` says whether the bytes at
/// this place are a block; where they are none, the search goes on behind the magic that led there.
///
/// # Errors
/// The file cannot be read.
pub(super) fn scan(
    path: &Path,
    magic: [u8; 4],
    mut each: impl FnMut(Place, &[u8]) -> bool,
) -> Result<(), DiskError> {
    let fails = |error| DiskError::io(path, error);
    let file = File::open(path).map_err(fails)?;
    let length = file.metadata().map_err(fails)?.len();
    let mut file = BufReader::new(file);
    let mut at = 0;
    while at + HEAD <= length {
        file.seek(SeekFrom::Start(at)).map_err(fails)?;
        let mut head = [0; HEAD as usize];
        file.read_exact(&mut head).map_err(fails)?;
        let (found, size) = head.split_at(4);
        let size = u32::from_le_bytes(size.try_into().expect("8 - 4 bytes are left"));
        if found == magic && size <= LONGEST && at + HEAD + u64::from(size) <= length {
            let mut block = vec![0; size as usize];
            file.read_exact(&mut block).map_err(fails)?;
            let (offset, checksum) = (at + HEAD, checksum(&block));
            let place = Place {
                offset,
                length: size,
                checksum,
            };
            if each(place, &block) {
                at += HEAD + u64::from(size);
                continue;
            }
        }
        at = next_magic(&mut file, at + 1, magic)
            .map_err(fails)?
            .unwrap_or(length);
    }
    Ok(())
}

/// The next place from here on where the magic stands.
fn next_magic(file: &mut BufReader<File>, from: u64, magic: [u8; 4]) -> io::Result<Option<u64>> {
    file.seek(SeekFrom::Start(from))?;
    let mut window = [0; 4];
    for (read, byte) in file.bytes().enumerate() {
        window.rotate_left(1);
        window[3] = byte?;
        if read >= 3 && window == magic {
            return Ok(Some(from + read as u64 - 3));
        }
    }
    Ok(None)
}
