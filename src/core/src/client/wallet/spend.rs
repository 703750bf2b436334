//! `PreparePayment` and `PrepareReplacement`: coins are chosen, nothing is reserved. Two requests
//! may choose the same coins; of their payments one at most can be mined.

use super::Watched;
use crate::client::{Client, CommandError, Reply, limits};
use crate::primitives::BlockHeight;
use crate::wallet::{LEAST_FEE_RATE, MinableCoin, PaymentOrder, SpendError, SpendRequest};
use bitcoin::{Transaction, Txid};

impl Client {
    pub(crate) fn prepare_payment(
        &mut self,
        account: u32,
        to: &str,
        amount: Option<u64>,
        fee_rate: Option<u64>,
        change_index: u32,
    ) -> Result<Reply, CommandError> {
        let order = PaymentOrder {
            account,
            to: to.trim().to_owned(),
            amount,
            fee_rate: fee_rate.unwrap_or_else(|| self.asked_fee_rate()),
            change_index,
        };
        let seed = self.random.next_bytes();
        let tip = self.tree.tip().height;
        let request = self
            .ready_wallet()?
            .wallet
            .prepare(&order, tip, &seed)
            .map_err(refused)?;
        self.expect_change(&request);
        Ok(Reply::Spend { request })
    }

    pub(crate) fn prepare_replacement(
        &mut self,
        txid: &str,
        fee_rate: Option<u64>,
        change_index: u32,
    ) -> Result<Reply, CommandError> {
        let txid: Txid = txid.trim().parse().map_err(|_| {
            let shown: String = txid.chars().take(80).collect();
            CommandError::new(format!("expected 64 hex digits, found {shown:?}"))
        })?;
        let seed = self.random.next_bytes();
        let tip = self.tree.tip().height;
        let request = self
            .ready_wallet()?
            .wallet
            .prepare_replacement(&txid, fee_rate, change_index, tip, &seed)
            .map_err(refused)?;
        self.expect_change(&request);
        Ok(Reply::Spend { request })
    }

    fn expect_change(&mut self, request: &SpendRequest) {
        if let Some(watched) = &mut self.purse.watched {
            watched.wallet.expect_change(request);
        }
    }

    /// One's own payments that wait, with their coins, where every block up to this height was looked
    /// at: what is spent there is known.
    pub(crate) fn wallet_to_mine(&self, tip: BlockHeight) -> Vec<(Transaction, Vec<MinableCoin>)> {
        match (&self.purse.watched, self.wallet_scanned()) {
            (Some(watched), Some(scanned)) if scanned == tip => watched.wallet.to_mine(),
            _ => Vec::new(),
        }
    }

    /// Whether this transaction is one of the wallet's, in a block.
    pub(crate) fn wallet_has_mined(&self, txid: &Txid) -> bool {
        let watched = self.purse.watched.as_ref();
        watched.is_some_and(|watched| watched.wallet.has_mined(txid))
    }

    /// The wallet, once it knows the chain: before that, coins that it found may be spent in blocks
    /// that it has not looked at.
    fn ready_wallet(&self) -> Result<&Watched, CommandError> {
        let watched = self.purse.known()?;
        let tip = self.tree.tip().height;
        let known = self.wallet_scanned().unwrap_or(tip);
        if known.saturating_add(limits::WALLET_BEHIND) < tip {
            return Err(CommandError::new(format!(
                "expected the wallet to know every block first, found it at height {known} of {tip}"
            )));
        }
        Ok(watched)
    }

    /// What the peers ask for (BIP133): the median, and of two the lower one, so that one node among
    /// others does not make us pay more; and never more than is usual anywhere. Who asks for nothing
    /// takes the least.
    fn asked_fee_rate(&self) -> u64 {
        let ready = self
            .nodes
            .iter()
            .filter_map(|node| node.connection()?.ready());
        let mut asked: Vec<u64> = ready
            .map(|ready| ready.fee_filter.unwrap_or(LEAST_FEE_RATE))
            .collect();
        asked.sort_unstable();
        let median = asked.get(asked.len().saturating_sub(1) / 2).copied();
        median
            .unwrap_or(LEAST_FEE_RATE)
            .clamp(LEAST_FEE_RATE, limits::ASKED_FEE_RATE)
    }
}

fn refused(error: SpendError) -> CommandError {
    CommandError::new(error.to_string())
}
