//! The tables that were printed, as they were printed.

use serde::Serialize;

/// One printed table: the odds for some depths, at one share.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Printed {
    /// The attacker's share, in per cent.
    pub share: u32,
    /// Depth and odds.
    pub odds: &'static [(u32, f64)],
}

/// Section 11 of the Bitcoin paper (2008), seven digits after the point.
pub const PAPER: [Printed; 2] = [
    Printed {
        share: 10,
        odds: &[
            (0, 1.0),
            (1, 0.204_587_3),
            (2, 0.050_977_9),
            (3, 0.013_172_2),
            (4, 0.003_455_2),
            (5, 0.000_913_7),
            (6, 0.000_242_8),
            (7, 0.000_064_7),
            (8, 0.000_017_3),
            (9, 0.000_004_6),
            (10, 0.000_001_2),
        ],
    },
    Printed {
        share: 30,
        odds: &[
            (0, 1.0),
            (5, 0.177_352_3),
            (10, 0.041_660_5),
            (15, 0.010_100_8),
            (20, 0.002_480_4),
            (25, 0.000_613_2),
            (30, 0.000_152_2),
            (35, 0.000_037_9),
            (40, 0.000_009_5),
            (45, 0.000_002_4),
            (50, 0.000_000_6),
        ],
    },
];

/// The same section: at which depth the odds fall below a thousandth, by share in per cent.
pub const PAPER_THOUSANDTH: [(u32, u32); 8] = [
    (10, 5),
    (15, 8),
    (20, 11),
    (25, 15),
    (30, 24),
    (35, 41),
    (40, 89),
    (45, 340),
];

/// Rosenfeld (2014), of the exact form.
pub const EXACT: [Printed; 2] = [
    Printed {
        share: 10,
        odds: &[(1, 0.2), (2, 0.056), (6, 0.000_591_4)],
    },
    Printed {
        share: 30,
        odds: &[(6, 0.156_449_6), (10, 0.065_106_7)],
    },
];
