//! One transaction of the wallet: what it does to one's own coins, and where it stands.

use super::request::KeyPath;
use crate::primitives::{BlockHeight, UnixTime};
use bitcoin::{BlockHash, OutPoint, Transaction, Txid};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The addresses of others that are kept of one transaction.
pub(super) const ADDRESSES: usize = 20;

/// A transaction that pays one of the keys or spends a coin of theirs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) txid: Txid,
    /// Its number in the order in which they were learned.
    pub(super) sequence: u64,
    pub(super) first_seen: UnixTime,
    /// Since when it is in no block, where it is in none.
    pub(super) waiting_since: UnixTime,
    pub(super) place: Option<Place>,
    pub(super) coinbase: bool,
    pub(super) replaceable: bool,
    /// Every input is one's own and every signature was checked.
    pub(super) verified: bool,
    /// It waited too long: nothing is expected of it.
    pub(super) abandoned: bool,
    /// The operator that brought it before any block; none: one of one's own, or a block.
    pub(super) brought_by: Option<String>,
    /// All that it spends; nothing of a coinbase.
    pub(super) inputs: Vec<OutPoint>,
    /// Of these, one's own coins, as far as they are known.
    #[serde(with = "pairs")]
    pub(super) spent: BTreeMap<OutPoint, OwnCoin>,
    /// One's own among its outputs, by place.
    pub(super) outputs: BTreeMap<u32, OwnCoin>,
    /// Of these, the one that was asked for as its change, where this wallet asked for it.
    #[serde(default)]
    pub(super) change: Option<u32>,
    /// Units of all its outputs.
    pub(super) total: u64,
    /// Whom else it pays: the first of them.
    pub(super) others: Vec<String>,
    /// Blocks that hold another spend of its inputs, where that is no transaction of the wallet.
    pub(super) deaths: BTreeSet<(BlockHash, Txid)>,
    /// The transaction, while it may be needed again.
    pub(super) raw: Option<Raw>,
}

/// Where a transaction is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    pub(super) block: BlockHash,
    pub(super) height: BlockHeight,
}

/// A coin of one's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct OwnCoin {
    pub(super) amount: u64,
    pub(super) path: KeyPath,
}

/// A transaction, stored as hex.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(super) struct Raw(pub(super) Transaction);

impl TryFrom<String> for Raw {
    type Error = bitcoin::consensus::encode::FromHexError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        bitcoin::consensus::encode::deserialize_hex(&text).map(Self)
    }
}

impl From<Raw> for String {
    fn from(raw: Raw) -> Self {
        bitcoin::consensus::encode::serialize_hex(&raw.0)
    }
}

impl Entry {
    pub(super) fn received(&self) -> u64 {
        sum(self.outputs.values())
    }

    pub(super) fn sent(&self) -> u64 {
        sum(self.spent.values())
    }

    /// Whether all that it spends is one's own.
    pub(super) fn is_own(&self) -> bool {
        !self.inputs.is_empty() && self.inputs.len() == self.spent.len()
    }

    /// What it leaves to the miner; none where other people's coins are in it.
    pub(super) fn fee(&self) -> Option<u64> {
        self.is_own()
            .then(|| self.sent().checked_sub(self.total))
            .flatten()
    }
}

fn sum<'a>(coins: impl Iterator<Item = &'a OwnCoin>) -> u64 {
    coins.fold(0, |sum, coin| sum.saturating_add(coin.amount))
}

/// A map whose keys are no strings, as JSON wants them: a list of pairs.
mod pairs {
    use super::OwnCoin;
    use bitcoin::OutPoint;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use std::collections::BTreeMap;

    pub(super) fn serialize<S: Serializer>(
        map: &BTreeMap<OutPoint, OwnCoin>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let pairs: Vec<(&OutPoint, &OwnCoin)> = map.iter().collect();
        pairs.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<OutPoint, OwnCoin>, D::Error> {
        let pairs = Vec::<(OutPoint, OwnCoin)>::deserialize(deserializer)?;
        Ok(pairs.into_iter().collect())
    }
}
