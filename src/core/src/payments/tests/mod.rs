//! The ledger, rule by rule.

mod announcements;
mod blocks;
mod bounds;
mod prop;
mod stored;

use super::{Ledger, Payment, Standing};
use bitcoin::block::{Header, Version};
use bitcoin::hashes::Hash;
use bitcoin::{
    Amount, Block, BlockHash, CompactTarget, OutPoint, ScriptBuf, Sequence, Transaction, TxIn,
    TxMerkleNode, TxOut, Txid, Witness, absolute, transaction,
};

/// A script of its own for each number.
pub(super) fn script(number: u8) -> ScriptBuf {
    ScriptBuf::from_bytes([&[0x00, 0x14][..], &[number; 20]].concat())
}

/// The script that the tests watch.
pub(super) fn ours() -> ScriptBuf {
    script(1)
}

/// A confirmed coin that nobody here made.
pub(super) fn coin(number: u8) -> OutPoint {
    OutPoint::new(Txid::from_byte_array([number; 32]), u32::from(number))
}

pub(super) fn tx(coins: &[OutPoint], outputs: &[(ScriptBuf, u64)]) -> Transaction {
    Transaction {
        version: transaction::Version::TWO,
        lock_time: absolute::LockTime::ZERO,
        input: coins
            .iter()
            .map(|coin| TxIn {
                previous_output: *coin,
                script_sig: ScriptBuf::new(),
                sequence: Sequence::ENABLE_RBF_NO_LOCKTIME,
                witness: Witness::new(),
            })
            .collect(),
        output: outputs
            .iter()
            .map(|(script_pubkey, value)| TxOut {
                value: Amount::from_sat(*value),
                script_pubkey: script_pubkey.clone(),
            })
            .collect(),
    }
}

/// Pays us this much out of this coin.
pub(super) fn pay(number: u8, value: u64) -> Transaction {
    tx(&[coin(number)], &[(ours(), value)])
}

/// Spends the same coin elsewhere.
pub(super) fn steal(number: u8, value: u64) -> Transaction {
    tx(&[coin(number)], &[(script(99), value)])
}

pub(super) fn output(tx: &Transaction, index: u32) -> OutPoint {
    OutPoint::new(tx.compute_txid(), index)
}

/// A block of these transactions after a coinbase. The ledger looks at no header.
pub(super) fn block(txs: &[&Transaction]) -> Block {
    let coinbase = tx(&[OutPoint::null()], &[(script(50), 5_000)]);
    Block {
        header: Header {
            version: Version::ONE,
            prev_blockhash: BlockHash::all_zeros(),
            merkle_root: TxMerkleNode::all_zeros(),
            time: 0,
            bits: CompactTarget::from_consensus(0),
            nonce: 0,
        },
        txdata: std::iter::once(coinbase)
            .chain(txs.iter().copied().cloned())
            .collect(),
    }
}

pub(super) fn hash(number: u8) -> BlockHash {
    BlockHash::from_byte_array([number; 32])
}

pub(super) fn ledger() -> Ledger {
    let mut ledger = Ledger::new();
    ledger.watch(ours());
    ledger
}

/// The payment of this transaction.
pub(super) fn payment(ledger: &Ledger, tx: &Transaction) -> Option<Payment> {
    let txid = tx.compute_txid();
    ledger
        .payments(&ours())
        .into_iter()
        .find(|payment| payment.txid == txid)
}

pub(super) fn standing(ledger: &Ledger, tx: &Transaction) -> Option<Standing> {
    payment(ledger, tx).map(|payment| payment.standing)
}
