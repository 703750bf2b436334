//! The blocks, one after the other, as Bitcoin Core's block files have them: the network's magic,
//! the length, the block. They are apart from the database because a block cannot be computed
//! again from anything else: whatever happens to the database, this file can be read from its
//! start, and every block in it vouches for itself by its proof of work and its Merkle root.
//!
//! Threat: power lost in mid-write. A block is on disk before the database names it, and what the
//! database does not name is written over.

use super::DiskError;
use super::disk::Disk;
use farthing_core::bitcoin::hashes::{Hash as _, sha256};
use redb::StorageBackend;
use std::io;
use std::path::{Path, PathBuf};

/// Magic and length.
const HEAD: u64 = 8;
/// No network's blocks are longer: Bitcoin's weigh 4,000,000.
const LONGEST: u32 = 4_000_000;
/// Read at a time in search of a magic.
const PIECE: usize = 1 << 16;

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
    file: Box<dyn StorageBackend>,
    /// Where the next block goes: after the last one that the database names.
    end: u64,
}

impl BlockFile {
    /// Opens the file of a database that names all up to `end`; what is behind that, a kill left.
    pub(super) fn open(
        disk: &impl Disk,
        path: &Path,
        magic: [u8; 4],
        end: u64,
    ) -> Result<Self, DiskError> {
        let fails = |error| DiskError::io(path, error);
        let file = disk.open(path).map_err(fails)?;
        let length = file.len().map_err(fails)?;
        if length < end {
            let what = format!("expected {end} bytes of blocks, found {length}");
            return Err(DiskError::corrupt(path, what));
        }
        if length > end {
            file.set_len(end).map_err(fails)?;
        }
        Ok(Self {
            path: path.to_owned(),
            magic,
            file: Box::new(file),
            end,
        })
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
            let written = self.file.write(self.end, &bytes);
            written
                .and_then(|()| self.file.sync_data())
                .map_err(|error| DiskError::io(&self.path, error))?;
        }
        Ok((places, end))
    }

    /// The database names all up to here.
    pub(super) fn keep(&mut self, end: u64) {
        self.end = end;
    }

    pub(super) fn read(&self, place: Place) -> Result<Vec<u8>, DiskError> {
        read(&*self.file, &self.path, place)
    }
}

fn read(file: &dyn StorageBackend, path: &Path, place: Place) -> Result<Vec<u8>, DiskError> {
    let corrupt = |what: &str| DiskError::corrupt(path, format!("{what} at byte {}", place.offset));
    if place.length > LONGEST {
        return Err(corrupt("a block of impossible length"));
    }
    let mut bytes = vec![0; place.length as usize];
    match file.read(place.offset, &mut bytes) {
        Ok(()) if checksum(&bytes) == place.checksum => Ok(bytes),
        Ok(()) => Err(corrupt("a block that was changed")),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            Err(corrupt("a block cut short"))
        }
        Err(error) => Err(DiskError::io(path, error)),
    }
}

/// A file of blocks without the database that names them, as it was found.
#[derive(Debug)]
pub(super) struct FoundBlocks {
    path: PathBuf,
    file: Box<dyn StorageBackend>,
}

impl FoundBlocks {
    pub(super) fn open(disk: &impl Disk, path: &Path) -> Result<Self, DiskError> {
        let file = disk
            .open(path)
            .map_err(|error| DiskError::io(path, error))?;
        Ok(Self {
            path: path.to_owned(),
            file: Box::new(file),
        })
    }

    pub(super) fn read(&self, place: Place) -> Result<Vec<u8>, DiskError> {
        read(&*self.file, &self.path, place)
    }

    /// Reads it from its start, whatever is left of it: `each` says whether the bytes at this place
    /// are a block; where they are none, the search goes on behind the magic that led there.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(super) fn scan(
        &self,
        magic: [u8; 4],
        each: impl FnMut(Place, &[u8]) -> bool,
    ) -> Result<(), DiskError> {
        self.try_scan(magic, each)
            .map_err(|error| DiskError::io(&self.path, error))
    }

    fn try_scan(
        &self,
        magic: [u8; 4],
        mut each: impl FnMut(Place, &[u8]) -> bool,
    ) -> io::Result<()> {
        let length = self.file.len()?;
        let mut at = 0;
        while at + HEAD <= length {
            let mut head = [0; HEAD as usize];
            self.file.read(at, &mut head)?;
            let (found, size) = head.split_at(4);
            let size = u32::from_le_bytes(size.try_into().expect("8 - 4 bytes are left"));
            if found == magic && size <= LONGEST && at + HEAD + u64::from(size) <= length {
                let offset = at + HEAD;
                let mut block = vec![0; size as usize];
                self.file.read(offset, &mut block)?;
                let place = Place {
                    offset,
                    length: size,
                    checksum: checksum(&block),
                };
                if each(place, &block) {
                    at = offset + u64::from(size);
                    continue;
                }
            }
            at = self.next_magic(at + 1, length, magic)?.unwrap_or(length);
        }
        Ok(())
    }

    /// The next place from here on where the magic stands.
    fn next_magic(&self, from: u64, length: u64, magic: [u8; 4]) -> io::Result<Option<u64>> {
        let mut at = from;
        while at + 4 <= length {
            // Each piece begins with the last bytes of the one before, which may begin the magic.
            let piece = usize::try_from(length - at).map_or(PIECE, |left| left.min(PIECE));
            let mut bytes = vec![0; piece];
            self.file.read(at, &mut bytes)?;
            if let Some(found) = bytes.windows(4).position(|window| window == magic) {
                return Ok(Some(at + found as u64));
            }
            at += piece as u64 - 3;
        }
        Ok(None)
    }
}
