//! Difficulties and targets, worked out apart.

use crate::primitives::U256;
use crate::stratum::{Difficulty, DifficultyError};
use proptest::prelude::*;

fn target(number: f64) -> String {
    format!("{:064x}", Difficulty::new(number).unwrap().target())
}

#[test]
fn targets_of_known_difficulties() {
    // Whole division of 0xffff << 208, by another program with numbers of any size.
    for (number, expected) in [
        (1.0, format!("00000000ffff{}", "0".repeat(52))),
        (2.0, format!("000000007fff8{}", "0".repeat(51))),
        (0.5, format!("00000001fffe{}", "0".repeat(52))),
        (1024.0, format!("00000000003fffc{}", "0".repeat(49))),
        (
            4_294_967_296.0,
            format!("{}ffff{}", "0".repeat(16), "0".repeat(44)),
        ),
    ] {
        assert_eq!(target(number), expected, "{number}");
    }
    // A third is no binary fraction: the number that a double holds is taken, exactly.
    assert_eq!(
        target(1.0 / 3.0),
        "00000002fffd000000000bfff4000000002fffd000000000bfff4000000002ff"
    );
}

#[test]
fn no_target_is_easier_than_any_hash() {
    for number in [1e-300, f64::MIN_POSITIVE, 5e-324, 1.0 / 8_589_934_592.0] {
        assert_eq!(
            Difficulty::new(number).unwrap().target(),
            U256::MAX,
            "{number}"
        );
    }
    let four_of_five = Difficulty::new(1.0 / 4_294_967_296.0).unwrap();
    assert_eq!(four_of_five.target(), U256::from(0xffff_u32) << 240);
}

#[test]
fn what_is_no_difficulty_is_refused() {
    for number in [0.0, -0.0, -1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let refused = Difficulty::new(number);
        assert!(
            matches!(refused, Err(DifficultyError::NotPositive { .. })),
            "{number}: {refused:?}"
        );
    }
    for number in [2.7e67, 1e300, f64::MAX] {
        let refused = Difficulty::new(number);
        assert!(
            matches!(refused, Err(DifficultyError::TooHard { .. })),
            "{number}"
        );
    }
    let hardest = Difficulty::new(2.695_8e67).unwrap();
    assert_eq!(hardest.target(), U256::ONE);
    assert_eq!(
        Difficulty::of_target(U256::ZERO),
        Err(DifficultyError::ZeroTarget)
    );
}

proptest! {
    /// The target is the quotient, rounded down: a little more would be too much.
    #[test]
    fn the_target_is_the_quotient_rounded_down(significand in 1_u64..1 << 53, exponent in 0_u32..80) {
        let number = significand as f64 / (1_u128 << exponent) as f64;
        let difficulty = Difficulty::new(number).unwrap();
        let target = difficulty.target();
        prop_assume!(target < U256::MAX);
        // target * significand <= 0xffff << 208 + exponent < (target + 1) * significand
        let wide = |number: U256| crate::primitives::U512::from(number);
        let one = crate::primitives::U512::from(0xffff_u32) << (208 + exponent as usize);
        let significand = crate::primitives::U512::from(significand);
        prop_assert!(wide(target) * significand <= one);
        prop_assert!((wide(target) + crate::primitives::U512::ONE) * significand > one);
    }

    /// Whoever meets a target meets its difficulty, and hardly anybody else does.
    #[test]
    fn the_difficulty_of_a_target_is_as_high_as_it_may_be(bytes in any::<[u8; 32]>(), zeros in 0_usize..250) {
        let target = (U256::from_be_bytes(bytes) >> zeros).max(U256::ONE);
        let difficulty = Difficulty::of_target(target).unwrap();
        prop_assert!(difficulty.target() >= target);
        let next = f64::from_bits(difficulty.number().to_bits() + 1);
        let harder = Difficulty::new(next);
        prop_assert!(harder.is_err() || harder.unwrap().target() <= target);
    }
}
