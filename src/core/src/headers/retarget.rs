//! The target that a header must carry, by the network's rule.
//!
//! Sources: Bitcoin Core's `pow.cpp` for the 2016-header period (whose timespan leaves out the
//! solve time of its first header) and testnet's 20-minute rule; BIP94 for testnet4; zawy12's
//! LWMA-1 for farthing networks. Threat: a chain of easier headers than the rule allows, or, with
//! forged times, of a rule that lets itself be talked down.

use super::ancestry::Ancestry;
use super::error::RuleError;
use crate::params::{Lwma, NetworkParams, Retarget};
use crate::primitives::{BlockHeight, U256, U512, UnixTime, bits_from_target, target_from_bits};

/// The compact target that the header at `height` (above 0) with this time must carry.
///
/// # Errors
/// [`RuleError::MissingContext`] where an ancestor that the rule needs is not at hand.
pub fn required_bits(
    params: &NetworkParams,
    ancestors: &impl Ancestry,
    height: BlockHeight,
    time: UnixTime,
) -> Result<u32, RuleError> {
    match params.retarget {
        Retarget::Never => Ok(bits_from_target(params.pow_limit)),
        Retarget::Interval {
            interval,
            timespan,
            min_difficulty_after,
            bip94,
        } => {
            let parent = ancestors.past(before(height, 1)?)?;
            if !height.is_multiple_of(interval) {
                return match min_difficulty_after {
                    None => Ok(parent.bits),
                    Some(after) if u64::from(time) > u64::from(parent.time) + u64::from(after) => {
                        Ok(bits_from_target(params.pow_limit))
                    }
                    Some(_) => last_true_bits(params, ancestors, height, interval),
                };
            }
            let first = ancestors.past(before(height, interval)?)?;
            let base = if bip94 { first.bits } else { parent.bits };
            let took = i64::from(parent.time) - i64::from(first.time);
            next_period(params, base, took, timespan)
        }
        Retarget::Lwma(rule) => lwma(params, rule, ancestors, height, time),
    }
}

fn before(height: BlockHeight, count: u32) -> Result<BlockHeight, RuleError> {
    height
        .checked_sub(count)
        .ok_or(RuleError::MissingContext { height: 0 })
}

/// testnet: past the headers that took the 20-minute exception, back to the last one that did not,
/// at most to the first of the period.
fn last_true_bits(
    params: &NetworkParams,
    ancestors: &impl Ancestry,
    height: BlockHeight,
    interval: u32,
) -> Result<u32, RuleError> {
    let easiest = bits_from_target(params.pow_limit);
    let mut at = before(height, 1)?;
    loop {
        let bits = ancestors.past(at)?.bits;
        if bits != easiest || at.is_multiple_of(interval) {
            return Ok(bits);
        }
        at -= 1;
    }
}

/// The base target, times the seconds that the period took, over those that it should take; by no
/// more than a factor of four either way.
fn next_period(
    params: &NetworkParams,
    base: u32,
    took: i64,
    timespan: u32,
) -> Result<u32, RuleError> {
    let span = i64::from(timespan);
    let took = took.clamp(span / 4, span * 4).unsigned_abs();
    let target = U512::from(target_from_bits(base)?) * U512::from(took) / U512::from(timespan);
    Ok(bits_from_target(at_most(target, params.pow_limit)))
}

/// LWMA-1 in integers, over the last `n = min(window, height - 1)` solve times, T the spacing:
///
/// - times are made monotone: `t_i = max(time_i, t_{i-1} + 1)`, `t_0` the time before the first;
/// - solve times: `min(longest T, t_i - t_{i-1})`; the i-th has weight i;
/// - the weighted sum is at least `n^2 T / floor`;
/// - the next target is the average of the n targets, rounded down, times the weighted sum times 2,
///   over `n (n + 1) T`, rounded down, and never easier than the limit;
/// - it doubles while no block comes: so often as [`Emergency`](crate::params::Emergency) says for
///   the time of the header less `t_n`, and is again never easier than the limit. From `t_n`, and
///   not from the parent's time, which a liar may set back to where the target has doubled already.
fn lwma(
    params: &NetworkParams,
    rule: Lwma,
    ancestors: &impl Ancestry,
    height: BlockHeight,
    time: UnixTime,
) -> Result<u32, RuleError> {
    let n = rule.window.min(before(height, 1)?);
    if n == 0 {
        return Ok(bits_from_target(params.pow_limit));
    }
    let spacing = u64::from(params.spacing);
    let longest = u64::from(rule.longest) * spacing;
    let first = before(height, n)?;
    let mut last_time = u64::from(ancestors.past(before(first, 1)?)?.time);
    let mut weighted = 0_u64;
    let mut targets = U512::ZERO;
    for weight in 1..=u64::from(n) {
        let past = ancestors.past(first + weight as u32 - 1)?;
        let time = u64::from(past.time).max(last_time + 1);
        weighted += weight * (time - last_time).min(longest);
        last_time = time;
        targets += U512::from(target_from_bits(past.bits)?);
    }
    let n = u64::from(n);
    let weighted = weighted.max(n * n * spacing / u64::from(rule.floor.max(1)));
    let average = targets / U512::from(n);
    let target = average * U512::from(2 * weighted) / U512::from(n * (n + 1) * spacing);
    let target = at_most(target, params.pow_limit);
    let waited = u64::from(time).saturating_sub(last_time);
    let doublings = rule.emergency.map_or(0, |rule| rule.doublings(waited));
    // 256 bits moved by fewer than 256 places: they fit into 512.
    let eased = U512::from(target) << doublings.min(255) as usize;
    Ok(bits_from_target(at_most(eased, params.pow_limit)))
}

fn at_most(target: U512, limit: U256) -> U256 {
    if target > U512::from(limit) {
        limit
    } else {
        // No larger than the limit, so it fits.
        U256::saturating_from(target)
    }
}
