//! The data directory: one network for ever, and one farthing at a time.
//!
//! | file | what |
//! |---|---|
//! | `network` | the network's name |
//! | `lock` | held by the farthing that runs |
//! | `chain/` | the store |
//! | `tls-*.pem` | the certificate that was generated for `--lan` |

use super::database::DiskStore;
use super::error::DiskError;
use super::names;
use farthing_core::params::{NetworkParams, SpendRule, UnknownNetworkError};
use std::env;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Why there is no data directory.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DirectoryError {
    #[error("this machine does not tell where a program may keep its data: say it with --data DIR")]
    NoHome,
    #[error(transparent)]
    Disk(#[from] DiskError),
    #[error("{}: {source}", path.display())]
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
pub(crate) struct DataDirectory {
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
        let asked = network.map(own_network).transpose()?;
        fs::create_dir_all(folder).map_err(|error| DiskError::io(folder, error))?;
        let lock = lock(&folder.join("lock"))?;
        let path = folder.join("network");
        let kept = match fs::read_to_string(&path) {
            Ok(text) => Some(read_name(&path, &text)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(DiskError::io(&path, error).into()),
        };
        // Lost, or not yet written: then whoever has a chain is asked for the name.
        let named = kept.is_some();
        let kept = match kept {
            None => stored_name(folder, asked.as_ref())?,
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
            write_whole(&path, format!("{}\n", params.name).as_bytes())?;
        }
        Ok(Self {
            folder: folder.to_owned(),
            params,
            new,
            _lock: lock,
        })
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
        let chain = self.chain();
        if !chain.exists() && self.old_chain().exists() {
            return Err(DiskError::Interrupted(self.folder.clone()));
        }
        DiskStore::open(&chain, &self.params)
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
    folder: &Path,
    asked: Option<&NetworkParams>,
) -> Result<Option<NetworkParams>, DirectoryError> {
    let chains = ["chain", "chain.old"].map(|name| folder.join(name));
    let Some(chain) = chains.iter().find(|chain| has_chain(chain)) else {
        return Ok(None);
    };
    match (DiskStore::network_of(chain), asked) {
        (Ok(Some(name)), _) => Ok(Some(read_name(chain, &name)?)),
        (_, Some(_)) => Ok(None),
        (_, None) => Err(DirectoryError::Nameless(folder.to_owned())),
    }
}

/// Whether there is anything of a store in this folder.
fn has_chain(folder: &Path) -> bool {
    let mut files = ["store.redb", "blocks.dat"].iter();
    files.any(|name| folder.join(name).exists())
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

/// Writes a small file so that it is there whole or not at all.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), DiskError> {
    let part = path.with_extension("part");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        // One of them is a private key.
        options.mode(0o600);
    }
    let written = options.open(&part).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written
        .and_then(|()| fs::rename(&part, path))
        .map_err(|error| DiskError::io(path, error))?;
    sync_folder_of(path)
}

/// Waits until the names in a file's folder are on the disk: a file that was synced has no name
/// after a power loss before that.
pub(super) fn sync_folder_of(path: &Path) -> Result<(), DiskError> {
    let folder = path.parent().unwrap_or(path);
    // Elsewhere a folder cannot be opened.
    #[cfg(unix)]
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|error| DiskError::io(folder, error))?;
    #[cfg(test)]
    synced::tell(folder);
    Ok(())
}

fn random<const N: usize>() -> Result<[u8; N], DirectoryError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(DirectoryError::Random)?;
    Ok(bytes)
}

/// What was synced: no test can take the power away.
#[cfg(test)]
pub(super) mod synced {
    use std::cell::RefCell;
    use std::path::{Path, PathBuf};

    thread_local! {
        static FOLDERS: RefCell<Vec<PathBuf>> = const { RefCell::new(Vec::new()) };
    }

    pub(super) fn tell(folder: &Path) {
        FOLDERS.with_borrow_mut(|folders| folders.push(folder.to_owned()));
    }

    /// The folders that this thread synced since it asked last.
    pub(in crate::store) fn take() -> Vec<PathBuf> {
        FOLDERS.take()
    }
}
