//! What the till knows of chain and network at one moment, beside the payments.

use crate::params::{NetworkParams, Retarget};
use crate::primitives::{BlockHeight, U256, UnixTime};

/// Without a block for so many spacings (Bitcoin: 30 minutes) another peer is asked.
const LOOK_ELSEWHERE: u32 = 3;
/// Without a block for so many spacings (Bitcoin: 90 minutes) nothing is called confirmed.
const STALE: u32 = 9;
/// Seconds without a word from anybody until nothing can be told; Bitcoin Core drops a peer after
/// the same time.
pub(super) const SILENCE: u32 = 20 * 60;

/// Facts about the chain and the network.
#[derive(Clone, Copy)]
pub struct ChainFacts<'a> {
    /// The network.
    pub params: &'a NetworkParams,
    /// The height of the best chain's tip.
    pub tip: BlockHeight,
    /// The time that the tip's miner wrote.
    pub tip_time: UnixTime,
    /// The operators that answer now, each once.
    pub operators: &'a [String],
    /// When any operator last said anything; none ever did: none.
    pub last_heard: Option<UnixTime>,
    /// The work of the best chain's headers from this height to the tip, both included.
    pub work_from: &'a dyn Fn(BlockHeight) -> Option<U256>,
}

/// How old the tip is, measured by the network's spacing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Freshness {
    /// As is usual.
    Fresh,
    /// Long enough ago that another operator should be asked.
    LookElsewhere,
    /// So long ago that nothing may be called confirmed.
    Stale,
}

/// How old a tip of this time is. Where nothing holds the network to a schedule (regtest, practice)
/// an old tip says nothing.
#[must_use]
pub fn freshness(params: &NetworkParams, tip_time: UnixTime, now: UnixTime) -> Freshness {
    if params.retarget == Retarget::Never {
        return Freshness::Fresh;
    }
    let age = now.saturating_sub(tip_time);
    if age >= params.spacing.saturating_mul(STALE) {
        Freshness::Stale
    } else if age >= params.spacing.saturating_mul(LOOK_ELSEWHERE) {
        Freshness::LookElsewhere
    } else {
        Freshness::Fresh
    }
}
