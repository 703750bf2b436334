//! What storage held at the start. Torn writes, flipped bits and records of another version are
//! expected: each is set aside, and the rest goes on.

use super::flush::{
    BANS_KEY, CORRUPT_PREFIX, COUNTER_KEY, INVOICE_PREFIX, LEDGER_KEY, SCAN_KEY, VERSION,
};
use crate::client::blocks::ScanRecord;
use crate::client::wallet::WALLET_PREFIX;
use crate::client::{Client, NoticeKind, Record, StoreRequest};
use crate::headers::{HEADER_SIZE, HeaderRestore};
use crate::params::NetworkParams;
use crate::payments::Ledger;
use crate::primitives::record::{self, RecordError};
use std::collections::BTreeSet;

/// Headers that storage held, while they come.
#[derive(Debug)]
pub(super) struct StoredHeaders {
    restore: HeaderRestore,
    /// How many bytes came.
    length: usize,
    /// Whether the network's first header is whole.
    begins_well: bool,
}

impl StoredHeaders {
    fn new(params: &NetworkParams) -> Self {
        Self {
            restore: HeaderRestore::new(params.clone()),
            length: 0,
            begins_well: false,
        }
    }

    fn push(&mut self, headers: &[u8], params: &NetworkParams) {
        if self.length == 0 {
            self.begins_well = headers.starts_with(&bitcoin::consensus::serialize(&params.genesis));
        }
        self.length = self.length.saturating_add(headers.len());
        self.restore.push(headers);
    }
}

impl Client {
    /// Takes over the next of the headers that were stored.
    pub(crate) fn on_stored_headers(&mut self, headers: &[u8]) {
        if self.storage.started {
            return;
        }
        let params = &self.params;
        self.storage
            .restoring
            .get_or_insert_with(|| StoredHeaders::new(params))
            .push(headers, params);
    }

    /// Takes over what was stored. Comes once, after the headers that came in pieces.
    pub(crate) fn on_restored(&mut self, headers: &[u8], records: &[Record], storage: String) {
        if self.storage.started {
            return;
        }
        self.on_stored_headers(headers);
        self.storage.started = true;
        self.storage.place = storage.chars().take(40).collect();
        self.restore_headers();
        self.restore_records(records);
        self.views.chain_changed();
        self.views.peers_changed();
    }

    fn restore_headers(&mut self) {
        let Some(stored) = self.storage.restoring.take() else {
            return;
        };
        let (tree, problem) = stored.restore.finish();
        self.tree = tree;
        let good = self.tree.tip().height.saturating_add(1);
        if stored.length == 0 {
            self.storage.headers_from(0);
        } else if let Some(problem) = problem {
            self.notice(
                NoticeKind::Storage,
                format!("The stored headers are good up to height {}; the rest is fetched again: {problem}", good - 1),
            );
            // Cuts off the rest. The first header is the network's own: it may be what is damaged.
            let from = if stored.begins_well { good } else { 0 };
            self.storage.headers_from(from);
        } else if stored.length != good as usize * HEADER_SIZE {
            self.storage.headers_from(good);
        }
    }

    fn restore_records(&mut self, records: &[Record]) {
        let taken: BTreeSet<&str> = records.iter().map(|record| record.key.as_str()).collect();
        let mut scan: Option<ScanRecord> = None;
        let mut ledger = true;
        let mut wallet = Vec::new();
        for record in records {
            let key = record.key.as_str();
            let read = if let Some(number) = key.strip_prefix(INVOICE_PREFIX) {
                self.till.number_taken(number);
                self.restore_invoice(number, &record.value)
            } else if let Some(number) = key
                .strip_prefix(CORRUPT_PREFIX)
                .and_then(|key| key.strip_prefix(INVOICE_PREFIX))
            {
                self.till.number_taken(number);
                Ok(())
            } else if key.starts_with(WALLET_PREFIX) {
                wallet.push(record);
                Ok(())
            } else {
                match key {
                    COUNTER_KEY => record::open(VERSION, "a counter", &record.value)
                        .map(|next: u32| self.till.next_from(next)),
                    LEDGER_KEY => Ledger::decode(&record.value)
                        .map(|restored| self.ledger = restored)
                        .inspect_err(|_| ledger = false),
                    SCAN_KEY => record::open(VERSION, "a trail of blocks", &record.value)
                        .map(|restored| scan = Some(restored)),
                    BANS_KEY => record::open(VERSION, "a list of bans", &record.value)
                        .map(|restored| self.bans = restored),
                    // A later version's, or set aside before: not ours to touch.
                    _ => Ok(()),
                }
            };
            if let Err(error) = read {
                self.set_aside(record, &error, &taken);
            }
        }
        for (record, error) in self.restore_wallet(&wallet) {
            self.set_aside(record, &error, &taken);
        }
        self.watch_restored();
        // Without the payments, what was scanned is to be scanned again.
        if let Some(scan) = scan.filter(|_| ledger) {
            self.scan_restored(&scan);
        }
        self.find_strangers();
        self.till.invoices_changed();
    }

    /// Puts a record that cannot be read where it is kept and not read again.
    fn set_aside(&mut self, record: &Record, error: &RecordError, taken: &BTreeSet<&str>) {
        let mut key = format!("{CORRUPT_PREFIX}{}", record.key);
        let mut number = 1u32;
        while taken.contains(key.as_str()) {
            number = number.saturating_add(1);
            key = format!("{CORRUPT_PREFIX}{}/{number}", record.key);
        }
        self.notice(
            NoticeKind::Storage,
            format!(
                "The stored record {} could not be read and was set aside as {key}: {error}",
                record.key
            ),
        );
        self.store_put(&key, record.value.clone());
        self.store(StoreRequest::Delete {
            key: record.key.clone(),
        });
    }
}
