//! The last place: nothing is written, and the core's own memory is all there is. It serves where
//! a browser has nothing better, and in a tab while another tab writes.

use super::{Answer, HeaderStore, RecordChange, RecordStore};
use farthing_core::client::Record;
use std::future::ready;

/// Keeps nothing: a worker that ends leaves nothing behind, and never reads this place again.
pub(crate) struct Memory;

impl HeaderStore for Memory {
    fn read(&mut self, _from_height: u32) -> Answer<'_, Vec<u8>> {
        Box::pin(ready(Ok(Vec::new())))
    }

    fn write<'a>(&'a mut self, _from_height: u32, _bytes: &'a [u8]) -> Answer<'a, ()> {
        Box::pin(ready(Ok(())))
    }
}

impl RecordStore for Memory {
    fn read(&mut self) -> Answer<'_, Vec<Record>> {
        Box::pin(ready(Ok(Vec::new())))
    }

    fn write<'a>(&'a mut self, _changes: &'a [RecordChange]) -> Answer<'a, ()> {
        Box::pin(ready(Ok(())))
    }
}
