//! The queue of writes: one at a time, in the order asked, those that belong together in one go.
//! A record that waits gives way to its newer self: a slow disk makes the queue no longer than there
//! are records.

use crate::storage::{RecordChange, Storage, StorageError};
use farthing_core::client::{StoreId, StoreRequest};
use std::collections::VecDeque;

/// Writes that wait, and the storage they go to.
pub(crate) struct Writes {
    waiting: Queue,
    storage: Place,
}

/// What waits, and who asked for it.
type Queue = VecDeque<(Vec<StoreId>, StoreRequest)>;

/// Where the storage is.
enum Place {
    /// Here, idle.
    Idle(Storage),
    /// With the task that writes.
    Busy,
    /// Given up: another tab writes.
    Gone,
}

/// What can be made durable in one go.
#[derive(Debug, PartialEq, Eq)]
enum Batch {
    Headers { from_height: u32, bytes: Vec<u8> },
    Records(Vec<RecordChange>),
}

/// What came of some writes.
pub(crate) struct Written {
    pub(crate) ids: Vec<StoreId>,
    pub(crate) result: Result<(), StorageError>,
}

/// A batch on its way to the storage.
pub(crate) struct Work {
    ids: Vec<StoreId>,
    batch: Batch,
    storage: Storage,
}

impl Writes {
    pub(crate) fn new(storage: Storage) -> Self {
        Self {
            waiting: VecDeque::new(),
            storage: Place::Idle(storage),
        }
    }

    /// Takes on a write.
    pub(crate) fn push(&mut self, id: StoreId, request: StoreRequest) {
        enqueue(&mut self.waiting, id, request);
    }

    /// The next batch, if the storage is idle and something waits. To be performed, and brought
    /// back with [`Writes::done`].
    #[must_use]
    pub(crate) fn next(&mut self) -> Option<Work> {
        if self.waiting.is_empty() {
            return None;
        }
        match std::mem::replace(&mut self.storage, Place::Busy) {
            Place::Idle(storage) => {
                let (ids, batch) = take_batch(&mut self.waiting);
                Some(Work {
                    ids,
                    batch,
                    storage,
                })
            }
            other => {
                self.storage = other;
                None
            }
        }
    }

    /// The storage comes back from a batch; it is closed if the turn was lost in between.
    pub(crate) fn done(&mut self, storage: Storage) {
        if matches!(self.storage, Place::Busy) {
            self.storage = Place::Idle(storage);
        }
    }

    /// Another tab writes from now on: closes what is open.
    pub(crate) fn give_up(&mut self) {
        self.storage = Place::Gone;
    }

    /// What waits and will never be written.
    pub(crate) fn refused(&mut self) -> Option<Written> {
        if !matches!(self.storage, Place::Gone) || self.waiting.is_empty() {
            return None;
        }
        Some(Written {
            ids: self.waiting.drain(..).flat_map(|(ids, _)| ids).collect(),
            result: Err(StorageError::Displaced),
        })
    }
}

impl Work {
    /// Writes the batch.
    pub(crate) async fn perform(mut self) -> (Storage, Written) {
        let result = match &self.batch {
            Batch::Headers { from_height, bytes } => {
                self.storage.write_headers(*from_height, bytes).await
            }
            Batch::Records(changes) => self.storage.write_records(changes).await,
        };
        let written = Written {
            ids: self.ids,
            result,
        };
        (self.storage, written)
    }
}

/// Puts a write at the end; or in the place of the same record's older value, where that is to be
/// written in the same go.
fn enqueue(waiting: &mut Queue, id: StoreId, request: StoreRequest) {
    if let StoreRequest::Put(new) = &request {
        for (ids, old) in waiting.iter_mut().rev() {
            match old {
                StoreRequest::Put(old) if old.key == new.key => {
                    old.value.clone_from(&new.value);
                    ids.push(id);
                    return;
                }
                StoreRequest::Delete { key } if *key == new.key => break,
                StoreRequest::Put(_) | StoreRequest::Delete { .. } => {}
                StoreRequest::Headers { .. } => break,
            }
        }
    }
    waiting.push_back((vec![id], request));
}

/// The first write and those after it that go with it: headers that follow headers, changes of
/// records after changes of records.
fn take_batch(waiting: &mut Queue) -> (Vec<StoreId>, Batch) {
    let mut ids = Vec::new();
    let mut batch = None;
    while let Some((asked_by, request)) = waiting.pop_front() {
        match join(&mut batch, request) {
            Ok(()) => ids.extend(asked_by),
            Err(request) => {
                waiting.push_front((asked_by, request));
                break;
            }
        }
    }
    (ids, batch.unwrap_or(Batch::Records(Vec::new())))
}

/// Adds a write to a batch, or gives it back.
fn join(batch: &mut Option<Batch>, request: StoreRequest) -> Result<(), StoreRequest> {
    match (batch.as_mut(), request) {
        (None, StoreRequest::Headers { from_height, bytes }) => {
            *batch = Some(Batch::Headers { from_height, bytes });
        }
        (None, StoreRequest::Put(record)) => {
            *batch = Some(Batch::Records(vec![RecordChange::Put(record)]));
        }
        (None, StoreRequest::Delete { key }) => {
            *batch = Some(Batch::Records(vec![RecordChange::Delete(key)]));
        }
        (
            Some(Batch::Headers { from_height, bytes }),
            StoreRequest::Headers {
                from_height: next,
                bytes: more,
            },
        ) if next as usize == *from_height as usize + bytes.len() / 80 => {
            bytes.extend_from_slice(&more);
        }
        (Some(Batch::Records(changes)), StoreRequest::Put(record)) => {
            changes.push(RecordChange::Put(record));
        }
        (Some(Batch::Records(changes)), StoreRequest::Delete { key }) => {
            changes.push(RecordChange::Delete(key));
        }
        (Some(_), request) => return Err(request),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use farthing_core::client::Record;

    fn headers(from_height: u32, count: usize) -> StoreRequest {
        StoreRequest::Headers {
            from_height,
            bytes: vec![from_height as u8; count * 80],
        }
    }

    fn put(key: &str) -> StoreRequest {
        put_value(key, 1)
    }

    fn put_value(key: &str, value: u8) -> StoreRequest {
        StoreRequest::Put(record(key, value))
    }

    fn record(key: &str, value: u8) -> Record {
        Record {
            key: key.to_owned(),
            value: vec![value],
        }
    }

    fn batches(requests: Vec<StoreRequest>) -> Vec<(Vec<u32>, Batch)> {
        let mut waiting = Queue::new();
        for (id, request) in (0..).map(StoreId).zip(requests) {
            enqueue(&mut waiting, id, request);
        }
        let mut all = Vec::new();
        while !waiting.is_empty() {
            let (ids, batch) = take_batch(&mut waiting);
            all.push((ids.into_iter().map(|id| id.0).collect(), batch));
        }
        all
    }

    #[test]
    fn headers_that_follow_headers_are_one_write() {
        let found = batches(vec![headers(0, 2), headers(2, 1), headers(1, 1)]);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].0, [0, 1]);
        assert_eq!(
            found[0].1,
            Batch::Headers {
                from_height: 0,
                bytes: [vec![0; 160], vec![2; 80]].concat()
            }
        );
        // A reorganisation starts below the end, and is a write of its own.
        assert_eq!(found[1].0, [2]);
    }

    #[test]
    fn the_order_between_records_and_headers_is_kept() {
        let found = batches(vec![
            put("a"),
            StoreRequest::Delete { key: "b".into() },
            headers(0, 1),
            put("c"),
        ]);
        let ids: Vec<_> = found.iter().map(|(ids, _)| ids.clone()).collect();
        assert_eq!(ids, [vec![0, 1], vec![2], vec![3]]);
        assert_eq!(
            found[0].1,
            Batch::Records(vec![
                RecordChange::Put(record("a", 1)),
                RecordChange::Delete("b".into())
            ])
        );
    }

    #[test]
    fn a_record_that_waits_gives_way_to_its_newer_self() {
        let found = batches((1..=200).map(|value| put_value("ledger", value)).collect());
        let all: Vec<u32> = (0..200).collect();
        let last = Batch::Records(vec![RecordChange::Put(record("ledger", 200))]);
        assert_eq!(found, [(all, last)], "one value, and every asker is told");
    }

    #[test]
    fn a_newer_record_passes_neither_headers_nor_its_own_removal() {
        let found = batches(vec![
            put_value("ledger", 1),
            headers(0, 1),
            put_value("ledger", 2),
            StoreRequest::Delete {
                key: "ledger".into(),
            },
            put_value("ledger", 3),
        ]);
        let after = vec![
            RecordChange::Put(record("ledger", 2)),
            RecordChange::Delete("ledger".into()),
            RecordChange::Put(record("ledger", 3)),
        ];
        let ids: Vec<_> = found.iter().map(|(ids, _)| ids.clone()).collect();
        assert_eq!(ids, [vec![0], vec![1], vec![2, 3, 4]]);
        assert_eq!(found[2].1, Batch::Records(after));
    }
}
