//! Targets and work: 256-bit numbers, and the compact form in which a header writes its target.
//!
//! Source: Bitcoin Core's `arith_uint256` (`SetCompact`, `GetCompact`) and `GetBlockProof`.

use super::U256;
use bitcoin::BlockHash;
use bitcoin::hashes::Hash;

/// A compact target that no header may carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// The sign bit is set.
    #[error("expected a positive target, found the negative compact target {bits:#010x}")]
    Negative {
        /// The compact target.
        bits: u32,
    },
    /// It is larger than 256 bits.
    #[error("expected a target of at most 256 bits, found the compact target {bits:#010x}")]
    Overflow {
        /// The compact target.
        bits: u32,
    },
    /// No hash can be as low.
    #[error("expected a target above zero, found the compact target {bits:#010x}")]
    Zero {
        /// The compact target.
        bits: u32,
    },
}

/// The target that `bits` stand for.
///
/// # Errors
/// A negative target, one of more than 256 bits, or zero.
pub fn target_from_bits(bits: u32) -> Result<U256, TargetError> {
    let size = bits >> 24;
    let mantissa = bits & 0x007f_ffff;
    let word = if size <= 3 {
        mantissa >> (8 * (3 - size))
    } else {
        mantissa
    };
    if word == 0 {
        return Err(TargetError::Zero { bits });
    }
    if bits & 0x0080_0000 != 0 {
        return Err(TargetError::Negative { bits });
    }
    if size > 34 || (word > 0xff && size > 33) || (word > 0xffff && size > 32) {
        return Err(TargetError::Overflow { bits });
    }
    let word = U256::from(word);
    Ok(if size <= 3 {
        word
    } else {
        word << (8 * (size as usize - 3))
    })
}

/// The compact form of a target: the upper 15 to 23 bits, the rest cut off.
#[must_use]
pub fn bits_from_target(target: U256) -> u32 {
    let mut size = target.bit_len().div_ceil(8);
    let shifted = if size <= 3 {
        target << (8 * (3 - size))
    } else {
        target >> (8 * (size - 3))
    };
    // Three bytes at most: the shift left nothing above them.
    let mut mantissa = shifted.as_limbs()[0] as u32 & 0x00ff_ffff;
    // The top bit is the sign: a mantissa that would set it moves down a byte.
    if mantissa & 0x0080_0000 != 0 {
        mantissa >>= 8;
        size += 1;
    }
    mantissa | (size as u32) << 24
}

/// The hashes that meeting a target takes on average: 2^256 / (target + 1), rounded down.
#[must_use]
pub fn work_of_target(target: U256) -> U256 {
    // 2^256 does not fit: 2^256 / (t + 1) = (2^256 - t - 1) / (t + 1) + 1.
    match target.checked_add(U256::ONE) {
        Some(divisor) => (!target / divisor).saturating_add(U256::ONE),
        None => U256::ONE,
    }
}

/// A hash as the number that is compared with a target.
#[must_use]
pub fn hash_value(hash: &BlockHash) -> U256 {
    U256::from_le_bytes(hash.to_byte_array())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_that_no_header_may_carry() {
        for (bits, error) in [
            (0x0000_0000, TargetError::Zero { bits: 0 }),
            (0x0080_0000, TargetError::Zero { bits: 0x0080_0000 }),
            (0x0100_ffff, TargetError::Zero { bits: 0x0100_ffff }),
            (0x1d00_0000, TargetError::Zero { bits: 0x1d00_0000 }),
            (0x0180_ffff, TargetError::Zero { bits: 0x0180_ffff }),
            (0x01fe_dcba, TargetError::Negative { bits: 0x01fe_dcba }),
            (0x0492_3456, TargetError::Negative { bits: 0x0492_3456 }),
            (0x1d80_ffff, TargetError::Negative { bits: 0x1d80_ffff }),
            (0x2101_0000, TargetError::Overflow { bits: 0x2101_0000 }),
            (0x2301_0000, TargetError::Overflow { bits: 0x2301_0000 }),
            (0x2300_0001, TargetError::Overflow { bits: 0x2300_0001 }),
            (0xff12_3456, TargetError::Overflow { bits: 0xff12_3456 }),
        ] {
            assert_eq!(target_from_bits(bits), Err(error), "{bits:#010x}");
        }
        // The largest that still fit.
        for (bits, target) in [
            (0x2100_ffff, U256::from(0xffff_u32) << 240),
            (0x2200_00ff, U256::from(0xff_u32) << 248),
        ] {
            assert_eq!(target_from_bits(bits), Ok(target), "{bits:#010x}");
        }
    }

    #[test]
    fn compact_forms_there_and_back() {
        for (bits, target) in [
            (0x0112_3456, U256::from(0x12_u32)),
            (0x0212_3456, U256::from(0x1234_u32)),
            (0x0312_3456, U256::from(0x12_3456_u32)),
            (0x0412_3456, U256::from(0x1234_5600_u32)),
            (0x0500_9234, U256::from(0x9234_0000_u32)),
            (0x1d00_ffff, U256::from(0xffff_u32) << 208),
            (0x207f_ffff, U256::from(0x7f_ffff_u32) << 232),
        ] {
            assert_eq!(target_from_bits(bits), Ok(target), "{bits:#010x}");
            assert_eq!(target_from_bits(bits_from_target(target)), Ok(target));
        }
        assert_eq!(bits_from_target(U256::from(0x80_u32)), 0x0200_8000);
        assert_eq!(bits_from_target(U256::MAX), 0x2100_ffff);
        assert_eq!(bits_from_target(U256::ZERO), 0);
    }

    #[test]
    fn work_is_two_to_the_256_over_target_plus_one() {
        let easiest = target_from_bits(0x1d00_ffff).unwrap();
        assert_eq!(work_of_target(easiest), U256::from(0x1_0001_0001_u64));
        assert_eq!(work_of_target(U256::ONE), U256::ONE << 255);
        assert_eq!(work_of_target(U256::MAX), U256::ONE);
        assert_eq!(work_of_target(U256::MAX >> 1), U256::from(2));
        assert_eq!(work_of_target(U256::ZERO), U256::MAX);
    }
}
