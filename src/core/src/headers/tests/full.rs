//! A full node's tree: invalid blocks, the chain it stands on, headers that are kept in full.

use super::{LATER, accept_all, chain_of, mine, params};
use crate::headers::{Accepted, HeaderTree, Reorganisation, RuleError, median_time};
use bitcoin::block::Header;
use std::collections::BTreeMap;

#[test]
fn an_invalid_header_goes_with_all_that_follow_it() {
    let params = params("practice");
    let trunk = chain_of(&params, &params.genesis, 10, 60, 0);
    let mut tree = HeaderTree::full(params.clone());
    accept_all(&mut tree, &trunk);
    // A branch from below the invalid one, with a branch of its own, and one from above it.
    let below = chain_of(&params, &trunk[3], 4, 60, 1);
    let twig = chain_of(&params, &below[1], 3, 60, 2);
    let above = chain_of(&params, &trunk[7], 1, 60, 3);
    for branch in [&below, &twig, &above] {
        assert_eq!(accept_all(&mut tree, branch), Accepted::Branch);
    }
    // On a branch: the best chain stays.
    assert_eq!(tree.invalidate(&below[2].block_hash()), None);
    assert!(tree.get(&below[1].block_hash()).is_some());
    for header in &below[2..] {
        assert_eq!(tree.get(&header.block_hash()), None);
    }
    // Where another branch begins, its tip is still one.
    assert_eq!(tree.branches().len(), 2);
    assert_eq!(tree.branches()[1].tip, twig[2].block_hash());
    // On the best chain: what has most work now is the twig, of 4 + 2 + 3.
    let hash = trunk[6].block_hash();
    let reorganisation = tree.invalidate(&hash).unwrap();
    let mut left: Vec<_> = trunk[4..].iter().map(Header::block_hash).collect();
    left.reverse();
    let joined = below[..2].iter().chain(&twig);
    assert_eq!(
        reorganisation,
        Reorganisation {
            fork_height: 4,
            disconnected: left,
            connected: joined.map(Header::block_hash).collect(),
        }
    );
    assert_eq!(tree.tip().hash, twig[2].block_hash());
    assert_eq!(tree.tip().height, 9);
    for header in trunk[6..].iter().chain(&above) {
        assert_eq!(tree.get(&header.block_hash()), None);
    }
    assert!(!tree.get(&trunk[5].block_hash()).unwrap().best);
    // They do not come back.
    let refused = |tree: &mut HeaderTree, header: &Header| tree.accept(*header, LATER).unwrap_err();
    let error = refused(&mut tree, &trunk[6]);
    assert_eq!(error.rule, RuleError::Invalid);
    assert!(error.is_misbehaviour());
    let error = refused(&mut tree, &trunk[7]);
    assert_eq!(error.rule, RuleError::InvalidParent { parent: hash });
    assert!(error.is_misbehaviour());
    let error = refused(&mut tree, &trunk[8]);
    assert!(matches!(error.rule, RuleError::UnknownParent { .. }));
    // The first header is valid by definition.
    assert_eq!(tree.invalidate(&params.genesis.block_hash()), None);
    assert_eq!(tree.tip().height, 9);
}

#[test]
fn of_equal_work_the_chain_that_is_stood_on_is_best_and_it_is_never_dropped() {
    let params = params("practice");
    let trunk = chain_of(&params, &params.genesis, 3, 60, 0);
    let mut tree = HeaderTree::full(params.clone());
    tree.bound_branches(50);
    accept_all(&mut tree, &trunk);
    let own = chain_of(&params, &trunk[0], 2, 60, 1);
    accept_all(&mut tree, &own);
    assert_eq!(tree.tip().hash, trunk[2].block_hash());
    tree.stand_on(own[1].block_hash());
    assert_eq!(tree.tip().hash, own[1].block_hash());
    // A longer chain of headers, whose blocks nobody has, and a flood of branches with more work
    // than the chain that is stood on.
    let longer = chain_of(&params, &trunk[0], 30, 60, 2);
    accept_all(&mut tree, &longer);
    assert_eq!(tree.tip().hash, longer[29].block_hash());
    for salt in 0..200 {
        let header = mine(
            longer[20].block_hash(),
            longer[20].time + 60,
            0x207f_ffff,
            1_000 + salt,
        );
        let _ = tree.accept(header, LATER);
    }
    assert_eq!(tree.branch_headers(), 50);
    for header in &own {
        assert!(tree.get(&header.block_hash()).is_some());
    }
    // The branch that nobody stands on had the least work, and went.
    assert_eq!(tree.get(&trunk[2].block_hash()), None);
}

#[test]
fn every_header_is_kept_in_full_and_any_depth_may_be_replaced() {
    let params = params("practice");
    let headers = chain_of(&params, &params.genesis, 9_000, 60, 0);
    let mut tree = HeaderTree::full(params.clone());
    accept_all(&mut tree, &headers);
    for (height, header) in (1..).zip(&headers).step_by(7) {
        assert_eq!(tree.header_at(height), Some(*header));
    }
    let deep = chain_of(&params, &headers[0], 9_000, 60, 1);
    let Accepted::Reorganised(reorganisation) = accept_all(&mut tree, &deep) else {
        panic!("one more header is more work");
    };
    assert_eq!(reorganisation.fork_height, 1);
    assert_eq!(reorganisation.disconnected.len(), 8_999);
}

#[test]
fn the_next_header_is_foretold_on_every_branch() {
    let params = params("farthing:next");
    let mut tree = HeaderTree::full(params.clone());
    let mut tips = vec![params.genesis];
    // Two branches from the first header, with different times.
    for spacing in [20, 40] {
        let mut last = params.genesis;
        let mut past = BTreeMap::from([(0, crate::headers::Past::from(&last))]);
        for height in 1..14 {
            let hash = last.block_hash();
            let median = median_time(&past, height).unwrap();
            assert_eq!(tree.median_time_past(&hash), Ok(median));
            let bits = tree.required_bits(&hash, last.time + spacing).unwrap();
            last = mine(hash, last.time + spacing, bits, spacing.into());
            tree.accept(last, LATER).unwrap();
            past.insert(height, crate::headers::Past::from(&last));
        }
        tips.push(last);
    }
    assert_eq!(tree.branches().len(), 1);
    let stranger = mine(tips[1].block_hash(), LATER, 0x207f_ffff, 9).block_hash();
    let error = tree.required_bits(&stranger, LATER).unwrap_err();
    assert!(matches!(error.rule, RuleError::UnknownParent { .. }));
    assert!(tree.median_time_past(&stranger).is_err());
}
