//! The same payment with a higher fee (BIP125): it spends the same coins, so that one of the two at
//! most can be mined, and pays the same addresses. The fee comes out of the change; where that is
//! not enough, coins that are in blocks are added, as the rule asks.

use super::coins::Spendable;
use super::entry::{Entry, Raw};
use super::error::SpendError;
use super::machine::Wallet;
use super::prepare::{check_rate, request, shortage};
use super::request::{KeyPath, SpendOutput, SpendRequest};
use super::select::{MOST_COINS, Shortage, Target, select};
use super::size::{INPUT, LEAST_FEE_RATE, fee, least_output, virtual_size, weight};
use super::standing::Standing;
use crate::primitives::BlockHeight;
use bitcoin::{OutPoint, Transaction, Txid};
use std::collections::BTreeSet;

impl Wallet {
    /// A request that replaces one of one's own payments that waits. Without a fee rate: the least
    /// that replaces it.
    ///
    /// # Errors
    /// A transaction that is not here or cannot be replaced, a fee that is no higher, or nothing to
    /// take it from.
    pub fn prepare_replacement(
        &self,
        txid: &Txid,
        fee_rate: Option<u64>,
        change_index: u32,
        tip: BlockHeight,
        seed: &[u8; 32],
    ) -> Result<SpendRequest, SpendError> {
        fee_rate.map_or(Ok(()), check_rate)?;
        let (entry, tx) = self.replaceable(txid)?;
        let account = entry
            .spent
            .values()
            .next()
            .map_or(0, |coin| coin.path.account);
        let own: Vec<Spendable> = entry
            .spent
            .iter()
            .map(|(outpoint, coin)| Spendable {
                outpoint: *outpoint,
                amount: coin.amount,
                path: coin.path,
                mined: true,
            })
            .collect();
        let (payments, before) = self.split(entry, tx);
        // So many fit into what nodes relay.
        let room = MOST_COINS.saturating_sub(own.len());
        let change_path = before.unwrap_or(KeyPath {
            account,
            index: change_index,
        });
        self.check_change_key(change_path)?;
        let paid: u64 = payments.iter().map(value).sum();
        let evicted = self.evicted_fees(txid);
        // BIP125, rules 3 and 4: more than all that it pushes out, and its own relay on top.
        let least = |weight: u64| {
            evicted.saturating_add(fee(weight, LEAST_FEE_RATE)).max(
                // Rule 6 of today's nodes: a higher rate too.
                rate_of(entry, tx).saturating_mul(virtual_size(weight)) / 1_000 + 1,
            )
        };
        let wanted = |weight: u64| match fee_rate {
            Some(rate) => Ok(fee(weight, rate)).and_then(|found| match least(weight) {
                least if found < least => Err(SpendError::FeeTooLow { least, found }),
                _ => Ok(found),
            }),
            None => Ok(least(weight)),
        };
        let rate = fee_rate.unwrap_or(LEAST_FEE_RATE);
        let mut coins = own;
        // The coins it has may be enough.
        let total = |coins: &[Spendable]| coins.iter().map(|coin| coin.amount).sum::<u64>();
        let without = wanted(weight(coins.len(), payments.len()))?;
        if total(&coins) < paid.saturating_add(without) {
            let mined: Vec<Spendable> = self
                .spendable(account, tip)
                .into_iter()
                .filter(|coin| coin.mined && !spends_from(coin, txid))
                .collect();
            let missing = paid.saturating_add(without).saturating_sub(total(&coins));
            // Each coin that is added weighs, at the higher of the two rates.
            let dearest = rate.max(rate_of(entry, tx) + LEAST_FEE_RATE);
            let target = Target {
                amount: missing.saturating_add(fee(INPUT, dearest)),
                outputs: 0,
                rate: dearest,
                most: room,
            };
            let found = |found: u64| found.saturating_add(total(&coins));
            let more = select(&mined, target, seed).map_err(|error| {
                shortage(match error {
                    Shortage::Funds { needed, found: has } => Shortage::Funds {
                        needed: found(needed),
                        found: found(has),
                    },
                    Shortage::Coins => Shortage::Coins,
                })
            })?;
            coins.extend(more.coins);
        }
        let mut outputs = payments;
        let left = total(&coins).saturating_sub(paid);
        let with_change = wanted(weight(coins.len(), outputs.len() + 1))?;
        if let Some(amount) = left
            .checked_sub(with_change)
            .filter(|amount| *amount >= least_output(rate))
        {
            let change = SpendOutput::Change {
                path: change_path,
                amount,
            };
            let place = usize::from(seed[0] & 1).min(outputs.len());
            outputs.insert(place, change);
        }
        let spend = request(&coins, outputs, tip, Some(txid.to_string()));
        let least = least(weight(spend.inputs.len(), spend.outputs.len()));
        if spend.outputs.is_empty() || spend.fee < least {
            return Err(SpendError::Funds {
                needed: paid.saturating_add(least),
                found: total(&coins),
            });
        }
        Ok(spend)
    }

    /// A payment of one's own that waits and says that it may be replaced.
    fn replaceable(&self, txid: &Txid) -> Result<(&Entry, &Transaction), SpendError> {
        let no = |found| SpendError::NotReplaceable { txid: *txid, found };
        let unknown = SpendError::Unknown { txid: *txid };
        let entry = self.entries.get(txid).ok_or(unknown)?;
        if entry.place.is_some() {
            return Err(no("is in a block"));
        }
        if !entry.verified {
            return Err(no("spends coins of others"));
        }
        match self.standings().get(txid) {
            Some(Standing::Waiting { .. }) => {}
            Some(Standing::Replaced { .. }) => return Err(no("was replaced")),
            _ => return Err(no("was given up")),
        }
        if !entry.replaceable {
            return Err(no("says that it may not be"));
        }
        match &entry.raw {
            Some(Raw(tx)) => Ok((entry, tx)),
            None => Err(no("is not kept whole")),
        }
    }

    /// Remembers where the change of a request goes, which the transaction that is made of it does
    /// not tell.
    pub fn expect_change(&mut self, request: &SpendRequest) {
        for output in &request.outputs {
            if let SpendOutput::Change { path, .. } = output
                && self.has_key(path)
            {
                self.change_keys.insert(*path);
            }
        }
    }

    /// The output of one's own payment that goes where change was asked to go.
    pub(super) fn asked_change(&self, entry: &Entry) -> Option<u32> {
        let mut outputs = entry.outputs.iter().filter(|_| entry.verified);
        let found = outputs.find(|(_, coin)| self.change_keys.contains(&coin.path));
        found.map(|(vout, _)| *vout)
    }

    /// What a payment pays, and where its change went, as far as that is known.
    fn split(&self, entry: &Entry, tx: &Transaction) -> (Vec<SpendOutput>, Option<KeyPath>) {
        let change = change_of(entry, tx);
        let payments = (0u32..)
            .zip(&tx.output)
            .filter(|(vout, _)| change != Some(*vout))
            .filter_map(|(_, output)| {
                Some(SpendOutput::Payment {
                    address: self.params.address_from_script(&output.script_pubkey)?,
                    amount: output.value.to_sat(),
                })
            })
            .collect();
        let coin = change.and_then(|vout| entry.outputs.get(&vout));
        (payments, coin.map(|coin| coin.path))
    }

    /// The fees of a payment and of all that spends its change, and theirs: nodes drop them with it.
    fn evicted_fees(&self, txid: &Txid) -> u64 {
        let mut open = vec![*txid];
        let mut seen = BTreeSet::new();
        let mut fees = 0u64;
        while let Some(txid) = open.pop() {
            let Some(entry) = self.entries.get(&txid).filter(|_| seen.insert(txid)) else {
                continue;
            };
            if entry.place.is_some() {
                continue;
            }
            fees = fees.saturating_add(entry.fee().unwrap_or(0));
            for vout in entry.outputs.keys() {
                let outpoint = OutPoint::new(txid, *vout);
                open.extend(self.spends.get(&outpoint).into_iter().flatten());
            }
        }
        fees
    }
}

/// The change of a payment: where it was asked to go, or else the only output to a key of the
/// account that pays. One to another account is a payment, to this browser's till say, and of two
/// either may be: then none is change, and the fee comes out of more coins.
fn change_of(entry: &Entry, tx: &Transaction) -> Option<u32> {
    if tx.output.len() < 2 {
        return None;
    }
    let pays = |account: u32| {
        let mut coins = entry.spent.values();
        coins.all(|coin| coin.path.account == account)
    };
    let mut own = entry
        .outputs
        .iter()
        .filter(|(_, coin)| pays(coin.path.account))
        .map(|(vout, _)| *vout);
    entry
        .change
        .or_else(|| own.next().filter(|_| own.next().is_none()))
}

/// The rate of a payment as it is, rounded up, in units for 1,000 virtual bytes.
fn rate_of(entry: &Entry, tx: &Transaction) -> u64 {
    let size = virtual_size(tx.weight().to_wu()).max(1);
    let fee = entry.fee().unwrap_or(0);
    fee.saturating_mul(1_000).div_ceil(size)
}

fn value(output: &SpendOutput) -> u64 {
    match output {
        SpendOutput::Payment { amount, .. } | SpendOutput::Change { amount, .. } => *amount,
    }
}

fn spends_from(coin: &Spendable, txid: &Txid) -> bool {
    coin.outpoint.txid == *txid
}
