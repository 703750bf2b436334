//! Over a restart: crashes at every write, branches, stores that do not fit together, rebuilding.

use super::builder::{Builder, LATER, spend};
use super::support::{Failing, give, give_all, stands_on};
use crate::chain::{Arrival, Batch, BlockRefusal, Chain, MemoryStore, OpenError, Store};
use bitcoin::block::Header;
use bitcoin::hashes::Hash;
use bitcoin::{BlockHash, consensus};

/// A trunk, a branch of three with a spend, a longer one whose last block is invalid, and one that
/// is longer still. In the order in which they come; the number that wins.
fn story() -> (Builder, Vec<usize>, usize) {
    let mut builder = Builder::new();
    let fork = builder.grow(0, 3)[2];
    let coin = builder.coin(fork, 0);
    let amount = coin.1.amount;
    let spent = spend(&builder.params, &[coin], &[(1, amount - 9), (2, 4)]);
    let first = builder.grow_with(fork, vec![spent], 5);
    let mut order: Vec<_> = (1..=first).collect();
    order.extend(builder.grow(first, 2));
    let second = builder.grow(fork, 3);
    order.extend(&second);
    let bad = builder.propose(second[2], u64::MAX >> 20, Vec::new());
    order.push(builder.add(second[2], bad));
    let third = builder.grow(second[1], 3);
    order.extend(&third);
    (builder, order, third[2])
}

/// Gives all blocks in order until the storage breaks; whether it did.
fn play(chain: &mut Chain<Failing>, builder: &Builder, order: &[usize]) -> bool {
    for number in order {
        let result = chain.accept_block(builder.block(*number), LATER);
        if matches!(result, Err(BlockRefusal::Store(_))) {
            return true;
        }
        while chain.has_more() {
            if chain.advance().is_err() {
                return true;
            }
        }
    }
    false
}

#[test]
fn a_crash_at_any_write_leaves_tip_and_coins_in_agreement() {
    let (builder, order, best) = story();
    for step_bytes in [1 << 20, 1] {
        let mut crashes = 0;
        for commits_left in 1.. {
            let store = Failing {
                inner: MemoryStore::new(),
                commits_left,
                ..Failing::default()
            };
            let mut chain = Chain::open(builder.params.clone(), store).unwrap();
            chain.step_bytes = step_bytes;
            let broke = play(&mut chain, &builder, &order);
            let left = chain.into_store().inner;
            // What is on the disk is consistent as it is, without what opening does.
            let tip = left.tip().unwrap().unwrap();
            let at = (0..builder.made.len()).find(|number| builder.hash(*number) == tip);
            let mut coins = super::builder::Coins::new();
            left.each_coin(&mut |outpoint, coin| {
                coins.insert(*outpoint, coin.clone());
            })
            .unwrap();
            assert_eq!(coins, builder.made[at.unwrap()].coins);
            let store = Failing {
                inner: left,
                commits_left: usize::MAX,
                ..Failing::default()
            };
            let mut chain = Chain::open(builder.params.clone(), store).unwrap();
            assert!(!chain.has_more());
            assert!(!play(&mut chain, &builder, &order));
            stands_on(&chain, &builder, best);
            if !broke {
                break;
            }
            crashes += 1;
        }
        assert!(crashes >= order.len() - 1, "{crashes}");
    }
}

#[test]
fn branches_are_held_over_a_restart() {
    let mut builder = Builder::new();
    let trunk = builder.grow(0, 4);
    let branch = builder.grow(trunk[1], 2);
    let waiting = builder.grow(trunk[3], 3);
    let mut chain = builder.chain();
    give_all(&mut chain, &builder, &trunk);
    give_all(&mut chain, &builder, &branch);
    for number in &waiting {
        let header = builder.block(*number).header;
        chain.accept_header(header, LATER).unwrap();
    }
    assert_eq!(
        give(&mut chain, &builder, waiting[2]).arrival,
        Arrival::Waiting
    );
    let mut chain = Chain::open(builder.params.clone(), chain.into_store()).unwrap();
    stands_on(&chain, &builder, trunk[3]);
    // One block more on the branch: the others need not come again.
    let longer = builder.grow(branch[1], 1)[0];
    let mut other = chain.clone();
    assert_eq!(
        give(&mut other, &builder, longer).arrival,
        Arrival::Connected
    );
    stands_on(&other, &builder, longer);
    // The headers of the waiting block are there, so what is missing is known.
    let missing = [builder.hash(waiting[0]), builder.hash(waiting[1])];
    assert_eq!(chain.missing_blocks(9), missing);
    give_all(&mut chain, &builder, &waiting[..2]);
    stands_on(&chain, &builder, waiting[2]);
}

/// Undoes what a test wants undone in a store, and opens it.
fn opened(builder: &Builder, change: impl FnOnce(&mut Batch)) -> Result<(), OpenError> {
    let mut store = builder.chain().into_store();
    let mut batch = Batch::default();
    change(&mut batch);
    store.commit(batch).unwrap();
    Chain::open(builder.params.clone(), store).map(|_| ())
}

#[test]
fn a_store_that_does_not_fit_together_is_named() {
    let mut builder = Builder::new();
    let next = builder.grow(0, 1)[0];
    let block = builder.block(next);
    let hash = builder.hash(next);
    assert_eq!(opened(&builder, |_| {}), Ok(()));
    let lacks = |what: &str| {
        Err(OpenError::Corrupt {
            expected: format!("the {what} of the tip {hash}"),
            found: "none".to_owned(),
        })
    };
    let bytes = consensus::serialize(&block);
    let moved = |batch: &mut Batch| batch.tip = Some(hash);
    assert_eq!(opened(&builder, moved), lacks("headers"));
    let with_header = |batch: &mut Batch| {
        batch.headers.push(block.header);
        moved(batch);
    };
    assert_eq!(opened(&builder, with_header), lacks("block"));
    let with_block = |batch: &mut Batch| {
        batch.blocks.push((hash, bytes.clone()));
        with_header(batch);
    };
    assert_eq!(opened(&builder, with_block), lacks("filter"));
    // A block that the disk changed is named when it is to be connected.
    // Here in its header, then in its body.
    for place in [0, 90] {
        let changed = |batch: &mut Batch| {
            let mut bytes = bytes.clone();
            bytes[place] ^= 1;
            batch.blocks.push((hash, bytes));
            batch.headers.push(block.header);
        };
        let Err(OpenError::Store(error)) = opened(&builder, changed) else {
            panic!("the block is not what it was");
        };
        assert!(error.message.contains(&hash.to_string()), "{error}");
    }
}

#[test]
fn a_chain_is_rebuilt_from_its_blocks_alone() {
    let (builder, order, best) = story();
    let mut chain = builder.chain();
    for number in &order {
        let _ = chain.accept_block(builder.block(*number), LATER);
        while chain.has_more() {
            chain.advance().unwrap();
        }
    }
    stands_on(&chain, &builder, best);
    let old = chain.into_store();
    // In the order of their hashes, as a table gives them.
    let mut headers: Vec<(BlockHash, Header)> = builder
        .made
        .iter()
        .map(|made| (made.hash, made.block.header))
        .collect();
    headers.sort_unstable_by_key(|(hash, _)| *hash);
    let headers = || headers.iter().map(|(_, header)| *header);
    let rebuild = |block: &dyn Fn(&BlockHash) -> Option<Vec<u8>>| {
        Chain::rebuild(builder.params.clone(), MemoryStore::new(), headers(), block).unwrap()
    };
    let (chain, rebuilt) = rebuild(&|hash| old.block(hash).unwrap());
    stands_on(&chain, &builder, best);
    assert_eq!(rebuilt.headers as usize, builder.made.len() - 1);
    // The invalid block was never stored.
    assert_eq!((rebuilt.damaged, rebuilt.invalid), (1, 0));
    assert_eq!(rebuilt.blocks as usize, builder.made.len() - 2);

    // One block of the best chain is gone, one is garbage: peers are asked for them.
    let lost = builder.hash(best);
    let garbage = builder.hash(builder.made[best].parent);
    let (mut chain, rebuilt) = rebuild(&|hash| match *hash {
        hash if hash == lost => None,
        hash if hash == garbage => Some(vec![7; 300]),
        hash => old.block(&hash).unwrap(),
    });
    assert_eq!(rebuilt.damaged, 3);
    assert_eq!(chain.missing_blocks(2)[0], garbage);
    give_all(&mut chain, &builder, &[builder.made[best].parent, best]);
    stands_on(&chain, &builder, best);

    let full = Chain::rebuild(builder.params.clone(), old.clone(), headers(), |_| None);
    assert!(matches!(full, Err(OpenError::Corrupt { .. })));
    let nothing = Chain::rebuild(builder.params.clone(), MemoryStore::new(), [], |_| None);
    assert_eq!(nothing.unwrap().1.blocks, 0);
    assert_ne!(garbage, BlockHash::all_zeros());
}
