//! Retarget rules on made-up ancestors; the real ones are in `vectors`.

use super::params;
use crate::headers::{Past, RuleError, required_bits};
use crate::params::{NetworkParams, Retarget};
use crate::primitives::{BlockHeight, bits_from_target};
use std::collections::BTreeMap;

const LIMIT: u32 = 0x1d00_ffff;

/// The two headers of a period that its end looks at: last `took` seconds after the first.
fn period(first_bits: u32, last_bits: u32, took: i64) -> BTreeMap<BlockHeight, Past> {
    let start = 100_000_000_i64;
    BTreeMap::from([
        (
            2016,
            Past {
                time: start as u32,
                bits: first_bits,
            },
        ),
        (
            4031,
            Past {
                time: (start + took) as u32,
                bits: last_bits,
            },
        ),
    ])
}

fn next(params: &NetworkParams, first: u32, last: u32, took: i64) -> u32 {
    required_bits(params, &period(first, last, took), 4032, 0).unwrap()
}

#[test]
fn the_period_is_held_to_a_factor_of_four() {
    let params = params("bitcoin");
    let bits = 0x1c10_0000;
    let span = 1_209_600;
    // 2015 solve times at the aim are 600 s short of the timespan: the rule's off-by-one.
    assert_eq!(next(&params, bits, bits, 2015 * 600), 0x1c0f_fdf7);
    assert_eq!(next(&params, bits, bits, span), bits);
    assert_eq!(next(&params, bits, bits, span / 2), 0x1c08_0000);
    assert_eq!(next(&params, bits, bits, span / 4), 0x1c04_0000);
    assert_eq!(next(&params, bits, bits, span / 4 - 8), 0x1c04_0000);
    assert_eq!(next(&params, bits, bits, span / 9), 0x1c04_0000);
    assert!(next(&params, bits, bits, span / 4 + 8) > 0x1c04_0000);
    assert_eq!(next(&params, bits, bits, -span), 0x1c04_0000);
    assert_eq!(next(&params, bits, bits, 2 * span), 0x1c20_0000);
    assert_eq!(next(&params, bits, bits, 4 * span), 0x1c40_0000);
    assert_eq!(next(&params, bits, bits, 4 * span + 8), 0x1c40_0000);
    assert_eq!(next(&params, bits, bits, 9 * span), 0x1c40_0000);
    assert!(next(&params, bits, bits, 4 * span - 8) < 0x1c40_0000);
    assert_eq!(next(&params, LIMIT, LIMIT, 4 * span), LIMIT);
}

#[test]
fn testnet4_starts_from_the_first_header_and_testnet3_from_the_last() {
    let true_bits = 0x1c10_0000;
    let span = 1_209_600;
    assert_eq!(next(&params("testnet4"), true_bits, LIMIT, span), true_bits);
    assert_eq!(next(&params("testnet3"), true_bits, LIMIT, span), LIMIT);
    assert_eq!(next(&params("testnet3"), LIMIT, true_bits, span), true_bits);
}

#[test]
fn twenty_minutes_and_the_way_back() {
    for name in ["testnet3", "testnet4"] {
        let params = params(name);
        let true_bits = 0x1c10_0000;
        let past = |at: u32, bits| (at, Past { time: 1000, bits });
        let mut ancestors = BTreeMap::from([
            past(2016, 0x1c20_0000),
            past(2017, true_bits),
            past(2018, LIMIT),
            past(2019, LIMIT),
        ]);
        // Later than 1,200 s after the parent: the easiest target. At 1,200 s: the last true one.
        let bits = |ancestors: &_, time| required_bits(&params, ancestors, 2020, time);
        assert_eq!(bits(&ancestors, 2201), Ok(LIMIT));
        assert_eq!(bits(&ancestors, 2200), Ok(true_bits));
        assert_eq!(bits(&ancestors, 0), Ok(true_bits));
        // Not beyond the first header of the period, whatever it carries.
        ancestors.extend([
            past(2015, 0x1c30_0000),
            past(2016, LIMIT),
            past(2017, LIMIT),
        ]);
        assert_eq!(bits(&ancestors, 2200), Ok(LIMIT));
        // And the first header of a period has no exception.
        let first = required_bits(
            &params,
            &period(true_bits, true_bits, 1_209_600),
            4032,
            u32::MAX,
        );
        assert_eq!(first, Ok(true_bits));
    }
    let bitcoin = params("bitcoin");
    let ancestors = BTreeMap::from([(
        2019,
        Past {
            time: 1000,
            bits: 0x1c10_0000,
        },
    )]);
    assert_eq!(
        required_bits(&bitcoin, &ancestors, 2020, 2201),
        Ok(0x1c10_0000)
    );
}

#[test]
fn regtest_and_practice_never_change() {
    for name in ["regtest", "practice"] {
        let params = params(name);
        assert_eq!(params.retarget, Retarget::Never);
        let nothing = BTreeMap::new();
        for height in [1, 2015, 2016, u32::MAX] {
            assert_eq!(
                required_bits(&params, &nothing, height, 0),
                Ok(bits_from_target(params.pow_limit))
            );
        }
    }
}

#[test]
fn what_is_not_at_hand_is_said() {
    let params = params("bitcoin");
    let mut ancestors = period(LIMIT, LIMIT, 0);
    ancestors.remove(&2016);
    assert_eq!(
        required_bits(&params, &ancestors, 4032, 0),
        Err(RuleError::MissingContext { height: 2016 })
    );
    assert_eq!(
        required_bits(&params, &ancestors, 4031, 0),
        Err(RuleError::MissingContext { height: 4030 })
    );
}

#[test]
fn a_signet_period_at_the_limit_does_not_overflow() {
    // 0x377ae << 216 times four timespans is just under 2^256 * timespan; the limit catches it.
    let params = params("signet");
    assert_eq!(
        next(&params, 0x1e03_77ae, 0x1e03_77ae, 4 * 1_209_600),
        0x1e03_77ae
    );
    assert_eq!(
        next(&params, 0x1e03_77ae, 0x1e03_77ae, 1_209_600 / 4),
        0x1e00_ddeb
    );
}
