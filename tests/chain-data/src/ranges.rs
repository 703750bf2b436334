//! Every range of headers.

use crate::data::{at, chain_work, file, header, main_500, params, retarget_pairs};
use farthing_core::headers::range::{self, RangeCheck, RangeReport, UncheckedRule};
use farthing_core::headers::{Accepted, HEADER_SIZE, HeaderTree, RuleError};
use farthing_core::params::NetworkParams;

/// A range from height 0: by the sequence's own check and through the tree, which agree.
fn from_the_start(params: &NetworkParams, name: &str, count: u32) -> (RangeReport, HeaderTree) {
    let bytes = file(name);
    let report = range::check(params, 0, bytes, None).unwrap();
    assert_eq!((report.count, report.last_height), (count, count - 1));
    assert!(report.anchored);
    assert_eq!(report.unchecked, []);
    let (tree, problem) = HeaderTree::restore(params.clone(), bytes);
    assert_eq!(problem, None);
    let tip = tree.tip();
    assert_eq!(
        (tip.height, tip.hash, tip.work),
        (report.last_height, report.tip, report.work)
    );
    assert_eq!(tip.hash, header(at(bytes, 0, count - 1)).block_hash());
    (report, tree)
}

fn told(name: &str, report: &RangeReport) -> String {
    format!(
        "{name}: {} headers to height {}, tip {}, work {:#x}",
        report.count, report.last_height, report.tip, report.work
    )
}

pub(crate) fn main_from_the_start() -> String {
    let (report, _) = from_the_start(&params("bitcoin"), "headers/main_0_10236.bin", 10_237);
    // The total work where it is known from elsewhere: heights 0, 2015, 2016, ... 10080.
    let (params, total) = (params("bitcoin"), chain_work());
    let mut check = RangeCheck::new(&params, 0, None);
    let mut compared = 0;
    for (height, chunk) in (0..).zip(file("headers/main_0_10236.bin").chunks(HEADER_SIZE)) {
        check.push_bytes(chunk).unwrap();
        if let Some(work) = total.get(&height) {
            let found = check.clone().finish().unwrap().work;
            assert_eq!(found, *work, "height {height}");
            compared += 1;
        }
    }
    assert_eq!(compared, 11);
    told("bitcoin", &report)
}

/// What is unchecked must be this and no more: (rule, first, last).
fn assert_unchecked(report: &RangeReport, expected: &[(UncheckedRule, u32, u32)]) {
    let mut found: Vec<_> = report
        .unchecked
        .iter()
        .map(|unchecked| (unchecked.rule, unchecked.first, unchecked.last))
        .collect();
    found.sort_by_key(|(_, first, last)| (*last, *first));
    assert_eq!(found, expected);
}

pub(crate) fn main_from_the_middle_of_a_period() -> String {
    let params = params("bitcoin");
    let bytes = file("headers/main_40000_49999.bin");
    let report = range::check(&params, 40_000, bytes, None).unwrap();
    assert_eq!((report.count, report.last_height), (10_000, 49_999));
    // By itself the piece lacks the beginning of its period, and so the first of its retargets.
    assert_unchecked(
        &report,
        &[
            (UncheckedRule::Parent, 40_000, 40_000),
            (UncheckedRule::Target, 40_000, 40_000),
            (UncheckedRule::MedianTime, 40_000, 40_010),
            (UncheckedRule::Target, 40_320, 40_320),
        ],
    );
    // With the period's first header, every retarget is checked.
    let pairs = retarget_pairs();
    let mut check = RangeCheck::new(&params, 40_000, None);
    check.know(38_304, &pairs[&38_304]);
    for chunk in bytes.chunks(HEADER_SIZE) {
        check.push_bytes(chunk).unwrap();
    }
    let known = check.finish().unwrap();
    assert_eq!((known.tip, known.work), (report.tip, report.work));
    assert!(
        known
            .unchecked
            .iter()
            .all(|unchecked| unchecked.rule != UncheckedRule::Target || unchecked.last < 40_320),
        "{:?}",
        known.unchecked
    );
    // Its work between two retargets is what the totals say.
    let total = chain_work();
    let work = |from, to: u32| {
        let piece = &bytes[(from - 40_000) as usize * HEADER_SIZE..]
            [..(to - from + 1) as usize * HEADER_SIZE];
        range::check(&params, from, piece, None).unwrap().work
    };
    for (from, to) in [(40_320, 42_335), (42_336, 48_384), (40_320, 48_384)] {
        assert_eq!(
            work(from, to),
            total[&to] - total[&(from - 1)],
            "{from} to {to}"
        );
    }
    told("bitcoin", &report)
}

pub(crate) fn main_500_from_300000() -> String {
    let params = params("bitcoin");
    let pairs = retarget_pairs();
    let mut check = RangeCheck::new(&params, 300_000, None);
    check.know(298_368, &pairs[&298_368]);
    for chunk in main_500().chunks(HEADER_SIZE) {
        check.push_bytes(chunk).unwrap();
    }
    let report = check.finish().unwrap();
    assert_eq!((report.count, report.last_height), (500, 300_499));
    assert_unchecked(
        &report,
        &[
            (UncheckedRule::Parent, 300_000, 300_000),
            (UncheckedRule::Target, 300_000, 300_000),
            (UncheckedRule::MedianTime, 300_000, 300_010),
        ],
    );
    told("bitcoin", &report)
}

pub(crate) fn testnet3() -> String {
    let params = params("testnet3");
    let (report, _) = from_the_start(&params, "headers/test3_0_9999.bin", 10_000);
    // The easiest target after one that was harder: the rule of twenty minutes, or nothing here
    // would have tried it.
    let bytes = file("headers/test3_0_9999.bin");
    let easiest = params.genesis.bits;
    let easy = (4_033..10_000)
        .filter(|height| header(at(bytes, 0, *height)).bits == easiest)
        .count();
    assert!(easy > 100, "found {easy}");
    told("testnet3", &report)
}

pub(crate) fn testnet3_fork() -> String {
    let (_, mut tree) = from_the_start(&params("testnet3"), "headers/test3_0_9999.bin", 10_000);
    // Young enough that the fork is not yet out of bounds.
    let bytes = file("headers/test3_0_9999.bin");
    let (mut young, problem) = HeaderTree::restore(params("testnet3"), &bytes[..50 * HEADER_SIZE]);
    assert_eq!(problem, None);
    let tip = young.tip();
    let fork: Vec<_> = file("headers/test3_fork_1_2.bin")
        .chunks(HEADER_SIZE)
        .map(header)
        .collect();
    let now = fork[1].time + 1_000_000;
    for header in &fork {
        assert_eq!(young.accept(*header, now), Ok(Accepted::Branch));
        assert_eq!(young.accept(*header, now), Ok(Accepted::Known));
    }
    assert_eq!(young.tip(), tip, "most work wins");
    let branches = young.branches();
    assert_eq!(branches.len(), 1);
    assert_eq!(young.height_of(&fork[1].block_hash()), None);
    // Far below the tip it is refused or a branch, never the best chain.
    let far = tree.tip();
    let _ = tree.accept(fork[0], now);
    assert_eq!(tree.tip(), far);
    format!("testnet3: a branch to height 2, {}", fork[1].block_hash())
}

pub(crate) fn testnet4() -> String {
    let (report, _) = from_the_start(&params("testnet4"), "headers/test4_0_100.bin", 101);
    told("testnet4", &report)
}

pub(crate) fn signet() -> String {
    let (report, _) = from_the_start(&params("signet"), "headers/signet_0_2015.bin", 2_016);
    told("signet", &report)
}

/// On 4 July 2015 a miner built on a block of version 2, and others on it, after BIP66 had
/// forbidden that version.
pub(crate) fn bip66_fork() -> String {
    let bytes = file("headers/btcrelay_bip66_fork_363731_6headers.bin");
    let error = range::check(&params("bitcoin"), 363_731, bytes, None).unwrap_err();
    let range::RangeError::Header(error) = error else {
        panic!("{error}");
    };
    assert_eq!(error.height, Some(363_731));
    assert_eq!(error.hash, header(&bytes[..HEADER_SIZE]).block_hash());
    assert!(
        matches!(error.rule, RuleError::Version { least: 3, found: 2 }),
        "{error}"
    );
    error.to_string()
}
