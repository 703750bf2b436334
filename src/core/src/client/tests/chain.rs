//! Blocks with real proof of work and real transactions, for networks whose target is trivial.

use crate::params::NetworkParams;
use bitcoin::absolute::LockTime;
use bitcoin::block::{Block, Header, Version};
use bitcoin::hashes::Hash;
use bitcoin::transaction;
use bitcoin::{
    Amount, CompactTarget, OutPoint, ScriptBuf, Sequence, Target, Transaction, TxIn, TxMerkleNode,
    TxOut, Txid, Witness,
};

/// Blocks in sequence: the place is the height.
pub(crate) type Chain = Vec<Block>;

/// The first block: nobody asks for its transactions.
pub(crate) fn genesis(params: &NetworkParams) -> Chain {
    vec![Block {
        header: params.genesis,
        txdata: Vec::new(),
    }]
}

/// Mines blocks on top, the last of them at `time`. `tag` makes the blocks of two branches differ.
pub(crate) fn grow(chain: &mut Chain, count: u32, time: u32, tag: u8) {
    for left in (0..count).rev() {
        mine(chain, Vec::new(), time - left * 10, tag);
    }
}

/// Mines one block with these transactions.
pub(crate) fn mine(chain: &mut Chain, transactions: Vec<Transaction>, time: u32, tag: u8) -> Block {
    let parent = chain.last().expect("genesis is there").header;
    let height = u32::try_from(chain.len()).expect("few blocks");
    let mut txdata = vec![coinbase(height, tag)];
    txdata.extend(transactions);
    let mut block = Block {
        header: Header {
            version: Version::from_consensus(0x2000_0000),
            prev_blockhash: parent.block_hash(),
            merkle_root: TxMerkleNode::all_zeros(),
            time: time.max(parent.time + 1),
            bits: parent.bits,
            nonce: 0,
        },
        txdata,
    };
    commit(&mut block);
    seal(&mut block);
    chain.push(block.clone());
    block
}

/// Finds a nonce for the block as it is.
pub(crate) fn seal(block: &mut Block) {
    block.header.merkle_root = block.compute_merkle_root().expect("a coinbase is there");
    let target = Target::from_compact(block.header.bits);
    while !target.is_met_by(block.header.block_hash()) {
        block.header.nonce += 1;
    }
}

/// BIP141's commitment to the witnesses.
fn commit(block: &mut Block) {
    block.txdata[0].input[0].witness = Witness::from_slice(&[[0u8; 32]]);
    let root = block.witness_root().expect("a coinbase is there");
    let commitment = Block::compute_witness_commitment(&root, &[0; 32]);
    let mut script = vec![0x6a, 0x24, 0xaa, 0x21, 0xa9, 0xed];
    script.extend(commitment.to_byte_array());
    block.txdata[0].output.push(TxOut {
        value: Amount::ZERO,
        script_pubkey: ScriptBuf::from_bytes(script),
    });
}

fn coinbase(height: u32, tag: u8) -> Transaction {
    let mut script = vec![4];
    script.extend(height.to_le_bytes());
    script.extend([1, tag]);
    Transaction {
        version: transaction::Version::TWO,
        lock_time: LockTime::ZERO,
        input: vec![TxIn {
            previous_output: OutPoint::null(),
            script_sig: ScriptBuf::from_bytes(script),
            sequence: Sequence::MAX,
            witness: Witness::new(),
        }],
        output: vec![TxOut {
            value: Amount::from_sat(50),
            script_pubkey: script_of(0xff),
        }],
    }
}

/// A P2WPKH script of a made-up key.
pub(crate) fn script_of(key: u8) -> ScriptBuf {
    let mut script = vec![0x00, 0x14];
    script.extend([key; 20]);
    ScriptBuf::from_bytes(script)
}

/// A transaction that spends coin number `coin` and pays a script.
pub(crate) fn pay(coin: u8, script: ScriptBuf, units: u64) -> Transaction {
    Transaction {
        version: transaction::Version::TWO,
        lock_time: LockTime::ZERO,
        input: vec![TxIn {
            previous_output: OutPoint::new(Txid::from_byte_array([coin; 32]), 0),
            script_sig: ScriptBuf::new(),
            sequence: Sequence::MAX,
            witness: Witness::from_slice(&[[coin; 64]]),
        }],
        output: vec![TxOut {
            value: Amount::from_sat(units),
            script_pubkey: script,
        }],
    }
}

/// A header with proof of work whose parent nobody knows.
pub(crate) fn stray_header(bits: CompactTarget, salt: u8) -> Header {
    let mut block = Block {
        header: Header {
            version: Version::from_consensus(0x2000_0000),
            prev_blockhash: bitcoin::BlockHash::from_byte_array([salt; 32]),
            merkle_root: TxMerkleNode::all_zeros(),
            time: 1_700_000_000,
            bits,
            nonce: 0,
        },
        txdata: vec![coinbase(1, salt)],
    };
    seal(&mut block);
    block.header
}

/// What stands for "no hash" in a `getheaders`.
pub(crate) fn no_hash() -> bitcoin::BlockHash {
    bitcoin::BlockHash::all_zeros()
}
