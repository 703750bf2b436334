//! One second, one height, one version either side of each limit.

use super::{LATER, bytes_of, chain_of, mine, params};
use crate::headers::rules::Targets;
use crate::headers::{Accepted, HeaderTree, RuleError, range};
use crate::params::{NetworkParams, Retarget, VersionRules};
use crate::primitives::{
    BlockHeight, TargetError, U256, bits_from_target, target_from_bits, work_of_target,
};
use bitcoin::block::{Header, Version};
use bitcoin::{BlockHash, CompactTarget, hashes::Hash};

/// A tree of so many headers, 600 seconds apart.
fn grown(params: &NetworkParams, count: usize) -> (HeaderTree, Vec<Header>) {
    let headers = chain_of(params, &params.genesis, count, 600, 0);
    let mut tree = HeaderTree::new(params.clone());
    for header in &headers {
        assert_eq!(tree.accept(*header, LATER), Ok(Accepted::Extended));
    }
    (tree, headers)
}

fn next(tree: &HeaderTree, time: u32) -> Header {
    let bits = bits_from_target(tree.params().pow_limit);
    mine(tree.tip().hash, time, bits, 1)
}

/// Mines again after a change.
fn mined(header: Header) -> Header {
    let mut header = Header { nonce: 0, ..header };
    while header.validate_pow(header.target()).is_err() {
        header.nonce += 1;
    }
    header
}

#[test]
fn later_than_the_median_by_one_second() {
    for count in [1, 2, 5, 10, 11, 12, 30] {
        let (tree, headers) = grown(&params("regtest"), count);
        let mut times: Vec<_> = std::iter::once(&tree.params().genesis)
            .chain(&headers)
            .rev()
            .take(11)
            .map(|header| header.time)
            .collect();
        times.sort_unstable();
        let median = times[times.len() / 2];
        let error = tree.clone().accept(next(&tree, median), LATER).unwrap_err();
        assert_eq!(
            error.rule,
            RuleError::MedianTime {
                median,
                found: median
            }
        );
        assert_eq!(error.height, Some(count as u32 + 1));
        assert!(error.is_misbehaviour());
        assert_eq!(
            tree.clone().accept(next(&tree, median + 1), LATER),
            Ok(Accepted::Extended)
        );
    }
}

#[test]
fn ahead_of_the_clock_by_one_second() {
    for (name, limit) in [("regtest", 7200), ("practice", 90)] {
        let (mut tree, headers) = grown(&params(name), 3);
        let time = headers[2].time + 600;
        let header = next(&tree, time);
        let now = time - limit;
        let error = tree.accept(header, now - 1).unwrap_err();
        assert_eq!(
            error.rule,
            RuleError::TooEarly {
                latest: time - 1,
                found: time,
                retry_at: now
            }
        );
        assert_eq!(error.retry_at(), Some(now));
        assert!(!error.is_misbehaviour());
        assert_eq!(tree.accept(header, now), Ok(Accepted::Extended));
    }
}

#[test]
fn a_header_that_is_early_and_wrong_is_wrong() {
    let (mut tree, headers) = grown(&params("regtest"), 3);
    let mut header = next(&tree, headers[2].time + 600);
    header.version = Version::from_consensus(3);
    let error = tree.accept(mined(header), 0).unwrap_err();
    assert!(matches!(error.rule, RuleError::Version { .. }), "{error}");
}

#[test]
fn versions_by_height() {
    let params = NetworkParams {
        versions: VersionRules {
            bip34_height: 2,
            bip66_height: 3,
            bip65_height: 4,
        },
        ..params("practice")
    };
    for (height, least) in [(1, i32::MIN), (2, 2), (3, 3), (4, 4), (5, 4)] {
        let (tree, _) = grown(&params, height - 1);
        let header = next(&tree, tree.tip().header.time + 600);
        for version in [i32::MIN, -1, 0, 1, 2, 3, 4, 5] {
            let header = mined(Header {
                version: Version::from_consensus(version),
                ..header
            });
            let result = tree.clone().accept(header, LATER);
            match version >= least {
                true => assert_eq!(result, Ok(Accepted::Extended)),
                false => assert_eq!(
                    result.unwrap_err().rule,
                    RuleError::Version {
                        least,
                        found: version
                    }
                ),
            }
        }
    }
}

#[test]
fn targets_that_are_none_or_too_easy() {
    let (tree, _) = grown(&params("regtest"), 1);
    let header = next(&tree, tree.tip().header.time + 600);
    let with = |bits| {
        let header = Header {
            bits: CompactTarget::from_consensus(bits),
            ..header
        };
        tree.clone().accept(header, LATER).unwrap_err().rule
    };
    let bits = 0x0492_3456;
    assert_eq!(
        with(bits),
        RuleError::Target(TargetError::Negative { bits })
    );
    let bits = 0xff12_3456;
    assert_eq!(
        with(bits),
        RuleError::Target(TargetError::Overflow { bits })
    );
    let bits = 0x2000_0000;
    assert_eq!(with(bits), RuleError::Target(TargetError::Zero { bits }));
    assert_eq!(
        with(0x2100_8000),
        RuleError::AboveLimit {
            limit: 0x207f_ffff,
            found: 0x2100_8000
        }
    );
    // Harder than asked for is wrong too.
    let harder = mined(Header {
        bits: CompactTarget::from_consensus(0x207f_fffe),
        ..header
    });
    assert_eq!(
        tree.clone().accept(harder, LATER).unwrap_err().rule,
        RuleError::Bits {
            expected: 0x207f_ffff,
            found: 0x207f_fffe
        }
    );
}

#[test]
fn a_hash_may_equal_its_target_and_not_exceed_it() {
    let regtest = params("regtest");
    let mut targets = Targets::new(&regtest);
    for bits in [0x207f_ffff, 0x1d00_ffff, 0x207f_ffff] {
        let header = Header {
            bits: CompactTarget::from_consensus(bits),
            ..regtest.genesis
        };
        let target = target_from_bits(bits).unwrap();
        let hash = |value: U256| BlockHash::from_byte_array(value.to_le_bytes());
        assert_eq!(
            targets.check_proof(&header, &hash(target)),
            Ok(work_of_target(target))
        );
        let found = hash(target + U256::ONE);
        assert_eq!(
            targets.check_proof(&header, &found),
            Err(RuleError::ProofOfWork { target, found })
        );
    }
}

#[test]
fn a_hash_above_its_target_is_refused_with_a_parent_and_without() {
    let (tree, _) = grown(&params("regtest"), 1);
    let mut header = next(&tree, tree.tip().header.time + 600);
    while header.validate_pow(header.target()).is_ok() {
        header.nonce += 1;
    }
    let error = tree.clone().accept(header, LATER).unwrap_err();
    assert!(matches!(error.rule, RuleError::ProofOfWork { .. }));
    assert!(error.is_misbehaviour());
    // Without a parent it is no better.
    header.prev_blockhash = BlockHash::from_byte_array([7; 32]);
    while header.validate_pow(header.target()).is_ok() {
        header.nonce += 1;
    }
    let error = tree.clone().accept(header, LATER).unwrap_err();
    assert!(matches!(error.rule, RuleError::ProofOfWork { .. }));
    assert_eq!(error.height, None);
    let error = tree.clone().accept(mined(header), LATER).unwrap_err();
    assert_eq!(
        error.rule,
        RuleError::UnknownParent {
            parent: header.prev_blockhash
        }
    );
    assert!(!error.is_misbehaviour());
}

#[test]
fn a_period_may_begin_600_seconds_back_and_no_more() {
    let interval = 20;
    let rule = |bip94| Retarget::Interval {
        interval,
        // What the rule sees of it: 19 solve times.
        timespan: (interval - 1) * 600,
        min_difficulty_after: None,
        bip94,
    };
    let testnet4 = NetworkParams {
        retarget: rule(true),
        ..params("regtest")
    };
    let (tree, headers) = grown(&testnet4, interval as usize - 1);
    let last = headers.last().unwrap().time;
    let found = last - 601;
    let error = tree.clone().accept(next(&tree, found), LATER).unwrap_err();
    assert_eq!(
        error.rule,
        RuleError::Timewarp {
            earliest: last - 600,
            found
        }
    );
    assert_eq!(
        tree.clone().accept(next(&tree, last - 600), LATER),
        Ok(Accepted::Extended)
    );
    // In the middle of a period, and without BIP94, the median alone counts.
    let (tree, _) = grown(&testnet4, interval as usize - 2);
    let time = tree.tip().header.time - 601;
    assert_eq!(
        tree.clone().accept(next(&tree, time), LATER),
        Ok(Accepted::Extended)
    );
    let testnet3 = NetworkParams {
        retarget: rule(false),
        ..params("regtest")
    };
    let (tree, _) = grown(&testnet3, interval as usize - 1);
    assert_eq!(
        tree.clone().accept(next(&tree, found), LATER),
        Ok(Accepted::Extended)
    );
}

#[test]
fn checkpoints_hold_and_nothing_forks_below_them() {
    let free = params("practice");
    let headers = chain_of(&free, &free.genesis, 20, 600, 0);
    let other = chain_of(&free, &headers[4], 20, 600, 1);
    let guarded = NetworkParams {
        checkpoints: vec![(10, headers[9].block_hash())],
        ..free
    };
    // The other chain first: it gets as far as the checkpoint.
    let mut tree = HeaderTree::new(guarded.clone());
    for header in headers[..5].iter().chain(&other[..4]) {
        assert_eq!(tree.accept(*header, LATER), Ok(Accepted::Extended));
    }
    let error = tree.accept(other[4], LATER).unwrap_err();
    assert_eq!(
        error.rule,
        RuleError::Checkpoint {
            expected: headers[9].block_hash(),
            found: other[4].block_hash()
        }
    );
    assert!(error.is_misbehaviour());
    for header in &headers[5..] {
        tree.accept(*header, LATER).unwrap();
    }
    assert_eq!(tree.tip().hash, headers[19].block_hash());
    // Once the checkpoint is passed, nothing begins below it, and anything at it or above.
    let mut tree = HeaderTree::new(guarded);
    for header in &headers {
        tree.accept(*header, LATER).unwrap();
    }
    let error = tree.accept(other[0], LATER).unwrap_err();
    assert_eq!(
        error.rule,
        RuleError::BelowCheckpoint {
            checkpoint: 10,
            fork: 5
        }
    );
    let above = chain_of(tree.params(), &headers[9], 1, 600, 1);
    assert_eq!(tree.accept(above[0], LATER), Ok(Accepted::Branch));
}

#[test]
fn a_range_reaches_no_further_than_heights_do() {
    let params = params("practice");
    let headers = chain_of(&params, &params.genesis, 2, 600, 0);
    let last = BlockHeight::MAX - 1;
    let one = range::check(&params, last, &bytes_of(&headers[..1]), None).unwrap();
    assert_eq!((one.count, one.last_height), (1, last));
    assert_eq!(
        range::check(&params, last, &bytes_of(&headers), None)
            .unwrap_err()
            .to_string(),
        "header at height 4294967295: expected a height below 4294967295, found more headers"
    );
    assert_eq!(
        range::check(&params, 0, &[], None),
        Err(range::RangeError::Empty)
    );
}
