//! Tests of the room, by kind.

mod block_threats;
mod partial_threats;
mod proof_threats;
mod prop;
mod vectors;

use bitcoin::absolute::LockTime;
use bitcoin::block::{Block, Header, Version};
use bitcoin::hashes::{Hash, sha256d};
use bitcoin::transaction::Version as TransactionVersion;
use bitcoin::{
    Amount, BlockHash, CompactTarget, OutPoint, ScriptBuf, Sequence, Transaction, TxIn,
    TxMerkleNode, TxOut, Txid, Witness,
};

/// A leaf that is like no other.
fn leaf(number: u32) -> sha256d::Hash {
    sha256d::Hash::hash(&number.to_le_bytes())
}

fn leaves(count: u32) -> Vec<sha256d::Hash> {
    (0..count).map(leaf).collect()
}

/// An ordinary transaction that is like no other; 61 bytes and what the script adds.
fn payment(number: u32, script: &[u8]) -> Transaction {
    Transaction {
        version: TransactionVersion::TWO,
        lock_time: LockTime::ZERO,
        input: vec![TxIn {
            previous_output: OutPoint::new(Txid::from_raw_hash(leaf(number)), number),
            script_sig: ScriptBuf::new(),
            sequence: Sequence::MAX,
            witness: Witness::new(),
        }],
        output: vec![TxOut {
            value: Amount::from_sat(u64::from(number)),
            script_pubkey: ScriptBuf::from_bytes(script.to_vec()),
        }],
    }
}

/// A transaction whose 64 bytes are those of two hashes.
fn sized_as_node() -> Transaction {
    let transaction = payment(64, &[0x51; 4]);
    assert_eq!(transaction.base_size(), 64);
    transaction
}

fn coinbase(number: u32) -> Transaction {
    let mut coinbase = payment(number, &[0x51; 22]);
    coinbase.input[0].previous_output = OutPoint::null();
    coinbase.input[0].script_sig = ScriptBuf::from_bytes(number.to_le_bytes().to_vec());
    coinbase
}

/// A coinbase and `payments` payments, with the root that the `bitcoin` crate computes.
fn block(payments: u32) -> Block {
    let payments = (1..=payments).map(|number| payment(number, &[0x51; 25]));
    block_of(std::iter::once(coinbase(0)).chain(payments).collect())
}

fn block_of(txdata: Vec<Transaction>) -> Block {
    let mut block = Block {
        header: Header {
            version: Version::TWO,
            prev_blockhash: BlockHash::all_zeros(),
            merkle_root: TxMerkleNode::all_zeros(),
            time: 1_700_000_000,
            bits: CompactTarget::from_consensus(0x207f_ffff),
            nonce: 0,
        },
        txdata,
    };
    commit(&mut block);
    block
}

fn commit(block: &mut Block) {
    block.header.merkle_root = block
        .compute_merkle_root()
        .unwrap_or_else(TxMerkleNode::all_zeros);
}

fn ids(block: &Block) -> Vec<sha256d::Hash> {
    let transactions = block.txdata.iter();
    transactions
        .map(|transaction| transaction.compute_txid().to_raw_hash())
        .collect()
}
