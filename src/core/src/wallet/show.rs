//! The wallet as the page shows it, computed anew each time.

use super::coins::CoinState;
use super::entry::{Entry, OwnCoin};
use super::machine::Wallet;
use super::request::KeyPath;
use super::standing::Standing;
use super::view::{AccountView, WalletEntry, WalletEntryState, WalletView};
use crate::primitives::BlockHeight;
use bitcoin::Txid;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Entries that are shown.
const SHOWN: usize = 500;
/// Keys of one transaction that are shown.
const SHOWN_PATHS: usize = 20;

/// How far blocks were looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scanned {
    /// From this height...
    pub from: BlockHeight,
    /// ...to this one.
    pub to: BlockHeight,
    /// The tip's height.
    pub tip: BlockHeight,
}

impl Wallet {
    /// The wallet as it is now.
    #[must_use]
    pub fn view(&self, scanned: Scanned) -> WalletView {
        let standings = self.standings();
        WalletView {
            wallet: self.name(),
            accounts: self.accounts(scanned.tip, &standings),
            history: self.history(scanned.tip, &standings),
            scanned_from: scanned.from,
            scanned_to: scanned.to,
            tip: scanned.tip,
        }
    }

    fn accounts(&self, tip: BlockHeight, standings: &BTreeMap<Txid, Standing>) -> Vec<AccountView> {
        let mut accounts: BTreeMap<u32, AccountView> = self
            .keys
            .accounts()
            .into_iter()
            .map(|account| {
                let empty = AccountView {
                    account,
                    spendable: 0,
                    immature: 0,
                    incoming: 0,
                    change: 0,
                    next_index: 0,
                    keys: self.keys.count(account),
                };
                (account, empty)
            })
            .collect();
        for (_, coin, state) in self.coin_states(tip, standings) {
            let Some(view) = accounts.get_mut(&coin.path.account) else {
                continue;
            };
            // An address was told to somebody, whatever became of the payment.
            view.next_index = view.next_index.max(coin.path.index.saturating_add(1));
            let sum = match state {
                CoinState::Gone => continue,
                CoinState::Ready => &mut view.spendable,
                CoinState::Immature => &mut view.immature,
                CoinState::Change => &mut view.change,
                CoinState::Incoming => &mut view.incoming,
            };
            *sum = sum.saturating_add(coin.amount);
        }
        accounts.into_values().collect()
    }

    fn history(&self, tip: BlockHeight, standings: &BTreeMap<Txid, Standing>) -> Vec<WalletEntry> {
        let mut entries: Vec<&Entry> = self.entries.values().collect();
        entries.sort_by_key(|entry| {
            let height = entry.place.map_or(BlockHeight::MAX, |place| place.height);
            Reverse((height, entry.sequence))
        });
        entries.truncate(SHOWN);
        entries
            .into_iter()
            .map(|entry| self.entry_view(entry, tip, standings))
            .collect()
    }

    fn entry_view(
        &self,
        entry: &Entry,
        tip: BlockHeight,
        standings: &BTreeMap<Txid, Standing>,
    ) -> WalletEntry {
        let (received, sent) = (entry.received(), entry.sent());
        let paths: BTreeSet<KeyPath> = entry.outputs.values().map(|coin| coin.path).collect();
        let address = |path: &KeyPath| {
            let script = self.keys.script(path)?;
            self.params.address_from_script(&script)
        };
        let own = || {
            let paths = paths.iter().take(SHOWN_PATHS);
            paths.filter_map(address).collect()
        };
        WalletEntry {
            txid: entry.txid.to_string(),
            time: entry.first_seen,
            received,
            sent,
            fee: entry.fee(),
            mined: entry.coinbase,
            addresses: match sent > 0 && !entry.others.is_empty() {
                true => entry.others.clone(),
                false => own(),
            },
            state: self.state(entry, tip, standings),
            paths: paths.into_iter().take(SHOWN_PATHS).collect(),
        }
    }

    fn state(
        &self,
        entry: &Entry,
        tip: BlockHeight,
        standings: &BTreeMap<Txid, Standing>,
    ) -> WalletEntryState {
        if let Some(place) = entry.place {
            return WalletEntryState::Mined {
                depth: tip.saturating_add(1).saturating_sub(place.height).max(1),
                height: place.height,
                matures_in: self.matures_in(entry, tip),
            };
        }
        match standings.get(&entry.txid) {
            Some(Standing::Waiting { .. }) => WalletEntryState::Unconfirmed {
                replaceable: entry.verified && entry.replaceable,
            },
            Some(Standing::Replaced { by }) => WalletEntryState::Replaced { by: by.to_string() },
            Some(Standing::Abandoned) | None => WalletEntryState::Abandoned,
        }
    }

    /// One's own payments that wait and whose coins are all in blocks or made by one of them, each
    /// after those that it spends from: with its coins, where they are in a block.
    #[must_use]
    pub fn to_mine(&self) -> Vec<(bitcoin::Transaction, Vec<MinableCoin>)> {
        self.to_send()
            .into_iter()
            .filter_map(|tx| {
                let entry = self.entries.get(&tx.compute_txid())?;
                let coins = tx.input.iter().map(|input| {
                    let coin = entry.spent.get(&input.previous_output)?;
                    self.minable_coin(&input.previous_output.txid, coin)
                });
                Some((tx.clone(), coins.collect::<Option<Vec<_>>>()?))
            })
            .collect()
    }

    fn minable_coin(&self, txid: &Txid, coin: &OwnCoin) -> Option<MinableCoin> {
        let made_by = self.entries.get(txid)?;
        Some(MinableCoin {
            amount: coin.amount,
            script_pubkey: self.keys.script(&coin.path)?,
            height: made_by.place.map(|place| place.height),
            coinbase: made_by.coinbase,
        })
    }
}

/// A coin of one's own that a payment of one's own spends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MinableCoin {
    /// Units.
    pub amount: u64,
    /// Whose it is.
    pub script_pubkey: bitcoin::ScriptBuf,
    /// The height of its block; none: its transaction waits too.
    pub height: Option<BlockHeight>,
    /// Whether a coinbase made it.
    pub coinbase: bool,
}
