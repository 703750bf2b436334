//! Transactions with real signatures, over coins made up by hand.

mod accept;
mod change;
mod orphans;
mod prop;
mod replace;
mod select;

use super::{Accepted, CoinSource, Mempool, MempoolError, MempoolLimits};
use crate::chain::StoreError;
use crate::consensus::{SpendContext, SpentCoin, script_of_key, sighash};
use crate::keys::SecretKey;
use crate::params::NetworkParams;
use bitcoin::absolute::LockTime;
use bitcoin::block::{Block, Header, Version};
use bitcoin::hashes::Hash;
use bitcoin::transaction;
use bitcoin::{
    Amount, BlockHash, CompactTarget, OutPoint, ScriptBuf, Sequence, Transaction, TxIn,
    TxMerkleNode, TxOut, Txid, Witness,
};
use std::collections::BTreeMap;
use std::sync::LazyLock;

const NEXT: SpendContext = SpendContext {
    height: 100,
    median_time_past: 1_700_000_000,
};

fn key() -> SecretKey {
    SecretKey::from_seed(&[1; 32])
}

fn script() -> ScriptBuf {
    script_of_key(&key().public())
}

/// The unspent coins of a chain.
#[derive(Debug, Clone, Default)]
struct Coins(BTreeMap<OutPoint, SpentCoin>);

impl CoinSource for Coins {
    fn unspent(&self, outpoint: &OutPoint) -> Result<Option<SpentCoin>, StoreError> {
        Ok(self.0.get(outpoint).cloned())
    }
}

impl Coins {
    /// Coins of 100,000 units each, numbered.
    fn many(count: u32) -> Coins {
        let mut coins = Coins::default();
        for number in 0..count {
            coins.0.insert(coin(number), spent_coin(100_000, 1, false));
        }
        coins
    }
}

fn spent_coin(amount: u64, height: u32, coinbase: bool) -> SpentCoin {
    SpentCoin {
        amount,
        script_pubkey: script(),
        height,
        coinbase,
        median_time_past: 1_600_000_000,
    }
}

/// The outpoint of a coin of the chain.
fn coin(number: u32) -> OutPoint {
    let mut id = [9; 32];
    id[..4].copy_from_slice(&number.to_le_bytes());
    OutPoint::new(Txid::from_byte_array(id), 0)
}

/// Finding the first header takes work: once for all tests.
fn params() -> NetworkParams {
    static PARAMS: LazyLock<NetworkParams> =
        LazyLock::new(|| NetworkParams::by_name("farthing:mempool").expect("a good name"));
    PARAMS.clone()
}

/// Spends these, of this amount each, and pays these amounts.
fn spend(inputs: &[(OutPoint, u64)], outputs: &[u64]) -> Transaction {
    locked(
        inputs,
        outputs,
        LockTime::ZERO,
        Sequence::ENABLE_RBF_NO_LOCKTIME,
    )
}

fn locked(
    inputs: &[(OutPoint, u64)],
    outputs: &[u64],
    lock_time: LockTime,
    sequence: Sequence,
) -> Transaction {
    let mut transaction = Transaction {
        version: transaction::Version::TWO,
        lock_time,
        input: inputs
            .iter()
            .map(|(outpoint, _)| TxIn {
                previous_output: *outpoint,
                script_sig: ScriptBuf::new(),
                sequence,
                witness: Witness::new(),
            })
            .collect(),
        output: outputs.iter().map(|units| output(*units)).collect(),
    };
    let prevouts: Vec<_> = inputs.iter().map(|(_, units)| output(*units)).collect();
    for input in 0..inputs.len() {
        let hash = sighash(&params(), &transaction, &prevouts, input).expect("good coins");
        transaction.input[input].witness = Witness::from_slice(&[key().sign(&hash)]);
    }
    transaction
}

fn output(units: u64) -> TxOut {
    TxOut {
        value: Amount::from_sat(units),
        script_pubkey: script(),
    }
}

/// An output of a transaction.
fn of(transaction: &Transaction, vout: u32) -> (OutPoint, u64) {
    let units = transaction.output[vout as usize].value.to_sat();
    (OutPoint::new(transaction.compute_txid(), vout), units)
}

/// A payment from a numbered coin with this fee.
fn pay(number: u32, fee: u64) -> Transaction {
    spend(&[(coin(number), 100_000)], &[100_000 - fee])
}

/// A payment that spends the first output of another.
fn follow(parent: &Transaction, fee: u64) -> Transaction {
    let (outpoint, units) = of(parent, 0);
    spend(&[(outpoint, units)], &[units - fee])
}

fn pool() -> Mempool {
    Mempool::new(params(), MempoolLimits::default())
}

fn accept(
    pool: &mut Mempool,
    coins: &Coins,
    transaction: &Transaction,
) -> Result<Accepted, MempoolError> {
    pool.accept(transaction.clone(), coins, NEXT, 0)
}

/// A block of these behind something like a coinbase; its proof is nobody's business here.
fn block(transactions: &[&Transaction]) -> Block {
    let mut coinbase = spend(&[(OutPoint::null(), 0)], &[5]);
    coinbase.input[0].previous_output = OutPoint::null();
    let mut txdata = vec![coinbase];
    txdata.extend(transactions.iter().map(|&transaction| transaction.clone()));
    Block {
        header: Header {
            version: Version::TWO,
            prev_blockhash: BlockHash::all_zeros(),
            merkle_root: TxMerkleNode::all_zeros(),
            time: 0,
            bits: CompactTarget::from_consensus(0),
            nonce: 0,
        },
        txdata,
    }
}

impl Coins {
    /// What a block does to them.
    fn connect(&mut self, block: &Block, height: u32) {
        for transaction in &block.txdata {
            for input in &transaction.input {
                self.0.remove(&input.previous_output);
            }
            let txid = transaction.compute_txid();
            for (vout, output) in (0..).zip(&transaction.output) {
                let coin = spent_coin(output.value.to_sat(), height, transaction.is_coinbase());
                self.0.insert(OutPoint::new(txid, vout), coin);
            }
        }
    }
}
