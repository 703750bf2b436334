//! The wallet's writes: its transactions in small records, then how far it knows the chain. A crash
//! between the two makes it look at some blocks again, which changes nothing.

use super::Failure;
use crate::client::blocks::ScanRecord;
use crate::client::{Client, CommandError, Output, Record, StoreId, StoreRequest};
use crate::primitives::BlockHeight;
use crate::primitives::record;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Every record of the wallet begins so.
pub(crate) const WALLET_PREFIX: &str = "wallet/";
pub(crate) const WALLET_KEYS: &str = "wallet/keys";
pub(crate) const WALLET_SCAN: &str = "wallet/scan";
pub(super) const PAGE_PREFIX: &str = "wallet/page/";

pub(super) const VERSION: u8 = 1;

/// How far a wallet knows the chain, as stored.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WalletScan {
    pub(super) wallet: String,
    pub(super) from: Option<BlockHeight>,
    pub(super) known: Option<ScanRecord>,
}

impl Client {
    pub(super) fn store_wallet_keys(&mut self) -> Option<StoreId> {
        let value = self.purse.watched.as_ref()?.wallet.encode_keys().ok()?;
        let id = self.store_put(WALLET_KEYS, value);
        let watched = self.purse.watched.as_mut()?;
        watched.keys_stored = false;
        watched.keys_write = Some(id);
        Some(id)
    }

    /// Asks for the write of all that changed.
    pub(crate) fn store_wallet(&mut self) -> BTreeSet<StoreId> {
        let mut writes = BTreeSet::new();
        let Some(watched) = &mut self.purse.watched else {
            return writes;
        };
        // A write that failed is made good with the next one, not at once: a storage that is gone
        // would be tried without end.
        for page in std::mem::take(&mut watched.lost) {
            watched.wallet.page_lost(page);
        }
        let pages = watched.wallet.take_changes();
        let scan_changed = std::mem::take(&mut watched.scan_changed);
        for page in pages {
            let key = format!("{PAGE_PREFIX}{}", page.page);
            let request = match page.bytes {
                Some(value) => StoreRequest::Put(Record { key, value }),
                None => StoreRequest::Delete { key },
            };
            let id = self.store(request);
            writes.insert(id);
            if let Some(watched) = &mut self.purse.watched {
                watched.writing.insert(id, page.page);
            }
        }
        if scan_changed {
            writes.extend(self.store_wallet_scan());
        }
        writes
    }

    fn store_wallet_scan(&mut self) -> Option<StoreId> {
        let watched = self.purse.watched.as_ref()?;
        let record = WalletScan {
            wallet: watched.wallet.name(),
            from: watched.from,
            known: watched.to.map(|to| self.trail_from(to)),
        };
        let value = record::seal(VERSION, &record).ok()?;
        Some(self.store_put(WALLET_SCAN, value))
    }

    /// Whether anything of the wallet is to be written.
    pub(crate) fn wallet_unwritten(&self) -> bool {
        let watched = self.purse.watched.as_ref();
        watched.is_some_and(|watched| watched.scan_changed || watched.wallet.has_changes())
    }

    /// Stops watching; asks for the removal of every record.
    pub(super) fn remove_wallet(&mut self) -> BTreeSet<StoreId> {
        let Some(watched) = self.purse.watched.take() else {
            return BTreeSet::new();
        };
        let pages = watched.wallet.pages();
        let pages = pages.iter().map(|page| format!("{PAGE_PREFIX}{page}"));
        let fixed = [WALLET_KEYS, WALLET_SCAN].map(str::to_owned);
        let keys: Vec<String> = pages.chain(fixed).collect();
        keys.into_iter()
            .map(|key| self.store(StoreRequest::Delete { key }))
            .collect()
    }

    /// A write went through or failed.
    pub(crate) fn wallet_stored(&mut self, write: StoreId, error: Option<&str>) {
        if let Some(watched) = &mut self.purse.watched
            && let Some(page) = watched.writing.remove(&write)
            && error.is_some()
        {
            watched.lost.insert(page);
        }
        if let Some(watched) = &mut self.purse.watched
            && watched.keys_write == Some(write)
        {
            watched.keys_write = None;
            watched.keys_stored = error.is_none();
        }
        let waits = |at: &mut super::Pending| at.writes.remove(&write);
        let Some(at) = self.purse.pending.iter_mut().position(waits) else {
            return;
        };
        if let Some(error) = error
            && self.purse.pending[at].failure == Failure::Refuse
        {
            let pending = self.purse.pending.remove(at);
            let error: String = error.chars().take(200).collect();
            let error = CommandError::new(format!("the wallet could not be stored: {error}"));
            self.output(Output::Reply {
                id: pending.request,
                result: Err(error),
            });
            return;
        }
        if !self.purse.pending[at].writes.is_empty() {
            return;
        }
        let pending = self.purse.pending.remove(at);
        self.output(Output::Reply {
            id: pending.request,
            result: Ok(pending.reply),
        });
    }
}
