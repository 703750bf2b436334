//! Blocks and transactions as people look at them.

use crate::client::{BlockView, Client, TransactionOutputView, TransactionView, limits};
use crate::merkle::block::VerifiedBlock;
use crate::payments::Standing;
use bitcoin::{BlockHash, Transaction, Txid};

impl Client {
    /// A verified block; none where its header is not at hand any more.
    pub(crate) fn block_view(&self, block: &VerifiedBlock) -> Option<BlockView> {
        let hash = block.hash();
        let height = self.height_of_any(&hash)?;
        let inner = block.block();
        let transactions = block.transactions().take(limits::SHOWN_TRANSACTIONS);
        Some(BlockView {
            header: self.header_view(&inner.header, height, self.tree.height_of(&hash).is_some()),
            size: u32::try_from(inner.total_size()).unwrap_or(u32::MAX),
            weight: u32::try_from(block.weight()).unwrap_or(u32::MAX),
            transaction_count: u32::try_from(inner.txdata.len()).unwrap_or(u32::MAX),
            transactions: transactions
                .map(|(txid, transaction)| {
                    let mut view = self.transaction_view(transaction, txid, Some(hash));
                    // Two hundred raw transactions are more than a page needs at once.
                    view.hex = None;
                    view
                })
                .collect(),
        })
    }

    pub(crate) fn transaction_view(
        &self,
        transaction: &Transaction,
        txid: Txid,
        block: Option<BlockHash>,
    ) -> TransactionView {
        let spends = match transaction.is_coinbase() {
            true => Vec::new(),
            false => transaction
                .input
                .iter()
                .map(|input| input.previous_output.to_string())
                .collect(),
        };
        let outputs = transaction.output.iter().map(|output| {
            let script = &output.script_pubkey;
            TransactionOutputView {
                value: output.value.to_sat(),
                address: self.params.address_from_script(script),
                script: script.to_hex_string(),
                watched: self.ledger.watches(script),
            }
        });
        TransactionView {
            txid: txid.to_string(),
            size: u32::try_from(transaction.total_size()).unwrap_or(u32::MAX),
            weight: u32::try_from(transaction.weight().to_wu()).unwrap_or(u32::MAX),
            spends,
            outputs: outputs.collect(),
            block: block.map(|hash| hash.to_string()),
            hex: Some(bitcoin::consensus::encode::serialize_hex(transaction)),
        }
    }

    /// The block that holds a watched transaction.
    pub(super) fn block_of(&self, transaction: &Transaction, txid: &Txid) -> Option<BlockHash> {
        transaction
            .output
            .iter()
            .flat_map(|output| self.ledger.payments(&output.script_pubkey))
            .find(|payment| payment.txid == *txid)
            .and_then(|payment| match payment.standing {
                Standing::Mined { block, .. } => Some(block),
                _ => None,
            })
    }
}
