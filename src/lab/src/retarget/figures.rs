//! Figures from runs over many seeds.

/// The middle of many values, and what 5% of them are below and above.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// 5% are below.
    pub low: f64,
    /// Half are below.
    pub median: f64,
    /// 5% are above.
    pub high: f64,
}

impl Band {
    /// The band of these values; none of nothing. Values that never came count as infinite.
    #[must_use]
    pub fn of(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        let last = values.len().checked_sub(1)?;
        let at = |hundredths: usize| values[(last * hundredths + 50) / 100];
        Some(Self {
            low: at(5),
            median: at(50),
            high: at(95),
        })
    }
}

/// The mean of these values.
#[must_use]
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}
