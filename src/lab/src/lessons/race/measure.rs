//! The share of races that was won, with its error, and the forms that it is compared with.

use super::view::Odds;
use farthing_core::invoice::attacker::{catch_up, catch_up_paper};

/// Standard deviations of a normal law that hold 95 of 100.
const NORMAL_95: f64 = 1.959_964;

/// Wilson's interval: where the true share lies in 95 of 100 runs that found `hits` of `trials`. It
/// holds for few trials and for shares near 0 and 1 too. Nothing tried: anything.
#[must_use]
pub fn interval(hits: u32, trials: u32) -> (f64, f64) {
    if trials == 0 {
        return (0.0, 1.0);
    }
    let (n, p) = (
        f64::from(trials),
        f64::from(hits.min(trials)) / f64::from(trials),
    );
    let z2 = NORMAL_95 * NORMAL_95;
    let middle = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = NORMAL_95 * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt() / (1.0 + z2 / n);
    // What rounding left must not exclude what was found.
    ((middle - half).clamp(0.0, p), (middle + half).clamp(p, 1.0))
}

/// Both forms at one depth.
pub(super) fn odds(share: u32, depth: u32) -> Odds {
    let q = f64::from(share) / 100.0;
    Odds {
        depth,
        exact: catch_up(q, depth),
        paper: catch_up_paper(q, depth),
    }
}

/// How far behind the attacker's odds of ever being level again, (q/p)^k, fall below one in a
/// billion; none at half of the hash power or more: he always is, some day.
pub(super) fn hopeless(share: u32) -> Option<u32> {
    let q = f64::from(share) / 100.0;
    let ratio = q / (1.0 - q);
    if share >= 50 {
        return None;
    }
    let (mut odds, mut behind) = (1.0, 0);
    while odds > 1e-9 {
        odds *= ratio;
        behind += 1;
    }
    Some(behind)
}
