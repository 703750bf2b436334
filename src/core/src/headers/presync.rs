//! Low-work spam: nothing of a peer's chain is stored until the chain has shown its work.
//!
//! Headers at the easiest target cost next to nothing, and there is no end to them. So a chain that
//! may be such is downloaded twice, as Bitcoin Core does (`headerssync.h`). The first pass verifies
//! every rule and keeps the newest headers alone, and of the rest one secret bit for every
//! [`COMMITMENT_PERIOD`] headers. Once the chain has shown enough work, the second pass downloads it
//! again and holds back [`REDOWNLOAD_BUFFER`] headers; one is released only when the 25 bits after it
//! agree too. A peer that shows one chain and sends another would have to guess them, and it cannot
//! try at home, because the bits depend on a secret.
//!
//! Memory: 1.2 MB for headers that wait, and at most one bit for every hundred seconds since the
//! chain's start, since the median of times cannot rise slower than one second in six headers.

use super::ancestry::median_time;
use super::error::{HeaderError, RuleError};
use super::hashes::hashes_of;
use super::trail::Walk;
use super::tree::HeaderTree;
use crate::params::NetworkParams;
use crate::primitives::{BlockHeight, U256, UnixTime};
use bitcoin::BlockHash;
use bitcoin::block::Header;
use bitcoin::hashes::{Hash, siphash24};
use std::collections::VecDeque;

/// One bit is kept of so many headers.
pub const COMMITMENT_PERIOD: u32 = 600;

/// Headers that are held back in the second pass: 25 bits' worth.
pub const REDOWNLOAD_BUFFER: usize = 25 * COMMITMENT_PERIOD as usize;

/// The most headers a second that the median-time rule allows in the long run.
const MAX_HEADERS_PER_SECOND: u64 = 6;

/// One peer's chain, until it has shown its work.
#[derive(Debug, Clone)]
pub struct Presync {
    params: NetworkParams,
    threshold: U256,
    start: Walk,
    /// For `getheaders`, behind the hash where the pass stands.
    start_locator: Vec<BlockHash>,
    secret: (u64, u64),
    offset: u32,
    max_headers: u64,
    bits: BitList,
    walk: Walk,
    pass: Pass,
}

#[derive(Debug, Clone)]
enum Pass {
    First,
    Second {
        held: VecDeque<Header>,
        next_bit: usize,
    },
    Ended,
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum PresyncStep {
    /// Give these headers (often none) to the tree, and ask the peer for more with
    /// [`Presync::locator`].
    Continue {
        /// Released headers, in sequence.
        headers: Vec<Header>,
    },
    /// Give these headers to the tree: the chain has shown its work. What follows them may be given
    /// to the tree at once.
    Done {
        /// Released headers, in sequence.
        headers: Vec<Header>,
    },
    /// The peer has no more, and too little work: nothing is stored. Not misbehaviour: the peer may
    /// be catching up itself.
    TooLittleWork {
        /// What its chain shows.
        found: U256,
        /// What is wanted.
        expected: U256,
    },
}

impl Presync {
    /// Starts after `parent`, which is in the tree, towards
    /// [`work_threshold`](HeaderTree::work_threshold). The seed must be fresh, and unknown to peers.
    ///
    /// # Errors
    /// The parent is unknown, or its height is no longer kept in full.
    pub fn new(
        tree: &HeaderTree,
        parent: &BlockHash,
        seed: [u8; 32],
        now: UnixTime,
    ) -> Result<Self, HeaderError> {
        let start = tree.walk_from(parent)?;
        let median = median_time(&start.trail, start.height() + 1).unwrap_or(0);
        let params = tree.params().clone();
        let seconds = u64::from(now.saturating_sub(median)) + u64::from(params.max_future);
        let word = |at: usize| {
            let mut word = [0; 8];
            word.copy_from_slice(&seed[at..at + 8]);
            u64::from_le_bytes(word)
        };
        Ok(Self {
            threshold: tree.work_threshold(),
            start_locator: tree.locator_behind(parent),
            secret: (word(0), word(8)),
            offset: (word(16) % u64::from(COMMITMENT_PERIOD)) as u32,
            max_headers: seconds * MAX_HEADERS_PER_SECOND,
            bits: BitList::default(),
            walk: start.clone(),
            start,
            pass: Pass::First,
            params,
        })
    }

    /// Takes the next headers of the peer. `more`: the message was full, so the peer may have more.
    ///
    /// # Errors
    /// A header that breaks a rule, or that differs from what was sent in the first pass. This
    /// download is then over.
    pub fn process(
        &mut self,
        headers: &[Header],
        more: bool,
        now: UnixTime,
    ) -> Result<PresyncStep, HeaderError> {
        let pass = std::mem::replace(&mut self.pass, Pass::Ended);
        match pass {
            Pass::First => self.first(headers, more, now),
            Pass::Second { held, next_bit } => self.second(headers, more, now, held, next_bit),
            Pass::Ended => Ok(PresyncStep::Done {
                headers: Vec::new(),
            }),
        }
    }

    /// For the next `getheaders` to this peer.
    #[must_use]
    pub fn locator(&self) -> Vec<BlockHash> {
        let mut locator = vec![self.walk.hash];
        locator.extend(
            self.start_locator
                .iter()
                .filter(|hash| **hash != self.walk.hash),
        );
        locator
    }

    /// The height that the pass has reached.
    #[must_use]
    pub fn height(&self) -> BlockHeight {
        self.walk.height()
    }

    /// Whether the work is shown and the headers come for the second time.
    #[must_use]
    pub fn is_second_pass(&self) -> bool {
        matches!(self.pass, Pass::Second { .. })
    }

    fn first(
        &mut self,
        headers: &[Header],
        more: bool,
        now: UnixTime,
    ) -> Result<PresyncStep, HeaderError> {
        for (header, hash) in headers.iter().zip(hashes_of(headers)) {
            self.walk.step(&self.params, header, hash, now)?;
            let height = self.walk.height();
            if u64::from(height - self.start.height()) > self.max_headers {
                return Err(self.fail(RuleError::TooManyHeaders {
                    limit: self.max_headers,
                }));
            }
            if self.is_committed(height) {
                self.bits.push(self.bit(&self.walk.hash));
            }
            if self.walk.work >= self.threshold {
                self.walk = self.start.clone();
                self.pass = Pass::Second {
                    held: VecDeque::new(),
                    next_bit: 0,
                };
                return Ok(PresyncStep::Continue {
                    headers: Vec::new(),
                });
            }
        }
        if !more || headers.is_empty() {
            return Ok(PresyncStep::TooLittleWork {
                found: self.walk.work,
                expected: self.threshold,
            });
        }
        self.pass = Pass::First;
        Ok(PresyncStep::Continue {
            headers: Vec::new(),
        })
    }

    fn second(
        &mut self,
        headers: &[Header],
        more: bool,
        now: UnixTime,
        mut held: VecDeque<Header>,
        mut next_bit: usize,
    ) -> Result<PresyncStep, HeaderError> {
        for (header, hash) in headers.iter().zip(hashes_of(headers)) {
            self.walk.step(&self.params, header, hash, now)?;
            // Past the work that was shown there are no bits, and none are needed.
            if self.walk.work < self.threshold && self.is_committed(self.walk.height()) {
                if self.bits.get(next_bit) != Some(self.bit(&self.walk.hash)) {
                    return Err(self.fail(RuleError::Changed));
                }
                next_bit += 1;
            }
            held.push_back(*header);
        }
        if self.walk.work >= self.threshold {
            return Ok(PresyncStep::Done {
                headers: held.into(),
            });
        }
        if !more || headers.is_empty() {
            return Err(self.fail(RuleError::Changed));
        }
        let free = held.len().saturating_sub(REDOWNLOAD_BUFFER);
        let headers = held.drain(..free).collect();
        self.pass = Pass::Second { held, next_bit };
        Ok(PresyncStep::Continue { headers })
    }

    fn is_committed(&self, height: BlockHeight) -> bool {
        height % COMMITMENT_PERIOD == self.offset
    }

    fn bit(&self, hash: &BlockHash) -> bool {
        let (k0, k1) = self.secret;
        siphash24::Hash::hash_to_u64_with_keys(k0, k1, &hash.to_byte_array()) & 1 == 1
    }

    fn fail(&self, rule: RuleError) -> HeaderError {
        HeaderError {
            height: Some(self.walk.height()),
            hash: self.walk.hash,
            rule,
        }
    }
}

/// Bits, 64 to a word.
#[derive(Debug, Clone, Default)]
struct BitList {
    words: Vec<u64>,
    len: usize,
}

impl BitList {
    fn push(&mut self, bit: bool) {
        if self.len.is_multiple_of(64) {
            self.words.push(0);
        }
        if let Some(word) = self.words.last_mut() {
            *word |= u64::from(bit) << (self.len % 64);
        }
        self.len += 1;
    }

    fn get(&self, at: usize) -> Option<bool> {
        (at < self.len).then(|| self.words[at / 64] >> (at % 64) & 1 == 1)
    }
}
