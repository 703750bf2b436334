//! Makes keys, spends and blocks on the practice network, for this room's tests and others'. Beside
//! each block it keeps the set of coins after it, computed in the plainest way: a second opinion.

use crate::chain::{Chain, Coin, MemoryStore};
use crate::consensus::{script_of_key, sighash};
use crate::keys::SecretKey;
use crate::mining::{coinbase, witness_commitment};
use crate::params::NetworkParams;
use crate::primitives::{BlockHeight, UnixTime, hash_value, target_from_bits};
use bitcoin::absolute::LockTime;
use bitcoin::block::{Header, Version};
use bitcoin::{
    Amount, Block, BlockHash, OutPoint, ScriptBuf, Sequence, Transaction, TxIn, TxOut, Witness,
    transaction,
};
use std::collections::BTreeMap;

/// Later than every block of these tests.
pub(crate) const LATER: UnixTime = 4_000_000_000;
/// Keys that the builder signs with.
pub(crate) const KEYS: u8 = 4;

/// A set of coins.
pub(crate) type Coins = BTreeMap<OutPoint, Coin>;

pub(crate) fn practice() -> NetworkParams {
    NetworkParams::by_name("practice").unwrap()
}

pub(crate) fn key(number: u8) -> SecretKey {
    SecretKey::from_seed(&[number + 1; 32])
}

/// The script that pays to the key of this number.
pub(crate) fn script(number: u8) -> ScriptBuf {
    script_of_key(&key(number).public())
}

fn key_of(script: &ScriptBuf) -> SecretKey {
    let number = (0..KEYS).find(|number| self::script(*number) == *script);
    key(number.expect("a script of one of the builder's keys"))
}

/// A signed transaction that spends these coins and pays these amounts to these keys; what is left
/// is the fee.
pub(crate) fn spend(
    params: &NetworkParams,
    coins: &[(OutPoint, Coin)],
    outputs: &[(u8, u64)],
) -> Transaction {
    let mut transaction = Transaction {
        version: transaction::Version::TWO,
        lock_time: LockTime::ZERO,
        input: coins.iter().map(|(outpoint, _)| input(*outpoint)).collect(),
        output: outputs
            .iter()
            .map(|(to, amount)| TxOut {
                value: Amount::from_sat(*amount),
                script_pubkey: script(*to),
            })
            .collect(),
    };
    sign(params, &mut transaction, coins);
    transaction
}

/// Signs every input anew.
pub(crate) fn sign(
    params: &NetworkParams,
    transaction: &mut Transaction,
    coins: &[(OutPoint, Coin)],
) {
    let prevouts: Vec<_> = coins
        .iter()
        .map(|(_, coin)| TxOut {
            value: Amount::from_sat(coin.amount),
            script_pubkey: coin.script_pubkey.clone(),
        })
        .collect();
    for (place, (_, coin)) in coins.iter().enumerate() {
        let message = sighash(params, transaction, &prevouts, place).unwrap();
        let signature = key_of(&coin.script_pubkey).sign(&message);
        transaction.input[place].witness = Witness::from_slice(&[signature]);
    }
}

fn input(outpoint: OutPoint) -> TxIn {
    TxIn {
        previous_output: outpoint,
        script_sig: ScriptBuf::new(),
        sequence: Sequence::MAX,
        witness: Witness::new(),
    }
}

/// Gives a block the Merkle root of its transactions, and finds its nonce.
pub(crate) fn seal(mut block: Block) -> Block {
    block.header.merkle_root = block.compute_merkle_root().expect("a coinbase");
    mine(&mut block.header);
    block
}

/// Finds a nonce with which the header meets its own target.
pub(crate) fn mine(header: &mut Header) {
    let target = target_from_bits(header.bits.to_consensus()).unwrap();
    header.nonce = 0;
    while hash_value(&header.block_hash()) > target {
        header.nonce += 1;
    }
}

/// A block of the builder.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    pub(crate) block: Block,
    pub(crate) hash: BlockHash,
    pub(crate) height: BlockHeight,
    pub(crate) parent: usize,
    /// The coins after it, where it is valid.
    pub(crate) coins: Coins,
}

/// A tree of blocks, by their numbers; the network's first block is number 0.
#[derive(Debug, Clone)]
pub(crate) struct Builder {
    pub(crate) params: NetworkParams,
    pub(crate) made: Vec<Made>,
}

impl Builder {
    pub(crate) fn new() -> Self {
        let params = practice();
        let genesis = params.genesis_block().unwrap();
        let made = Made {
            hash: genesis.block_hash(),
            block: genesis,
            height: 0,
            parent: 0,
            coins: Coins::new(),
        };
        Self {
            params,
            made: vec![made],
        }
    }

    /// An empty chain of this network.
    pub(crate) fn chain(&self) -> Chain<MemoryStore> {
        Chain::open(self.params.clone(), MemoryStore::new()).unwrap()
    }

    /// The median of the times of the eleven blocks up to this one.
    pub(crate) fn median_time(&self, mut number: usize) -> UnixTime {
        let mut times = Vec::new();
        loop {
            times.push(self.made[number].block.header.time);
            if times.len() == 11 || number == 0 {
                break;
            }
            number = self.made[number].parent;
        }
        times.sort_unstable();
        times[times.len() / 2]
    }

    /// A block after `parent` with these transactions, whose coinbase pays `value` to the key of
    /// number 0. It is not added.
    pub(crate) fn propose(&self, parent: usize, value: u64, spends: Vec<Transaction>) -> Block {
        let before = &self.made[parent];
        let commitment = witness_commitment(&spends);
        // The number of the next block tells siblings apart.
        let extra = self.made.len() as u64;
        let mut txdata = vec![coinbase(
            before.height + 1,
            script(0),
            value,
            extra,
            commitment,
        )];
        txdata.extend(spends);
        seal(Block {
            header: Header {
                version: Version::from_consensus(0x2000_0000),
                prev_blockhash: before.hash,
                merkle_root: bitcoin::hashes::Hash::all_zeros(),
                time: before.block.header.time + 60,
                bits: self.params.genesis.bits,
                nonce: 0,
            },
            txdata,
        })
    }

    /// Adds a block after `parent`, as it is; gives its number.
    pub(crate) fn add(&mut self, parent: usize, block: Block) -> usize {
        let (before, median) = (&self.made[parent], self.median_time(parent));
        let height = before.height + 1;
        let mut coins = before.coins.clone();
        for (position, transaction) in block.txdata.iter().enumerate() {
            for input in &transaction.input {
                coins.remove(&input.previous_output);
            }
            let txid = transaction.compute_txid();
            for (vout, output) in (0..).zip(&transaction.output) {
                if !output.script_pubkey.is_op_return() {
                    let coin = Coin {
                        amount: output.value.to_sat(),
                        script_pubkey: output.script_pubkey.clone(),
                        height,
                        coinbase: position == 0,
                        median_time_past: median,
                    };
                    coins.insert(OutPoint { txid, vout }, coin);
                }
            }
        }
        self.made.push(Made {
            hash: block.block_hash(),
            block,
            height,
            parent,
            coins,
        });
        self.made.len() - 1
    }

    /// A block after `parent` with these transactions, whose coinbase takes the subsidy and `fees`.
    pub(crate) fn grow_with(
        &mut self,
        parent: usize,
        spends: Vec<Transaction>,
        fees: u64,
    ) -> usize {
        let height = self.made[parent].height + 1;
        let value = self.params.subsidy.at(height) + fees;
        let block = self.propose(parent, value, spends);
        self.add(parent, block)
    }

    /// So many blocks without spends, one after the other from `parent` on; their numbers.
    pub(crate) fn grow(&mut self, parent: usize, count: usize) -> Vec<usize> {
        let mut last = parent;
        (0..count)
            .map(|_| {
                last = self.grow_with(last, Vec::new(), 0);
                last
            })
            .collect()
    }

    pub(crate) fn block(&self, number: usize) -> Block {
        self.made[number].block.clone()
    }

    pub(crate) fn hash(&self, number: usize) -> BlockHash {
        self.made[number].hash
    }

    /// A coin after this block: the n-th, in the order of outpoints.
    pub(crate) fn coin(&self, number: usize, n: usize) -> (OutPoint, Coin) {
        let coins = &self.made[number].coins;
        let (outpoint, coin) = coins.iter().nth(n % coins.len()).unwrap();
        (*outpoint, coin.clone())
    }
}
