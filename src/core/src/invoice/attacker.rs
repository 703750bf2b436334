//! The odds that an attacker catches up.
//!
//! An attacker with a share q of all hash power mines a branch of his own without the payment, from
//! before the payment's block. [`catch_up`] is the exact form (Meni Rosenfeld, "Analysis of
//! Hashrate-Based Double Spending", 2014); [`catch_up_paper`] is the approximation of section 11 of
//! the Bitcoin paper, for comparison.

/// Confirmations past which the odds are not computed further: fewer never lower them.
const MOST: u32 = 1000;
/// Terms after which what remains is nothing.
const TERMS: u32 = 100_000;

/// The odds against `confirmations` blocks (1: the payment's own), by Rosenfeld's exact form
///
/// `1 - sum_{m=0..n} C(m+n-1, m) (p^n q^m - p^m q^n)`
///
/// summed as `sum_{m>n} C(m+n-1, m) p^n q^m + sum_{m=0..n} C(m+n-1, m) p^m q^n`, which is the same
/// since the first terms over all m add up to 1, and which subtracts nothing: odds of 1e-40 keep
/// their digits. No confirmation, or half of the hash power: 1.
#[must_use]
pub fn catch_up(share: f64, confirmations: u32) -> f64 {
    if confirmations == 0 || share.is_nan() || share >= 0.5 {
        return 1.0;
    }
    if share <= 0.0 {
        return 0.0;
    }
    let n = confirmations.min(MOST);
    let (p, q) = (1.0 - share, share);
    // Both sums start from the term that they share, m = n: the first terms of either, such as
    // q^n, would be too small for a double long before the sum is.
    let mut middle = 1.0;
    for i in 1..=n {
        middle *= f64::from(n - 1 + i) / f64::from(i) * p * q;
    }
    let (mut odds, mut behind, mut ahead) = (0.0, middle, middle);
    for m in (0..=n).rev() {
        odds += behind;
        if m > 0 {
            behind *= f64::from(m) / (f64::from(m + n - 1) * p);
        }
    }
    for m in n..n + TERMS {
        ahead *= f64::from(m + n) / f64::from(m + 1) * q;
        odds += ahead;
        if ahead <= odds * f64::EPSILON / 4.0 {
            break;
        }
    }
    odds.clamp(0.0, 1.0)
}

/// The odds by the Bitcoin paper: `z` blocks were added after the block that holds the payment.
#[must_use]
pub fn catch_up_paper(share: f64, z: u32) -> f64 {
    if share.is_nan() || share >= 0.5 {
        return 1.0;
    }
    if share <= 0.0 {
        return if z == 0 { 1.0 } else { 0.0 };
    }
    let ratio = share / (1.0 - share);
    let lambda = f64::from(z) * ratio;
    let mut poisson = libm::exp(-lambda);
    let mut odds = 1.0;
    for k in 0..=z {
        odds -= poisson * (1.0 - power(ratio, z - k));
        poisson *= lambda / f64::from(k + 1);
    }
    odds.clamp(0.0, 1.0)
}

/// The odds times the amount, in units, rounded up.
#[must_use]
pub fn value_at_risk(odds: f64, amount: u64) -> u64 {
    if odds >= 1.0 {
        return amount;
    }
    // At most 21e14 units: a double holds every integer to 2^53. A cast from a double saturates.
    // What the sum of the odds was rounded by must not add a unit: 5.6% of 1,000 is 56.
    let value = odds * amount as f64;
    ((value - value * 1e-12).ceil() as u64).min(amount)
}

/// By squaring: the same digits on every machine, which `powi` does not promise.
fn power(base: f64, exponent: u32) -> f64 {
    let (mut result, mut square, mut left) = (1.0, base, exponent);
    while left > 0 {
        if left & 1 == 1 {
            result *= square;
        }
        square *= square;
        left >>= 1;
    }
    result
}
