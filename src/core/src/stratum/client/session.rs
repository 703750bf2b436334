//! What is known of one connection.

use super::io::Options;
use crate::primitives::U256;
use crate::stratum::limits;
use crate::stratum::line::LineDecoder;
use crate::stratum::message::Message;
use crate::stratum::notify::Notify;
use crate::stratum::rate::Bucket;
use crate::stratum::{Difficulty, words};
use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};

/// How far the handshake is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// `mining.subscribe` was sent.
    Subscribing,
    /// `mining.authorize` was sent.
    Authorizing,
    /// The pool knows us.
    Ready { since_ms: u64 },
}

/// What an answer is to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Asked {
    Configure,
    Subscribe,
    Authorize,
    ExtranonceSubscribe,
    /// A share.
    Submit {
        share: u32,
        difficulty: f64,
        since_ms: u64,
    },
}

/// What goes between the two pieces of a coinbase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Extranonce {
    /// The pool's part.
    pub(super) one: Vec<u8>,
    /// Bytes of ours.
    pub(super) size: usize,
}

/// A job, with what was in force when it came.
#[derive(Debug)]
pub(super) struct Job {
    /// Ours: a pool may use a name twice.
    pub(super) number: u64,
    pub(super) notify: Notify,
    pub(super) extranonce: Extranonce,
    /// The pool's target for shares of it.
    pub(super) target: U256,
    /// A block's.
    pub(super) block_target: U256,
}

#[derive(Debug)]
pub(super) struct Session {
    pub(super) since_ms: u64,
    pub(super) stage: Stage,
    pub(super) lines: LineDecoder,
    next_id: u64,
    /// At most the handshake's and [`limits::PENDING`].
    pub(super) asked: BTreeMap<u64, Asked>,
    pub(super) messages: Bucket,
    pub(super) job_rate: Bucket,
    pub(super) share_rate: Bucket,
    pub(super) block_rate: Bucket,
    /// For the jobs to come.
    pub(super) extranonce: Option<Extranonce>,
    /// What the pool lets roll.
    pub(super) mask: u32,
    pub(super) difficulty: Difficulty,
    /// It was told that this difficulty is harder than a block's.
    pub(super) told_hard: bool,
    /// The newest last.
    pub(super) jobs: VecDeque<Job>,
    /// When the last good job came; at first, when the connection opened.
    pub(super) last_job_ms: u64,
}

impl Session {
    pub(super) fn new(now_ms: u64) -> Self {
        Self {
            since_ms: now_ms,
            stage: Stage::Subscribing,
            lines: LineDecoder::new(limits::POOL_LINE),
            next_id: 1,
            asked: BTreeMap::new(),
            messages: Bucket::per_second(limits::POOL_MESSAGES, now_ms),
            job_rate: Bucket::per_second(limits::POOL_JOBS, now_ms),
            share_rate: Bucket::per_second(limits::SHARES, now_ms),
            block_rate: Bucket::per_second(limits::SHARES, now_ms),
            extranonce: None,
            mask: 0,
            difficulty: Difficulty::new(1.0).expect("one is above zero"),
            told_hard: false,
            jobs: VecDeque::new(),
            last_job_ms: now_ms,
        }
    }

    /// The first lines. `mining.configure` comes before all else (BIP310).
    pub(super) fn greet(&mut self, options: &Options) -> Vec<Vec<u8>> {
        let mut lines = Vec::new();
        if options.version_mask != 0 {
            let mask = words::number_to_hex(options.version_mask);
            let wanted = json!({
                "version-rolling.mask": mask,
                "version-rolling.min-bit-count": 2,
            });
            let params = vec![json!(["version-rolling"]), wanted];
            lines.push(self.ask(Asked::Configure, "mining.configure", params));
        }
        let agent = vec![json!(options.agent)];
        lines.push(self.ask(Asked::Subscribe, "mining.subscribe", agent));
        lines
    }

    /// A request's line.
    pub(super) fn ask(&mut self, asked: Asked, method: &str, params: Vec<Value>) -> Vec<u8> {
        let id = self.next_id;
        self.next_id += 1;
        self.asked.insert(id, asked);
        Message::request(id, method, params).to_line()
    }

    pub(super) fn is_ready(&self) -> bool {
        matches!(self.stage, Stage::Ready { .. })
    }

    /// Whether it brought work for so long that its end is no failure.
    pub(super) fn was_steady(&self, now_ms: u64) -> bool {
        let Stage::Ready { since_ms } = self.stage else {
            return false;
        };
        !self.jobs.is_empty() && now_ms >= since_ms.saturating_add(limits::STEADY_MS)
    }

    /// The job that is mined.
    pub(super) fn job(&self) -> Option<&Job> {
        self.jobs.back()
    }

    /// What a share of it must meet now. A harder difficulty counts at once, an easier one from the
    /// next job on: pools differ in when they begin to count, and this is right with each of them.
    /// A block is a share in any case.
    pub(super) fn target_of(&self, job: &Job) -> U256 {
        let target = job.target.min(self.difficulty.target());
        target.max(job.block_target)
    }

    pub(super) fn pending(&self) -> usize {
        self.shares().count()
    }

    /// Numbers of the shares that wait for an answer, and since when.
    pub(super) fn shares(&self) -> impl Iterator<Item = (u32, u64)> {
        self.asked.values().filter_map(|asked| match asked {
            Asked::Submit {
                share, since_ms, ..
            } => Some((*share, *since_ms)),
            _ => None,
        })
    }

    pub(super) fn oldest_share_ms(&self) -> Option<u64> {
        self.shares().map(|(_, since_ms)| since_ms).min()
    }

    pub(super) fn next_deadline_ms(&self) -> u64 {
        let handshake = (!self.is_ready()).then_some(self.since_ms + limits::HANDSHAKE_MS);
        let answer = self
            .oldest_share_ms()
            .map(|since| since + limits::ANSWER_MS);
        let silence = self.last_job_ms + limits::SILENCE_MS;
        [handshake, answer]
            .into_iter()
            .flatten()
            .fold(silence, u64::min)
    }
}
