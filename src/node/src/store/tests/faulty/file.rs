//! An open file of the disk in memory, as redb uses one.

use super::{ByteChange, Fault, FaultyDisk, Step};
use redb::StorageBackend;
use std::io;

/// An open file of the disk; its name may change meanwhile.
#[derive(Debug)]
pub(in crate::store::tests) struct FaultyFile {
    disk: FaultyDisk,
    number: usize,
}

impl FaultyFile {
    pub(super) fn new(disk: FaultyDisk, number: usize) -> Self {
        Self { disk, number }
    }

    fn change(&self, change: ByteChange) -> io::Result<()> {
        let file = self.number;
        self.disk.state().perform(Step::Bytes { file, change })
    }
}

fn to_usize(number: u64) -> usize {
    usize::try_from(number).unwrap()
}

impl StorageBackend for FaultyFile {
    fn len(&self) -> io::Result<u64> {
        Ok(self.disk.state().file(self.number).now.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let mut state = self.disk.state();
        state.reads += 1;
        if state.fault
            == (Fault::RefuseRead {
                at: state.reads - 1,
            })
        {
            return Err(io::Error::from_raw_os_error(5));
        }
        let (from, length) = (to_usize(offset), out.len());
        let bytes = state.file(self.number).now.get(from..from + length);
        out.copy_from_slice(bytes.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.change(ByteChange::Length(to_usize(len)))
    }

    fn sync_data(&self) -> io::Result<()> {
        self.disk.state().perform(Step::SyncFile(self.number))
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let (at, bytes) = (to_usize(offset), data.into());
        self.change(ByteChange::Write { at, bytes })
    }
}
