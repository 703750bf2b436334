//! How often something may happen: so many times at once, and so many more with time.

/// A bucket that fills with time and is emptied by what happens. Counts in thousandths, so that a
/// millisecond fills it by a whole number.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bucket {
    /// The most in it, and what comes in each millisecond, in units of a thousandth of `per`.
    most: u64,
    each_ms: u64,
    unit: u64,
    left: u64,
    at_ms: u64,
}

impl Bucket {
    /// So many at once, and so many each second.
    pub(super) fn per_second((burst, rate): (u64, u64), now_ms: u64) -> Self {
        Self::new(burst, rate, 1_000, now_ms)
    }

    /// So many at once, and so many each minute.
    pub(super) fn per_minute((burst, rate): (u64, u64), now_ms: u64) -> Self {
        Self::new(burst, rate, 60_000, now_ms)
    }

    fn new(burst: u64, rate: u64, unit: u64, now_ms: u64) -> Self {
        let most = burst.saturating_mul(unit);
        Self {
            most,
            each_ms: rate,
            unit,
            left: most,
            at_ms: now_ms,
        }
    }

    /// Takes so many; whether there were as many.
    pub(super) fn take(&mut self, count: u64, now_ms: u64) -> bool {
        let passed = now_ms.saturating_sub(self.at_ms);
        self.at_ms = self.at_ms.max(now_ms);
        let filled = passed.saturating_mul(self.each_ms);
        self.left = self.left.saturating_add(filled).min(self.most);
        match self.left.checked_sub(count.saturating_mul(self.unit)) {
            Some(left) => {
                self.left = left;
                true
            }
            None => false,
        }
    }
}
