//! Time as an argument: the core has no clock.

/// Seconds since 1970-01-01T00:00:00Z, as a block header's time: an unsigned 32-bit count.
pub type UnixTime = u32;

/// The two clocks a driver reads before each input.
///
/// `unix_ms` is compared with the times of headers and shown to people; it may jump.
/// `monotonic_ms` serves deadlines; it never goes back, and may stand still while the machine
/// sleeps. A large gap between two inputs in either clock means that the machine slept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// Milliseconds since 1970.
    pub unix_ms: u64,
    /// Milliseconds since some fixed moment of this process.
    pub monotonic_ms: u64,
}

impl Now {
    /// Whole seconds since 1970; saturates in the year 2106.
    #[must_use]
    pub fn unix(self) -> UnixTime {
        UnixTime::try_from(self.unix_ms / 1000).unwrap_or(UnixTime::MAX)
    }
}
