//! What a question costs, and what a block costs that comes again.

use super::builder::{Builder, LATER, practice};
use super::support::{Failing, give, give_all, stands_on};
use crate::chain::{Arrival, Chain};
use crate::filters;
use crate::headers::HeaderTree;

/// A chain on a store that counts.
fn counted(builder: &Builder) -> Chain<Failing> {
    let store = Failing {
        commits_left: usize::MAX,
        ..Failing::default()
    };
    Chain::open(builder.params.clone(), store).unwrap()
}

/// A tree that knows these headers alone, as when there was no room for the others.
fn forgets(chain: &mut Chain<Failing>, builder: &Builder, known: &[usize]) {
    chain.headers = HeaderTree::full(practice());
    for number in known {
        chain
            .headers
            .accept(builder.block(*number).header, LATER)
            .unwrap();
    }
    chain.headers.stand_on(chain.tip.hash);
    let headers = &chain.headers;
    chain.kept.retain(|hash| headers.get(hash).is_some());
}

#[test]
fn a_height_is_found_without_a_walk_through_the_headers() {
    let mut builder = Builder::new();
    let trunk = builder.grow(0, 3);
    let own = builder.grow(trunk[0], 4);
    // The headers of a branch with more work, whose blocks nobody has.
    let withheld = builder.grow(trunk[0], 9);
    let mut chain = builder.chain();
    give_all(&mut chain, &builder, &trunk);
    give_all(&mut chain, &builder, &own);
    for number in &withheld {
        chain
            .accept_header(builder.block(*number).header, LATER)
            .unwrap();
    }
    assert!(!chain.tip().best);
    let mut reopened = Chain::open(builder.params.clone(), chain.clone().into_store()).unwrap();
    for chain in [&mut chain, &mut reopened] {
        stands_on(chain, &builder, own[3]);
        assert!(chain.is_connected(&builder.hash(own[2])));
        assert!(!chain.is_connected(&builder.hash(trunk[2])));
        assert_eq!(chain.hash_at(6), None);
        chain.headers = HeaderTree::full(practice());
        for (height, number) in (1..).zip([trunk[0]].iter().chain(&own)) {
            assert_eq!(chain.hash_at(height), Some(builder.hash(*number)));
        }
    }
}

#[test]
fn a_filter_is_read_once_for_its_hash() {
    let mut builder = Builder::new();
    let trunk = builder.grow(0, 12);
    let branch = builder.grow(trunk[8], 2);
    let longer = builder.grow(branch[1], 3);
    let mut chain = counted(&builder);
    give_all(&mut chain, &builder, &trunk);
    give_all(&mut chain, &builder, &branch);
    let asks = |chain: &mut Chain<Failing>, numbers: &[usize]| {
        let before = chain.store.filters_read.get();
        for number in numbers {
            let hash = builder.hash(*number);
            let stored = chain.store.inner.clone();
            let stored = crate::chain::Store::filter(&stored, &hash).unwrap();
            let expected = stored.map(|stored| filters::hash(&stored.filter));
            assert_eq!(chain.filter_hash(&hash), Ok(expected));
        }
        chain.store.filters_read.get() - before
    };
    assert_eq!(
        asks(&mut chain, &trunk),
        0,
        "known since they were connected"
    );
    assert_eq!(asks(&mut chain, &branch), 2, "they were never connected");
    let mut chain = Chain::open(builder.params.clone(), chain.into_store()).unwrap();
    assert_eq!(asks(&mut chain, &trunk), 12);
    assert_eq!(asks(&mut chain, &trunk), 0);
    // Others at these heights.
    give_all(&mut chain, &builder, &longer);
    stands_on(&chain, &builder, longer[2]);
    for number in branch.iter().chain(&longer) {
        let stored = chain.filter(&builder.hash(*number)).unwrap().unwrap();
        let found = chain.filter_hash(&builder.hash(*number));
        assert_eq!(found, Ok(Some(filters::hash(&stored.filter))));
    }
}

#[test]
fn a_block_whose_header_was_let_go_of_is_not_stored_again() {
    let mut builder = Builder::new();
    let trunk = builder.grow(0, 4);
    let branch = builder.grow(trunk[1], 5);
    let mut chain = counted(&builder);
    give_all(&mut chain, &builder, &trunk);
    // On a branch, and one with more work than the tip that waits for those before it.
    give_all(&mut chain, &builder, &branch[..1]);
    let headers = |chain: &mut Chain<Failing>| {
        for number in &branch {
            let header = builder.block(*number).header;
            chain.accept_header(header, LATER).unwrap();
        }
    };
    headers(&mut chain);
    let waiting = give(&mut chain, &builder, branch[3]).arrival;
    assert_eq!(waiting, Arrival::Waiting);
    let stored = (chain.store.blocks_stored, chain.store.headers_stored);
    assert_eq!(stored.0, 1 + 4 + 2);
    for _ in 0..3 {
        forgets(&mut chain, &builder, &trunk);
        assert!(!chain.kept.contains(&builder.hash(branch[0])));
        headers(&mut chain);
        // What is no better than the tip is there again, and not asked for.
        let missing = chain.missing_blocks(9);
        let expected: Vec<_> = branch[1..].iter().map(|n| builder.hash(*n)).collect();
        assert_eq!(missing, expected);
        let again = give(&mut chain, &builder, branch[0]).arrival;
        assert_eq!(again, Arrival::Known);
        // What is better is asked for, and not stored.
        let again = give(&mut chain, &builder, branch[3]).arrival;
        assert_eq!(again, Arrival::Waiting);
        let now = (chain.store.blocks_stored, chain.store.headers_stored);
        assert_eq!(now, stored);
        assert!(!chain.has_more());
    }
    // And without its header first.
    forgets(&mut chain, &builder, &trunk);
    let again = give(&mut chain, &builder, branch[0]).arrival;
    assert_eq!(again, Arrival::Branch);
    assert_eq!(chain.store.blocks_stored, stored.0);
    headers(&mut chain);
    give_all(&mut chain, &builder, &[branch[2], branch[3], branch[1]]);
    stands_on(&chain, &builder, branch[3]);
    assert_eq!(chain.store.blocks_stored, stored.0 + 2);
    let store = chain.into_store();
    let chain = Chain::open(builder.params.clone(), store).unwrap();
    stands_on(&chain, &builder, branch[3]);
}
