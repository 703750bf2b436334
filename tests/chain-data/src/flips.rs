//! A flipped bit anywhere in a header is refused, with its height and the reason.

use crate::data::{file, main_500, params};
use farthing_core::headers::range::RangeCheck;
use farthing_core::headers::{HEADER_SIZE, RuleError};

/// Bytes 4 to 35 name the parent, 72 to 75 are the compact target.
fn is_reason(rule: &RuleError, height: u32, byte: usize) -> bool {
    match rule {
        RuleError::NotGenesis { .. } => height == 0,
        RuleError::NotLinked { .. } => (4..36).contains(&byte),
        RuleError::Target(_) | RuleError::AboveLimit { .. } | RuleError::Bits { .. } => {
            (72..76).contains(&byte)
        }
        RuleError::ProofOfWork { .. } => true,
        _ => false,
    }
}

/// Flips each of 640 bits of every `step`-th header of a range.
fn flip_each(network: &str, first: u32, bytes: &[u8], step: usize) -> u32 {
    let params = params(network);
    let mut check = RangeCheck::new(&params, first, None);
    let mut flips = 0;
    for (height, header) in (first..).zip(bytes.chunks(HEADER_SIZE)) {
        let index = (height - first) as usize;
        if index.is_multiple_of(step) || index == 1 {
            for bit in 0..HEADER_SIZE * 8 {
                let mut damaged = header.to_vec();
                damaged[bit / 8] ^= 1 << (bit % 8);
                let error = check.clone().push_bytes(&damaged).unwrap_err();
                assert_eq!(error.height, Some(height), "{network}, bit {bit}: {error}");
                assert!(
                    is_reason(&error.rule, height, bit / 8),
                    "{network}, bit {bit}: {error}"
                );
                assert!(
                    error
                        .to_string()
                        .starts_with(&format!("header at height {height}: expected"))
                );
                flips += 1;
            }
        }
        // It was the damage that was refused.
        check.push_bytes(header).unwrap();
    }
    flips
}

pub(crate) fn every_bit() -> String {
    let flips = flip_each("bitcoin", 0, file("headers/main_0_10236.bin"), 1_009)
        + flip_each(
            "bitcoin",
            40_000,
            file("headers/main_40000_49999.bin"),
            1_009,
        )
        + flip_each("bitcoin", 300_000, &main_500(), 100)
        + flip_each("testnet3", 0, file("headers/test3_0_9999.bin"), 1_009)
        + flip_each("testnet4", 0, file("headers/test4_0_100.bin"), 20)
        + flip_each("signet", 0, file("headers/signet_0_2015.bin"), 251);
    assert!(flips > 30_000, "found {flips}");
    format!("{flips} flipped bits refused")
}
