//! The headers before a header, as far as the rules look at them.

use super::error::RuleError;
use crate::primitives::{BlockHeight, UnixTime};
use bitcoin::block::Header;
use std::collections::BTreeMap;

/// Headers in the median of times.
pub const MEDIAN_SPAN: u32 = 11;

/// What the rules need of an ancestor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Past {
    /// Its time.
    pub time: UnixTime,
    /// Its compact target.
    pub bits: u32,
}

impl From<&Header> for Past {
    fn from(header: &Header) -> Self {
        Self {
            time: header.time,
            bits: header.bits.to_consensus(),
        }
    }
}

/// The ancestors of a header, by height.
pub trait Ancestry {
    /// The ancestor at this height.
    ///
    /// # Errors
    /// [`RuleError::MissingContext`] where it is not at hand.
    fn past(&self, height: BlockHeight) -> Result<Past, RuleError>;
}

/// Any selection of headers: the first and last of each period, say.
impl Ancestry for BTreeMap<BlockHeight, Past> {
    fn past(&self, height: BlockHeight) -> Result<Past, RuleError> {
        self.get(&height)
            .copied()
            .ok_or(RuleError::MissingContext { height })
    }
}

/// The median of the times of the last 11 headers before `height`; of fewer near the start.
///
/// # Errors
/// [`RuleError::MissingContext`] where one of them is not at hand.
pub fn median_time(ancestors: &impl Ancestry, height: BlockHeight) -> Result<UnixTime, RuleError> {
    let count = MEDIAN_SPAN.min(height) as usize;
    let mut times = [0; MEDIAN_SPAN as usize];
    let times = &mut times[..count];
    // The oldest in front: they are nearly in order then.
    for (time, at) in times.iter_mut().rev().zip((0..height).rev()) {
        *time = ancestors.past(at)?.time;
    }
    times.sort_unstable();
    times
        .get(count / 2)
        .copied()
        .ok_or(RuleError::MissingContext { height: 0 })
}
