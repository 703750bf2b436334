//! A search on a processor that this crate has no code for, as a page's graphics processor is: what it
//! begins from, and the check of what it says it found.
//!
//! It compares a hash's most significant word alone, as the kernels do. What passes is hashed again here
//! and compared with the whole target. What should never have passed shows that it miscounts: then nothing
//! that it says can be relied on, least of all that it found nothing.

use crate::job::Hit;
use crate::library;
use crate::search::Search;
use std::ops::RangeInclusive;

/// A nonce that another processor says it found, with the number of its version in the group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The nonce.
    pub nonce: u32,
    /// Which of the group's versions, counted from 0.
    pub version: u32,
}

/// A claim that no processor makes that counts rightly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Miscount {
    /// The hash does not meet the part of the target that was compared.
    #[error("nonce {nonce} was said to be found, and its hash is past the target")]
    Hash {
        /// The claimed nonce.
        nonce: u32,
    },
    /// It was not asked for that nonce.
    #[error("nonce {nonce} was said to be found, and was not to be tried")]
    Nonce {
        /// The claimed nonce.
        nonce: u32,
    },
    /// The group has no such version.
    #[error("version {version} of a group of {versions} was said to be found")]
    Version {
        /// The claimed number.
        version: u32,
        /// How many versions the group has.
        versions: usize,
    },
}

impl Search {
    /// What a group's search begins from, as the numbers that SHA-256 has: the header's three words before
    /// the nonce; the most significant word of the target; and for each version the eight words of the
    /// state after the header's first block, and those after four rounds more with a nonce of 0. A nonce
    /// is added to the first and the fifth of the latter.
    #[must_use]
    pub fn words(&self, group: u32) -> Vec<u32> {
        let work = self.work(&self.group(group));
        let mut words = work.tail.to_vec();
        words.push(work.top);
        for version in &work.versions {
            words.extend(version.midstate.iter().chain(&version.begun));
        }
        words
    }

    /// The claims that meet the whole target, each once and in the order of their nonces, of a group of
    /// which these nonces were to be tried.
    ///
    /// # Errors
    /// A claim of another nonce, or that is not even near the target, is a [`Miscount`], and no other is believed.
    pub fn check(
        &self,
        group: u32,
        nonces: RangeInclusive<u32>,
        claims: &[Claim],
    ) -> Result<Vec<Hit>, Miscount> {
        let versions = self.group(group);
        let top = self.work(&[]).top;
        let mut hits = Vec::new();
        for &Claim { nonce, version } in claims {
            if !nonces.contains(&nonce) {
                return Err(Miscount::Nonce { nonce });
            }
            let found = usize::try_from(version)
                .ok()
                .and_then(|at| versions.get(at));
            let Some(&found) = found else {
                let versions = versions.len();
                return Err(Miscount::Version { version, versions });
            };
            let hit = Hit {
                nonce,
                version: found,
            };
            let [.., a, b, c, d] = library::hash(&self.header(hit));
            if u32::from_le_bytes([a, b, c, d]) > top {
                return Err(Miscount::Hash { nonce });
            }
            if self.meets_target(hit) {
                hits.push(hit);
            }
        }
        hits.sort_by_key(|hit| (hit.nonce, hit.version));
        hits.dedup();
        Ok(hits)
    }
}
