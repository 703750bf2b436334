//! Who mines: with how much hash power, when, and what they write as the time.

use super::blocks::{Micros, SECOND, START};
use farthing_core::primitives::UnixTime;

/// A miner, or any number of them who behave alike.
#[derive(Debug, Clone)]
pub struct Miner {
    /// Hash power from these times on, in hashes a second.
    pub power: Vec<(Micros, f64)>,
    /// What they write as a header's time.
    pub clock: Clock,
    /// When they mine.
    pub presence: Presence,
}

/// What a miner writes as a header's time. Every one of these passes the verifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// The true time, or the least that is allowed where that is later.
    True,
    /// The true time and so many seconds. More than the network allows is held by the others until
    /// it is allowed.
    Ahead(u32),
    /// The least that is allowed: a second more than the median of the last eleven.
    Least,
    /// So many blocks with the least, then one as far ahead as the network allows.
    Saw(u32),
}

/// When a miner mines.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Presence {
    /// Always.
    Always,
    /// Comes when a block takes at most so many hashes, goes when it takes more than so many.
    Hops {
        /// Comes at or below.
        below: f64,
        /// Goes above.
        above: f64,
    },
}

impl Miner {
    /// Who mines with this power all the time and writes the true time.
    #[must_use]
    pub fn honest(power: f64) -> Self {
        Self {
            power: vec![(0, power)],
            clock: Clock::True,
            presence: Presence::Always,
        }
    }

    /// The same, with a power that changes at these times.
    #[must_use]
    pub fn with_power(power: Vec<(Micros, f64)>) -> Self {
        Self {
            power,
            ..Self::honest(0.0)
        }
    }

    pub(super) fn power_at(&self, now: Micros) -> f64 {
        let since = self.power.iter().rev().find(|(from, _)| *from <= now);
        since.map_or(0.0, |(_, power)| *power)
    }

    pub(super) fn power_changes_after(&self, now: Micros) -> Option<Micros> {
        let later = self.power.iter().map(|(from, _)| *from);
        later.filter(|from| *from > now).min()
    }
}

impl Clock {
    /// The time of a header that is found now, by who has found so many of his own.
    pub(super) fn time(
        self,
        now: UnixTime,
        median: UnixTime,
        max_future: u32,
        own: u32,
    ) -> UnixTime {
        let claimed = match self {
            Clock::True => now,
            Clock::Ahead(seconds) => now + seconds,
            Clock::Least => 0,
            Clock::Saw(lows) if own % (lows + 1) == lows => now + max_future,
            Clock::Saw(_) => 0,
        };
        claimed.max(median + 1)
    }
}

/// What a true clock says.
#[must_use]
pub fn unix(now: Micros) -> UnixTime {
    START + (now / SECOND) as UnixTime
}
