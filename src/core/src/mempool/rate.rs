//! Fee rates, and the least one to enter.

use serde::{Deserialize, Serialize};

/// Units for each 1,000 virtual bytes (BIP133's measure); a virtual byte is four units of weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct FeeRate(u64);

impl FeeRate {
    /// So many units for each 1,000 virtual bytes.
    #[must_use]
    pub const fn per_1000_bytes(units: u64) -> FeeRate {
        FeeRate(units)
    }

    /// What this fee pays for this weight, rounded down.
    #[must_use]
    pub fn of(fee: u64, weight: u64) -> FeeRate {
        let rate = u128::from(fee) * 4_000 / u128::from(weight.max(1));
        FeeRate(u64::try_from(rate).unwrap_or(u64::MAX))
    }

    /// Units for each 1,000 virtual bytes.
    #[must_use]
    pub fn units(self) -> u64 {
        self.0
    }

    /// The least fee that pays this rate for this weight.
    #[must_use]
    pub fn fee(self, weight: u64) -> u64 {
        let fee = (u128::from(self.0) * u128::from(weight)).div_ceil(4_000);
        u64::try_from(fee).unwrap_or(u64::MAX)
    }

    /// The sum of two rates.
    #[must_use]
    pub fn plus(self, other: FeeRate) -> FeeRate {
        FeeRate(self.0.saturating_add(other.0))
    }
}

/// The rate below which nothing enters: it rises to what was pushed out, and falls again with time.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Floor {
    risen: FeeRate,
    since_ms: u64,
}

impl Floor {
    /// Something that paid this was pushed out: whoever comes must pay more.
    pub(super) fn rise(&mut self, pushed_out: FeeRate, step: FeeRate, now_ms: u64) {
        let wanted = pushed_out.plus(step);
        if wanted > self.risen {
            *self = Floor {
                risen: wanted,
                since_ms: now_ms,
            };
        }
    }

    /// The rate now: halved for each half-life that passed, and gone below half of `least`.
    pub(super) fn rate(&self, least: FeeRate, half_life_ms: u64, now_ms: u64) -> FeeRate {
        let passed = now_ms.saturating_sub(self.since_ms) / half_life_ms.max(1);
        let halves = u32::try_from(passed).unwrap_or(u32::MAX);
        let risen = FeeRate(self.risen.0.checked_shr(halves).unwrap_or(0));
        risen.max(least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fee_of_the_rate_pays_the_rate() {
        for weight in [400, 401, 402, 403, 4_000, 99_999] {
            let rate = FeeRate::per_1000_bytes(1_234);
            let fee = rate.fee(weight);
            assert!(FeeRate::of(fee, weight) >= rate, "{weight}");
            assert!(FeeRate::of(fee - 1, weight) < rate, "{weight}");
        }
    }

    #[test]
    fn the_floor_rises_and_falls() {
        let least = FeeRate(1_000);
        let mut floor = Floor::default();
        assert_eq!(floor.rate(least, 100, 0), least);
        floor.rise(FeeRate(7_000), least, 50);
        assert_eq!(floor.rate(least, 100, 149), FeeRate(8_000));
        assert_eq!(floor.rate(least, 100, 150), FeeRate(4_000));
        floor.rise(FeeRate(2_000), least, 150);
        assert_eq!(floor.rate(least, 100, 150), FeeRate(4_000));
        assert_eq!(floor.rate(least, 100, 99_999), least);
    }
}
