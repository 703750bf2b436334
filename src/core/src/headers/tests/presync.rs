//! Spam of low work against the two passes.

use super::{LATER, chain_of, mine, params};
use crate::headers::{
    COMMITMENT_PERIOD, HeaderTree, Presync, PresyncStep, REDOWNLOAD_BUFFER, RuleError,
};
use crate::params::NetworkParams;
use crate::primitives::U256;
use bitcoin::block::Header;

const SEED: [u8; 32] = [0x5a; 32];

/// A practice network where a chain of so many headers is just enough work: each is 2 hashes, and
/// so is the first header.
fn network(enough: u64) -> NetworkParams {
    NetworkParams {
        minimum_work: U256::from(2 * (enough + 1)),
        ..params("practice")
    }
}

fn start(tree: &HeaderTree) -> Presync {
    Presync::new(tree, &tree.params().genesis.block_hash(), SEED, LATER).unwrap()
}

/// A peer with these headers: what it answers to this locator, at most 2,000, and whether more
/// follow.
fn answer<'a>(chain: &'a [Header], presync: &Presync) -> (&'a [Header], bool) {
    let from = presync
        .locator()
        .iter()
        .find_map(|hash| chain.iter().position(|header| header.block_hash() == *hash))
        .map_or(0, |at| at + 1);
    let count = (chain.len() - from).min(2_000);
    (&chain[from..from + count], count == 2_000)
}

/// Headers by height, so that the answer is found without hashing them all.
fn download(presync: &mut Presync, chain: &[Header], tree: &mut HeaderTree) -> PresyncStep {
    loop {
        let (headers, more) = answer_by_height(chain, presync);
        let step = presync.process(headers, more, LATER).unwrap();
        match step {
            PresyncStep::Continue { headers } => {
                for header in headers {
                    tree.accept(header, LATER).unwrap();
                }
            }
            other => return other,
        }
    }
}

fn answer_by_height<'a>(chain: &'a [Header], presync: &Presync) -> (&'a [Header], bool) {
    let from = presync.height() as usize;
    let count = (chain.len() - from).min(2_000);
    (&chain[from..from + count], count == 2_000)
}

#[test]
fn a_chain_with_enough_work_comes_through_whole() {
    let enough = 20_000;
    let params = network(enough);
    let chain = chain_of(&params, &params.genesis, enough as usize + 500, 60, 0);
    let mut tree = HeaderTree::new(params);
    assert!(!tree.shows_enough_work(&chain[..2_000]));
    let mut presync = start(&tree);
    let mut passes = [0, 0];
    let rest = loop {
        let (headers, more) = answer_by_height(&chain, &presync);
        passes[usize::from(presync.is_second_pass())] += 1;
        match presync.process(headers, more, LATER).unwrap() {
            PresyncStep::Continue { headers } => {
                assert!(presync.is_second_pass() || headers.is_empty());
                for header in headers {
                    tree.accept(header, LATER).unwrap();
                }
                // What is released has 15,000 verified headers after it.
                assert!(
                    tree.tip().height as usize + REDOWNLOAD_BUFFER
                        <= (presync.height() as usize).max(REDOWNLOAD_BUFFER)
                );
            }
            PresyncStep::Done { headers } => break headers,
            PresyncStep::TooLittleWork { .. } => panic!("it has enough work"),
        }
    };
    assert_eq!(passes, [10, 10]);
    for header in rest {
        tree.accept(header, LATER).unwrap();
    }
    assert!(tree.tip().work >= tree.params().minimum_work);
    assert_eq!(tree.tip().height as u64, enough);
    assert!(tree.shows_enough_work(&chain[enough as usize..]));
}

#[test]
fn too_little_work_stores_nothing() {
    let params = network(3_001);
    let chain = chain_of(&params, &params.genesis, 3_000, 60, 0);
    let mut tree = HeaderTree::new(params.clone());
    let mut presync = start(&tree);
    let step = download(&mut presync, &chain, &mut tree);
    assert_eq!(
        step,
        PresyncStep::TooLittleWork {
            found: U256::from(2 * 3_001),
            expected: U256::from(2 * 3_002)
        }
    );
    assert_eq!(tree.tip().height, 0);
    // One more header is enough.
    let chain = chain_of(&params, &params.genesis, 3_001, 60, 0);
    let mut presync = start(&tree);
    let PresyncStep::Done { headers } = download(&mut presync, &chain, &mut tree) else {
        panic!("it has enough work");
    };
    assert_eq!(headers, chain);
    // No more headers at all.
    let mut presync = start(&tree);
    assert!(matches!(
        presync.process(&[], true, LATER),
        Ok(PresyncStep::TooLittleWork { .. })
    ));
}

#[test]
fn another_chain_in_the_second_pass_releases_nothing_of_it() {
    let enough = 24_000;
    let params = network(enough);
    let shared = 2_000;
    let first = chain_of(&params, &params.genesis, enough as usize, 60, 0);
    // Each secret catches the change within the 25 bits but for one in 33 million.
    for seed in 0..8 {
        let second = chain_of(&params, &first[shared - 1], 20_000, 61, 1 + seed);
        let mut tree = HeaderTree::new(params.clone());
        let mut presync =
            Presync::new(&tree, &params.genesis.block_hash(), [seed as u8; 32], LATER).unwrap();
        while !presync.is_second_pass() {
            let (headers, more) = answer_by_height(&first, &presync);
            let step = presync.process(headers, more, LATER).unwrap();
            assert_eq!(
                step,
                PresyncStep::Continue {
                    headers: Vec::new()
                }
            );
        }
        let changed: Vec<_> = first[..shared].iter().chain(&second).copied().collect();
        let error = loop {
            let (headers, more) = answer_by_height(&changed, &presync);
            match presync.process(headers, more, LATER) {
                Ok(PresyncStep::Continue { headers }) => {
                    for header in headers {
                        tree.accept(header, LATER).unwrap();
                    }
                }
                Ok(other) => panic!("{other:?}"),
                Err(error) => break error,
            }
        };
        assert_eq!(error.rule, RuleError::Changed);
        assert!(!error.is_misbehaviour());
        assert!(tree.tip().height as usize <= shared);
        // It is over: nothing more comes out of it.
        let (headers, more) = answer_by_height(&changed, &presync);
        assert_eq!(
            presync.process(headers, more, LATER),
            Ok(PresyncStep::Done {
                headers: Vec::new()
            })
        );
    }
}

#[test]
fn a_second_pass_that_ends_early_is_a_change() {
    let params = network(3_000);
    let chain = chain_of(&params, &params.genesis, 3_000, 60, 0);
    let tree = HeaderTree::new(params);
    let mut presync = start(&tree);
    for part in [&chain[..2_000], &chain[2_000..]] {
        let step = presync.process(part, true, LATER).unwrap();
        assert!(matches!(step, PresyncStep::Continue { .. }));
    }
    assert!(presync.is_second_pass());
    let error = presync.process(&chain[..1_999], false, LATER).unwrap_err();
    assert_eq!(error.rule, RuleError::Changed);
}

#[test]
fn every_rule_holds_in_both_passes() {
    let params = network(3_000);
    let chain = chain_of(&params, &params.genesis, 3_000, 60, 0);
    let tree = HeaderTree::new(params.clone());
    let harder = mine(chain[9].block_hash(), chain[9].time + 60, 0x2070_0000, 0);
    let early = mine(
        chain[9].block_hash(),
        chain[10].time - 12 * 60,
        0x207f_ffff,
        0,
    );
    for second_pass in [false, true] {
        for (bad, matches) in [
            (harder, "compact target"),
            (early, "median"),
            (chain[11], "parent"),
        ] {
            let mut presync = start(&tree);
            if second_pass {
                for part in [&chain[..2_000], &chain[2_000..]] {
                    let step = presync.process(part, true, LATER).unwrap();
                    assert!(matches!(step, PresyncStep::Continue { .. }));
                }
            }
            assert_eq!(presync.is_second_pass(), second_pass);
            let message: Vec<_> = chain[..10].iter().copied().chain([bad]).collect();
            let error = presync.process(&message, true, LATER).unwrap_err();
            assert_eq!(error.height, Some(11));
            assert!(error.is_misbehaviour());
            assert!(error.to_string().contains(matches), "{error}");
        }
    }
}

#[test]
fn no_more_headers_than_the_time_since_the_start_allows() {
    let params = network(1_000_000);
    let chain = chain_of(&params, &params.genesis, 2_000, 1, 0);
    let tree = HeaderTree::new(params.clone());
    // 90 s of limit and 210 s since the first header: 1,800 headers.
    let now = params.genesis.time + 210;
    let mut last = params.genesis;
    let fast: Vec<_> = (1..2_000)
        .map(|at| {
            // Six a second, once eleven times are there to take the median of.
            let second = if at < 12 { at } else { 11 + (at - 11) / 6 };
            let time = params.genesis.time + second;
            last = mine(last.block_hash(), time, 0x207f_ffff, 0);
            last
        })
        .collect();
    let mut presync = Presync::new(&tree, &params.genesis.block_hash(), SEED, now).unwrap();
    let error = presync.process(&fast, true, LATER).unwrap_err();
    assert_eq!(error.rule, RuleError::TooManyHeaders { limit: 1_800 });
    assert_eq!(error.height, Some(1_801));
    let mut presync = start(&tree);
    assert!(presync.process(&chain, true, LATER).is_ok());
}

#[test]
fn starts_anywhere_in_the_window_and_asks_on_from_there() {
    let params = network(100);
    let chain = chain_of(&params, &params.genesis, 300, 60, 0);
    let mut tree = HeaderTree::new(params.clone());
    super::accept_all(&mut tree, &chain);
    // Behind by more than 144 headers' work: spam until it shows otherwise.
    let branch = chain_of(&params, &chain[49], 200, 60, 1);
    assert!(!tree.shows_enough_work(&branch[..100]));
    assert!(tree.shows_enough_work(&branch[..150]));
    let mut presync = Presync::new(&tree, &chain[49].block_hash(), SEED, LATER).unwrap();
    let locator = presync.locator();
    assert_eq!(locator[0], chain[49].block_hash());
    assert_eq!(locator.last(), Some(&params.genesis.block_hash()));
    let (headers, more) = answer(&branch, &presync);
    let step = presync.process(&headers[..60], true, LATER).unwrap();
    assert!(matches!(step, PresyncStep::Continue { .. }));
    assert!(!more);
    assert_eq!(presync.locator()[0], branch[59].block_hash());
    assert_eq!(presync.height(), 110);
    let (headers, more) = answer(&branch, &presync);
    let step = presync.process(headers, more, LATER).unwrap();
    assert!(matches!(step, PresyncStep::Continue { .. }));
    assert!(presync.is_second_pass());
    let (headers, more) = answer(&branch, &presync);
    assert_eq!(headers.len(), 200);
    let PresyncStep::Done { headers } = presync.process(headers, more, LATER).unwrap() else {
        panic!("it has enough work");
    };
    super::accept_all(&mut tree, &headers);
    // From a header of a branch on.
    let presync = Presync::new(&tree, &branch[3].block_hash(), SEED, LATER).unwrap();
    assert_eq!(presync.height(), 54);
    let unknown = mine(branch[3].block_hash(), 0, 0x207f_ffff, 9).block_hash();
    assert!(matches!(
        Presync::new(&tree, &unknown, SEED, LATER).unwrap_err().rule,
        RuleError::UnknownParent { .. }
    ));
}

#[test]
fn the_bits_are_few() {
    // A peer that shows every header that the rules allow since 2009 costs less than a megabyte.
    let seconds = 20 * 366 * 86_400_u64;
    assert!(seconds * 6 / u64::from(COMMITMENT_PERIOD) / 8 < 1 << 20);
    assert_eq!(REDOWNLOAD_BUFFER * 80, 1_200_000);
}
