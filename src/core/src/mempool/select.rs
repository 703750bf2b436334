//! What goes into a block: the best-paying first, each with the unconfirmed ones that it follows
//! from, in an order in which a block may hold them.

use super::pool::Mempool;
use super::rate::FeeRate;
use bitcoin::{Transaction, Txid};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// A block that is nearly full is not searched for ever: so many in a row that do not fit.
const MISSES: u32 = 1_000;

/// One with all that it follows from and that is not selected yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Package {
    fee: u64,
    weight: u64,
}

impl Package {
    fn rate(self) -> Reverse<FeeRate> {
        Reverse(FeeRate::of(self.fee, self.weight))
    }
}

impl Mempool {
    /// Transactions of at most this weight together, with their fees.
    #[must_use]
    pub fn select(&self, max_weight: u64) -> Vec<(Transaction, u64)> {
        let mut packages: BTreeMap<Txid, Package> = BTreeMap::new();
        let mut order = BTreeSet::new();
        for txid in self.entries.keys() {
            let package = self.package(txid, &BTreeSet::new());
            packages.insert(*txid, package);
            order.insert((package.rate(), *txid));
        }
        let mut selected = Vec::new();
        let mut chosen = BTreeSet::new();
        let mut left = max_weight;
        let mut misses = 0;
        while let Some((_, txid)) = order.pop_first() {
            let Some(package) = packages.remove(&txid) else {
                continue;
            };
            if package.weight > left {
                misses += 1;
                if misses > MISSES {
                    break;
                }
                continue;
            }
            misses = 0;
            left -= package.weight;
            let new = self.family_in_order(&txid, &chosen);
            let mut changed = BTreeSet::new();
            for member in &new {
                chosen.insert(*member);
                if let Some(package) = packages.remove(member) {
                    order.remove(&(package.rate(), *member));
                }
                changed.extend(self.descendants(member));
            }
            for member in changed {
                if let Some(package) = packages.get_mut(&member) {
                    order.remove(&(package.rate(), member));
                    *package = self.package(&member, &chosen);
                    order.insert((package.rate(), member));
                }
            }
            selected.extend(new);
        }
        selected
            .iter()
            .filter_map(|txid| self.entries.get(txid))
            .map(|entry| (entry.transaction.clone(), entry.fee))
            .collect()
    }

    fn package(&self, txid: &Txid, chosen: &BTreeSet<Txid>) -> Package {
        let mut package = Package { fee: 0, weight: 0 };
        let family = self.ancestors(txid);
        for member in family.difference(chosen).chain([txid]) {
            if let Some(entry) = self.entries.get(member) {
                package.fee = package.fee.saturating_add(entry.fee);
                package.weight += entry.weight;
            }
        }
        package
    }

    /// It and what it follows from, without the chosen: a child has more ancestors than any of them.
    fn family_in_order(&self, txid: &Txid, chosen: &BTreeSet<Txid>) -> Vec<Txid> {
        let family = self.ancestors(txid);
        let mut new: Vec<_> = family.difference(chosen).copied().collect();
        new.push(*txid);
        new.sort_by_key(|member| self.ancestors(member).len());
        new
    }
}
