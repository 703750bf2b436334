//! The newest headers of a chain that is walked once, from below: as many as the rules look back.

use super::HEADER_SIZE;
use super::ancestry::{Ancestry, MEDIAN_SPAN, Past};
use super::error::{HeaderError, RuleError};
use super::rules::{Targets, check_in_context};
use crate::params::{NetworkParams, Retarget};
use crate::primitives::{BlockHeight, U256, UnixTime};
use bitcoin::BlockHash;
use bitcoin::block::Header;
use bitcoin::hashes::Hash;
use std::collections::{BTreeMap, VecDeque};

/// How many headers back the network's rules look.
pub(super) fn look_back(params: &NetworkParams) -> u32 {
    match params.retarget {
        Retarget::Never => MEDIAN_SPAN,
        Retarget::Interval { interval, .. } => interval.max(MEDIAN_SPAN),
        Retarget::Lwma(rule) => rule.window.saturating_add(1).max(MEDIAN_SPAN),
    }
}

/// One header from its bytes, of which there may be too few.
pub(super) fn parse(bytes: &[u8]) -> Result<Header, HeaderError> {
    match bitcoin::consensus::deserialize(bytes) {
        Ok(header) if bytes.len() == HEADER_SIZE => Ok(header),
        _ => Err(HeaderError {
            height: None,
            hash: BlockHash::all_zeros(),
            rule: RuleError::Truncated { found: bytes.len() },
        }),
    }
}

/// The last headers before the next one, and single older ones that are known.
#[derive(Debug, Clone)]
pub(super) struct Trail {
    keep: usize,
    next: BlockHeight,
    recent: VecDeque<Past>,
    known: BTreeMap<BlockHeight, Past>,
}

impl Trail {
    /// An empty one, before the header at `next`.
    pub(super) fn new(params: &NetworkParams, next: BlockHeight) -> Self {
        Self {
            keep: look_back(params) as usize,
            next,
            recent: VecDeque::new(),
            known: BTreeMap::new(),
        }
    }

    /// The one before the header at `next`, from all ancestors that are at hand.
    pub(super) fn behind(
        params: &NetworkParams,
        ancestors: &impl Ancestry,
        next: BlockHeight,
    ) -> Self {
        let mut trail = Self::new(params, next);
        for height in (next.saturating_sub(look_back(params))..next).rev() {
            match ancestors.past(height) {
                Ok(past) => trail.recent.push_front(past),
                Err(_) => break,
            }
        }
        trail
    }

    /// The height of the next header.
    pub(super) fn next(&self) -> BlockHeight {
        self.next
    }

    /// An older header that is known.
    pub(super) fn know(&mut self, height: BlockHeight, past: Past) {
        self.known.insert(height, past);
    }

    pub(super) fn push(&mut self, past: Past) {
        if self.recent.len() == self.keep {
            self.recent.pop_front();
        }
        self.recent.push_back(past);
        self.next = self.next.saturating_add(1);
    }
}

impl Ancestry for Trail {
    fn past(&self, height: BlockHeight) -> Result<Past, RuleError> {
        self.next
            .checked_sub(height)
            .and_then(|back| self.recent.len().checked_sub(back as usize))
            .and_then(|at| self.recent.get(at))
            .or_else(|| self.known.get(&height))
            .copied()
            .ok_or(RuleError::MissingContext { height })
    }
}

/// A chain that is followed from a known header on, with every rule, and of which only the trail is
/// kept.
#[derive(Debug, Clone)]
pub(super) struct Walk {
    pub(super) trail: Trail,
    pub(super) targets: Targets,
    /// The hash of the last header.
    pub(super) hash: BlockHash,
    /// The work of the whole chain up to there.
    pub(super) work: U256,
}

impl Walk {
    /// The height of the last header.
    pub(super) fn height(&self) -> BlockHeight {
        self.trail.next().saturating_sub(1)
    }

    /// Verifies the next header, which has this hash, and goes there.
    pub(super) fn step(
        &mut self,
        params: &NetworkParams,
        header: &Header,
        hash: BlockHash,
        now: UnixTime,
    ) -> Result<(), HeaderError> {
        let height = self.trail.next();
        let fail = |rule| HeaderError {
            height: Some(height),
            hash,
            rule,
        };
        if header.prev_blockhash != self.hash {
            return Err(fail(RuleError::NotLinked {
                expected: self.hash,
                found: header.prev_blockhash,
            }));
        }
        let work = self.targets.check_proof(header, &hash).map_err(fail)?;
        check_in_context(params, &self.trail, height, header, &hash, Some(now)).map_err(fail)?;
        self.trail.push(Past::from(header));
        self.hash = hash;
        self.work = self.work.saturating_add(work);
        Ok(())
    }
}
