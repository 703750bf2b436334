//! The network's rule, called where it stands in the core, and what it was chosen from.
//!
//! What differs from the network by numbers alone is the core's code too. The three rules that are
//! written here exist here alone: no network has them.

use super::blocks::Window;
use farthing_core::headers::required_bits;
use farthing_core::params::{Emergency, Lwma, NetworkParams, Retarget};
use farthing_core::primitives::{U256, U512, UnixTime, bits_from_target, target_from_bits};

/// How the target of the next header is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// The network's own, as the verifier computes it.
    Network,
    /// The same code with other numbers.
    Numbers(Lwma),
    /// The network's average without the emergency rule, of solve times that are clamped one by one
    /// (each from 1 s to 6 T) instead of made monotone.
    Clamp,
    /// ASERT (aserti3-2d): an exponential of how far the chain is behind its schedule.
    Asert {
        /// Seconds behind that double the target.
        half_life: u32,
    },
    /// The network's average with an emergency rule that counts from the parent's time, whatever
    /// the parent claims.
    FromParent(Emergency),
}

impl Rule {
    /// The network's average, and no emergency rule.
    ///
    /// # Panics
    /// The network has no average.
    #[must_use]
    pub fn without_emergency(network: &NetworkParams) -> Self {
        Self::Numbers(Lwma {
            emergency: None,
            ..numbers(network)
        })
    }
}

/// The numbers of the network's average.
///
/// # Panics
/// The network has no average.
#[must_use]
pub fn numbers(network: &NetworkParams) -> Lwma {
    match network.retarget {
        Retarget::Lwma(lwma) => Some(lwma),
        _ => None,
    }
    .expect("a farthing network has an average")
}

/// A rule at work on a network.
#[derive(Debug, Clone)]
pub(super) struct Difficulty {
    pub(super) params: NetworkParams,
    numbers: Lwma,
    rule: Rule,
    /// What ASERT's schedule begins with.
    anchor: Anchor,
}

#[derive(Debug, Clone, Copy)]
struct Anchor {
    height: u32,
    time: UnixTime,
    target: U256,
}

impl Difficulty {
    /// The rule on a farthing network, where the chain so far was on schedule.
    pub(super) fn new(network: &NetworkParams, rule: Rule, past: &Window) -> Self {
        let numbers = match rule {
            Rule::Numbers(numbers) => numbers,
            Rule::FromParent(_) => Lwma {
                emergency: None,
                ..numbers(network)
            },
            _ => numbers(network),
        };
        let last = past.last();
        Self {
            params: NetworkParams {
                retarget: Retarget::Lwma(numbers),
                ..network.clone()
            },
            numbers,
            rule,
            anchor: Anchor {
                height: past.next() - 1,
                time: last.time,
                target: target(last.bits),
            },
        }
    }

    /// The compact target of the header that follows, when it has this time.
    pub(super) fn bits(&self, window: &Window, time: UnixTime) -> u32 {
        let own = || {
            required_bits(&self.params, window, window.next(), time)
                .expect("a window holds more headers than the rule looks back")
        };
        match self.rule {
            Rule::Network | Rule::Numbers(_) => own(),
            Rule::Clamp => self.clamp(window),
            Rule::Asert { half_life } => self.asert(window, half_life),
            Rule::FromParent(emergency) => {
                let waited = u64::from(time.saturating_sub(window.last().time));
                let doublings = emergency.doublings(waited).min(255) as usize;
                self.at_most(U512::from(target(own())) << doublings)
            }
        }
    }

    /// A later time of the header, until which its target stays as it is; none where it stays for
    /// ever. It may be earlier than the change, never later.
    pub(super) fn stays_until(&self, window: &Window, time: UnixTime) -> Option<UnixTime> {
        let emergency = match self.rule {
            Rule::Network | Rule::Numbers(_) => self.numbers.emergency?,
            Rule::FromParent(emergency) => emergency,
            Rule::Clamp | Rule::Asert { .. } => return None,
        };
        // Whatever the wait is counted from, it is no earlier than the parent.
        let first = window.last().time + emergency.after;
        if time < first {
            return Some(first);
        }
        // The target only grows with the time: a search by halves.
        let bits = self.bits(window, time);
        let (mut same, mut other) = (time, time + emergency.after + 2 * emergency.every);
        if self.bits(window, other) == bits {
            return None;
        }
        while other - same > 1 {
            let middle = same + (other - same) / 2;
            match self.bits(window, middle) == bits {
                true => same = middle,
                false => other = middle,
            }
        }
        Some(other)
    }

    fn at_most(&self, target: U512) -> u32 {
        let limit = self.params.pow_limit;
        bits_from_target(if target > U512::from(limit) {
            limit
        } else {
            U256::saturating_from(target)
        })
    }

    fn clamp(&self, window: &Window) -> u32 {
        let (n, spacing) = (self.numbers.window, u64::from(self.params.spacing));
        let headers = window.newest(n as usize + 1);
        let longest = u64::from(self.numbers.longest) * spacing;
        let mut weighted = 0;
        let mut targets = U512::ZERO;
        for (weight, pair) in (1..).zip(headers.windows(2)) {
            let took = u64::from(pair[1].time.saturating_sub(pair[0].time));
            weighted += weight * took.clamp(1, longest);
            targets += U512::from(target(pair[1].bits));
        }
        let n = u64::from(n);
        let weighted = weighted.max(n * n * spacing / u64::from(self.numbers.floor));
        let average = targets / U512::from(n);
        self.at_most(average * U512::from(2 * weighted) / U512::from(n * (n + 1) * spacing))
    }

    /// The anchor's target times 2^((time - schedule) / half-life), with the published cubic for
    /// the fraction.
    fn asert(&self, window: &Window, half_life: u32) -> u32 {
        let anchor = self.anchor;
        let blocks = i64::from(window.next() - 1 - anchor.height);
        let behind = i64::from(window.last().time)
            - i64::from(anchor.time)
            - i64::from(self.params.spacing) * blocks;
        let exponent = behind * 65_536 / i64::from(half_life);
        let (shift, fraction) = ((exponent >> 16) - 16, (exponent & 0xffff) as u128);
        let cubic = 195_766_423_245_049 * fraction
            + 971_821_376 * fraction * fraction
            + 5_127 * fraction * fraction * fraction
            + (1 << 47);
        let scaled = U512::from(anchor.target) * U512::from(65_536 + (cubic >> 48));
        let places = shift.unsigned_abs().min(255) as usize;
        let scaled = match shift {
            ..0 => scaled >> places,
            _ => scaled << places,
        };
        self.at_most(scaled.max(U512::ONE))
    }
}

/// The hashes that a block of this compact target takes on average.
#[must_use]
pub fn hashes(bits: u32) -> f64 {
    let mantissa = f64::from(bits & 0x007f_ffff);
    let size = (bits >> 24) as i32;
    libm::ldexp(1.0 / mantissa, 256 - 8 * (size - 3))
}

/// The compact target of blocks that take so many hashes.
#[must_use]
pub fn bits_of_hashes(hashes: u64) -> u32 {
    let target = (U512::ONE << 256) / U512::from(hashes.max(1));
    bits_from_target(U256::saturating_from(target))
}

fn target(bits: u32) -> U256 {
    target_from_bits(bits).expect("a rule gives targets that exist")
}
