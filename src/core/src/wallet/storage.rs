//! The wallet as stored records: one of the keys, and one for each hundred transactions in the order
//! in which they were learned, so that a block that pays a wallet of thousands of coins writes one
//! small record.

use super::entry::Entry;
use super::keys::{Keys, StoredKey};
use super::machine::{PAGE, Wallet};
use crate::params::{NetworkParams, SpendRule};
use crate::primitives::record::{self, RecordError};
use serde::{Deserialize, Serialize};

const VERSION: u8 = 1;

/// One record of transactions.
#[derive(Debug, Serialize, Deserialize)]
struct StoredPage {
    /// Whose: the first public key. What a wallet before left behind is none of ours.
    wallet: String,
    entries: Vec<Entry>,
}

/// A record of transactions that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedPage {
    /// Its number.
    pub page: u64,
    /// Its bytes; none: nothing is left of it.
    pub bytes: Option<Vec<u8>>,
}

impl Wallet {
    /// The keys as a record.
    ///
    /// # Errors
    /// None is known; the body has a JSON form.
    pub fn encode_keys(&self) -> Result<Vec<u8>, RecordError> {
        record::seal(VERSION, &self.keys.list())
    }

    /// A wallet of stored keys, without any transaction yet.
    ///
    /// # Errors
    /// A changed byte, another version, or a body that is no list of keys.
    pub fn decode_keys(params: &NetworkParams, bytes: &[u8]) -> Result<Self, RecordError> {
        const EXPECTED: &str = "keys of a wallet";
        let list: Vec<StoredKey> = record::open(VERSION, EXPECTED, bytes)?;
        let no = |reason: String| RecordError::Body {
            expected: EXPECTED,
            reason,
        };
        if params.spend_rule != SpendRule::Ed25519 {
            return Err(no(format!("{} has none", params.name)));
        }
        let keys = Keys::restore(&list).map_err(|error| no(error.to_string()))?;
        Ok(Self::of(params.clone(), keys))
    }

    /// The records that differ from what is stored; from now on they are taken for stored.
    pub fn take_changes(&mut self) -> Vec<ChangedPage> {
        let pages = std::mem::take(&mut self.changed_pages);
        let made = pages.into_iter().filter_map(|page| {
            let bytes = self.encode_page(page).ok()?;
            Some(ChangedPage { page, bytes })
        });
        made.collect()
    }

    /// The write of a record failed: it is to be written again.
    pub fn page_lost(&mut self, page: u64) {
        self.changed_pages.insert(page);
    }

    /// Whether any record differs from what is stored.
    #[must_use]
    pub fn has_changes(&self) -> bool {
        !self.changed_pages.is_empty()
    }

    /// Every record that has anything in it: to remove them.
    #[must_use]
    pub fn pages(&self) -> Vec<u64> {
        let mut pages: Vec<u64> = self.order.keys().map(|number| number / PAGE).collect();
        pages.extend(&self.changed_pages);
        pages.sort_unstable();
        pages.dedup();
        pages
    }

    fn encode_page(&self, page: u64) -> Result<Option<Vec<u8>>, RecordError> {
        let numbers = page * PAGE..(page + 1) * PAGE;
        let entries: Vec<Entry> = self
            .order
            .range(numbers)
            .filter_map(|(_, txid)| self.entries.get(txid))
            .cloned()
            .collect();
        if entries.is_empty() {
            return Ok(None);
        }
        let wallet = self.name();
        record::seal(VERSION, &StoredPage { wallet, entries }).map(Some)
    }

    /// Takes over a stored record of transactions. False: it is another wallet's.
    ///
    /// # Errors
    /// A changed byte, another version, or a body that is no such list.
    pub fn decode_page(&mut self, page: u64, bytes: &[u8]) -> Result<bool, RecordError> {
        const EXPECTED: &str = "transactions of a wallet";
        let stored: StoredPage = record::open(VERSION, EXPECTED, bytes)?;
        if stored.wallet != self.name() {
            return Ok(false);
        }
        let no = |reason: String| RecordError::Body {
            expected: EXPECTED,
            reason,
        };
        for entry in &stored.entries {
            if entry.sequence / PAGE != page {
                return Err(no(format!(
                    "number {} is not of page {page}",
                    entry.sequence
                )));
            }
            if let Some(raw) = &entry.raw
                && raw.0.compute_txid() != entry.txid
            {
                return Err(no(format!("the raw transaction is not {}", entry.txid)));
            }
            let numbered = self.order.get(&entry.sequence);
            if self.entries.contains_key(&entry.txid) || numbered.is_some() {
                return Err(no(format!("{} is there twice", entry.txid)));
            }
        }
        let mut seen = std::collections::BTreeSet::new();
        let twice = |entry: &&Entry| !seen.insert(entry.sequence);
        if let Some(entry) = stored.entries.iter().find(twice) {
            return Err(no(format!("number {} is there twice", entry.sequence)));
        }
        for entry in stored.entries {
            for outpoint in &entry.inputs {
                let spenders = self.spends.entry(*outpoint).or_default();
                spenders.insert(entry.txid);
            }
            self.order.insert(entry.sequence, entry.txid);
            // It grows by one with each: a forged record shall not bring it to its end.
            let next = entry.sequence.saturating_add(1).min(u64::MAX / 2);
            self.next = self.next.max(next);
            self.entries.insert(entry.txid, entry);
        }
        Ok(true)
    }
}
