//! What is known of one miner.

use super::io::Options;
use super::pace::Pace;
use crate::mining::CheckedTemplate;
use crate::primitives::U256;
use crate::stratum::limits;
use crate::stratum::line::LineDecoder;
use crate::stratum::notify::Notify;
use crate::stratum::rate::Bucket;
use bitcoin::{ScriptBuf, Transaction};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

/// A job, as it was sent to this miner.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) template: Arc<CheckedTemplate>,
    pub(super) notify: Notify,
    /// With zeros as extra nonce, and its witness.
    pub(super) coinbase: Transaction,
    /// The easiest target that was in force since it was sent.
    pub(super) target: U256,
    /// It was sent with the difficulty that is in force still: its shares tell the pace.
    pub(super) tells_pace: bool,
}

/// A connection.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) address: String,
    pub(super) since_ms: u64,
    /// When it last said anything.
    pub(super) heard_ms: u64,
    pub(super) lines: LineDecoder,
    pub(super) messages: Bucket,
    pub(super) bytes: Bucket,
    pub(super) strikes: u32,
    pub(super) refused_in_row: u32,
    /// The pool's part of the extra nonce.
    pub(super) extranonce1: [u8; 4],
    pub(super) subscribed: bool,
    /// Who may submit.
    pub(super) users: BTreeSet<String>,
    /// Who is paid.
    pub(super) payout: Option<ScriptBuf>,
    /// What it may roll; none before `mining.configure`.
    pub(super) mask: u32,
    pub(super) pace: Pace,
    /// The difficulty that it was told last.
    pub(super) told: Option<f64>,
    /// The newest last.
    pub(super) jobs: VecDeque<Job>,
    /// Eight bytes of the hash of each share of these jobs, and the job.
    pub(super) seen: BTreeMap<u64, String>,
}

impl Connection {
    pub(super) fn new(options: &Options, address: String, extranonce1: u32, now_ms: u64) -> Self {
        Self {
            address,
            since_ms: now_ms,
            heard_ms: now_ms,
            lines: LineDecoder::new(limits::MINER_LINE),
            messages: Bucket::per_second(limits::MINER_MESSAGES, now_ms),
            bytes: Bucket::per_second(limits::MINER_BYTES, now_ms),
            strikes: 0,
            refused_in_row: 0,
            extranonce1: extranonce1.to_be_bytes(),
            subscribed: false,
            users: BTreeSet::new(),
            payout: None,
            mask: 0,
            pace: Pace::new(options.start_difficulty, options.share_seconds),
            told: None,
            jobs: VecDeque::new(),
            seen: BTreeMap::new(),
        }
    }

    /// Whether it mines.
    pub(super) fn is_miner(&self) -> bool {
        self.subscribed && self.payout.is_some()
    }

    /// Forgets the oldest job, and its shares.
    pub(super) fn drop_oldest_job(&mut self) {
        if let Some(job) = self.jobs.pop_front() {
            let id = job.notify.job_id;
            self.seen.retain(|_, of| *of != id);
        }
    }

    pub(super) fn drop_jobs(&mut self) {
        self.jobs.clear();
        self.seen.clear();
    }

    pub(super) fn next_deadline_ms(&self) -> u64 {
        let authorize = self.payout.is_none();
        let authorize = authorize.then_some(self.since_ms + limits::AUTHORIZE_MS);
        let silence = self.heard_ms + limits::MINER_SILENCE_MS;
        let pace = self.pace.due_ms();
        [authorize, pace]
            .into_iter()
            .flatten()
            .fold(silence, u64::min)
    }
}
