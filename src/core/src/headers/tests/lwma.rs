//! LWMA-1 against a second computation in machine integers, and by cases whose answer is known
//! without one.

use super::params;
use crate::headers::{Past, required_bits};
use crate::params::{Lwma, NetworkParams, Retarget};
use crate::primitives::{BlockHeight, U256, bits_from_target, target_from_bits};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::OnceLock;

const N: usize = 30;
const T: i64 = 30;

/// Made once: its first header takes 65,536 hashes.
fn network() -> &'static NetworkParams {
    static NETWORK: OnceLock<NetworkParams> = OnceLock::new();
    NETWORK.get_or_init(|| params("farthing:class"))
}

/// Headers from height 0 on with these solve times (of headers 1, 2, ...) and targets.
fn chain(solves: &[i64], bits: &[u32]) -> BTreeMap<BlockHeight, Past> {
    let mut time = 1_000_000_i64;
    let mut past = BTreeMap::from([(
        0,
        Past {
            time: time as u32,
            bits: bits_from_target(network().pow_limit),
        },
    )]);
    for (height, (solve, bits)) in (1..).zip(solves.iter().zip(bits)) {
        time += solve;
        past.insert(
            height,
            Past {
                time: time as u32,
                bits: *bits,
            },
        );
    }
    past
}

fn next_target(past: &BTreeMap<BlockHeight, Past>) -> U256 {
    let bits = required_bits(network(), past, past.len() as u32, 0).unwrap();
    target_from_bits(bits).unwrap()
}

/// A target of 15 bits in the third byte: exact in compact form, and so are its small multiples.
fn steady(solve: i64, count: usize) -> U256 {
    next_target(&chain(&vec![solve; count], &vec![0x0300_4000; count]))
}

#[test]
fn equal_solve_times_scale_the_target() {
    let base = 0x4000_u64;
    for count in [N, N + 1, 100] {
        assert_eq!(steady(T, count), U256::from(base));
        assert_eq!(steady(2 * T, count), U256::from(2 * base));
        assert_eq!(steady(T / 2, count), U256::from(base / 2));
        assert_eq!(steady(6 * T, count), U256::from(6 * base));
        // Longer than six times the spacing counts as six times.
        assert_eq!(steady(6 * T + 1, count), U256::from(6 * base));
        assert_eq!(steady(100 * T, count), U256::from(6 * base));
        // A weighted sum of 465 (one second each) is below N^2 T / 20 = 1350:
        // 0x4000 * 1350 * 2 / (30 * 31 * 30) = 1585.5...
        assert_eq!(steady(1, count), U256::from(1585));
        // Times that do not rise count as one second each.
        assert_eq!(steady(0, count), U256::from(1585));
        assert_eq!(steady(-1, count), U256::from(1585));
    }
}

#[test]
fn the_first_headers_use_what_there_is() {
    let limit = target_from_bits(bits_from_target(network().pow_limit)).unwrap();
    assert_eq!(next_target(&chain(&[], &[])), limit);
    // One solve time: target * s * 2 / (1 * 2 * 30) = target * s / 30.
    let one = |solve| next_target(&chain(&[solve], &[0x0300_4000]));
    assert_eq!(one(30), U256::from(0x4000));
    assert_eq!(one(15), U256::from(0x2000));
    assert_eq!(one(180), U256::from(6 * 0x4000));
    // Two: target * (s1 + 2 s2) * 2 / (2 * 3 * 30).
    let two = next_target(&chain(&[30, 60], &[0x0300_4000; 2]));
    assert_eq!(two, U256::from(0x4000 * (30 + 2 * 60) * 2 / 180));
}

#[test]
fn a_lie_about_the_time_gains_nothing() {
    // One header of the last 30 claims 90 s more than is true; the next is true again. A rule that
    // clamps t - prev at zero would count the 90 s and not take them back.
    let mut solves = vec![T; N];
    solves[14] += 90;
    solves[15] -= 90;
    let lie = next_target(&chain(&solves, &[0x0300_4000; N]));
    let weighted: i64 = (1..=30).map(|i| i * T).sum::<i64>() + 15 * 90;
    // After the lie three headers wait for the clock: one second each, until time has caught up.
    let after = 16 + 17 + 18;
    let caught_up = 19;
    let expected = weighted - after * (T - 1) - caught_up * 3;
    assert_eq!(
        lie,
        U256::from(0x4000 * expected as u64 * 2 / (30 * 31 * 30))
    );
    assert!(lie < U256::from(0x4000));
}

/// Headers made by constant hash power, each when the last target says that it should be: how many
/// in so many seconds, where every `nth` miner claims `lie` seconds more than is true.
fn made_in(seconds: i64, nth: u32, lie: i64) -> u32 {
    let steady = 0x0600_4000;
    let mut past = chain(&[T; 40], &[steady; 40]);
    let base = target_from_bits(steady).unwrap();
    let start = i64::from(past[&40].time);
    let mut true_ms = 0;
    for height in 41.. {
        let target = next_target(&past);
        true_ms += (U256::from(T * 1000) * base / target).to::<i64>();
        if true_ms > seconds * 1000 {
            return height - 41;
        }
        let lie = if height % nth == 0 { lie } else { 0 };
        let time = start + true_ms / 1000 + lie;
        let bits = bits_from_target(target);
        past.insert(
            height,
            Past {
                time: time as u32,
                bits,
            },
        );
    }
    unreachable!("time goes on")
}

#[test]
fn lies_of_ninety_seconds_make_no_more_headers() {
    let day = 86_400;
    let honest = made_in(day, 1, 0);
    assert!((2_870..=2_890).contains(&honest), "{honest}");
    for nth in [1, 2, 3, 5, 10] {
        let lying = made_in(day, nth, 90);
        assert!(lying <= honest + honest / 50, "every {nth}: {lying}");
    }
}

/// The target `wait` seconds after the last header of a chain.
fn after(past: &BTreeMap<BlockHeight, Past>, wait: u32) -> U256 {
    let last = past.last_key_value().unwrap();
    let bits = required_bits(network(), past, last.0 + 1, last.1.time + wait).unwrap();
    target_from_bits(bits).unwrap()
}

#[test]
fn the_target_doubles_while_no_block_comes() {
    let base = 0x4000_u64;
    let past = chain(&[T; 40], &[0x0300_4000; 40]);
    for (wait, factor) in [
        (0, 1),
        (299, 1),
        (300, 2),
        (449, 2),
        (450, 4),
        (599, 4),
        (600, 8),
        (300 + 150 * 19, 1 << 20),
    ] {
        assert_eq!(after(&past, wait), U256::from(base * factor), "{wait} s");
    }
    // 2^14 doubled 226 times is 2^240, one more than the limit.
    let limit = target_from_bits(bits_from_target(network().pow_limit)).unwrap();
    assert_eq!(after(&past, 300 + 150 * 224), U256::ONE << 239);
    assert_eq!(after(&past, 300 + 150 * 225), limit);
    assert_eq!(after(&past, 86_400), limit);
    let last = past.last_key_value().unwrap().1.time;
    assert_eq!(after(&past, u32::MAX - last), limit);
    // An earlier time than the parent's waited for nothing.
    assert_eq!(next_target(&past), U256::from(base));
}

#[test]
fn the_first_headers_wait_as_well() {
    let past = chain(&[30], &[0x0300_4000]);
    assert_eq!(after(&past, 299), U256::from(0x4000));
    assert_eq!(after(&past, 300), U256::from(0x8000));
}

#[test]
fn a_parent_that_was_set_back_does_not_make_the_wait_longer() {
    let mut past = chain(&[T; 40], &[0x0300_4000; 40]);
    let honest = after(&past, 0);
    // The liar's header claims 170 s less than is true, above the median of eleven; his next one
    // claims 90 s more. From his own parent's time that is 300 s after 40 s.
    let last = past[&40].time;
    past.get_mut(&40).unwrap().time = last - 170;
    assert!(after(&past, 170 + 130) < honest);
    // The header before it is at last - 30, and counts as a second before it.
    assert!(after(&past, 170 - 29 + 299) < honest);
    let eased = after(&past, 170 - 29 + 300);
    assert_eq!(eased >> 1, after(&past, 170 - 29 + 299));
}

#[test]
fn without_the_emergency_rule_a_wait_changes_nothing() {
    let Retarget::Lwma(rule) = network().retarget else {
        panic!("expected an average");
    };
    let calm = NetworkParams {
        retarget: Retarget::Lwma(Lwma {
            emergency: None,
            ..rule
        }),
        ..network().clone()
    };
    let past = chain(&[T; 40], &[0x0300_4000; 40]);
    for wait in [0, 300, 86_400] {
        let bits = required_bits(&calm, &past, 41, past[&40].time + wait);
        assert_eq!(bits.map(target_from_bits), Ok(Ok(U256::from(0x4000))));
    }
    assert!(network().retarget.follows_header_time());
    assert!(!calm.retarget.follows_header_time());
}

#[test]
fn never_easier_than_the_limit_and_no_overflow_there() {
    let limit = bits_from_target(network().pow_limit);
    let past = chain(&[600; 40], &[limit; 40]);
    assert_eq!(required_bits(network(), &past, 41, 0), Ok(limit));
    // Where the limit itself is near 2^256, sums and products pass 2^256.
    let easy = NetworkParams {
        pow_limit: U256::MAX,
        ..network().clone()
    };
    let bits = 0x2100_ffff;
    let past = chain(&[600; 40], &[bits; 40]);
    assert_eq!(required_bits(&easy, &past, 41, 0), Ok(bits));
    let past = chain(&[15; 40], &[bits; 40]);
    assert_eq!(required_bits(&easy, &past, 41, 0), Ok(0x207f_ff80));
    let late = past[&40].time + 300;
    assert_eq!(required_bits(&easy, &past, 41, late), Ok(0x2100_ffff));
    assert_eq!(required_bits(&easy, &past, 41, u32::MAX), Ok(0x2100_ffff));
}

/// A case of `docs/vectors/retarget.json`: the headers from height 0 on, the time of the next one,
/// and its target. They were computed by another implementation.
#[derive(serde::Deserialize)]
struct Vector {
    about: String,
    times: Vec<u32>,
    bits: String,
    time: u32,
    expected: String,
}

#[test]
fn the_vectors_of_the_document() {
    let compact = |text: &str| u32::from_str_radix(text, 16).unwrap();
    let text = include_str!("../../../../../docs/vectors/retarget.json");
    let vectors: Vec<Vector> = serde_json::from_str(text).unwrap();
    assert_eq!(vectors.len(), 28);
    for vector in vectors {
        let bits: Vec<u32> = vector.bits.split(' ').map(compact).collect();
        assert_eq!(bits.len(), vector.times.len(), "{}", vector.about);
        let headers = vector.times.iter().zip(&bits);
        let past: BTreeMap<_, _> = (0..)
            .zip(headers.map(|(&time, &bits)| Past { time, bits }))
            .collect();
        let height = past.len() as u32;
        let found = required_bits(network(), &past, height, vector.time).unwrap();
        assert_eq!(found, compact(&vector.expected), "{}", vector.about);
    }
}

proptest! {
    /// Another way to the same number: everything in 128 bits, monotone times found first.
    #[test]
    fn agrees_with_a_second_computation(
        solves in prop::collection::vec(-200_i64..400, 1..80),
        mantissas in prop::collection::vec(0x1000_u32..0x7fff, 80),
        wait in 0_i64..20_000,
    ) {
        let bits: Vec<_> = mantissas.iter().map(|mantissa| 0x0800_0000 | mantissa << 8).collect();
        let past = chain(&solves, &bits);
        let n = solves.len().min(N);
        let height = solves.len() + 1;
        let first = height - n;
        let mut monotone = vec![i64::from(past[&(first as u32 - 1)].time)];
        for at in first..height {
            let last = monotone[monotone.len() - 1];
            monotone.push(i64::from(past[&(at as u32)].time).max(last + 1));
        }
        let weighted: i64 = monotone
            .windows(2)
            .zip(1..)
            .map(|(pair, weight)| weight * (pair[1] - pair[0]).min(6 * T))
            .sum();
        let n = n as i64;
        let weighted = weighted.max(n * n * T / 20) as u128;
        let sum: u128 = (first..height)
            .map(|at| {
                let bits = past[&(at as u32)].bits;
                u128::from(bits & 0x007f_ffff) << (8 * ((bits >> 24) - 3))
            })
            .sum();
        let n = n as u128;
        let expected = sum / n * weighted * 2 / (n * (n + 1) * T as u128);
        let found = required_bits(network(), &past, height as u32, 0).unwrap();
        prop_assert_eq!(found, bits_from_target(U256::from(expected)));
        // At most 132 doublings of at most 79 bits.
        let time = past[&(height as u32 - 1)].time + wait as u32;
        let waited = i64::from(time) - monotone[monotone.len() - 1];
        let doublings = if waited < 300 { 0 } else { 1 + (waited - 300) / 150 };
        let eased = (U256::from(expected) << doublings as usize).min(network().pow_limit);
        let found = required_bits(network(), &past, height as u32, time).unwrap();
        prop_assert_eq!(found, bits_from_target(eased));
    }
}
