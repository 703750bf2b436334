//! A plain sequence of headers, checked by itself: a file, a piece of a chain.
//!
//! From the network's first header on every rule is checked. A piece from further up says what it
//! could not check: a piece that starts at a retarget boundary lacks only what is before its first
//! header (the link, the target that it starts with, the median of times of the first eleven); one
//! that starts elsewhere also lacks the beginning of its period, and so the next retarget.

use super::HEADER_SIZE;
use super::ancestry::Past;
use super::error::{HeaderError, RuleError};
use super::rules::{
    Targets, check_alone, check_bits, check_clock, check_median_time, check_timewarp,
};
use super::trail::{Trail, parse};
use crate::params::NetworkParams;
use crate::primitives::{BlockHeight, U256, UnixTime, target_from_bits, work_of_target};
use bitcoin::BlockHash;
use bitcoin::block::Header;
use std::fmt;

/// What is known of a sequence of headers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RangeReport {
    /// How many headers.
    pub count: u32,
    /// The height of the first, as was claimed.
    pub first_height: BlockHeight,
    /// The height of the last.
    pub last_height: BlockHeight,
    /// The hash of the last.
    pub tip: BlockHash,
    /// The hashes that these headers took, expected; the whole chain's where it starts at height 0.
    pub work: U256,
    /// Whether it is tied to the network: it starts with the network's first header, or holds a
    /// checkpoint. If not, that it belongs at this height of this network is a claim.
    pub anchored: bool,
    /// What could not be checked for want of earlier headers; empty from height 0.
    pub unchecked: Vec<Unchecked>,
}

/// A rule that some headers could not be checked by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unchecked {
    /// The rule.
    pub rule: UncheckedRule,
    /// The first such header.
    pub first: BlockHeight,
    /// The last such header.
    pub last: BlockHeight,
    /// A height whose header is wanting.
    pub needs: BlockHeight,
}

/// A rule that needs earlier headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UncheckedRule {
    /// The parent exists.
    Parent,
    /// The target is the one that the retarget rule asks for.
    Target,
    /// The time is after the median of the eleven before.
    MedianTime,
    /// BIP94's limit at the start of a period.
    Timewarp,
}

impl fmt::Display for Unchecked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.rule {
            UncheckedRule::Parent => "the parent",
            UncheckedRule::Target => "the target by the retarget rule",
            UncheckedRule::MedianTime => "the time by the median of the eleven before",
            UncheckedRule::Timewarp => "the time by the limit at the start of a period",
        };
        match self.first == self.last {
            true => write!(f, "height {}: {what}", self.first)?,
            false => write!(f, "heights {} to {}: {what}", self.first, self.last)?,
        }
        write!(f, " (needs the header at height {})", self.needs)
    }
}

/// Why a sequence is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RangeError {
    /// There is nothing.
    #[error("expected at least one header of 80 bytes, found none")]
    Empty,
    /// A header that is refused.
    #[error(transparent)]
    Header(#[from] HeaderError),
}

/// Checks raw 80-byte headers in sequence, of which the first is at `from`. With a clock, headers
/// too far ahead of it are refused.
///
/// # Errors
/// The first header that breaks a rule, with its height; or there is none.
pub fn check(
    params: &NetworkParams,
    from: BlockHeight,
    bytes: &[u8],
    now: Option<UnixTime>,
) -> Result<RangeReport, RangeError> {
    let mut range = RangeCheck::new(params, from, now);
    for chunk in bytes.chunks(HEADER_SIZE) {
        range.push_bytes(chunk)?;
    }
    range.finish()
}

/// The same, one header after the other.
#[derive(Debug, Clone)]
pub struct RangeCheck<'a> {
    params: &'a NetworkParams,
    now: Option<UnixTime>,
    from: BlockHeight,
    trail: Trail,
    targets: Targets,
    parent: Option<BlockHash>,
    work: U256,
    anchored: bool,
    unchecked: Vec<Unchecked>,
}

impl<'a> RangeCheck<'a> {
    /// Begins before the header at `from`.
    #[must_use]
    pub fn new(params: &'a NetworkParams, from: BlockHeight, now: Option<UnixTime>) -> Self {
        Self {
            params,
            now,
            from,
            trail: Trail::new(params, from),
            targets: Targets::new(params),
            parent: None,
            work: U256::ZERO,
            anchored: false,
            unchecked: Vec::new(),
        }
    }

    /// Takes an earlier header as known, so that more can be checked. It is not verified.
    pub fn know(&mut self, height: BlockHeight, header: &Header) {
        if height.checked_add(1) == Some(self.from) && self.trail.next() == self.from {
            self.parent = Some(header.block_hash());
        }
        self.trail.know(height, Past::from(header));
    }

    /// The next header, from its 80 bytes.
    ///
    /// # Errors
    /// As [`push`](Self::push); also where there are fewer bytes.
    pub fn push_bytes(&mut self, bytes: &[u8]) -> Result<(), HeaderError> {
        let header = parse(bytes).map_err(|error| HeaderError {
            height: Some(self.trail.next()),
            ..error
        })?;
        self.push(&header)
    }

    /// The next header.
    ///
    /// # Errors
    /// The rule that it breaks, with its height.
    pub fn push(&mut self, header: &Header) -> Result<(), HeaderError> {
        let height = self.trail.next();
        let hash = header.block_hash();
        self.check(height, header, &hash)
            .map_err(|rule| HeaderError {
                height: Some(height),
                hash,
                rule,
            })?;
        self.trail.push(Past::from(header));
        self.parent = Some(hash);
        Ok(())
    }

    /// What is known of all of them.
    ///
    /// # Errors
    /// There was none.
    pub fn finish(self) -> Result<RangeReport, RangeError> {
        let count = self.trail.next() - self.from;
        match self.parent {
            Some(tip) if count > 0 => Ok(RangeReport {
                count,
                first_height: self.from,
                last_height: self.trail.next() - 1,
                tip,
                work: self.work,
                anchored: self.anchored,
                unchecked: self.unchecked,
            }),
            _ => Err(RangeError::Empty),
        }
    }

    fn check(
        &mut self,
        height: BlockHeight,
        header: &Header,
        hash: &BlockHash,
    ) -> Result<(), RuleError> {
        if height == 0 {
            let expected = self.params.genesis.block_hash();
            if *hash != expected {
                return Err(RuleError::NotGenesis {
                    expected,
                    found: *hash,
                });
            }
            self.anchored = true;
            // Valid by definition: a practice network's carries a target that it need not meet.
            self.work = work_of_target(target_from_bits(header.bits.to_consensus())?);
            return Ok(());
        }
        let found = header.prev_blockhash;
        match self.parent {
            Some(expected) if expected != found => {
                return Err(RuleError::NotLinked { expected, found });
            }
            Some(_) => {}
            None => self.note(UncheckedRule::Parent, height, height - 1),
        }
        if height == BlockHeight::MAX {
            return Err(RuleError::TooHigh);
        }
        let work = self.targets.check_proof(header, hash)?;
        self.work = self.work.saturating_add(work);
        let (params, trail) = (self.params, &self.trail);
        let results = [
            (
                UncheckedRule::Target,
                check_bits(params, trail, height, header),
            ),
            (
                UncheckedRule::MedianTime,
                check_median_time(trail, height, header),
            ),
            (
                UncheckedRule::Timewarp,
                check_timewarp(params, trail, height, header),
            ),
        ];
        for (rule, result) in results {
            match result {
                Err(RuleError::MissingContext { height: needs }) => self.note(rule, height, needs),
                result => result?,
            }
        }
        check_alone(params, height, header, hash)?;
        self.anchored |= params
            .checkpoints
            .binary_search_by_key(&height, |(height, _)| *height)
            .is_ok();
        self.now
            .map_or(Ok(()), |now| check_clock(params, header, now))
    }

    fn note(&mut self, rule: UncheckedRule, height: BlockHeight, needs: BlockHeight) {
        let before = self.unchecked.iter_mut().find(|unchecked| {
            unchecked.rule == rule && unchecked.last.checked_add(1) == Some(height)
        });
        match before {
            Some(unchecked) => unchecked.last = height,
            None => self.unchecked.push(Unchecked {
                rule,
                first: height,
                last: height,
                needs,
            }),
        }
    }
}
