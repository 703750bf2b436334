//! The full chain on a farthing network: blocks of a random tree in random order, damaged on the
//! way, with headers first or without, and restarts in between. After every step the set of coins
//! is that of validation from scratch, and no money was made.

use crate::builder::{Builder, Coins};
use crate::script::Script;
use farthing_core::bitcoin::consensus::{deserialize, serialize};
use farthing_core::bitcoin::hashes::{Hash, HashEngine, sha256};
use farthing_core::bitcoin::{Block, BlockHash};
use farthing_core::chain::{Chain, Change, MemoryStore, Store, codec};

/// Later than every block.
const LATER: u32 = 4_000_000_000;

/// Feeds a chain.
pub fn blocks(data: &[u8]) {
    let mut script = Script::new(data);
    let builder = Builder::default();
    let chain = Chain::open(builder.params.clone(), MemoryStore::new()).expect("an empty store");
    let mut world = World {
        connected: vec![chain.tip().hash],
        chain,
        builder,
    };
    while script.more() {
        world.act(&mut script);
        world.agrees();
    }
    world.finish();
}

struct World {
    builder: Builder,
    chain: Chain<MemoryStore>,
    /// The validated chain, as the changes tell it.
    connected: Vec<BlockHash>,
}

impl World {
    fn act(&mut self, script: &mut Script<'_>) {
        match script.below(10) {
            0..=3 => {
                let number = self.builder.grow(script);
                if !script.one_in(4) {
                    self.give(self.builder.made[number].block.clone());
                }
            }
            4 | 5 => {
                let number = self.builder.pick(script);
                self.give(self.builder.made[number].block.clone());
            }
            6 => {
                let number = self.builder.pick(script);
                let header = self.builder.made[number].block.header;
                let _ = self.chain.accept_header(header, LATER);
            }
            7 => self.damaged(script),
            8 if script.one_in(2) => {
                // The last transactions again, so that the root stays (CVE-2012-2459).
                let number = self.builder.pick(script);
                let mut block = self.builder.made[number].block.clone();
                let from = block.txdata.len() - 1 - script.below(block.txdata.len());
                block.txdata.extend_from_within(from..);
                self.give(block);
            }
            8 => self.restart(),
            _ => {
                let limit = script.below(40);
                let missing = self.chain.missing_blocks(limit);
                assert!(missing.len() <= limit);
                for hash in missing {
                    assert!(!self.chain.is_connected(&hash));
                }
            }
        }
    }

    /// A block with a few bytes of its body changed. Where it is still the header's, or another
    /// one with its own work, it is judged as any.
    fn damaged(&mut self, script: &mut Script<'_>) {
        let number = self.builder.pick(script);
        let mut bytes = serialize(&self.builder.made[number].block);
        for _ in 0..=script.below(3) {
            let at = match script.one_in(4) {
                true => script.below(80),
                false => 80 + script.below(bytes.len() - 80),
            };
            bytes[at] ^= script.byte();
        }
        let known = deserialize::<Block>(&bytes)
            .is_ok_and(|block| self.builder.find(&block.block_hash()).is_some());
        if known {
            if let Ok(block) = deserialize(&bytes) {
                self.give(block);
            }
        } else {
            // A header of its own that nobody here has judged: only that nothing breaks.
            let mut other = self.chain.clone();
            let _ = other.accept_block_bytes(&bytes, LATER);
            while other.has_more() {
                let _ = other.advance().expect("memory does not break");
            }
        }
    }

    /// Gives a block and follows all that changes.
    fn give(&mut self, block: Block) {
        let before = self.chain.tip().work;
        let outcome = self.chain.accept_block(block, LATER);
        let mut change = outcome.map(|outcome| outcome.change).unwrap_or_default();
        loop {
            self.follow(&change);
            if !self.chain.has_more() {
                break;
            }
            change = self.chain.advance().expect("memory does not break").change;
        }
        assert!(self.chain.tip().work >= before, "best work fell");
    }

    fn follow(&mut self, change: &Change) {
        for block in &change.disconnected {
            assert_eq!(self.connected.pop(), Some(block.block_hash()));
        }
        for block in &change.connected {
            assert_eq!(self.connected.last(), Some(&block.header.prev_blockhash));
            self.connected.push(block.block_hash());
        }
        assert_eq!(self.connected.last(), Some(&self.chain.tip().hash));
    }

    fn restart(&mut self) {
        // Headers that came without their blocks are not stored.
        let (tip, hash) = (self.chain.tip().hash, self.chain.utxo_hash());
        let store = self.chain.store().clone();
        let chain = Chain::open(self.builder.params.clone(), store).expect("a store of its own");
        assert_eq!((chain.tip().hash, chain.utxo_hash()), (tip, hash));
        self.chain = chain;
    }

    /// The coins are those of the tip, by the plain count.
    fn agrees(&self) {
        let tip = self.chain.tip();
        let number = self.builder.find(&tip.hash).expect("a block that was made");
        let made = &self.builder.made[number];
        assert!(made.valid, "an invalid block was connected");
        assert_eq!(tip.height, made.height);
        let mut coins = Coins::new();
        let mut sum = 0;
        let store = self.chain.store();
        let counted = store.each_coin(&mut |outpoint, coin| {
            sum += coin.amount;
            coins.insert(*outpoint, coin.clone());
        });
        counted.expect("memory does not break");
        assert_eq!(coins, made.coins, "the coins are not those of the blocks");
        let subsidies = (1..=tip.height).map(|height| self.builder.params.subsidy.at(height));
        assert!(sum <= subsidies.sum(), "money was made");
        assert_eq!(self.chain.utxo_hash(), Ok(utxo_hash(&made.coins)));
    }

    /// Whatever came before: with all blocks at hand the chain stands on a valid one of most work.
    fn finish(&mut self) {
        for number in 1..self.builder.made.len() {
            self.give(self.builder.made[number].block.clone());
        }
        self.agrees();
        let best = &self.builder.made[self.builder.best()];
        assert_eq!(self.chain.tip().height, best.height, "not the most work");
    }
}

fn utxo_hash(coins: &Coins) -> [u8; 32] {
    let mut engine = sha256::Hash::engine();
    for (outpoint, coin) in coins {
        engine.input(&serialize(outpoint));
        let bytes = codec::encode_coin(coin);
        assert_eq!(codec::decode_coin(&bytes).as_ref(), Ok(coin));
        engine.input(&bytes);
    }
    sha256::Hash::from_engine(engine).to_byte_array()
}
