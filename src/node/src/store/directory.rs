//! The data directory: one network for ever, and one farthing at a time.
//!
//! | file | what |
//! |---|---|
//! | `network` | the network's name |
//! | `lock` | held by the farthing that runs |
//! | `chain/` | the store |
//! | `.cookie` | who may ask by JSON-RPC, while it runs with `--rpc` |
//! | `tls-*.pem` | the certificate that was generated for `--lan` |

use super::database::DiskStore;
use super::disk::{Disk, RealDisk};
use super::error::DiskError;
use super::names;
use farthing_core::params::{NetworkParams, SpendRule, UnknownNetworkError};
use redb::StorageBackend as _;
use std::env;
use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// Why there is no data directory.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DirectoryError {
    #[error("this machine does not tell where a program may keep its data: say it with --data DIR")]
    NoHome,
    #[error(transparent)]
    Disk(#[from] DiskError),
    #[error(
        "{}: {source}. Remove this file: the chain tells its network too", path.display()
    )]
    Name {
        path: PathBuf,
        source: UnknownNetworkError,
    },
    #[error(transparent)]
    Network(#[from] UnknownNetworkError),
    #[error(
        "{0} is not a network that farthing runs a node of: expected practice:NAME or \
         farthing:NAME; a Bitcoin node is reached with --bitcoin {0}@HOST:PORT"
    )]
    Foreign(String),
    #[error(
        "{} holds a chain, and what tells its network is lost: say it once with --network NAME",
        .0.display()
    )]
    Nameless(PathBuf),
    #[error("this machine gives no random numbers: {0}")]
    Random(getrandom::Error),
}

/// An open data directory. Whoever holds it is the only farthing there.
#[derive(Debug)]
pub(crate) struct DataDirectory<D = RealDisk> {
    disk: D,
    folder: PathBuf,
    params: NetworkParams,
    /// Whether the network was made just now.
    new: bool,
    _lock: File,
}

impl DataDirectory {
    /// Opens it. `network` is the name that was asked for; without it the directory's own, and an
    /// empty one makes a practice network of its own.
    pub(crate) fn open(folder: &Path, network: Option<&str>) -> Result<Self, DirectoryError> {
        Self::open_on(RealDisk, folder, network)
    }
}

impl<D: Disk> DataDirectory<D> {
    /// Opens it on this disk. The lock is between the programs of this machine, and on none.
    pub(super) fn open_on(
        disk: D,
        folder: &Path,
        network: Option<&str>,
    ) -> Result<Self, DirectoryError> {
        let asked = network.map(own_network).transpose()?;
        let made = disk.make_folder(folder);
        made.map_err(|error| DiskError::io(folder, error))?;
        let lock = lock(&folder.join("lock"))?;
        let path = folder.join("network");
        let kept = read_whole(&disk, &path)?
            .map(|bytes| read_name(&path, &String::from_utf8_lossy(&bytes)))
            .transpose()?;
        // Lost, or not yet written: then whoever has a chain is asked for the name.
        let named = kept.is_some();
        let kept = match kept {
            None => stored_name(&disk, folder, asked.as_ref())?,
            kept => kept,
        };
        let new = kept.is_none();
        let params = match (kept, asked) {
            (Some(kept), Some(asked)) if kept.name != asked.name => {
                return Err(DirectoryError::Disk(DiskError::Network {
                    folder: folder.to_owned(),
                    expected: asked.name,
                    found: kept.name,
                }));
            }
            (Some(params), _) | (None, Some(params)) => params,
            (None, None) => own_network(&format!("practice:{}", names::name(random()?)))?,
        };
        if !named {
            write_whole_on(&disk, &path, format!("{}\n", params.name).as_bytes())?;
        }
        Ok(Self {
            disk,
            folder: folder.to_owned(),
            params,
            new,
            _lock: lock,
        })
    }

    pub(super) fn disk(&self) -> &D {
        &self.disk
    }

    pub(crate) fn params(&self) -> &NetworkParams {
        &self.params
    }

    pub(crate) fn is_new(&self) -> bool {
        self.new
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where the store is.
    pub(crate) fn chain(&self) -> PathBuf {
        self.folder.join("chain")
    }

    /// Where it is for the moment in which a rebuilt one takes its place.
    pub(super) fn old_chain(&self) -> PathBuf {
        self.folder.join("chain.old")
    }

    /// Opens the store.
    pub(crate) fn open_store(&self) -> Result<DiskStore, DiskError> {
        let (disk, chain) = (&self.disk, self.chain());
        if !exists(disk, &chain)? && exists(disk, &self.old_chain())? {
            return Err(DiskError::Interrupted(self.folder.clone()));
        }
        DiskStore::open(disk, &chain, &self.params)
    }
}

/// Where a program keeps its data on this platform.
pub(crate) fn default_folder() -> Result<PathBuf, DirectoryError> {
    let variable = |name: &str| {
        env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let base = if cfg!(windows) {
        variable("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        variable("HOME").map(|home| home.join("Library/Application Support"))
    } else {
        // A relative path is to be ignored (XDG Base Directory Specification).
        variable("XDG_DATA_HOME")
            .filter(|path| path.is_absolute())
            .or_else(|| variable("HOME").map(|home| home.join(".local/share")))
    };
    base.map(|base| base.join("farthing"))
        .ok_or(DirectoryError::NoHome)
}

/// The parameters of a network whose node we are.
fn own_network(name: &str) -> Result<NetworkParams, DirectoryError> {
    let params = NetworkParams::by_name(name)?;
    match params.spend_rule {
        SpendRule::Ed25519 => Ok(params),
        SpendRule::Script => Err(DirectoryError::Foreign(params.name)),
    }
}

fn read_name(path: &Path, text: &str) -> Result<NetworkParams, DirectoryError> {
    NetworkParams::by_name(text.trim_end()).map_err(|source| DirectoryError::Name {
        path: path.to_owned(),
        source,
    })
}

/// The network of a chain whose directory has lost its name. None where there is no chain; or where
/// it does not tell either, and the one that was asked for has to do.
fn stored_name(
    disk: &impl Disk,
    folder: &Path,
    asked: Option<&NetworkParams>,
) -> Result<Option<NetworkParams>, DirectoryError> {
    for chain in ["chain", "chain.old"].map(|name| folder.join(name)) {
        if !has_chain(disk, &chain)? {
            continue;
        }
        return match (DiskStore::network_of(disk, &chain), asked) {
            (Ok(Some(name)), _) => Ok(Some(read_name(&chain, &name)?)),
            (_, Some(_)) => Ok(None),
            (_, None) => Err(DirectoryError::Nameless(folder.to_owned())),
        };
    }
    Ok(None)
}

/// Whether there is anything of a store in this folder.
fn has_chain(disk: &impl Disk, folder: &Path) -> Result<bool, DiskError> {
    Ok(exists(disk, &folder.join("store.redb"))? || exists(disk, &folder.join("blocks.dat"))?)
}

/// Whether there is anything of this name.
pub(super) fn exists(disk: &impl Disk, path: &Path) -> Result<bool, DiskError> {
    disk.exists(path)
        .map_err(|error| DiskError::io(path, error))
}

fn lock(path: &Path) -> Result<File, DiskError> {
    let fails = |error| DiskError::io(path, error);
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .map_err(fails)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(DiskError::Locked(path.parent().unwrap_or(path).to_owned()))
        }
        Err(TryLockError::Error(error)) => Err(fails(error)),
    }
}

/// A small file; none where there is none.
pub(super) fn read_whole(disk: &impl Disk, path: &Path) -> Result<Option<Vec<u8>>, DiskError> {
    if !exists(disk, path)? {
        return Ok(None);
    }
    let read = disk.open(path).and_then(|file| {
        let mut bytes = vec![0; usize::try_from(file.len()?).map_err(io::Error::other)?];
        file.read(0, &mut bytes)?;
        Ok(bytes)
    });
    let bytes = read.map_err(|error| DiskError::io(path, error))?;
    Ok(Some(bytes))
}

/// Writes a small file so that it is there whole or not at all.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), DiskError> {
    write_whole_on(&RealDisk, path, bytes)
}

pub(super) fn write_whole_on(disk: &impl Disk, path: &Path, bytes: &[u8]) -> Result<(), DiskError> {
    let part = path.with_extension("part");
    let written = disk.remove(&part).and_then(|()| {
        let file = disk.open(&part)?;
        file.write(0, bytes)?;
        file.sync_data()
    });
    written
        .and_then(|()| disk.rename(&part, path))
        .map_err(|error| DiskError::io(path, error))?;
    sync_folder_of(disk, path)
}

/// Waits until the names in a file's folder are on the disk: a file that was synced has no name
/// after a power loss before that.
pub(super) fn sync_folder_of(disk: &impl Disk, path: &Path) -> Result<(), DiskError> {
    let folder = path.parent().unwrap_or(path);
    let synced = disk.sync_folder(folder);
    synced.map_err(|error| DiskError::io(folder, error))
}

fn random<const N: usize>() -> Result<[u8; N], DirectoryError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(DirectoryError::Random)?;
    Ok(bytes)
}
