//! A corrupt store made anew from its blocks. The file of blocks is read from its start, whatever is
//! left of it; each block vouches for itself, and all of them are validated again.
//!
//! The new store is made beside the old one and takes its place by renaming folders: at any moment
//! a kill leaves one of them whole.

use super::blocks::{BlockFile, scan};
use super::directory::sync_folder_of;
use super::{DataDirectory, DiskError, DiskStore};
use farthing_core::bitcoin::consensus::encode::deserialize;
use farthing_core::bitcoin::{Block, BlockHash};
use farthing_core::chain::{Chain, OpenError, Rebuilt};
use std::collections::BTreeMap;
use std::fs;
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
pub(crate) fn rebuild(data: &DataDirectory) -> Result<Rebuilt, RebuildError> {
    let (chain, old, new) = (
        data.chain(),
        data.old_chain(),
        data.folder().join("chain.new"),
    );
    // Left over from one that was interrupted; the old one, if the new one is in its place.
    remove(&new)?;
    if chain.exists() {
        remove(&old)?;
    }
    let source = if chain.exists() { &chain } else { &old };
    let rebuilt = fill(data, &source.join("blocks.dat"), &new)?;
    if source == &chain {
        rename(&chain, &old)?;
    }
    rename(&new, &chain)?;
    remove(&old)?;
    Ok(rebuilt)
}

fn fill(data: &DataDirectory, path: &Path, new: &Path) -> Result<Rebuilt, RebuildError> {
    let params = data.params();
    if !path.exists() {
        return Err(RebuildError::NoBlocks(path.to_owned()));
    }
    let (mut headers, mut places) = (Vec::new(), BTreeMap::new());
    scan(path, params.magic, |place, bytes| {
        let Ok(block) = deserialize::<Block>(bytes) else {
            return false;
        };
        // Of two under one header the first was validated: a mutated one is not kept.
        places.entry(block.block_hash()).or_insert(place);
        headers.push(block.header);
        true
    })?;
    let blocks = BlockFile::look(path, params.magic)?;
    let read = |hash: &BlockHash| blocks.read(*places.get(hash)?).ok();
    let store = DiskStore::open(new, params)?;
    let (_, rebuilt) = Chain::rebuild(params.clone(), store, headers, read)?;
    Ok(rebuilt)
}

fn rename(from: &Path, to: &Path) -> Result<(), DiskError> {
    fs::rename(from, to).map_err(|error| DiskError::io(from, error))?;
    sync_folder_of(to)
}

fn remove(folder: &Path) -> Result<(), DiskError> {
    match folder.exists() {
        true => fs::remove_dir_all(folder).map_err(|error| DiskError::io(folder, error)),
        false => Ok(()),
    }
}
