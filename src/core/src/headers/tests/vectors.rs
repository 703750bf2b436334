//! Real chains: whole beginnings, pieces, every retarget of bitcoin, forks that happened.

use super::{LATER, headers_of, params};
use crate::headers::range::{RangeCheck, UncheckedRule, check};
use crate::headers::{Accepted, HeaderTree, Past, RuleError, required_bits};
use crate::primitives::{BlockHeight, U256, target_from_bits, work_of_target};
use crate::test_data::read as real_data;
use bitcoin::block::Header;
use std::collections::BTreeMap;

/// The first and last headers of bitcoin's periods, up to height 832,608.
fn pairs() -> Option<BTreeMap<BlockHeight, Header>> {
    let bytes = real_data("headers/main_retarget_pairs.bin")?;
    Some(
        bytes
            .chunks(84)
            .map(|record| {
                let height = u32::from_le_bytes(record[..4].try_into().unwrap());
                (height, headers_of(&record[4..])[0])
            })
            .collect(),
    )
}

fn work_of(header: &Header) -> U256 {
    work_of_target(target_from_bits(header.bits.to_consensus()).unwrap())
}

#[test]
fn whole_beginnings() {
    for (network, file, count) in [
        ("bitcoin", "headers/main_0_10236.bin", 10_237),
        ("testnet3", "headers/test3_0_9999.bin", 10_000),
        ("testnet4", "headers/test4_0_100.bin", 101),
        ("signet", "headers/signet_0_2015.bin", 2_016),
    ] {
        let Some(bytes) = real_data(file) else { return };
        let report = check(&params(network), 0, &bytes, Some(LATER)).unwrap();
        assert_eq!(report.count, count);
        assert_eq!(report.last_height, count - 1);
        assert_eq!(report.unchecked, []);
        assert!(report.anchored);

        let mut tree = HeaderTree::new(params(network));
        let headers = headers_of(&bytes);
        for header in &headers[1..] {
            assert_eq!(tree.accept(*header, LATER), Ok(Accepted::Extended));
        }
        assert_eq!(tree.tip().height, count - 1);
        assert_eq!(tree.tip().hash, report.tip);
        assert_eq!(tree.tip().work, report.work);
        for (height, header) in (0..).zip(&headers) {
            assert_eq!(tree.hash_at(height), Some(header.block_hash()));
        }
    }
}

#[test]
fn a_piece_of_bitcoin_with_five_retargets() {
    let (Some(bytes), Some(pairs)) = (real_data("headers/main_40000_49999.bin"), pairs()) else {
        return;
    };
    let params = params("bitcoin");
    let report = check(&params, 40_000, &bytes, None).unwrap();
    assert_eq!(
        (report.count, report.first_height, report.last_height),
        (10_000, 40_000, 49_999)
    );
    assert!(!report.anchored);
    let unchecked: Vec<_> = report
        .unchecked
        .iter()
        .map(|unchecked| (unchecked.rule, unchecked.first, unchecked.last))
        .collect();
    assert_eq!(
        unchecked,
        [
            (UncheckedRule::Parent, 40_000, 40_000),
            (UncheckedRule::Target, 40_000, 40_000),
            (UncheckedRule::MedianTime, 40_000, 40_010),
            (UncheckedRule::Target, 40_320, 40_320),
        ]
    );
    assert_eq!(
        report.unchecked[3].to_string(),
        "height 40320: the target by the retarget rule (needs the header at height 38304)"
    );

    let mut range = RangeCheck::new(&params, 40_000, None);
    range.know(38_304, &pairs[&38_304]);
    for chunk in bytes.chunks(80) {
        range.push_bytes(chunk).unwrap();
    }
    let known = range.finish().unwrap();
    assert_eq!(known.unchecked, report.unchecked[..3]);
    assert_eq!(known.work, report.work);

    // From a boundary on, nothing but what is before the first header is wanting.
    let from = 40_320;
    let boundary = check(&params, from, &bytes[320 * 80..], None).unwrap();
    assert_eq!(boundary.tip, report.tip);
    assert!(
        boundary
            .unchecked
            .iter()
            .all(|unchecked| unchecked.last <= from + 10),
        "{:?}",
        boundary.unchecked
    );
    assert!(
        boundary
            .unchecked
            .iter()
            .all(|unchecked| { unchecked.rule != UncheckedRule::Target || unchecked.last == from })
    );
}

#[test]
fn every_retarget_of_bitcoin() {
    let Some(pairs) = pairs() else { return };
    let params = params("bitcoin");
    let past: BTreeMap<_, _> = pairs
        .iter()
        .map(|(height, header)| (*height, Past::from(header)))
        .collect();
    let mut checked = 0;
    let mut changed = 0;
    for (height, header) in pairs.iter().filter(|(height, _)| **height > 0) {
        if !height.is_multiple_of(2016) {
            continue;
        }
        let parent = &pairs[&(height - 1)];
        assert_eq!(header.prev_blockhash, parent.block_hash());
        let bits = required_bits(&params, &past, *height, header.time).unwrap();
        assert_eq!(bits, header.bits.to_consensus(), "height {height}");
        changed += usize::from(header.bits != parent.bits);
        checked += 1;
    }
    assert_eq!(checked, 413);
    assert!(changed > 380, "{changed}");
}

#[test]
fn total_work_of_bitcoin_and_its_minimum() {
    let (Some(pairs), Some(bytes)) = (pairs(), real_data("headers/main_chainwork.bin")) else {
        return;
    };
    let mut work = U256::ZERO;
    let mut next = 0;
    let mut checked = 0;
    for (record, (height, header)) in bytes.chunks(36).zip(&pairs) {
        assert_eq!(record[..4], height.to_le_bytes());
        // Within a period every header has the work of its last.
        work += work_of(header) * U256::from(height + 1 - next);
        next = height + 1;
        assert_eq!(
            work,
            U256::from_be_slice(&record[4..]),
            "total work at height {height}"
        );
        checked += 1;
    }
    assert_eq!(checked, 827);
    assert_eq!(work, params("bitcoin").minimum_work);
}

#[test]
fn checkpoints_are_the_last_headers_of_their_periods() {
    let Some(pairs) = pairs() else { return };
    let params = params("bitcoin");
    assert_eq!(params.checkpoints.len(), 10);
    for (height, hash) in &params.checkpoints {
        assert_eq!(pairs[height].block_hash(), *hash, "height {height}");
    }
}

#[test]
fn five_hundred_headers_of_2014() {
    let (Some(text), Some(pairs)) = (real_data("headers/btcrelay_500from300k.txt"), pairs()) else {
        return;
    };
    let params = params("bitcoin");
    let bytes = hex::decode(
        text.split(u8::is_ascii_whitespace)
            .collect::<Vec<_>>()
            .concat(),
    );
    let mut range = RangeCheck::new(&params, 300_000, None);
    range.know(298_368, &pairs[&298_368]);
    let headers = headers_of(&bytes.unwrap());
    for header in &headers {
        range.push(header).unwrap();
    }
    assert_eq!(headers[383], pairs[&300_383]);
    assert_eq!(headers[384], pairs[&300_384]);
    let report = range.finish().unwrap();
    assert_eq!(report.count, 500);
    assert!(
        report
            .unchecked
            .iter()
            .all(|unchecked| unchecked.last <= 300_010)
    );
}

#[test]
fn the_fork_of_4_july_2015_is_refused_for_its_version() {
    let Some(bytes) = real_data("headers/btcrelay_bip66_fork_363731_6headers.bin") else {
        return;
    };
    let params = params("bitcoin");
    let error = check(&params, 363_731, &bytes, None).unwrap_err();
    assert_eq!(
        error.to_string(),
        "header at height 363731: expected a version of at least 3, found 2"
    );
    // What followed it had the version; before BIP66's height so would the first.
    assert_eq!(
        check(&params, 363_732, &bytes[80..], None).unwrap().count,
        5
    );
    assert_eq!(check(&params, 363_719, &bytes, None).unwrap().count, 6);
}

#[test]
fn a_real_fork_of_testnet3_stays_a_branch() {
    let (Some(bytes), Some(fork)) = (
        real_data("headers/test3_0_9999.bin"),
        real_data("headers/test3_fork_1_2.bin"),
    ) else {
        return;
    };
    let (headers, fork) = (headers_of(&bytes), headers_of(&fork));
    let mut tree = HeaderTree::new(params("testnet3"));
    for header in &headers[1..=3] {
        tree.accept(*header, LATER).unwrap();
    }
    for header in &fork {
        assert_eq!(tree.accept(*header, LATER), Ok(Accepted::Branch));
    }
    assert_eq!(tree.tip().hash, headers[3].block_hash());
    let branches = tree.branches();
    assert_eq!(branches.len(), 1);
    assert_eq!((branches[0].fork_height, branches[0].height), (0, 2));

    // Seen first it is the best chain, until the other one has more work.
    let mut tree = HeaderTree::new(params("testnet3"));
    for header in &fork {
        assert_eq!(tree.accept(*header, LATER), Ok(Accepted::Extended));
    }
    for header in &headers[1..=2] {
        assert_eq!(tree.accept(*header, LATER), Ok(Accepted::Branch));
    }
    assert!(matches!(
        tree.accept(headers[3], LATER),
        Ok(Accepted::Reorganised(_))
    ));
}

#[test]
fn every_flipped_bit_is_refused_with_its_height() {
    let Some(bytes) = real_data("headers/main_0_10236.bin") else {
        return;
    };
    let params = params("bitcoin");
    let headers = headers_of(&bytes);
    for height in [0_usize, 1, 11, 2015, 2016, 10_079, 10_236] {
        for bit in 0..640 {
            let mut flipped: [u8; 80] = bytes[height * 80..][..80].try_into().unwrap();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let mut range = RangeCheck::new(&params, height as u32, None);
            if height > 0 {
                range.know(height as u32 - 1, &headers[height - 1]);
            }
            let error = range.push_bytes(&flipped).unwrap_err();
            assert_eq!(error.height, Some(height as u32), "bit {bit}");
            let reason = error.to_string();
            assert!(
                reason.contains("expected") && reason.contains("found"),
                "{reason}"
            );
            let link = (32..288).contains(&bit);
            let target = (576..608).contains(&bit);
            match error.rule {
                RuleError::NotGenesis { .. } => assert_eq!(height, 0),
                RuleError::NotLinked { .. } => assert!(link),
                RuleError::ProofOfWork { .. } => assert!(!link),
                RuleError::Target(_) | RuleError::AboveLimit { .. } => assert!(target),
                other => panic!("bit {bit} at height {height}: {other}"),
            }
        }
    }
}

#[test]
fn a_flipped_bit_in_storage_costs_what_follows_and_no_more() {
    let Some(bytes) = real_data("headers/main_0_10236.bin") else {
        return;
    };
    let stored = &bytes[..20 * 80];
    for bit in 0..stored.len() * 8 {
        let mut flipped = stored.to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let height = (bit / 640) as u32;
        let (tree, problem) = HeaderTree::restore(params("bitcoin"), &flipped);
        assert_eq!(problem.unwrap().height, Some(height), "bit {bit}");
        assert_eq!(tree.tip().height, height.saturating_sub(1));
        assert_eq!(
            tree.tip().hash,
            headers_of(stored)[tree.tip().height as usize].block_hash()
        );
    }
    for cut in 1..80 {
        let (tree, problem) = HeaderTree::restore(params("bitcoin"), &stored[..19 * 80 + cut]);
        assert_eq!(
            problem.unwrap().to_string(),
            format!("header at height 19: expected 80 bytes, found {cut}")
        );
        assert_eq!(tree.tip().height, 18);
    }
}
