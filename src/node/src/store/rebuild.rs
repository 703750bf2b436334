//! A corrupt store made anew from its blocks. The file of blocks is read from its start, whatever is
//! left of it; each block vouches for itself, and all of them are validated again.
//!
//! The new store is made beside the old one and takes its place by renaming folders: at any moment
//! a kill leaves one of them whole.

use super::blocks::FoundBlocks;
use super::directory::{exists, sync_folder_of};
use super::disk::Disk;
use super::{DataDirectory, DiskError, DiskStore};
use farthing_core::bitcoin::consensus::encode::deserialize;
use farthing_core::bitcoin::{Block, BlockHash};
use farthing_core::chain::{Chain, OpenError, Rebuilt};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Why there is no new store.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RebuildError {
    #[error(transparent)]
    Disk(#[from] DiskError),
    #[error("{} is not there: there are no blocks to make the store from", .0.display())]
    NoBlocks(PathBuf),
    #[error("the new store cannot be made: {0}")]
    Chain(#[from] OpenError),
}

/// Makes the store of this directory anew.
pub(crate) fn rebuild<D: Disk>(data: &DataDirectory<D>) -> Result<Rebuilt, RebuildError> {
    let (chain, old, new) = (
        data.chain(),
        data.old_chain(),
        data.folder().join("chain.new"),
    );
    let disk = data.disk();
    // Left over from one that was interrupted; the old one, if the new one is in its place.
    remove(disk, &new)?;
    let in_place = exists(disk, &chain)?;
    if in_place {
        remove(disk, &old)?;
    }
    let source = if in_place { &chain } else { &old };
    let rebuilt = fill(data, &source.join("blocks.dat"), &new)?;
    if in_place {
        rename(disk, &chain, &old)?;
    }
    rename(disk, &new, &chain)?;
    remove(disk, &old)?;
    Ok(rebuilt)
}

fn fill<D: Disk>(
    data: &DataDirectory<D>,
    path: &Path,
    new: &Path,
) -> Result<Rebuilt, RebuildError> {
    let (disk, params) = (data.disk(), data.params());
    if !exists(disk, path)? {
        return Err(RebuildError::NoBlocks(path.to_owned()));
    }
    let blocks = FoundBlocks::open(disk, path)?;
    let (mut headers, mut places) = (Vec::new(), BTreeMap::new());
    blocks.scan(params.magic, |place, bytes| {
        let Ok(block) = deserialize::<Block>(bytes) else {
            return false;
        };
        // Of two under one header the first was validated: a mutated one is not kept.
        places.entry(block.block_hash()).or_insert(place);
        headers.push(block.header);
        true
    })?;
    let read = |hash: &BlockHash| blocks.read(*places.get(hash)?).ok();
    let store = DiskStore::open(disk, new, params)?;
    let (_, rebuilt) = Chain::rebuild(params.clone(), store, headers, read)?;
    Ok(rebuilt)
}

fn rename(disk: &impl Disk, from: &Path, to: &Path) -> Result<(), DiskError> {
    let renamed = disk.rename(from, to);
    renamed.map_err(|error| DiskError::io(from, error))?;
    sync_folder_of(disk, to)
}

fn remove(disk: &impl Disk, path: &Path) -> Result<(), DiskError> {
    disk.remove(path)
        .map_err(|error| DiskError::io(path, error))
}
