//! The tables of the Bitcoin paper (section 11) and of Rosenfeld's exact form. Digits are compared
//! with a tolerance: the last ones of `exp` differ between machines.

use super::super::attacker::{catch_up, catch_up_paper, value_at_risk};

/// Seven digits are printed; half of the last one is the most that may differ.
fn assert_printed(found: f64, printed: f64) {
    assert!(
        (found - printed).abs() <= 0.500_001e-7,
        "expected {printed}, found {found}"
    );
}

#[test]
fn the_papers_table_for_a_tenth() {
    let table = [
        1.0,
        0.204_587_3,
        0.050_977_9,
        0.013_172_2,
        0.003_455_2,
        0.000_913_7,
        0.000_242_8,
        0.000_064_7,
        0.000_017_3,
        0.000_004_6,
        0.000_001_2,
    ];
    for (z, printed) in (0..).zip(table) {
        assert_printed(catch_up_paper(0.1, z), printed);
    }
}

#[test]
fn the_papers_table_for_three_tenths() {
    let table = [
        1.0,
        0.177_352_3,
        0.041_660_5,
        0.010_100_8,
        0.002_480_4,
        0.000_613_2,
        0.000_152_2,
        0.000_037_9,
        0.000_009_5,
        0.000_002_4,
        0.000_000_6,
    ];
    for (z, printed) in (0..).step_by(5).zip(table) {
        assert_printed(catch_up_paper(0.3, z), printed);
    }
}

#[test]
fn the_papers_blocks_until_a_thousandth() {
    let table = [
        (0.10, 5),
        (0.15, 8),
        (0.20, 11),
        (0.25, 15),
        (0.30, 24),
        (0.35, 41),
        (0.40, 89),
        (0.45, 340),
    ];
    for (share, blocks) in table {
        let first = (0..).find(|z| catch_up_paper(share, *z) < 0.001);
        assert_eq!(first, Some(blocks), "share {share}");
    }
}

#[test]
fn the_exact_form() {
    assert_printed(catch_up(0.1, 1), 0.2);
    assert_printed(catch_up(0.1, 2), 0.056);
    assert_printed(catch_up(0.1, 6), 0.000_591_4);
    assert_printed(catch_up(0.3, 6), 0.156_449_6);
    assert_printed(catch_up(0.3, 10), 0.065_106_7);
}

/// The sum as it is written in the source, where it keeps enough digits.
#[test]
fn the_sum_is_the_one_that_is_written() {
    for share in [0.05, 0.1, 0.25, 0.3, 0.4, 0.45, 0.49] {
        let (p, q): (f64, f64) = (1.0 - share, share);
        for n in 1..=20i32 {
            let mut choose = 1.0;
            let mut sum = 0.0;
            for m in 0..=n {
                sum += choose * (p.powi(n) * q.powi(m) - p.powi(m) * q.powi(n));
                choose *= f64::from(m + n) / f64::from(m + 1);
            }
            let found = catch_up(share, n.unsigned_abs());
            assert!(
                (found - (1.0 - sum)).abs() < 1e-12,
                "share {share}, n {n}: {found}"
            );
        }
    }
}

#[test]
fn no_confirmation_or_half_of_the_hash_power_is_certain() {
    for share in [0.0, 0.1, 0.3, 0.499, 0.5, 0.9, 1.0, f64::NAN] {
        assert!((catch_up(share, 0) - 1.0).abs() < f64::EPSILON, "{share}");
    }
    for share in [0.5, 0.51, 1.0, f64::NAN, f64::INFINITY] {
        for n in [1, 6, 100, u32::MAX] {
            assert!((catch_up(share, n) - 1.0).abs() < f64::EPSILON);
            assert!((catch_up_paper(share, n) - 1.0).abs() < f64::EPSILON);
        }
    }
    assert!(catch_up(0.0, 1).abs() < f64::EPSILON);
}

#[test]
fn more_confirmations_never_raise_the_odds_and_a_larger_share_never_lowers_them() {
    let shares = [0.01, 0.1, 0.2, 0.3, 0.4, 0.45, 0.49, 0.499];
    for share in shares {
        for n in 1..1_100 {
            let (here, next) = (catch_up(share, n), catch_up(share, n + 1));
            assert!(next <= here + 1e-12, "share {share}, n {n}: {here}, {next}");
            assert!((0.0..=1.0).contains(&here));
        }
    }
    for n in [1, 2, 6, 20, 100, 1_000] {
        for pair in shares.windows(2) {
            assert!(
                catch_up(pair[0], n) <= catch_up(pair[1], n),
                "{pair:?}, {n}"
            );
        }
    }
}

/// Written as a difference from 1, these odds would be 0 or less.
#[test]
fn small_odds_keep_their_digits() {
    let odds = catch_up(0.1, 100);
    assert!(odds > 1e-50 && odds < 1e-40, "{odds}");
}

#[test]
fn value_at_risk_is_rounded_up() {
    assert_eq!(value_at_risk(0.2, 1_000), 200);
    assert_eq!(value_at_risk(0.056, 999), 56);
    assert_eq!(value_at_risk(1e-40, 2_100_000_000_000_000), 1);
    assert_eq!(value_at_risk(0.0, 1_000), 0);
    assert_eq!(
        value_at_risk(1.0, 2_100_000_000_000_000),
        2_100_000_000_000_000
    );
    assert_eq!(value_at_risk(1.0, u64::MAX), u64::MAX);
}
