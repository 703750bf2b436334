//! The invoices at hand, and which of them still need the network.

use crate::client::{Client, RequestId, StoreId, limits};
use crate::invoice::{InvoiceRecord, InvoiceStatus, InvoiceView};
use crate::primitives::record::RecordError;
use crate::primitives::{BlockHeight, UnixTime};
use bitcoin::ScriptBuf;
use std::collections::{BTreeMap, BTreeSet};

/// All invoices.
#[derive(Debug, Default)]
pub(crate) struct Till {
    pub(super) records: BTreeMap<u32, InvoiceRecord>,
    /// What the page was told last, and when.
    pub(super) told: BTreeMap<u32, Told>,
    /// Not stored yet, so not shown yet.
    pub(super) creating: Vec<Creating>,
    /// The next number that no invoice ever had.
    pub(super) next: u32,
    /// When invoices were last looked at because their time is over, and whether it was known by
    /// then that all of it was watched.
    pub(super) over: BTreeMap<u32, (u64, bool)>,
    /// Invoices of whose end the nodes were asked whether they are there.
    pub(super) asked_at_end: BTreeSet<u32>,
    /// Invoices computed again, to see that it is not too often.
    #[cfg(test)]
    pub(crate) computed: usize,
    /// Something happened that may change an invoice.
    pub(super) changed: bool,
    /// Records that changed and are not worth a write of their own each time.
    pub(super) unwritten: BTreeSet<u32>,
    /// Records that changed and are written with the payments that they rest on.
    pub(super) to_store: BTreeSet<u32>,
    /// When those were last written.
    pub(super) written_ms: u64,
}

/// An invoice as the page knows it.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) view: InvoiceView,
    pub(super) at_ms: u64,
}

/// An invoice on its way into storage.
#[derive(Debug)]
pub(super) struct Creating {
    pub(super) request: RequestId,
    pub(super) id: u32,
    /// The writes that must succeed first.
    pub(super) writes: BTreeSet<StoreId>,
}

impl Till {
    pub(crate) fn invoices_changed(&mut self) {
        self.changed = true;
    }

    /// A stored record has this number: no other invoice may get it.
    pub(crate) fn number_taken(&mut self, number: &str) {
        let digits = number.split('/').next().unwrap_or(number);
        if let Ok(number) = digits.parse::<u32>() {
            self.next_from(number.saturating_add(1));
        }
    }

    pub(crate) fn next_from(&mut self, next: u32) {
        if next <= limits::INVOICE_NUMBERS {
            self.next = self.next.max(next);
        }
    }

    /// Whether an invoice is to be looked at because its time is over; whether it was watched to the
    /// end is known a little later, or never.
    pub(super) fn is_over(&mut self, id: u32, now: UnixTime, now_ms: u64) -> bool {
        let Some(record) = self.records.get(&id).filter(|record| ran_out(record, now)) else {
            return false;
        };
        let watched = record.watched_to_the_end();
        let looked = self.over.get(&id);
        if looked.is_some_and(|(at, knew)| now_ms < at + limits::OVER_EVERY_MS && *knew == watched)
        {
            return false;
        }
        self.over.insert(id, (now_ms, watched));
        true
    }

    /// Whether the time of some invoice ran out, and nobody said anything since.
    pub(super) fn ends_unheard(&mut self, now: UnixTime, heard: Option<UnixTime>) -> bool {
        let ended = self.records.values().filter(|record| {
            ran_out(record, now) && heard.is_none_or(|heard| heard < record.expires())
        });
        let before = self.asked_at_end.len();
        self.asked_at_end.extend(ended.map(|record| record.id));
        self.asked_at_end.len() > before
    }

    /// Whether the next write has an invoice in it.
    pub(crate) fn has_unwritten(&self) -> bool {
        !self.to_store.is_empty()
    }

    /// Transactions were looked at for everyone who waits.
    pub(crate) fn looked_at(&mut self, count: u32, now: UnixTime) {
        for (id, record) in &mut self.records {
            if needs_network(record, now) {
                record.transactions_looked_at = record.transactions_looked_at.saturating_add(count);
                self.unwritten.insert(*id);
            }
        }
    }

    /// Every script that an invoice has.
    pub(crate) fn scripts(&self) -> BTreeSet<ScriptBuf> {
        let records = self.records.values();
        records.map(|record| record.script.clone()).collect()
    }

    /// When the first invoice was made that blocks must be scanned for.
    pub(crate) fn first_waiting(&self, now: UnixTime) -> Option<UnixTime> {
        self.records
            .values()
            .filter(|record| needs_network(record, now))
            .map(|record| record.created)
            .min()
    }

    /// The scan begins anew at this height: what was mined before is from before the invoices.
    pub(crate) fn scan_begins(&mut self, first: BlockHeight) {
        for (id, record) in &mut self.records {
            if record.scanned_to.is_none() && record.scan_from < first {
                record.scan_from = first;
                self.unwritten.insert(*id);
            }
        }
    }

    /// A block was looked at, for everyone whose scan it continues.
    pub(crate) fn scanned(&mut self, height: BlockHeight) {
        for (id, record) in &mut self.records {
            let next = match record.scanned_to {
                Some(to) => to.saturating_add(1),
                None => record.scan_from,
            };
            if next == height {
                record.scanned_to = Some(height);
                self.unwritten.insert(*id);
            }
        }
    }

    /// Blocks above this height left the chain: others in their place are to be looked at.
    pub(crate) fn scan_falls_back(&mut self, fork: BlockHeight) {
        for (id, record) in &mut self.records {
            let first = fork.saturating_add(1);
            if record.scanned_to.is_some_and(|to| to > fork) || record.scan_from > first {
                record.scanned_to = record
                    .scanned_to
                    .map(|to| to.min(fork))
                    .filter(|to| *to >= record.scan_from);
                record.scan_from = record.scan_from.min(first);
                self.unwritten.insert(*id);
            }
        }
    }
}

/// Whether an invoice waits still, though its time is over.
fn ran_out(record: &InvoiceRecord, now: UnixTime) -> bool {
    record.expires() < now && record.status() == InvoiceStatus::Awaiting
}

/// Whether blocks are to be scanned for an invoice, one after the other. A settled one rests on
/// blocks that were scanned, and may be paid once more for a while - unless no confirmation was
/// wanted, and its block is still to come; one whose time ran out long ago is looked at when
/// something comes.
pub(super) fn needs_network(record: &InvoiceRecord, now: UnixTime) -> bool {
    match record.status() {
        InvoiceStatus::Settled { depth: 0 }
        | InvoiceStatus::Seen
        | InvoiceStatus::Confirming { .. } => true,
        InvoiceStatus::Settled { .. } | InvoiceStatus::Cancelled => {
            now < record.expires().saturating_add(limits::SCAN_OVER_SECONDS)
        }
        InvoiceStatus::Draft | InvoiceStatus::Awaiting | InvoiceStatus::Expired => {
            now < record.expires().saturating_add(limits::SCAN_LATE_SECONDS)
        }
    }
}

/// Whether an invoice's script is watched: nothing is final because it was once true, but some day
/// it is over.
pub(super) fn is_watched(record: &InvoiceRecord, now: UnixTime) -> bool {
    match record.status() {
        InvoiceStatus::Settled { depth } if depth < limits::FINAL_DEPTH => true,
        _ => {
            needs_network(record, now)
                || now < record.expires().saturating_add(limits::LATE_SECONDS)
        }
    }
}

impl Client {
    /// A stored invoice.
    pub(crate) fn restore_invoice(
        &mut self,
        number: &str,
        bytes: &[u8],
    ) -> Result<(), RecordError> {
        let record = InvoiceRecord::decode(bytes)?;
        if number.parse() != Ok(record.id) {
            return Err(RecordError::Body {
                expected: "an invoice with the number of its name",
                reason: format!("the name says {number:?}, the record {}", record.id),
            });
        }
        if record.id >= limits::INVOICE_NUMBERS {
            return Err(RecordError::Body {
                expected: "an invoice with a number that we gave",
                reason: format!("found {}", record.id),
            });
        }
        self.till.records.insert(record.id, record);
        Ok(())
    }

    /// After all records are read: the scripts of the invoices that are not over are watched, also
    /// where the payments' own record was lost.
    pub(crate) fn watch_restored(&mut self) {
        let now = self.now.unix();
        for record in self.till.records.values() {
            if is_watched(record, now) {
                self.ledger.watch(record.script.clone());
            }
        }
    }

    /// When anybody who answers now last said something. Only up to then the network was watched:
    /// a dead connection looks like a quiet one until its ping fails.
    pub(super) fn watched_until(&self) -> Option<UnixTime> {
        self.nodes
            .iter()
            .filter(|node| node.is_ready())
            .filter_map(|node| node.last_heard)
            .max()
    }
}
