//! Headers to search, and shares that come back.

use super::io::{Event, Output, Share, Work};
use super::machine::{Client, State};
use super::session::{Asked, Job, Session};
use crate::primitives::{U256, hash_value};
use crate::stratum::submission::Submission;
use crate::stratum::{Difficulty, limits};
use bitcoin::block::Header;
use bitcoin::consensus::encode::deserialize;
use std::collections::BTreeMap;

/// Works that were given out, and may come back.
#[derive(Debug, Default)]
pub(super) struct Works {
    next: u32,
    given: BTreeMap<u32, Given>,
}

/// One of them.
#[derive(Debug, Clone)]
struct Given {
    /// [`Job::number`].
    job: u64,
    extranonce2: Vec<u8>,
    target: U256,
    mask: u32,
}

/// What became of a share before it was sent.
enum Fate {
    Send(Submission, f64),
    Stale(&'static str),
    Rejected(String),
}

impl Works {
    pub(super) fn clear(&mut self) {
        self.given.clear();
    }

    fn give(&mut self, given: Given) -> u32 {
        while self.given.len() >= limits::WORKS {
            self.given.pop_first();
        }
        self.next = self.next.wrapping_add(1);
        self.given.insert(self.next, given);
        self.next
    }
}

impl Client {
    /// A header of the newest job, with this `extranonce2`: each worker that has one of its own
    /// searches what no other does, as far as the pool leaves bytes to tell them apart: of a number
    /// that has more, the lowest count. None while there is no job.
    #[must_use]
    pub fn work(&mut self, extranonce2: u64) -> Option<Work> {
        let State::Open(session) = &self.state else {
            return None;
        };
        let job = session.job().filter(|_| session.is_ready())?;
        let extranonce2 = bytes_of(extranonce2, job.extranonce.size);
        let header = job.notify.header(&job.extranonce.one, &extranonce2).ok()?;
        let target = session.target_of(job);
        let given = Given {
            job: job.number,
            extranonce2,
            target,
            mask: session.mask,
        };
        let id = self.works.give(given);
        Some(Work {
            id,
            job: job.notify.job_id.clone(),
            header: bitcoin::consensus::encode::serialize_hex(&header),
            target: format!("{target:064x}"),
            version_mask: session.mask,
        })
    }

    pub(super) fn on_submit(&mut self, share: &Share) {
        let fate = self.judge(share);
        let share = share.share;
        match fate {
            Fate::Send(submission, difficulty) => {
                let since_ms = self.now_ms;
                let State::Open(session) = &mut self.state else {
                    return;
                };
                let asked = Asked::Submit {
                    share,
                    difficulty,
                    since_ms,
                };
                let bytes = session.ask(asked, "mining.submit", submission.to_params());
                self.output(Output::Send { bytes });
            }
            Fate::Stale(reason) => self.event(Event::Stale {
                share,
                reason: reason.to_owned(),
            }),
            Fate::Rejected(reason) => self.event(Event::Rejected { share, reason }),
        }
    }

    fn judge(&mut self, share: &Share) -> Fate {
        let now = self.now_ms;
        let State::Open(session) = &mut self.state else {
            return Fate::Stale("there is no connection to the pool");
        };
        let Some(given) = self.works.given.get(&share.work) else {
            return Fate::Stale("its work is over");
        };
        let Some(job) = session.jobs.iter().find(|job| job.number == given.job) else {
            return Fate::Stale("its job is over");
        };
        let Some(header) = read_header(&share.header) else {
            return Fate::Rejected(
                "expected a header of 160 hex digits, found another text".into(),
            );
        };
        let rolled = match rolled(job, given, &header) {
            Some(rolled) => rolled,
            None => {
                return Fate::Rejected(
                    "expected the work's header with another nonce or rolled bits, found another header"
                        .into(),
                );
            }
        };
        if rolled & !session.mask != 0 {
            return Fate::Stale("it rolls version bits that the pool no longer lets roll");
        }
        let hash = hash_value(&header.block_hash());
        if hash > given.target {
            return Fate::Rejected(format!(
                "expected a hash of at most {:064x}, found {}",
                given.target,
                header.block_hash()
            ));
        }
        let is_block = hash <= job.block_target;
        let submission = Submission {
            user: self.options.user.clone(),
            job_id: job.notify.job_id.clone(),
            extranonce2: given.extranonce2.clone(),
            time: header.time,
            nonce: header.nonce,
            version_bits: (session.mask != 0)
                .then(|| header.version.to_consensus().cast_unsigned() & session.mask),
        };
        let difficulty = Difficulty::of_target(given.target).map_or(0.0, Difficulty::number);
        if !may_send(session, is_block, now) {
            self.problem(
                "shares are found faster than they are sent: the pool's difficulty is too easy, or it does \
                 not answer"
                    .to_owned(),
            );
            return Fate::Rejected("there are too many shares: it was left out".to_owned());
        }
        Fate::Send(submission, difficulty)
    }
}

/// A share that is a block does not wait behind those that are none.
fn may_send(session: &mut Session, is_block: bool, now_ms: u64) -> bool {
    if session.pending() >= limits::PENDING {
        return false;
    }
    session.share_rate.take(1, now_ms) || is_block && session.block_rate.take(1, now_ms)
}

/// The bits of the version that were rolled; none where more than these and the nonce is another.
fn rolled(job: &Job, given: &Given, header: &Header) -> Option<u32> {
    let expected = job
        .notify
        .header(&job.extranonce.one, &given.extranonce2)
        .ok()?;
    let rolled = (header.version.to_consensus() ^ expected.version.to_consensus()).cast_unsigned();
    let same = Header {
        version: header.version,
        nonce: header.nonce,
        ..expected
    };
    (*header == same && rolled & !given.mask == 0).then_some(rolled)
}

fn read_header(text: &str) -> Option<Header> {
    let mut bytes = [0; Header::SIZE];
    hex::decode_to_slice(text, &mut bytes).ok()?;
    deserialize(&bytes).ok()
}

/// The lowest bytes of a number, so many, the highest of them first.
fn bytes_of(number: u64, size: usize) -> Vec<u8> {
    let lowest = number.to_le_bytes().into_iter().chain(std::iter::repeat(0));
    let mut bytes: Vec<u8> = lowest.take(size).collect();
    bytes.reverse();
    bytes
}
