//! SHA-256 for one, four or eight hashes at a time: the code is written once, over words of so many
//! lanes, and made for each kind of word, since code for a feature of the processor (`target_feature`)
//! is no trait's.
//!
//! | module | its job |
//! |---|---|
//! | `code` | the rounds, the search, headers in bulk |
//! | `words` | one lane: plain numbers |
//! | `words_sse2`, `words_simd128` | four lanes |
//! | `words_avx2` | eight lanes |

#[macro_use]
mod code;
mod words;
#[cfg(target_arch = "x86_64")]
mod words_avx2;
#[cfg(target_feature = "simd128")]
mod words_simd128;
#[cfg(target_arch = "x86_64")]
mod words_sse2;

lanes!(scalar, words);
#[cfg(target_arch = "x86_64")]
lanes!(four, words_sse2, #[target_feature(enable = "sse2")]);
#[cfg(target_feature = "simd128")]
lanes!(four, words_simd128);
#[cfg(target_arch = "x86_64")]
lanes!(eight, words_avx2, #[target_feature(enable = "avx2")]);

use crate::search::GROUP;

/// What is the same for all nonces of one search.
#[derive(Debug)]
pub(crate) struct Work {
    /// At most a group of them.
    pub(crate) versions: Vec<Version>,
    /// The words of the header's second block before its nonce.
    pub(crate) tail: [u32; 3],
    /// The most significant word of the target.
    pub(crate) top: u32,
}

/// A version of the header.
#[derive(Debug)]
pub(crate) struct Version {
    /// The state after the header's first block.
    pub(crate) midstate: [u32; 8],
    /// The state after the first four rounds of the second block, with a nonce of 0: a nonce is added
    /// to its first and fifth word.
    pub(crate) begun: [u32; 8],
}

impl Version {
    pub(crate) fn new(midstate: [u32; 8], tail: &[u32; 3]) -> Self {
        let begun = scalar::begin(midstate, tail);
        Self { midstate, begun }
    }
}

/// Nonces of which a hash's most significant word is at most the target's: the rest is to be compared.
#[derive(Debug)]
pub(crate) struct Passed {
    /// Nonces that were tried before the first lane.
    pub(crate) nonces: u64,
    /// For each version a bit for each lane, the lowest for the first.
    pub(crate) lanes: [u8; GROUP],
}

impl Passed {
    pub(crate) fn none(nonces: u64) -> Self {
        let lanes = [0; GROUP];
        Self { nonces, lanes }
    }

    pub(crate) fn any(&self) -> bool {
        self.lanes.iter().any(|lanes| *lanes != 0)
    }
}
