//! When the till was watching the network, and when it was not.
//!
//! Nodes announce a transaction once. What was announced while the till was away is seen only when
//! it is mined or sent again, so the till must know of what times it may say "not paid".

use super::view::TimeRange;
use crate::primitives::UnixTime;
use serde::{Deserialize, Serialize};

/// Seconds between two words of being watched after which the time between was not watched: the
/// machine slept.
pub const WATCH_LAPSE: u32 = 120;
/// Ranges that are kept; past it the two nearest become one that covers both.
const RANGES: usize = 64;

/// The times that were not watched since an invoice was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Watch {
    /// The last moment known to be watched, or when the invoice was made.
    last: UnixTime,
    /// Oldest first; the last one may be open.
    gaps: Vec<TimeRange>,
}

impl Watch {
    /// Watching starts with the first word of it.
    pub(super) fn new(now: UnixTime) -> Self {
        Self {
            last: now,
            gaps: vec![TimeRange {
                from: now,
                to: None,
            }],
        }
    }

    /// Says that the network is being watched at this moment, or that it is not.
    pub(super) fn set(&mut self, watching: bool, now: UnixTime) {
        let open = self.gaps.last().is_some_and(|gap| gap.to.is_none());
        match (watching, open) {
            (true, true) => self.close(now),
            (true, false) if now.saturating_sub(self.last) > WATCH_LAPSE => {
                self.gaps.push(TimeRange {
                    from: self.last,
                    to: Some(now),
                });
            }
            (false, false) => self.gaps.push(TimeRange {
                from: self.last,
                to: None,
            }),
            (true | false, _) => {}
        }
        if watching {
            self.last = self.last.max(now);
        }
        self.bound();
    }

    /// After a restart: nothing is known since the last word that was stored.
    pub(super) fn interrupt(&mut self) {
        self.set(false, self.last);
    }

    /// The times that were not watched.
    pub(super) fn gaps(&self) -> &[TimeRange] {
        &self.gaps
    }

    /// Whether some time before this moment was not watched. A moment to come is not yet missed.
    pub(super) fn missed_before(&self, moment: UnixTime) -> bool {
        self.gaps
            .iter()
            .any(|gap| gap.from < moment && gap.to != Some(gap.from))
    }

    /// Whether all of the time from the start to this moment was watched.
    pub(super) fn covers(&self, moment: UnixTime) -> bool {
        self.last >= moment && !self.missed_before(moment)
    }

    fn close(&mut self, now: UnixTime) {
        if let Some(gap) = self.gaps.last_mut() {
            if now <= gap.from {
                self.gaps.pop();
            } else {
                gap.to = Some(now);
            }
        }
    }

    fn bound(&mut self) {
        while self.gaps.len() > RANGES {
            let nearest = self
                .gaps
                .windows(2)
                .enumerate()
                .min_by_key(|(_, pair)| {
                    pair[1]
                        .from
                        .saturating_sub(pair[0].to.unwrap_or(UnixTime::MAX))
                })
                .map_or(0, |(index, _)| index);
            let next = self.gaps.remove(nearest + 1);
            if let Some(gap) = self.gaps.get_mut(nearest) {
                gap.to = next.to;
            }
        }
    }
}
