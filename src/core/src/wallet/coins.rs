//! Coins that can be spent: one's own, in blocks and mature, or one's own change whose whole line
//! of parents is one's own.

use super::entry::{Entry, OwnCoin};
use super::machine::Wallet;
use super::request::KeyPath;
use super::standing::{MOST_ANCESTORS, Standing};
use crate::primitives::BlockHeight;
use bitcoin::{OutPoint, Txid};
use std::collections::BTreeMap;

/// A coin that can be spent now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spendable {
    pub(super) outpoint: OutPoint,
    pub(super) amount: u64,
    pub(super) path: KeyPath,
    /// Whether it is in a block.
    pub(super) mined: bool,
}

/// What becomes of a coin of one's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CoinState {
    /// It is spent, or its transaction does not count.
    Gone,
    /// In a block, and to be spent in the next one.
    Ready,
    /// From a coinbase that is too young.
    Immature,
    /// One's own change in no block.
    Change,
    /// From others, in no block: unverified.
    Incoming,
}

impl Wallet {
    /// Blocks until a transaction's outputs may be spent in the next block.
    pub(super) fn matures_in(&self, entry: &Entry, tip: BlockHeight) -> u32 {
        match entry.place {
            Some(place) if entry.coinbase => {
                let ripe = place.height.saturating_add(self.params.coinbase_maturity);
                ripe.saturating_sub(tip.saturating_add(1))
            }
            _ => 0,
        }
    }

    /// Every coin that was ever one's own, with what became of it.
    pub(super) fn coin_states(
        &self,
        tip: BlockHeight,
        standings: &BTreeMap<Txid, Standing>,
    ) -> impl Iterator<Item = (OutPoint, OwnCoin, CoinState)> {
        self.entries.values().flat_map(move |entry| {
            entry.outputs.iter().map(move |(vout, coin)| {
                let outpoint = OutPoint::new(entry.txid, *vout);
                let state = match self.is_spent(&outpoint, standings) {
                    true => CoinState::Gone,
                    false => self.made(entry, tip, standings),
                };
                (outpoint, *coin, state)
            })
        })
    }

    fn made(
        &self,
        entry: &Entry,
        tip: BlockHeight,
        standings: &BTreeMap<Txid, Standing>,
    ) -> CoinState {
        if entry.place.is_some() {
            return match self.matures_in(entry, tip) {
                0 => CoinState::Ready,
                _ => CoinState::Immature,
            };
        }
        match standings.get(&entry.txid) {
            Some(Standing::Waiting { .. }) if entry.verified => CoinState::Change,
            Some(Standing::Waiting { .. }) => CoinState::Incoming,
            _ => CoinState::Gone,
        }
    }

    /// Whether a transaction that counts spends this coin.
    fn is_spent(&self, outpoint: &OutPoint, standings: &BTreeMap<Txid, Standing>) -> bool {
        let spenders = self.spends.get(outpoint).into_iter().flatten();
        spenders
            .filter_map(|txid| self.entries.get(txid))
            .any(|spender| {
                spender.place.is_some()
                    || matches!(standings.get(&spender.txid), Some(Standing::Waiting { .. }))
            })
    }

    /// The coins of an account that can be spent now. Change that already waits behind a long line
    /// is left out: nodes would not take one more.
    pub(super) fn spendable(&self, account: u32, tip: BlockHeight) -> Vec<Spendable> {
        let standings = self.standings();
        self.coin_states(tip, &standings)
            .filter(|(_, coin, _)| coin.path.account == account)
            .filter_map(|(outpoint, coin, state)| {
                let mined = match state {
                    CoinState::Ready => true,
                    CoinState::Change if self.is_trusted(&outpoint.txid, &standings) => false,
                    _ => return None,
                };
                Some(Spendable {
                    outpoint,
                    amount: coin.amount,
                    path: coin.path,
                    mined,
                })
            })
            .collect()
    }

    /// Whether a transaction and every parent of it that waits are one's own, and the line is short.
    fn is_trusted(&self, txid: &Txid, standings: &BTreeMap<Txid, Standing>) -> bool {
        let mut open = vec![*txid];
        let mut seen = std::collections::BTreeSet::new();
        while let Some(txid) = open.pop() {
            if !seen.insert(txid) {
                continue;
            }
            let Some(entry) = self.entries.get(&txid) else {
                return false;
            };
            if entry.place.is_some() {
                continue;
            }
            let short = matches!(
                standings.get(&txid),
                Some(Standing::Waiting { ancestors }) if *ancestors + 1 < MOST_ANCESTORS
            );
            if !short || !entry.verified || seen.len() as u32 > MOST_ANCESTORS {
                return false;
            }
            open.extend(entry.inputs.iter().map(|outpoint| outpoint.txid));
        }
        true
    }
}
