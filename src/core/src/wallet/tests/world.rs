//! A wallet and a chain of blocks without proof of work.

use super::owner::Owner;
use crate::merkle::block::VerifiedBlock;
use crate::mining::{coinbase, witness_commitment};
use crate::params::NetworkParams;
use crate::wallet::{
    AccountView, PaymentOrder, Scanned, SpendRequest, Wallet, WalletEntry, WalletEntryState,
    WalletView,
};
use bitcoin::absolute::LockTime;
use bitcoin::block::{Block, Header, Version};
use bitcoin::hashes::Hash;
use bitcoin::{
    Amount, BlockHash, CompactTarget, OutPoint, ScriptBuf, Sequence, Transaction, TxIn,
    TxMerkleNode, TxOut, Txid, Witness, transaction,
};

pub(super) const ME: Owner = Owner(1);
pub(super) const OTHER: Owner = Owner(2);
pub(super) const T0: u32 = 1_700_000_000;
pub(super) const FTH: u64 = 100_000_000;

pub(super) struct World {
    pub(super) params: NetworkParams,
    pub(super) wallet: Wallet,
    /// From height 1 on.
    pub(super) chain: Vec<VerifiedBlock>,
    pub(super) now: u32,
    salt: u64,
}

impl World {
    pub(super) fn new() -> Self {
        Self::on("practice")
    }

    pub(super) fn on(network: &str) -> Self {
        let params = NetworkParams::by_name(network).expect("a network of the table");
        let wallet = Wallet::new(params.clone(), &ME.keys(&params, 10)).expect("good keys");
        Self {
            params,
            wallet,
            chain: Vec::new(),
            now: T0,
            salt: 0,
        }
    }

    pub(super) fn tip(&self) -> u32 {
        u32::try_from(self.chain.len()).expect("few blocks")
    }

    /// A block with these transactions, whose coinbase pays a script.
    pub(super) fn block(&mut self, to: ScriptBuf, txs: Vec<Transaction>) -> VerifiedBlock {
        self.salt += 1;
        let height = self.tip() + 1;
        let commitment = witness_commitment(&txs);
        let mut txdata = vec![coinbase(height, to, 5 * FTH, self.salt, commitment)];
        txdata.extend(txs);
        let before = self.chain.last();
        let mut block = Block {
            header: Header {
                version: Version::from_consensus(4),
                prev_blockhash: before.map_or(BlockHash::all_zeros(), VerifiedBlock::hash),
                merkle_root: TxMerkleNode::all_zeros(),
                time: T0 + height * 30,
                bits: CompactTarget::from_consensus(0x207f_ffff),
                nonce: 0,
            },
            txdata,
        };
        block.header.merkle_root = block.compute_merkle_root().expect("a coinbase");
        VerifiedBlock::check(block).expect("a good block")
    }

    /// Mines a block and connects it.
    pub(super) fn mine_to(&mut self, to: ScriptBuf, txs: Vec<Transaction>) -> VerifiedBlock {
        let block = self.block(to, txs);
        self.chain.push(block.clone());
        self.wallet.connect_block(&block, self.tip());
        block
    }

    /// Blocks for ourselves.
    pub(super) fn earn(&mut self, count: u32) {
        for _ in 0..count {
            self.mine_to(ME.script(0, 0), Vec::new());
        }
    }

    /// A block for somebody else.
    pub(super) fn mine(&mut self, txs: Vec<Transaction>) -> VerifiedBlock {
        self.mine_to(OTHER.script(0, 0), txs)
    }

    /// The last blocks leave the chain.
    pub(super) fn undo(&mut self, count: usize) {
        let left = self.chain.split_off(self.chain.len() - count);
        let hashes: Vec<BlockHash> = left.iter().rev().map(VerifiedBlock::hash).collect();
        self.wallet.disconnect_blocks(&hashes, self.now);
    }

    pub(super) fn seen(&mut self, tx: &Transaction) -> bool {
        self.wallet.seen(tx, Some("a"), self.now)
    }

    pub(super) fn view(&self) -> WalletView {
        self.wallet.view(Scanned {
            from: 1,
            to: self.tip(),
            tip: self.tip(),
        })
    }

    pub(super) fn account(&self) -> AccountView {
        self.view().accounts[0].clone()
    }

    pub(super) fn entry(&self, txid: Txid) -> WalletEntry {
        let history = self.view().history;
        let found = history.into_iter().find(|e| e.txid == txid.to_string());
        found.expect("it is in the history")
    }

    pub(super) fn state(&self, tx: &Transaction) -> WalletEntryState {
        self.entry(tx.compute_txid()).state
    }

    pub(super) fn order(&self, amount: Option<u64>) -> PaymentOrder {
        PaymentOrder {
            account: 0,
            to: OTHER.address(&self.params, 0, 1),
            amount,
            fee_rate: 1_000,
            change_index: 5,
        }
    }

    pub(super) fn prepare(&self, amount: u64) -> SpendRequest {
        self.wallet
            .prepare(&self.order(Some(amount)), self.tip(), &[3; 32])
            .expect("a payment")
    }

    /// Prepares, signs and hands over a payment.
    pub(super) fn pay(&mut self, amount: u64) -> Transaction {
        let request = self.prepare(amount);
        let tx = ME.sign(&self.params, &request);
        assert!(self.wallet.seen(&tx, None, self.now));
        tx
    }
}

/// A payment from a made-up coin of somebody else.
pub(super) fn foreign(coin: u8, to: ScriptBuf, amount: u64) -> Transaction {
    spend(
        &[OutPoint::new(Txid::from_byte_array([coin; 32]), 0)],
        &[(to, amount)],
    )
}

/// A transaction whose signatures are nobody's.
pub(super) fn spend(coins: &[OutPoint], to: &[(ScriptBuf, u64)]) -> Transaction {
    let outputs = to.iter().map(|(script, amount)| TxOut {
        value: Amount::from_sat(*amount),
        script_pubkey: script.clone(),
    });
    Transaction {
        version: transaction::Version::TWO,
        lock_time: LockTime::ZERO,
        input: coins
            .iter()
            .map(|outpoint| TxIn {
                previous_output: *outpoint,
                script_sig: ScriptBuf::new(),
                sequence: Sequence(0xffff_fffd),
                witness: Witness::from_slice(&[[7u8; 64]]),
            })
            .collect(),
        output: outputs.collect(),
    }
}
