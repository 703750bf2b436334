//! Difficulty, as pools count it, and the target that it stands for.
//!
//! Difficulty 1 is the target `0x00000000ffff0000…`, as of Bitcoin's first block: about 2^32 hashes.
//! The target of a difficulty `d` is that number divided by `d`, rounded down; `d` is taken exactly
//! as the binary fraction that it is. No target is easier than 2^256 - 1, and none is zero.
//!
//! Threat: a pool names any number. What is no difficulty is refused here, with what was found.

use crate::primitives::{U256, U512};

/// 0xffff at bit 208: the target of difficulty 1.
const ONE: U512 = U512::from_limbs([0, 0, 0, 0xffff_0000, 0, 0, 0, 0]);
/// Below 2^-33 every hash will do.
const LEAST_EXPONENT: i32 = -33;
/// Bits of a double's significand.
const SIGNIFICAND: usize = 53;

/// A difficulty that has a target.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Difficulty(f64);

/// A number that is no difficulty.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum DifficultyError {
    /// Not a number, infinite, negative or zero.
    #[error("expected a difficulty above zero, found {found}")]
    NotPositive {
        /// The number.
        found: f64,
    },
    /// No hash can be as low.
    #[error("expected a difficulty that some hash meets, at most 2^224, found {found:e}")]
    TooHard {
        /// The number.
        found: f64,
    },
    /// The target is zero: no hash is as low.
    #[error("expected a target above zero, found zero")]
    ZeroTarget,
}

impl Difficulty {
    /// The difficulty of this number.
    ///
    /// # Errors
    /// It is not a number, infinite, negative or zero, or so high that its target would be zero.
    pub fn new(number: f64) -> Result<Self, DifficultyError> {
        if !number.is_finite() || number <= 0.0 {
            return Err(DifficultyError::NotPositive { found: number });
        }
        if target_of(number).is_zero() {
            return Err(DifficultyError::TooHard { found: number });
        }
        Ok(Self(number))
    }

    /// The highest difficulty whose target is not harder than this one: whoever meets the target
    /// meets the difficulty.
    ///
    /// # Errors
    /// The target is zero.
    pub fn of_target(target: U256) -> Result<Self, DifficultyError> {
        if target.is_zero() {
            return Err(DifficultyError::ZeroTarget);
        }
        // At least 64 bits of the quotient, of which the upper 53 count: cut off, the quotient is not
        // higher than it should be, so its target is not lower.
        let shift = (target.bit_len() + 64).saturating_sub(223);
        let quotient = (ONE << shift) / U512::saturating_from(target);
        let cut = quotient.bit_len().saturating_sub(SIGNIFICAND);
        let significand = (quotient >> cut).as_limbs()[0];
        let exponent = cut as i32 - shift as i32;
        Ok(Self(significand as f64 * power_of_two(exponent)))
    }

    /// The number.
    #[must_use]
    pub fn number(self) -> f64 {
        self.0
    }

    /// The target: a hash must be at most this.
    #[must_use]
    pub fn target(self) -> U256 {
        target_of(self.0)
    }

    /// Hashes that meeting it takes on average, nearly: 2^32 for each unit.
    #[must_use]
    pub fn hashes(self) -> f64 {
        self.0 * 4_294_967_296.0
    }
}

/// The target of a positive, finite number; zero where no hash is as low.
fn target_of(number: f64) -> U256 {
    let (significand, exponent) = parts(number);
    let significand = U512::from(significand);
    // `significand` has at least one bit: the number is at least 2^exponent.
    if exponent + (significand.bit_len() as i32) <= LEAST_EXPONENT {
        return U256::MAX;
    }
    let target = if exponent <= 0 {
        // At most 224 + 33 + 53 bits.
        (ONE << exponent.unsigned_abs() as usize) / significand
    } else if exponent > 224 {
        U512::ZERO
    } else {
        ONE / (significand << exponent as usize)
    };
    U256::saturating_from(target)
}

/// The number as a whole one times a power of two.
fn parts(number: f64) -> (u64, i32) {
    let bits = number.to_bits();
    let exponent = (bits >> 52 & 0x7ff) as i32;
    let fraction = bits & ((1 << 52) - 1);
    match exponent {
        0 => (fraction, -1074),
        _ => (fraction | 1 << 52, exponent - 1075),
    }
}

/// 2 to a power between -1022 and 1023, exactly.
fn power_of_two(exponent: i32) -> f64 {
    f64::from_bits(((exponent + 1023) as u64) << 52)
}
