//! A chain's story for tests of what keeps it: blocks with payments, branches that lose and branches
//! that win, blocks that are invalid, in the order in which a node hears of them. Beside each block
//! stands where a control is once it has taken it: the same chain over a store in memory, which no
//! fault reaches. The same seed tells the same story.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "two crates include it, and each uses a part"
)]

use farthing_core::bitcoin::absolute::LockTime;
use farthing_core::bitcoin::block::{Header, Version};
use farthing_core::bitcoin::hashes::Hash as _;
use farthing_core::bitcoin::{
    Amount, Block, BlockHash, OutPoint, ScriptBuf, Sequence, Transaction, TxIn, TxMerkleNode,
    TxOut, Witness, transaction,
};
use farthing_core::chain::{Chain, Coin, MemoryStore, Store as _};
use farthing_core::consensus::{script_of_key, sighash};
use farthing_core::keys::SecretKey;
use farthing_core::mining::{coinbase, witness_commitment};
use farthing_core::params::NetworkParams;
use farthing_core::primitives::{hash_value, target_from_bits};
use std::collections::BTreeMap;

/// Blocks cost two hashes.
pub const NETWORK: &str = "practice";
/// Later than every block of a story.
pub const LATER: u32 = 4_000_000_000;
/// So many keys pay each other.
const KEYS: u64 = 4;
/// From so many coins on they are joined: a control that is compared often shall be small.
const MANY: usize = 24;

/// SplitMix64: the same numbers from the same seed, everywhere.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Less than `end`, which is not 0.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// So often of a hundred times.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

type Coins = BTreeMap<OutPoint, Coin>;

/// Where a node stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stand {
    pub height: u32,
    pub tip: BlockHash,
    /// Of the set of unspent coins.
    pub coins: [u8; 32],
}

/// A block, and where a node stands once it has taken it.
#[derive(Debug, Clone)]
pub struct Told {
    pub block: Block,
    /// Whether it breaks no rule.
    pub valid: bool,
    /// How many blocks left the chain for it.
    pub left: usize,
    pub stand: Stand,
}

/// A block of the story's tree, with the coins after it in the plainest way.
#[derive(Debug, Clone)]
struct Made {
    header: Header,
    height: u32,
    parent: usize,
    coins: Coins,
}

/// Tells blocks without end.
#[derive(Debug, Clone)]
pub struct Story {
    pub params: NetworkParams,
    random: Random,
    made: Vec<Made>,
    numbers: BTreeMap<BlockHash, usize>,
    /// The last block of a branch, and how many more it gets.
    branch: (usize, u64),
    control: Chain<MemoryStore>,
}

impl Story {
    pub fn new(seed: u64) -> Self {
        let params = NetworkParams::by_name(NETWORK).unwrap();
        let control = Chain::open(params.clone(), MemoryStore::new()).unwrap();
        let first = Made {
            header: params.genesis,
            height: 0,
            parent: 0,
            coins: BTreeMap::new(),
        };
        Self {
            numbers: BTreeMap::from([(params.genesis.block_hash(), 0)]),
            params,
            random: Random::new(seed),
            made: vec![first],
            branch: (0, 0),
            control,
        }
    }

    /// So many blocks from the start.
    pub fn of(seed: u64, blocks: usize) -> Vec<Told> {
        let mut story = Self::new(seed);
        (0..blocks).map(|_| story.tell()).collect()
    }

    /// Where the control stands.
    pub fn stand(&self) -> Stand {
        let tip = self.control.tip();
        Stand {
            height: tip.height,
            tip: tip.hash,
            coins: self.control.utxo_hash().unwrap(),
        }
    }

    /// The next block.
    pub fn tell(&mut self) -> Told {
        let tip = self.numbers[&self.control.tip().hash];
        if let (end, 1..) = self.branch {
            let (block, coins) = self.propose(end, 0);
            self.branch = (self.add(end, &block, coins), self.branch.1 - 1);
            return self.give(block);
        }
        match self.random.below(10) {
            0 => {
                // It creates money.
                let (block, _) = self.propose(tip, 1);
                self.give(block)
            }
            1..=3 if self.made[tip].height > 0 => {
                let most = u64::from(self.made[tip].height).min(5);
                let depth = 1 + self.random.below(most);
                let mut fork = tip;
                for _ in 0..depth {
                    fork = self.made[fork].parent;
                }
                // Shorter, of equal work, or longer.
                let length = 1 + self.random.below(depth + 2);
                self.branch = (fork, length);
                self.tell()
            }
            _ => {
                let (block, coins) = self.propose(tip, 0);
                self.add(tip, &block, coins);
                self.give(block)
            }
        }
    }

    fn give(&mut self, block: Block) -> Told {
        let given = self.control.accept_block(block.clone(), LATER);
        let valid = given.is_ok();
        let left = given.map_or(0, |outcome| outcome.change.disconnected.len());
        assert!(!self.control.has_more(), "one step does for small blocks");
        let stand = self.stand();
        let mut coins = Coins::new();
        let each = &mut |at: &OutPoint, coin: &Coin| {
            coins.insert(*at, coin.clone());
        };
        self.control.store().each_coin(each).unwrap();
        let plain = &self.made[self.numbers[&stand.tip]].coins;
        assert_eq!(&coins, plain, "a second opinion");
        Told {
            block,
            valid,
            left,
            stand,
        }
    }

    fn add(&mut self, parent: usize, block: &Block, coins: Coins) -> usize {
        self.made.push(Made {
            header: block.header,
            height: self.made[parent].height + 1,
            parent,
            coins,
        });
        let number = self.made.len() - 1;
        self.numbers.insert(block.block_hash(), number);
        number
    }

    /// A block after this one, with payments; its coinbase takes `too_much` more than it may. And
    /// the coins after it.
    fn propose(&mut self, parent: usize, too_much: u64) -> (Block, Coins) {
        let before = self.made[parent].clone();
        let (height, median) = (before.height + 1, self.median_time(parent));
        let mut coins = before.coins;
        let (mut payments, mut fees) = (Vec::new(), 0);
        let wanted = self.random.below(4);
        for number in 0..wanted {
            let many = number == 0 && coins.len() > MANY;
            let inputs = if many {
                MANY - 8
            } else {
                1 + self.random.below(3) as usize
            };
            let spent = self.choose(&coins, inputs);
            if spent.is_empty() {
                break;
            }
            let (payment, fee) = self.pay(&spent, many);
            fees += fee;
            move_coins(&mut coins, &payment, height, median, false);
            payments.push(payment);
        }
        let value = self.params.subsidy.at(height) + fees + too_much;
        let commitment = witness_commitment(&payments);
        let extra = self.random.next();
        let first = coinbase(height, script(extra % KEYS), value, extra, commitment);
        move_coins(&mut coins, &first, height, median, true);
        let mut block = Block {
            header: Header {
                version: Version::from_consensus(0x2000_0000),
                prev_blockhash: before.header.block_hash(),
                merkle_root: TxMerkleNode::all_zeros(),
                time: before.header.time + 1 + self.random.below(20) as u32,
                bits: self.params.genesis.bits,
                nonce: 0,
            },
            txdata: [vec![first], payments].concat(),
        };
        block.header.merkle_root = block.compute_merkle_root().unwrap();
        let target = target_from_bits(block.header.bits.to_consensus()).unwrap();
        while hash_value(&block.block_hash()) > target {
            block.header.nonce += 1;
        }
        (block, coins)
    }

    /// Some of the coins.
    fn choose(&mut self, coins: &Coins, most: usize) -> Vec<(OutPoint, Coin)> {
        let mut left: Vec<_> = coins.iter().map(|(at, coin)| (*at, coin.clone())).collect();
        let mut chosen = Vec::new();
        while chosen.len() < most && !left.is_empty() {
            let at = self.random.below(left.len() as u64) as usize;
            chosen.push(left.swap_remove(at));
        }
        chosen
    }

    /// A signed payment of these coins, and its fee.
    fn pay(&mut self, spent: &[(OutPoint, Coin)], join: bool) -> (Transaction, u64) {
        let all: u64 = spent.iter().map(|(_, coin)| coin.amount).sum();
        let fee = self.random.below(all.min(1000) + 1).min(all - 1);
        let parts = if join { 1 } else { 1 + self.random.below(3) };
        let parts = parts.min(all - fee);
        let each = (all - fee) / parts;
        let mut output = Vec::new();
        for part in 0..parts {
            let amount = if part == 0 {
                all - fee - each * (parts - 1)
            } else {
                each
            };
            output.push(TxOut {
                value: Amount::from_sat(amount),
                script_pubkey: script(self.random.below(KEYS)),
            });
        }
        let input = spent.iter().map(|(outpoint, _)| TxIn {
            previous_output: *outpoint,
            script_sig: ScriptBuf::new(),
            sequence: Sequence::MAX,
            witness: Witness::new(),
        });
        let mut payment = Transaction {
            version: transaction::Version::TWO,
            lock_time: LockTime::ZERO,
            input: input.collect(),
            output,
        };
        let prevouts: Vec<_> = spent
            .iter()
            .map(|(_, coin)| TxOut {
                value: Amount::from_sat(coin.amount),
                script_pubkey: coin.script_pubkey.clone(),
            })
            .collect();
        for (place, (_, coin)) in spent.iter().enumerate() {
            let message = sighash(&self.params, &payment, &prevouts, place).unwrap();
            let owner = (0..KEYS).find(|number| script(*number) == coin.script_pubkey);
            let signature = key(owner.unwrap()).sign(&message);
            payment.input[place].witness = Witness::from_slice(&[signature]);
        }
        (payment, fee)
    }

    /// The median of the times of the eleven blocks up to this one.
    fn median_time(&self, mut number: usize) -> u32 {
        let mut times = Vec::new();
        loop {
            times.push(self.made[number].header.time);
            if times.len() == 11 || number == 0 {
                break;
            }
            number = self.made[number].parent;
        }
        times.sort_unstable();
        times[times.len() / 2]
    }
}

/// What a transaction does to the coins.
fn move_coins(
    coins: &mut Coins,
    transaction: &Transaction,
    height: u32,
    median_time_past: u32,
    coinbase: bool,
) {
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
                coinbase,
                median_time_past,
            };
            coins.insert(OutPoint { txid, vout }, coin);
        }
    }
}

fn key(number: u64) -> SecretKey {
    SecretKey::from_seed(&[number as u8 + 1; 32])
}

fn script(number: u64) -> ScriptBuf {
    script_of_key(&key(number).public())
}
