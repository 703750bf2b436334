//! A payment as a request that a person can read and the signer signs.

use super::coins::Spendable;
use super::error::SpendError;
use super::machine::Wallet;
use super::request::{KeyPath, SpendInput, SpendOutput, SpendRequest};
use super::select::{MOST_COINS, Shortage, Target, select, sweep};
use super::size::{LEAST_FEE_RATE, MOST_FEE_RATE, fee, least_output, weight};
use crate::primitives::BlockHeight;

/// May be replaced (BIP125), and lets the lock time count; no relative lock (BIP68).
pub(super) const SEQUENCE: u32 = 0xffff_fffd;

/// What is to be paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentOrder {
    /// Whose coins.
    pub account: u32,
    /// The address to pay.
    pub to: String,
    /// Units; none: everything, as far as it fits into one payment.
    pub amount: Option<u64>,
    /// Units for 1,000 virtual bytes.
    pub fee_rate: u64,
    /// Where change goes.
    pub change_index: u32,
}

impl Wallet {
    /// Chooses coins for a payment. Nothing is reserved. The seed decides what is left to chance:
    /// the same seed and the same coins make the same request.
    ///
    /// # Errors
    /// An address of no use, too little, too much, or a fee rate that nobody means.
    pub fn prepare(
        &self,
        order: &PaymentOrder,
        tip: BlockHeight,
        seed: &[u8; 32],
    ) -> Result<SpendRequest, SpendError> {
        check_rate(order.fee_rate)?;
        self.params.script_from_address(&order.to)?;
        let coins = self.spendable(order.account, tip);
        let payment = |amount| SpendOutput::Payment {
            address: order.to.clone(),
            amount,
        };
        let Some(amount) = order.amount else {
            let (coins, left) = sweep(&coins, order.fee_rate).unwrap_or_default();
            let least = least_output(order.fee_rate);
            if left < least {
                return Err(SpendError::Funds {
                    needed: least.saturating_add(fee(weight(1, 1), order.fee_rate)),
                    found: coins.iter().map(|coin| coin.amount).sum(),
                });
            }
            return Ok(request(&coins, vec![payment(left)], tip, None));
        };
        check_amount(amount, order.fee_rate)?;
        let change_path = KeyPath {
            account: order.account,
            index: order.change_index,
        };
        self.check_change_key(change_path)?;
        let target = Target {
            amount,
            outputs: 1,
            rate: order.fee_rate,
            most: MOST_COINS,
        };
        // One's own change in no block is spent only where the rest is not enough.
        let mined: Vec<Spendable> = coins.iter().filter(|coin| coin.mined).copied().collect();
        let chosen = select(&mined, target, seed)
            .or_else(|_| select(&coins, target, seed))
            .map_err(shortage)?;
        let mut outputs = vec![payment(amount)];
        if let Some(amount) = chosen.change {
            let change = SpendOutput::Change {
                path: change_path,
                amount,
            };
            // Either place, so that the place does not tell which one is the change.
            outputs.insert(usize::from(seed[0] & 1), change);
        }
        Ok(request(&chosen.coins, outputs, tip, None))
    }

    pub(super) fn check_change_key(&self, path: KeyPath) -> Result<(), SpendError> {
        match self.has_key(&path) {
            true => Ok(()),
            false => Err(SpendError::ChangeKey {
                account: path.account,
                index: path.index,
            }),
        }
    }
}

pub(super) fn check_rate(rate: u64) -> Result<(), SpendError> {
    match (LEAST_FEE_RATE..=MOST_FEE_RATE).contains(&rate) {
        true => Ok(()),
        false => Err(SpendError::FeeRate {
            least: LEAST_FEE_RATE,
            most: MOST_FEE_RATE,
            found: rate,
        }),
    }
}

fn check_amount(amount: u64, rate: u64) -> Result<(), SpendError> {
    let least = least_output(rate.min(LEAST_FEE_RATE));
    match amount >= least {
        true => Ok(()),
        false => Err(SpendError::Dust {
            least,
            found: amount,
        }),
    }
}

pub(super) fn shortage(shortage: Shortage) -> SpendError {
    match shortage {
        Shortage::Funds { needed, found } => SpendError::Funds { needed, found },
        Shortage::Coins => SpendError::TooManyCoins { limit: MOST_COINS },
    }
}

/// The request; the fee is what the outputs leave.
pub(super) fn request(
    coins: &[Spendable],
    outputs: Vec<SpendOutput>,
    tip: BlockHeight,
    replaces: Option<String>,
) -> SpendRequest {
    let amount = |output: &SpendOutput| match output {
        SpendOutput::Payment { amount, .. } | SpendOutput::Change { amount, .. } => *amount,
    };
    let spent: u64 = coins.iter().map(|coin| coin.amount).sum();
    let paid: u64 = outputs.iter().map(amount).sum();
    SpendRequest {
        inputs: coins
            .iter()
            .map(|coin| SpendInput {
                txid: coin.outpoint.txid.to_string(),
                vout: coin.outpoint.vout,
                amount: coin.amount,
                path: coin.path,
                sequence: SEQUENCE,
            })
            .collect(),
        outputs,
        fee: spent.saturating_sub(paid),
        lock_time: tip,
        replaces,
    }
}
