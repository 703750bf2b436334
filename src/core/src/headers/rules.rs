//! The rules for one header among its ancestors.
//!
//! Source: Bitcoin Core's `CheckBlockHeader` and `ContextualCheckBlockHeader`.

use super::ancestry::{Ancestry, median_time};
use super::error::RuleError;
use super::retarget::required_bits;
use crate::params::{NetworkParams, Retarget};
use crate::primitives::{
    BlockHeight, U256, UnixTime, bits_from_target, hash_value, target_from_bits, work_of_target,
};
use bitcoin::BlockHash;
use bitcoin::block::Header;

/// BIP94: seconds that the first header of a period may be before its parent.
const MAX_TIMEWARP: u32 = 600;

/// The target and the work of a compact target, kept while it does not change: on Bitcoin a
/// 256-bit division in 2016 headers instead of one each.
#[derive(Debug, Clone)]
pub(super) struct Targets {
    limit: U256,
    last: Option<(u32, U256, U256)>,
}

impl Targets {
    pub(super) fn new(params: &NetworkParams) -> Self {
        Self {
            limit: params.pow_limit,
            last: None,
        }
    }

    /// Checks the hash against the header's own target, and gives the header's work.
    pub(super) fn check_proof(
        &mut self,
        header: &Header,
        hash: &BlockHash,
    ) -> Result<U256, RuleError> {
        let bits = header.bits.to_consensus();
        let (target, work) = match self.last {
            Some((last, target, work)) if last == bits => (target, work),
            _ => {
                let target = target_from_bits(bits)?;
                if target > self.limit {
                    return Err(RuleError::AboveLimit {
                        limit: bits_from_target(self.limit),
                        found: bits,
                    });
                }
                let work = work_of_target(target);
                self.last = Some((bits, target, work));
                (target, work)
            }
        };
        if hash_value(hash) > target {
            return Err(RuleError::ProofOfWork {
                target,
                found: *hash,
            });
        }
        Ok(work)
    }
}

/// Every rule that needs the ancestors, for the header at `height` above 0. The clock comes last,
/// so that a header that is too early broke no other rule; without a clock it is not asked.
pub(super) fn check_in_context(
    params: &NetworkParams,
    ancestors: &impl Ancestry,
    height: BlockHeight,
    header: &Header,
    hash: &BlockHash,
    now: Option<UnixTime>,
) -> Result<(), RuleError> {
    check_bits(params, ancestors, height, header)?;
    check_median_time(ancestors, height, header)?;
    check_timewarp(params, ancestors, height, header)?;
    check_alone(params, height, header, hash)?;
    now.map_or(Ok(()), |now| check_clock(params, header, now))
}

/// The header carries the target that the retarget rule asks for.
pub(super) fn check_bits(
    params: &NetworkParams,
    ancestors: &impl Ancestry,
    height: BlockHeight,
    header: &Header,
) -> Result<(), RuleError> {
    let expected = required_bits(params, ancestors, height, header.time)?;
    let found = header.bits.to_consensus();
    if found != expected {
        return Err(RuleError::Bits { expected, found });
    }
    Ok(())
}

/// The header is later than the median of the headers before it.
pub(super) fn check_median_time(
    ancestors: &impl Ancestry,
    height: BlockHeight,
    header: &Header,
) -> Result<(), RuleError> {
    let median = median_time(ancestors, height)?;
    if header.time <= median {
        return Err(RuleError::MedianTime {
            median,
            found: header.time,
        });
    }
    Ok(())
}

/// BIP94: the first header of a period is not long before its parent.
pub(super) fn check_timewarp(
    params: &NetworkParams,
    ancestors: &impl Ancestry,
    height: BlockHeight,
    header: &Header,
) -> Result<(), RuleError> {
    let Retarget::Interval {
        interval,
        bip94: true,
        ..
    } = params.retarget
    else {
        return Ok(());
    };
    if height == 0 || !height.is_multiple_of(interval) {
        return Ok(());
    }
    let earliest = ancestors
        .past(height - 1)?
        .time
        .saturating_sub(MAX_TIMEWARP);
    if header.time < earliest {
        return Err(RuleError::Timewarp {
            earliest,
            found: header.time,
        });
    }
    Ok(())
}

/// The rules that need the height alone: version and checkpoint.
pub(super) fn check_alone(
    params: &NetworkParams,
    height: BlockHeight,
    header: &Header,
    hash: &BlockHash,
) -> Result<(), RuleError> {
    let rules = params.versions;
    let least = [
        (rules.bip65_height, 4),
        (rules.bip66_height, 3),
        (rules.bip34_height, 2),
    ]
    .into_iter()
    .find_map(|(from, version)| (height >= from).then_some(version));
    let found = header.version.to_consensus();
    if let Some(least) = least.filter(|least| found < *least) {
        return Err(RuleError::Version { least, found });
    }
    let checkpoint = params
        .checkpoints
        .binary_search_by_key(&height, |(height, _)| *height)
        .ok()
        .map(|index| params.checkpoints[index].1);
    match checkpoint {
        Some(expected) if expected != *hash => Err(RuleError::Checkpoint {
            expected,
            found: *hash,
        }),
        _ => Ok(()),
    }
}

/// The header is not too far ahead of the clock.
pub(super) fn check_clock(
    params: &NetworkParams,
    header: &Header,
    now: UnixTime,
) -> Result<(), RuleError> {
    let latest = now.saturating_add(params.max_future);
    if header.time > latest {
        return Err(RuleError::TooEarly {
            latest,
            found: header.time,
            retry_at: header.time - params.max_future,
        });
    }
    Ok(())
}
