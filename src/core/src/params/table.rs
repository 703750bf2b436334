//! The table itself.

/// Every name that the table knows.
pub(super) const NAMES: [&str; 6] = [
    "bitcoin", "testnet4", "testnet3", "signet", "regtest", "practice",
];
