//! Reorganisations, the window, branches within their bound.

use super::{LATER, accept_all, bytes_of, chain_of, mine, params};
use crate::headers::{
    Accepted, HeaderTree, Past, REORGANISATION_DEPTH, Reorganisation, RuleError, required_bits,
};
use crate::params::{NetworkParams, Retarget};
use crate::primitives::{U256, bits_from_target};
use bitcoin::BlockHash;
use bitcoin::block::Header;
use std::collections::BTreeMap;

fn hashes(headers: &[Header]) -> Vec<BlockHash> {
    headers.iter().map(Header::block_hash).collect()
}

/// A chain of `below` headers, then two branches: one of `depth`, one of `depth + 1`.
fn forked(params: &NetworkParams, below: usize, depth: usize) -> [Vec<Header>; 3] {
    let trunk = chain_of(params, &params.genesis, below, 60, 0);
    let fork = trunk.last().unwrap_or(&params.genesis);
    [
        chain_of(params, fork, depth, 60, 1),
        chain_of(params, fork, depth + 1, 60, 2),
        trunk,
    ]
}

#[test]
fn reorganisations_of_1_6_100_and_2100() {
    for name in ["practice", "regtest"] {
        for depth in [1, 6, 100, 2_100] {
            let [old, new, trunk] = forked(&params(name), 20, depth);
            let mut tree = HeaderTree::new(params(name));
            assert_eq!(accept_all(&mut tree, &trunk), Accepted::Extended);
            assert_eq!(accept_all(&mut tree, &old), Accepted::Extended);
            let before = tree.tip();
            for header in &new[..depth] {
                assert_eq!(tree.accept(*header, LATER), Ok(Accepted::Branch));
            }
            assert_eq!(
                tree.tip(),
                before,
                "of two with the same work the first stays"
            );
            let mut disconnected = hashes(&old);
            disconnected.reverse();
            assert_eq!(
                tree.accept(new[depth], LATER),
                Ok(Accepted::Reorganised(Reorganisation {
                    fork_height: 20,
                    disconnected,
                    connected: hashes(&new),
                }))
            );
            let tip = tree.tip();
            assert_eq!(tip.height as usize, 21 + depth);
            assert!(tip.best && tip.work > before.work);
            for (height, header) in (21..).zip(&new) {
                assert_eq!(tree.hash_at(height), Some(header.block_hash()));
                assert_eq!(tree.height_of(&header.block_hash()), Some(height));
            }
            for header in &old {
                assert_eq!(tree.height_of(&header.block_hash()), None);
                assert!(!tree.get(&header.block_hash()).unwrap().best);
                assert_eq!(tree.accept(*header, LATER), Ok(Accepted::Known));
            }
            let branches = tree.branches();
            assert_eq!(branches.len(), 1);
            assert_eq!(branches[0].tip, before.hash);
            assert_eq!(
                (branches[0].fork_height, branches[0].work),
                (20, before.work)
            );

            // And back, by two more on the old one.
            let more = chain_of(&params(name), old.last().unwrap(), 2, 60, 3);
            assert_eq!(tree.accept(more[0], LATER), Ok(Accepted::Branch));
            let Ok(Accepted::Reorganised(back)) = tree.accept(more[1], LATER) else {
                panic!("the old branch has more work again");
            };
            assert_eq!(back.fork_height, 20);
            assert_eq!(back.disconnected.len(), depth + 1);
            assert_eq!(back.connected.len(), depth + 2);
            assert_eq!(tree.tip().hash, more[1].block_hash());
        }
    }
}

#[test]
fn most_work_wins_and_not_most_blocks() {
    // The target follows the solve times: the short chain took its time less, so its headers are
    // harder, and fewer of them are more work.
    let params = params("farthing:race");
    let grow = |count: u32, spacing: u32, salt| {
        let mut tree = HeaderTree::new(params.clone());
        let mut headers = Vec::new();
        for _ in 0..count {
            let tip = tree.tip();
            let time = tip.header.time + spacing;
            let past: BTreeMap<_, _> = (0..=tip.height)
                .map(|at| (at, Past::from(&tree.header_at(at).unwrap())))
                .collect();
            let bits = required_bits(&params, &past, tip.height + 1, time).unwrap();
            let header = mine(tip.hash, time, bits, salt);
            assert_eq!(tree.accept(header, LATER), Ok(Accepted::Extended));
            headers.push(header);
        }
        (tree, headers)
    };
    let (long, long_headers) = grow(12, 180, 1);
    let (short, short_headers) = grow(9, 10, 2);
    assert!(short.tip().work > long.tip().work);
    let mut tree = HeaderTree::new(params.clone());
    accept_all(&mut tree, &long_headers);
    let reorganised = short_headers
        .iter()
        .filter(|header| {
            matches!(
                tree.accept(**header, LATER).unwrap(),
                Accepted::Reorganised(_)
            )
        })
        .count();
    assert_eq!(reorganised, 1);
    assert_eq!(tree.tip().hash, short.tip().hash);
    assert_eq!(tree.tip().height, 9);
    let mut tree = HeaderTree::new(params);
    accept_all(&mut tree, &short_headers);
    assert_eq!(accept_all(&mut tree, &long_headers), Accepted::Branch);
    assert_eq!(tree.tip().hash, short.tip().hash);
}

#[test]
fn old_headers_become_hashes_and_are_still_found() {
    let params = params("practice");
    let headers = chain_of(&params, &params.genesis, 9_000, 60, 0);
    let mut tree = HeaderTree::new(params.clone());
    accept_all(&mut tree, &headers);
    let oldest = (0..).find(|at| at % 2016 != 0 && tree.header_at(*at).is_some());
    assert_eq!(oldest, Some(2 * 2016 + 1));
    assert!(tree.tip().height - oldest.unwrap() > REORGANISATION_DEPTH);
    for (height, header) in (1..).zip(&headers) {
        let hash = header.block_hash();
        assert_eq!(tree.hash_at(height), Some(hash));
        assert_eq!(tree.height_of(&hash), Some(height));
        assert_eq!(tree.accept(*header, LATER), Ok(Accepted::Known));
    }
    // The first of each period is kept whole, with its work.
    let first = tree.get(&headers[2015].block_hash()).unwrap();
    assert_eq!((first.height, first.header), (2016, headers[2015]));
    assert_eq!(first.work, U256::from(2017 * 2));
    let locator = tree.locator();
    assert!(locator.len() <= 101);
    assert_eq!(locator[0], tree.tip().hash);
    assert_eq!(locator[9], headers[9_000 - 10].block_hash());
    assert_eq!(locator.last(), Some(&params.genesis.block_hash()));

    // A branch from the bottom of the window is followed, one from below it is refused.
    let lowest = 2 * 2016 + 11;
    let deep = chain_of(&params, &headers[lowest - 1], 9_001 - lowest, 60, 1);
    let below = chain_of(&params, &headers[lowest - 2], 1, 60, 1)[0];
    let error = tree.accept(below, LATER).unwrap_err();
    assert_eq!(
        error.rule,
        RuleError::TooDeep {
            lowest: lowest as u32,
            fork: lowest as u32 - 1
        }
    );
    assert!(!error.is_misbehaviour());
    let far_below = chain_of(&params, &headers[2_000], 1, 60, 1)[0];
    let error = tree.accept(far_below, LATER).unwrap_err();
    assert_eq!(error.height, Some(2_002));
    assert!(matches!(error.rule, RuleError::TooDeep { fork: 2_001, .. }));
    let Accepted::Reorganised(reorganisation) = accept_all(&mut tree, &deep) else {
        panic!("one more header is more work");
    };
    assert_eq!(reorganisation.fork_height as usize, lowest);
    assert_eq!(tree.tip().height, 9_001);
}

#[test]
fn a_branch_that_crosses_a_retarget_is_held_to_its_own_times() {
    let interval = 100;
    let params = NetworkParams {
        retarget: Retarget::Interval {
            interval,
            timespan: (interval - 1) * 60,
            min_difficulty_after: None,
            bip94: false,
        },
        ..params("practice")
    };
    let trunk = chain_of(&params, &params.genesis, 50, 60, 0);
    let mut tree = HeaderTree::new(params.clone());
    accept_all(&mut tree, &trunk);
    let best = chain_of(&params, &trunk[49], 120, 60, 1);
    accept_all(&mut tree, &best);
    // 49 solve times of 60 s and 49 of 30 s, of 99 at 60: the branch must be 1.33 times harder.
    let branch = chain_of(&params, &trunk[49], 49, 30, 2);
    assert_eq!(accept_all(&mut tree, &branch), Accepted::Branch);
    let last = branch.last().unwrap();
    let same = mine(
        last.block_hash(),
        last.time + 30,
        last.bits.to_consensus(),
        2,
    );
    let Err(error) = tree.accept(same, LATER) else {
        panic!("the branch's own times ask for a harder target");
    };
    let RuleError::Bits { expected, .. } = error.rule else {
        panic!("{error}");
    };
    // Genesis at 0, the header at 50 x 60 s, the last at 49 x 30 s more: 4,470 of 5,940 s.
    let limit = U256::from(0x7f_ffff_u64) << 232;
    let target = limit / U256::from(5_940) * U256::from(4_470);
    assert_eq!(expected, bits_from_target(target));
    let right = mine(last.block_hash(), last.time + 30, expected, 2);
    assert_eq!(tree.accept(right, LATER), Ok(Accepted::Branch));
}

#[test]
fn branches_are_bounded_and_the_least_work_goes_first() {
    let params = params("practice");
    let trunk = chain_of(&params, &params.genesis, 20, 60, 0);
    let mut tree = HeaderTree::new(params.clone());
    accept_all(&mut tree, &trunk);
    let strong = chain_of(&params, &trunk[9], 9, 60, 1);
    accept_all(&mut tree, &strong);
    // A flood of single headers on the first header, each with less work than the strong branch.
    let genesis = params.genesis.block_hash();
    let flood = |salt| mine(genesis, params.genesis.time + 60, 0x207f_ffff, salt);
    let mut refused = 0;
    for salt in 1..=17_000 {
        match tree.accept(flood(salt), LATER) {
            Ok(Accepted::Branch) => {}
            Err(error) => {
                assert_eq!(error.rule, RuleError::TooManyBranches { limit: 16_384 });
                assert!(!error.is_misbehaviour());
                refused += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(refused > 0);
    assert_eq!(tree.branches().len(), 16_384 - 9 + 1);
    assert_eq!(tree.branches()[0].tip, strong[8].block_hash());
    assert_eq!(tree.tip().hash, trunk[19].block_hash());
    // The strong branch may still grow, and win.
    let more = chain_of(&params, &strong[8], 2, 60, 1);
    assert_eq!(tree.accept(more[0], LATER), Ok(Accepted::Branch));
    assert!(matches!(
        tree.accept(more[1], LATER),
        Ok(Accepted::Reorganised(_))
    ));
    assert!(tree.branches().len() <= 16_384);
}

#[test]
fn old_branches_go_with_the_heights_that_they_began_at() {
    let params = params("practice");
    let headers = chain_of(&params, &params.genesis, 8_500, 60, 0);
    let mut tree = HeaderTree::new(params.clone());
    accept_all(&mut tree, &headers[..100]);
    let old = chain_of(&params, &headers[49], 3, 60, 1);
    accept_all(&mut tree, &old);
    assert_eq!(tree.branches().len(), 1);
    accept_all(&mut tree, &headers[100..]);
    assert_eq!(tree.branches(), []);
    assert_eq!(tree.get(&old[0].block_hash()), None);
}

#[test]
fn restored_is_the_same_tree() {
    let params = params("practice");
    let headers = chain_of(&params, &params.genesis, 9_000, 60, 0);
    let mut tree = HeaderTree::new(params.clone());
    accept_all(&mut tree, &headers);
    let mut stored = bytes_of(&[params.genesis]);
    stored.extend(bytes_of(&headers));
    let (restored, problem) = HeaderTree::restore(params.clone(), &stored);
    assert_eq!(problem, None);
    assert_eq!(restored.tip(), tree.tip());
    assert_eq!(restored.locator(), tree.locator());
    for height in (0..=9_001).step_by(13) {
        assert_eq!(restored.hash_at(height), tree.hash_at(height));
        assert_eq!(restored.header_at(height), tree.header_at(height));
    }
    let (empty, problem) = HeaderTree::restore(params.clone(), &[]);
    assert_eq!(problem, None);
    assert_eq!(empty.tip().hash, params.genesis.block_hash());
    let (other, problem) = HeaderTree::restore(super::params("practice:b"), &stored);
    assert!(matches!(
        problem.unwrap().rule,
        RuleError::NotGenesis { .. }
    ));
    assert_eq!(other.tip().height, 0);
}
