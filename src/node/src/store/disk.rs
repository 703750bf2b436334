//! What a store asks of a disk, and the disk of this machine. A file is what redb takes for one, so
//! the database and the file of blocks stand on the same few calls.
//!
//! Threat: power lost at any moment. What was written to a file lasts from [`StorageBackend::sync_data`]
//! on; that a name was made, changed or removed lasts from [`Disk::sync_folder`] on. Until then each
//! write and each name may be there or not, in any order.

use redb::StorageBackend;
use redb::backends::FileBackend;
use std::fmt::Debug;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;

/// A place for files.
pub(crate) trait Disk: Debug {
    /// An open file.
    type File: StorageBackend;

    /// Opens a file to read and write it. Where there is none it makes one, for its owner alone:
    /// one of them is a private key.
    fn open(&self, path: &Path) -> io::Result<Self::File>;
    /// Whether there is a file or a folder of this name.
    fn exists(&self, path: &Path) -> io::Result<bool>;
    /// Makes a folder, and those that it is in.
    fn make_folder(&self, path: &Path) -> io::Result<()>;
    /// Gives another name in the same folder; a file that had it is gone.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file, or a folder with all in it; nothing where nothing is.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Waits until the names in a folder last.
    fn sync_folder(&self, path: &Path) -> io::Result<()>;
}

/// The disk of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct RealDisk;

impl Disk for RealDisk {
    type File = FileBackend;

    fn open(&self, path: &Path) -> io::Result<FileBackend> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        FileBackend::new(options.open(path)?).map_err(io::Error::other)
    }

    fn exists(&self, path: &Path) -> io::Result<bool> {
        path.try_exists()
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        fs::create_dir_all(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let removed = match fs::symlink_metadata(path) {
            Ok(found) if found.is_dir() => fs::remove_dir_all(path),
            Ok(_) => fs::remove_file(path),
            Err(error) => Err(error),
        };
        match removed {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        // Elsewhere a folder cannot be opened.
        #[cfg(unix)]
        File::open(path)?.sync_all()?;
        #[cfg(not(unix))]
        let _ = path;
        Ok(())
    }
}
