//! What can be wrong with a store. Every sentence names the file and says what to do.

use farthing_core::chain::StoreError;
use std::io;
use std::path::{Path, PathBuf};

/// A store cannot be opened, read or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DiskError {
    #[error(
        "{} is in use by another farthing: stop that one, or take another folder: --data DIR",
        .0.display()
    )]
    Locked(PathBuf),
    #[error(
        "{} holds the network {found}, expected {expected}: start without --network, or take \
         another folder: --data DIR", folder.display()
    )]
    Network {
        folder: PathBuf,
        expected: String,
        found: String,
    },
    #[error(
        "{} was written by a newer farthing (version {found}, this one knows {known}): start that \
         one, or take another folder: --data DIR", path.display()
    )]
    Newer {
        path: PathBuf,
        found: u32,
        known: u32,
    },
    #[error(
        "{} is corrupt: {what}. Run `farthing rebuild --data {}`: it makes the store anew from its \
         blocks", path.display(), folder_of(path).display()
    )]
    Corrupt { path: PathBuf, what: String },
    #[error(
        "no room is left on the disk of {}: make room and start again; everything up to the last \
         block that was told is kept", .0.display()
    )]
    Full(PathBuf),
    #[error(
        "{} cannot be written: {source}: give this user the right, or take another folder: --data \
         DIR", path.display()
    )]
    Permission { path: PathBuf, source: io::Error },
    #[error("{} cannot be used: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error(
        "a rebuild of {} was interrupted: run `farthing rebuild --data {}` again",
        .0.display(), .0.display()
    )]
    Interrupted(PathBuf),
}

/// The data directory of a file in its chain's folder.
fn folder_of(path: &Path) -> &Path {
    let chain = path.parent().unwrap_or(path);
    chain.parent().unwrap_or(chain)
}

impl DiskError {
    pub(crate) fn io(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => Self::Full(path),
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::Permission { path, source }
            }
            _ => Self::Io { path, source },
        }
    }

    pub(crate) fn corrupt(path: &Path, what: impl Into<String>) -> Self {
        Self::Corrupt {
            path: path.to_owned(),
            what: what.into(),
        }
    }

    /// What redb says, with the name of its file.
    pub(crate) fn redb(path: &Path, error: impl Into<redb::Error>) -> Self {
        match error.into() {
            redb::Error::DatabaseAlreadyOpen => Self::Locked(path.to_owned()),
            redb::Error::Io(source) if source.kind() == io::ErrorKind::InvalidData => {
                Self::corrupt(path, source.to_string())
            }
            redb::Error::Io(source) => Self::io(path, source),
            error @ (redb::Error::PreviousIo
            | redb::Error::DatabaseClosed
            | redb::Error::LockPoisoned(_)) => Self::io(path, io::Error::other(error.to_string())),
            error => Self::corrupt(path, error.to_string()),
        }
    }
}

impl From<DiskError> for StoreError {
    fn from(error: DiskError) -> Self {
        Self {
            message: error.to_string(),
        }
    }
}
