//! Writes what changed, in an order that a crash between two writes does not break: headers
//! first, then the payments, then how far they know the chain, then what the invoices make of it.
//! A block that is told to the payments twice changes nothing; one that is never told would be
//! missing.
//!
//! A peer changes the payments with one small message, and each write holds all of them: they are
//! written at most once a second.

use super::restore::StoredHeaders;
use crate::client::{Client, NoticeKind, Output, Record, StoreId, StoreRequest, limits};
use crate::primitives::BlockHeight;
use crate::primitives::record;
use bitcoin::BlockHash;
use serde::Serialize;

/// The version of the records that this room writes.
pub(super) const VERSION: u8 = 1;
/// Headers in one write: 160,000 bytes.
const HEADERS_IN_WRITE: BlockHeight = 2_000;

pub(crate) const SCAN_KEY: &str = "scan";
pub(crate) const LEDGER_KEY: &str = "ledger";
pub(crate) const BANS_KEY: &str = "bans";
pub(crate) const COUNTER_KEY: &str = "counter";
pub(crate) const INVOICE_PREFIX: &str = "invoice/";
pub(crate) const CORRUPT_PREFIX: &str = "corrupt/";

/// What is to be written.
#[derive(Debug, Default)]
pub(crate) struct Storage {
    /// Where things are kept, for the page.
    pub(crate) place: String,
    /// What storage held was read.
    pub(crate) started: bool,
    /// Until then: its headers that came so far.
    pub(super) restoring: Option<StoredHeaders>,
    next: u32,
    /// From this height on, headers differ from what is stored.
    headers: Option<BlockHeight>,
    scan: bool,
    ledger: bool,
    bans: bool,
    /// A write failed: the stored payments may lack what the next scan record counts in.
    behind: bool,
    /// What peers can make change is not written before this.
    next_ms: u64,
    /// Blocks that payments rest on and that may have left the best chain while we were away.
    pub(super) strangers: Vec<(BlockHash, Option<BlockHeight>)>,
    /// The last write failed, and that was said.
    failing: bool,
}

impl Storage {
    pub(crate) fn headers_from(&mut self, height: BlockHeight) {
        self.headers = Some(self.headers.map_or(height, |before| before.min(height)));
    }

    pub(crate) fn scan_changed(&mut self) {
        self.scan = true;
    }

    pub(crate) fn ledger_changed(&mut self) {
        self.ledger = true;
    }

    pub(crate) fn bans_changed(&mut self) {
        self.bans = true;
    }

    /// A person waits for it: nothing is held back in the next round.
    pub(crate) fn due_now(&mut self) {
        self.next_ms = 0;
    }

    fn next_id(&mut self) -> StoreId {
        let id = StoreId(self.next);
        self.next = self.next.wrapping_add(1);
        id
    }
}

impl Client {
    /// Asks for every write that is due.
    pub(crate) fn flush(&mut self) {
        if !self.storage.started {
            return;
        }
        self.flush_headers();
        if std::mem::take(&mut self.storage.bans) {
            let bans = self.bans.clone();
            self.store_record(BANS_KEY, &bans);
        }
        let now = self.now.monotonic_ms;
        if now < self.storage.next_ms || !self.has_unwritten() {
            return;
        }
        self.storage.next_ms = now + limits::STORE_EVERY_MS;
        // A scan record tells the next start which blocks the stored payments know. Only then a
        // failed write is made good: a storage that is gone would be tried without end.
        if self.storage.scan && self.storage.behind {
            self.storage.ledger = true;
        }
        if std::mem::take(&mut self.storage.ledger)
            && let Ok(value) = self.ledger.encode()
        {
            self.storage.behind = false;
            self.store_put(LEDGER_KEY, value);
        }
        self.store_wallet();
        if std::mem::take(&mut self.storage.scan)
            && let Some(record) = self.scan_record()
        {
            self.store_record(SCAN_KEY, &record);
        }
        self.store_changed_invoices();
    }

    fn has_unwritten(&self) -> bool {
        self.storage.ledger
            || self.storage.scan
            || self.till.has_unwritten()
            || self.wallet_unwritten()
    }

    /// When what is held back is to be written.
    pub(crate) fn flush_deadline(&self) -> Option<u64> {
        (self.storage.started && self.has_unwritten()).then_some(self.storage.next_ms)
    }

    /// Asks for the write of the headers that changed.
    pub(crate) fn flush_headers(&mut self) {
        let Some(from) = self.storage.headers.take() else {
            return;
        };
        let tip = self.tree.tip().height;
        let mut next = from;
        loop {
            let end = tip.min(next.saturating_add(HEADERS_IN_WRITE - 1));
            let mut bytes = Vec::new();
            for height in next..=end {
                let Some(header) = self.tree.header_at(height) else {
                    break;
                };
                bytes.extend(bitcoin::consensus::serialize(&header));
            }
            self.store(StoreRequest::Headers {
                from_height: next,
                bytes,
            });
            if end >= tip {
                return;
            }
            next = end + 1;
        }
    }

    pub(crate) fn store_record<T: Serialize>(&mut self, key: &str, body: &T) -> Option<StoreId> {
        match record::seal(VERSION, body) {
            Ok(value) => Some(self.store_put(key, value)),
            Err(error) => {
                self.notice(NoticeKind::Storage, format!("cannot write {key}: {error}"));
                None
            }
        }
    }

    pub(crate) fn store_put(&mut self, key: &str, value: Vec<u8>) -> StoreId {
        self.store(StoreRequest::Put(Record {
            key: key.to_owned(),
            value,
        }))
    }

    pub(crate) fn store(&mut self, request: StoreRequest) -> StoreId {
        let id = self.storage.next_id();
        self.output(Output::Store { id, request });
        id
    }

    /// The driver says how a write went.
    pub(crate) fn on_stored(&mut self, id: StoreId, error: Option<String>) {
        self.invoice_stored(id, error.as_deref());
        self.wallet_stored(id, error.as_deref());
        self.storage.behind |= error.is_some();
        match error {
            Some(error) if !self.storage.failing => {
                self.storage.failing = true;
                let error: String = error.chars().take(200).collect();
                self.notice(
                    NoticeKind::Storage,
                    format!(
                        "Something could not be stored, and is lost when this tab closes: {error}"
                    ),
                );
            }
            Some(_) => {}
            None => self.storage.failing = false,
        }
    }
}
