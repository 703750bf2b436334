//! A job in groups of versions and slices of nonces.
//!
//! The first 64 bytes of the header do not change with the nonce, so their part of the first SHA-256 is
//! computed once for each version: the midstate. What the nonce changes of the message's schedule does
//! not depend on the version, so that up to sixteen versions share it.
//!
//! A kernel compares the most significant word of a hash. What passes is hashed again, by the `sha2`
//! crate, and compared with the whole target: "the last word is zero" would miss what easy targets
//! allow.

use crate::job::{Hit, Job, Slice};
use crate::kernel::Kernel;
use crate::lanes::{Version, Work};
use crate::library;

/// Versions of one group: as many as share a schedule. More gain next to nothing.
pub(crate) const GROUP: usize = 16;

const NONCES: u64 = 1 << 32;

/// A job, prepared for a search.
#[derive(Debug, Clone)]
pub struct Search {
    job: Job,
    kernel: Kernel,
}

impl Search {
    /// Prepares a job for the best kernel that runs here.
    #[must_use]
    pub fn new(job: &Job) -> Self {
        Self::with_kernel(job, Kernel::best())
    }

    /// Prepares a job for this kernel.
    #[must_use]
    pub fn with_kernel(job: &Job, kernel: Kernel) -> Self {
        Self {
            job: job.clone(),
            kernel,
        }
    }

    /// How many groups the job's versions are searched in, sixteen each at most. In each of them all
    /// nonces may be tried; the first begins with the version that the header came with.
    #[must_use]
    pub fn versions(&self) -> u32 {
        let rolling = self.job.version_mask.count_ones();
        1 << rolling.saturating_sub(GROUP.ilog2())
    }

    /// How many versions each group has.
    #[must_use]
    pub fn group_size(&self) -> u32 {
        1 << self.job.version_mask.count_ones().min(GROUP.ilog2())
    }

    /// Tries `count` nonces from `from` on with every version of a group, and no further than the last
    /// of the 2^32. It stops after the nonces that were tried together with the first one that meets the
    /// target: go on at [`Slice::next`], or drop the search. A group that there is not is exhausted.
    #[must_use]
    pub fn run(&self, group: u32, from: u32, count: u32) -> Slice {
        let versions = self.group(group);
        let end = NONCES.min(u64::from(from) + u64::from(count));
        let work = self.work(&versions);
        let mut next = match versions.is_empty() {
            true => NONCES,
            false => u64::from(from),
        };
        let mut hits = Vec::new();
        while next < end && hits.is_empty() {
            let Some(passed) = self.kernel.scan(&work, next as u32, end - next) else {
                next = end;
                break;
            };
            let first = next + passed.nonces;
            next = end.min(first + u64::from(self.kernel.lanes()));
            for (version, lanes) in versions.iter().zip(passed.lanes) {
                hits.extend(
                    (first..next)
                        .filter(|nonce| lanes >> (nonce - first) & 1 == 1)
                        .map(|nonce| (nonce as u32, *version))
                        .map(|(nonce, version)| Hit { nonce, version })
                        .filter(|hit| self.meets_target(*hit)),
                );
            }
        }
        Slice {
            next: next as u32,
            exhausted: next == NONCES,
            hashes: (next - u64::from(from)) * versions.len() as u64,
            hits,
        }
    }

    /// The header of a hit.
    #[must_use]
    pub fn header(&self, hit: Hit) -> [u8; 80] {
        let mut header = self.job.header;
        header[..4].copy_from_slice(&hit.version.to_le_bytes());
        header[76..].copy_from_slice(&hit.nonce.to_le_bytes());
        header
    }

    /// The header's double SHA-256, in the order of the algorithm's bytes: people write it reversed.
    #[must_use]
    pub fn hash(&self, hit: Hit) -> [u8; 32] {
        library::hash(&self.header(hit))
    }

    pub(crate) fn meets_target(&self, hit: Hit) -> bool {
        let mut number = self.hash(hit);
        number.reverse();
        number <= self.job.target
    }

    /// The versions of a group.
    pub(crate) fn group(&self, group: u32) -> Vec<u32> {
        let [a, b, c, d, ..] = self.job.header;
        let own = u32::from_le_bytes([a, b, c, d]);
        let mask = self.job.version_mask;
        let first = u64::from(group) * GROUP as u64;
        let all = 1_u64 << mask.count_ones();
        (first..all.min(first + GROUP as u64))
            .map(|number| own ^ spread(number as u32, mask))
            .collect()
    }

    /// What a kernel needs of some versions.
    pub(crate) fn work(&self, versions: &[u32]) -> Work {
        let mut tail = [0; 3];
        for (word, bytes) in tail.iter_mut().zip(self.job.header[64..76].as_chunks().0) {
            *word = u32::from_be_bytes(*bytes);
        }
        let [a, b, c, d, ..] = self.job.target;
        let version = |version: &u32| {
            let header = self.header(Hit {
                nonce: 0,
                version: *version,
            });
            Version::new(library::midstate(&header), &tail)
        };
        Work {
            versions: versions.iter().map(version).collect(),
            tail,
            top: u32::from_be_bytes([a, b, c, d]),
        }
    }
}

/// The low bits of a number, one after the other, on the places of the mask's bits.
fn spread(mut number: u32, mut mask: u32) -> u32 {
    let mut spread = 0;
    while mask != 0 {
        let lowest = mask & mask.wrapping_neg();
        if number & 1 == 1 {
            spread |= lowest;
        }
        number >>= 1;
        mask ^= lowest;
    }
    spread
}
