//! Properties of trees of any shape.

use super::{LATER, mine, params};
use crate::headers::{Accepted, Entry, HeaderRestore, HeaderTree};
use crate::primitives::U256;
use bitcoin::BlockHash;
use bitcoin::block::Header;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// A tree of headers: each grows from one of those before it, by its number.
fn grown(parents: &[usize]) -> Vec<Header> {
    let genesis = params("practice").genesis;
    let mut headers = vec![genesis];
    for (salt, parent) in (0..).zip(parents) {
        let parent = headers[parent % headers.len()];
        headers.push(mine(
            parent.block_hash(),
            parent.time + 60,
            0x207f_ffff,
            salt,
        ));
    }
    headers
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// The best work never falls, the report of a reorganisation leads from the old best chain to
    /// the new one, and the best chain is linked from its tip to the first header.
    #[test]
    fn best_work_never_falls(parents in prop::collection::vec(0_usize..1000, 1..120)) {
        let mut tree = HeaderTree::new(params("practice"));
        let mut chain = vec![tree.tip().hash];
        let mut heights = BTreeMap::from([(tree.tip().hash, 0_u32)]);
        for header in &grown(&parents)[1..] {
            let before = tree.tip();
            let accepted = tree.accept(*header, LATER).unwrap();
            let tip = tree.tip();
            let height = heights[&header.prev_blockhash] + 1;
            heights.insert(header.block_hash(), height);
            prop_assert!(tip.work >= before.work);
            prop_assert_eq!(tip.work, U256::from(2 * (u64::from(tip.height) + 1)));
            match accepted {
                Accepted::Extended => chain.push(header.block_hash()),
                Accepted::Branch => prop_assert_eq!(tip, before),
                Accepted::Known => prop_assert!(false, "{} is new", header.block_hash()),
                Accepted::Reorganised(reorganisation) => {
                    prop_assert!(tip.work > before.work);
                    for hash in &reorganisation.disconnected {
                        prop_assert_eq!(chain.pop(), Some(*hash));
                    }
                    prop_assert_eq!(chain.len() as u32, reorganisation.fork_height + 1);
                    chain.extend(&reorganisation.connected);
                }
            }
            prop_assert_eq!(chain.last(), Some(&tip.hash));
        }
        for (height, hash) in (0..).zip(&chain) {
            prop_assert_eq!(tree.hash_at(height), Some(*hash));
            prop_assert_eq!(tree.height_of(hash), Some(height));
        }
        // Every header is on the best chain or on a branch that leads back to it.
        for (hash, height) in &heights {
            let entry = tree.get(hash).unwrap();
            prop_assert_eq!(entry.height, *height);
            prop_assert_eq!(entry.best, chain.get(*height as usize) == Some(hash));
        }
        for branch in tree.branches() {
            let mut entry = tree.get(&branch.tip).unwrap();
            while !entry.best {
                entry = tree.get(&entry.header.prev_blockhash).unwrap();
            }
            prop_assert_eq!(entry.height, branch.fork_height);
        }
    }

    /// Whatever is dropped for want of room, taken out or stood on: each header that is left leads to
    /// the best chain where the tree says it does, and the tips are those that nothing follows.
    #[test]
    fn every_branch_begins_where_the_tree_says(
        back in prop::collection::vec(0_usize..6, 1..150),
        acts in prop::collection::vec((0_u8..6, 0_usize..1000), 150),
        limit in 5_usize..60,
    ) {
        let parents: Vec<usize> = (0..)
            .zip(&back)
            .map(|(last, back)| last - back.min(&last))
            .collect();
        let headers = grown(&parents);
        let mut tree = HeaderTree::full(params("practice"));
        tree.bound_branches(limit);
        for (header, (act, other)) in headers[1..].iter().zip(acts) {
            // Its parent may be gone.
            let _ = tree.accept(*header, LATER);
            let other = headers[1 + other % (headers.len() - 1)].block_hash();
            match act {
                0 => drop(tree.invalidate(&other)),
                1 if tree.get(&other).is_some() => tree.stand_on(other),
                _ => {}
            }
            let entries: Vec<Entry> = headers
                .iter()
                .filter_map(|header| tree.get(&header.block_hash()))
                .collect();
            let parents: BTreeSet<BlockHash> = entries
                .iter()
                .map(|entry| entry.header.prev_blockhash)
                .collect();
            let mut tips = BTreeSet::new();
            for entry in entries.iter().filter(|entry| !entry.best) {
                let mut at = *entry;
                while !at.best {
                    at = tree.get(&at.header.prev_blockhash).unwrap();
                }
                prop_assert_eq!(tree.fork_of(&entry.hash), Some(at.height));
                if !parents.contains(&entry.hash) {
                    tips.insert(entry.hash);
                }
            }
            let found: BTreeSet<BlockHash> = tree.branches_by_work().map(|branch| branch.tip).collect();
            prop_assert_eq!(found, tips);
        }
    }

    /// Two branches in any order of arrival: the tip of most work is the same, but for a tie.
    #[test]
    fn the_order_of_arrival_does_not_matter(
        below in 0_usize..10,
        lengths in (1_usize..40, 1_usize..40),
        order in prop::collection::vec(any::<bool>(), 80),
    ) {
        let params = params("practice");
        let trunk = super::chain_of(&params, &params.genesis, below, 60, 0);
        let fork = trunk.last().unwrap_or(&params.genesis);
        let left = super::chain_of(&params, fork, lengths.0, 60, 1);
        let right = super::chain_of(&params, fork, lengths.1, 60, 2);
        let mut tree = HeaderTree::new(params.clone());
        super::accept_all(&mut tree, &trunk);
        let (mut lefts, mut rights) = (left.iter(), right.iter());
        let mut first = None;
        for go_left in order {
            let (next, other) = match go_left {
                true => (lefts.next().map(|h| (h, true)), &mut rights),
                false => (rights.next().map(|h| (h, false)), &mut lefts),
            };
            let Some((header, is_left)) = next.or_else(|| other.next().map(|h| (h, !go_left))) else {
                break;
            };
            tree.accept(*header, LATER).unwrap();
            if header.block_hash() == left[left.len() - 1].block_hash()
                || header.block_hash() == right[right.len() - 1].block_hash()
            {
                first.get_or_insert(is_left);
            }
        }
        for header in lefts.chain(rights) {
            tree.accept(*header, LATER).unwrap();
        }
        let (left, right) = (left[left.len() - 1], right[right.len() - 1]);
        let expected = match lengths.0.cmp(&lengths.1) {
            std::cmp::Ordering::Greater => left,
            std::cmp::Ordering::Less => right,
            // Of equal work: the one that was whole first.
            std::cmp::Ordering::Equal if first == Some(true) => left,
            std::cmp::Ordering::Equal => right,
        };
        prop_assert_eq!(tree.tip().hash, expected.block_hash());
    }

    /// Whatever is stored, the valid beginning of it is kept and nothing panics.
    #[test]
    fn restores_the_valid_beginning(
        count in 1_usize..40,
        at in any::<prop::sample::Index>(),
        bytes in prop::collection::vec(any::<u8>(), 1..200),
        piece in 1_usize..20,
    ) {
        let params = params("practice");
        let mut headers = vec![params.genesis];
        headers.extend(super::chain_of(&params, &params.genesis, count, 60, 0));
        let whole = super::bytes_of(&headers);
        let mut stored = whole.clone();
        let at = at.index(stored.len());
        for (old, new) in stored[at..].iter_mut().zip(&bytes) {
            *old = *new;
        }
        let same = whole.iter().zip(&stored).take_while(|(a, b)| a == b).count() / 80;
        let (tree, problem) = HeaderTree::restore(params.clone(), &stored);
        // In pieces it is the same tree, and the same is wrong.
        let mut pieces = HeaderRestore::new(params);
        for piece in stored.chunks(piece * 80) {
            pieces.push(piece);
        }
        let (other, found) = pieces.finish();
        prop_assert_eq!((other.tip(), found), (tree.tip(), problem));
        // A changed header may be valid by chance here, where every other hash will do.
        prop_assert!(tree.tip().height as usize + 1 >= same.max(1));
        for (height, header) in (0..).zip(&headers[..same]) {
            prop_assert_eq!(tree.hash_at(height), Some(header.block_hash()));
        }
    }
}
