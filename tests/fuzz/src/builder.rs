//! A tree of blocks of the practice network, grown by a script: valid ones with spends, and ones
//! with a flaw. Beside each block stands the set of coins after it, computed in the plainest way: a
//! second opinion.

use crate::mine::{mine, practice};
use crate::script::Script;
use crate::spend::{KEYS, output, script, spend};
use farthing_core::bitcoin::block::{Header, Version};
use farthing_core::bitcoin::hashes::Hash;
use farthing_core::bitcoin::{
    Amount, Block, BlockHash, OutPoint, ScriptBuf, Transaction, TxMerkleNode, Txid, Witness,
};
use farthing_core::chain::Coin;
use farthing_core::mining::{coinbase, witness_commitment};
use farthing_core::params::NetworkParams;
use std::collections::BTreeMap;

/// A set of coins.
pub(crate) type Coins = BTreeMap<OutPoint, Coin>;

/// Blocks of one tree.
const MOST_BLOCKS: usize = 200;

/// A block.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    /// The block.
    pub(crate) block: Block,
    /// Its hash.
    pub(crate) hash: BlockHash,
    /// Its height.
    pub(crate) height: u32,
    /// The number of the block before it.
    pub(crate) parent: usize,
    /// Whether it and all before it keep every rule.
    pub(crate) valid: bool,
    /// The coins after it, where it is valid.
    pub(crate) coins: Coins,
}

/// A tree of blocks, by their numbers; the network's first block is number 0.
#[derive(Debug, Clone)]
pub(crate) struct Builder {
    /// The network.
    pub(crate) params: NetworkParams,
    /// The blocks, in the order in which they were made.
    pub(crate) made: Vec<Made>,
}

impl Default for Builder {
    fn default() -> Self {
        let params = practice();
        let genesis = params.genesis_block().expect("made from its name");
        let made = Made {
            hash: genesis.block_hash(),
            block: genesis,
            height: 0,
            parent: 0,
            valid: true,
            coins: Coins::new(),
        };
        Self {
            params,
            made: vec![made],
        }
    }
}

impl Builder {
    /// One of the blocks: mostly one of the last.
    pub(crate) fn pick(&self, script: &mut Script<'_>) -> usize {
        let back = match script.one_in(8) {
            true => script.below(self.made.len()),
            false => script.below(6),
        };
        self.made.len() - 1 - back % self.made.len()
    }

    /// The valid block of most work that was made first.
    #[must_use]
    pub(crate) fn best(&self) -> usize {
        let numbers = (0..self.made.len()).rev();
        numbers
            .filter(|number| self.made[*number].valid)
            .max_by_key(|number| self.made[*number].height)
            .unwrap_or(0)
    }

    /// Makes a block, valid or with a flaw; its number.
    pub(crate) fn grow(&mut self, script: &mut Script<'_>) -> usize {
        if self.made.len() >= MOST_BLOCKS {
            return self.made.len() - 1;
        }
        let parent = self.pick(script);
        let step = match script.one_in(8) {
            true => u32::from(script.number::<u16>()),
            false => 30,
        };
        let mut coins = self.made[parent].coins.clone();
        let (mut spends, mut fees) = (Vec::new(), 0);
        for _ in 0..script.below(4) {
            if let Some((transaction, fee)) = self.spend_of(script, &mut coins) {
                spends.push(transaction);
                fees += fee;
            }
        }
        let flaw = match script.one_in(8) {
            true => 1 + script.below(8),
            false => 0,
        };
        self.grow_with(parent, spends, fees, step, flaw)
    }

    /// A signed spend of some of these coins, and its fee; they are taken, and what it makes is
    /// added, for the next one.
    pub(crate) fn spend_of(
        &self,
        script: &mut Script<'_>,
        coins: &mut Coins,
    ) -> Option<(Transaction, u64)> {
        let mut spent = Vec::new();
        for _ in 0..=script.below(3) {
            let at = script.below(coins.len());
            let outpoint = *coins.keys().nth(at)?;
            spent.push((outpoint, coins.remove(&outpoint)?));
            if coins.is_empty() {
                break;
            }
        }
        let all: u64 = spent.iter().map(|(_, coin)| coin.amount).sum();
        let fee = u64::from(script.byte()).saturating_mul(100).min(all);
        let parts = 1 + script.below(4) as u64;
        let part = (all - fee) / parts;
        let outputs = (0..parts).map(|_| output(script.byte(), part)).collect();
        let transaction = spend(&self.params, &spent, outputs);
        for (outpoint, coin) in coins_of(&transaction, 0, false, 0) {
            coins.insert(outpoint, coin);
        }
        Some((transaction, all - part * parts))
    }

    /// A block after `parent` with these transactions; its number. `flaw` 0 is none.
    pub(crate) fn grow_with(
        &mut self,
        parent: usize,
        mut spends: Vec<Transaction>,
        fees: u64,
        step: u32,
        flaw: usize,
    ) -> usize {
        let before = self.made[parent].clone();
        let height = before.height + 1;
        let mut value = self.params.subsidy.at(height) + fees;
        let mut valid = before.valid;
        match flaw {
            1 => {
                value += 1;
                valid = false;
            }
            // The same spend again: its coins are gone.
            2 if !spends.is_empty() => {
                spends.push(spends[0].clone());
                valid = false;
            }
            3 if !spends.is_empty() => {
                spends[0].output[0].value += Amount::ONE_SAT;
                valid = false;
            }
            4 if !spends.is_empty() => {
                spends[0].input[0].previous_output.txid = Txid::all_zeros();
                valid = false;
            }
            5 => value = 0,
            8 if !spends.is_empty() => {
                spends[0].input[0].witness = Witness::from_slice(&[[1; 64]]);
                valid = false;
            }
            _ => {}
        }
        let commitment = witness_commitment(&spends);
        // The number of the next block tells siblings apart.
        let number = self.made.len();
        let coinbase_height = if flaw == 6 { height + 1 } else { height };
        let owner = (number % usize::from(KEYS)) as u8;
        let mut txdata = vec![coinbase(
            coinbase_height,
            script(owner),
            value,
            number as u64,
            commitment,
        )];
        txdata.extend(spends);
        if flaw == 6 {
            valid = false;
        }
        if flaw == 7 {
            txdata[0].output.truncate(1);
            valid = false;
        }
        let time = before.block.header.time.saturating_add(step);
        let median = self.median(parent);
        valid &= time > median;
        let mut block = Block {
            header: Header {
                version: Version::from_consensus(0x2000_0000),
                prev_blockhash: before.hash,
                merkle_root: TxMerkleNode::all_zeros(),
                time,
                bits: self.params.genesis.bits,
                nonce: 0,
            },
            txdata,
        };
        seal(&mut block);
        let mut coins = Coins::new();
        if valid {
            coins = before.coins;
            for (position, transaction) in block.txdata.iter().enumerate() {
                for input in &transaction.input {
                    coins.remove(&input.previous_output);
                }
                coins.extend(coins_of(transaction, height, position == 0, median));
            }
        }
        self.made.push(Made {
            hash: block.block_hash(),
            block,
            height,
            parent,
            valid,
            coins,
        });
        number
    }

    /// Whether these spends find their coins after this block, one after the other.
    #[must_use]
    pub(crate) fn spends_are_there(&self, number: usize, spends: &[Transaction]) -> bool {
        let mut coins = self.made[number].coins.clone();
        spends.iter().all(|transaction| {
            let found = transaction
                .input
                .iter()
                .all(|input| coins.remove(&input.previous_output).is_some());
            coins.extend(coins_of(transaction, 0, false, 0));
            found
        })
    }

    /// The median of the times of the eleven blocks up to this one.
    fn median(&self, mut number: usize) -> u32 {
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

    /// The headers from the first block's child to this block.
    #[must_use]
    pub(crate) fn path(&self, number: usize) -> Vec<usize> {
        let mut path = Vec::new();
        let mut at = number;
        while at > 0 {
            path.push(at);
            at = self.made[at].parent;
        }
        path.reverse();
        path
    }

    /// The number of the block of this hash.
    #[must_use]
    pub(crate) fn find(&self, hash: &BlockHash) -> Option<usize> {
        self.made.iter().position(|made| made.hash == *hash)
    }
}

/// Gives a block the Merkle root of its transactions and finds its nonce.
pub(crate) fn seal(block: &mut Block) {
    if let Some(root) = block.compute_merkle_root() {
        block.header.merkle_root = root;
    }
    mine(&mut block.header);
}

/// The coins that a transaction makes.
pub(crate) fn coins_of(
    transaction: &Transaction,
    height: u32,
    coinbase: bool,
    median_time_past: u32,
) -> Vec<(OutPoint, Coin)> {
    let txid = transaction.compute_txid();
    let spendable = |script: &ScriptBuf| !script.is_op_return();
    (0..)
        .zip(&transaction.output)
        .filter(|(_, output)| spendable(&output.script_pubkey))
        .map(|(vout, output)| {
            let coin = Coin {
                amount: output.value.to_sat(),
                script_pubkey: output.script_pubkey.clone(),
                height,
                coinbase,
                median_time_past,
            };
            (OutPoint { txid, vout }, coin)
        })
        .collect()
}
