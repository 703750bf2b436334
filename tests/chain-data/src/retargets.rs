//! All retargets of mainnet up to height 832,608, and the total work at their heights.

use crate::data::{chain_work, file, params, retarget_pairs};
use farthing_core::bitcoin::block::Header;
use farthing_core::headers::HeaderError;
use farthing_core::headers::RuleError;
use farthing_core::headers::range::{RangeCheck, RangeReport, UncheckedRule};
use farthing_core::primitives::U256;

const PERIOD: u32 = 2016;
const RETARGETS: u32 = 413;
/// Seconds that a period should take.
const FORTNIGHT: u32 = 1_209_600;

/// Checks the first header of a period after the first and the last of the one before, of which
/// the first is taken as `earlier` seconds earlier than it was.
fn check_retarget(height: u32, earlier: u32) -> Result<RangeReport, HeaderError> {
    let (params, pairs) = (params("bitcoin"), retarget_pairs());
    let mut first = pairs[&(height - PERIOD)];
    first.time -= earlier;
    let mut check = RangeCheck::new(&params, height, None);
    check.know(height - PERIOD, &first);
    check.know(height - 1, &pairs[&(height - 1)]);
    check.push(&pairs[&height])?;
    Ok(check.finish().unwrap())
}

pub(crate) fn all() -> String {
    let pairs = retarget_pairs();
    assert_eq!(pairs.len() as u32, 2 * RETARGETS + 1);
    let mut changed = 0;
    for height in (1..=RETARGETS).map(|period| period * PERIOD) {
        let report = check_retarget(height, 0).unwrap();
        // Link, target and proof of work were checked; the median needs eleven headers.
        let unchecked: Vec<_> = report.unchecked.iter().map(|found| found.rule).collect();
        assert_eq!(unchecked, [UncheckedRule::MedianTime], "height {height}");
        changed += u32::from(pairs[&height].bits != pairs[&(height - 1)].bits);
    }
    format!("{RETARGETS} retargets, of which {changed} changed the target")
}

/// The proof of work cannot be had again for another target, so the rule is tried the other way:
/// after a period that took half an hour longer, the true header has the wrong target.
pub(crate) fn wrong_targets() -> String {
    let pairs = retarget_pairs();
    let limit = pairs[&0].bits;
    let mut refused = 0;
    for height in (1..=RETARGETS).map(|period| period * PERIOD) {
        // The easiest target cannot be eased, and a change by more than a factor of four is cut.
        let took = pairs[&(height - 1)].time - pairs[&(height - PERIOD)].time;
        if pairs[&height].bits == limit || took < FORTNIGHT / 4 {
            continue;
        }
        let error = check_retarget(height, 1_800).unwrap_err();
        assert_eq!(error.height, Some(height));
        let expected = pairs[&height].bits.to_consensus();
        assert!(
            matches!(error.rule, RuleError::Bits { found, .. } if found == expected),
            "{error}"
        );
        refused += 1;
    }
    // The first 15 retargets found the chain at the easiest target; one was cut.
    assert_eq!(refused, 397);
    format!("{refused} targets of a period that took half an hour longer, refused")
}

/// The work of one header, by its target.
fn work(height: u32, header: &Header) -> U256 {
    let params = params("bitcoin");
    let mut check = RangeCheck::new(&params, height, None);
    check.push(header).unwrap();
    check.finish().unwrap().work
}

pub(crate) fn total_work() -> String {
    let (pairs, total) = (retarget_pairs(), chain_work());
    assert_eq!(total.len() as u32, 2 * RETARGETS + 1);
    assert!(total.keys().eq(pairs.keys()));
    let mut sum = work(0, &pairs[&0]);
    assert_eq!(sum, total[&0]);
    for height in (1..=RETARGETS).map(|period| period * PERIOD) {
        let last = height - 1;
        // All headers of a period have one target.
        assert_eq!(pairs[&last].bits, pairs[&(height - PERIOD)].bits);
        sum += work(last, &pairs[&last]) * U256::from(PERIOD - 1);
        assert_eq!(sum, total[&last], "height {last}");
        sum += work(height, &pairs[&height]);
        assert_eq!(sum, total[&height], "height {height}");
    }
    format!("{} totals, the last {sum:#x}", total.len())
}

/// Electrum's checkpoints: the hash of each period's last header, and the target after it.
pub(crate) fn checkpoints_agree() -> String {
    let pairs = retarget_pairs();
    let theirs: Vec<(String, serde_json::Number)> =
        serde_json::from_slice(file("headers/electrum_mainnet_checkpoints.json")).unwrap();
    let mut compared = 0;
    for (period, (hash, _)) in (1..=RETARGETS).zip(&theirs) {
        let last = pairs[&(period * PERIOD - 1)];
        assert_eq!(last.block_hash().to_string(), *hash, "period {period}");
        compared += 1;
    }
    assert_eq!(compared, RETARGETS);
    format!("{compared} hashes agree")
}
