//! The end of a connection, and when the next one begins.

use super::io::{Event, Link, Output};
use super::machine::{Client, State};
use crate::stratum::limits;
use bitcoin::hashes::{Hash, HashEngine, sha256};

/// Why a connection is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leaving {
    /// It broke, or the pool does not answer.
    Failed,
    /// The pool refused us, or broke a bound: it is left alone for longer.
    Refused,
    /// The pool asked for it, and for this wait.
    Asked { wait_ms: u64 },
}

impl Client {
    /// Closes the connection, and says why.
    pub(super) fn leave(&mut self, why: Leaving, reason: String) {
        self.output(Output::Disconnect {
            reason: reason.clone(),
        });
        self.ended(why, reason);
    }

    /// The connection is closed.
    pub(super) fn closed(&mut self, reason: String) {
        self.ended(Leaving::Failed, reason);
    }

    fn ended(&mut self, why: Leaving, reason: String) {
        if let State::Open(session) = &self.state {
            if session.was_steady(self.now_ms) {
                self.failures = 0;
            }
            let lost: Vec<u32> = session.shares().map(|(share, _)| share).collect();
            for share in lost {
                self.event(Event::Stale {
                    share,
                    reason: "the connection ended before the pool answered".to_owned(),
                });
            }
        }
        self.works.clear();
        let (first, wait) = match why {
            Leaving::Failed => (limits::RETRY_FIRST_MS, 0),
            Leaving::Refused => (limits::RETRY_REFUSED_MS, 0),
            Leaving::Asked { wait_ms } => (limits::RETRY_FIRST_MS, wait_ms),
        };
        let doubled = first.saturating_mul(1 << self.failures.min(16));
        let retry_ms = doubled.min(limits::RETRY_LONGEST_MS).max(wait);
        // Up to a quarter more: a pool that comes back is not met by all of its miners at once.
        let retry_ms = retry_ms + self.jitter(retry_ms / 4);
        self.failures = self.failures.saturating_add(1);
        self.state = State::Waiting {
            until_ms: self.now_ms.saturating_add(retry_ms),
        };
        self.problem(reason);
        self.event(Event::Link {
            link: Link::Waiting { retry_ms },
        });
    }

    fn jitter(&self, most: u64) -> u64 {
        let mut engine = sha256::Hash::engine();
        engine.input(&self.seed.to_le_bytes());
        engine.input(&self.failures.to_le_bytes());
        engine.input(&self.now_ms.to_le_bytes());
        let digest = sha256::Hash::from_engine(engine).to_byte_array();
        let mut word = [0; 8];
        word.copy_from_slice(&digest[..8]);
        u64::from_le_bytes(word).checked_rem(most).unwrap_or(0)
    }
}
