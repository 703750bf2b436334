//! Templates, and the jobs that are made of them.

use super::connection::{Connection, Job};
use super::io::{ConnectionId, Output};
use super::machine::Server;
use crate::merkle::branch::MerkleBranch;
use crate::mining::{BlockTemplate, CheckedTemplate};
use crate::primitives::U256;
use crate::stratum::limits;
use crate::stratum::message::{Message, difficulty_value};
use crate::stratum::notify::Notify;
use bitcoin::consensus::encode::serialize;
use bitcoin::hashes::{Hash, sha256d};
use bitcoin::{BlockHash, Transaction};
use std::sync::Arc;

/// Bytes of the extra nonce in a coinbase: the connection's four and the miner's four.
pub(super) const EXTRA_NONCE: usize = 8;

/// What is mined.
#[derive(Debug)]
pub(super) struct Current {
    template: Arc<CheckedTemplate>,
    branch: Vec<sha256d::Hash>,
    long_poll_id: String,
    /// The number of the jobs that are made of it.
    number: u64,
    /// When it was announced.
    at_ms: u64,
}

impl Current {
    /// A block's target.
    pub(super) fn target(&self) -> U256 {
        self.template.target()
    }

    pub(super) fn parent(&self) -> BlockHash {
        self.template.header().prev_blockhash
    }
}

impl Server {
    pub(super) fn on_template(&mut self, proposed: &BlockTemplate) {
        let same = self.current.as_ref().is_some_and(|current| {
            current.long_poll_id == proposed.longpollid
                && self.now.monotonic_ms < current.at_ms + limits::REFRESH_MS
        });
        if same {
            return;
        }
        let template = match CheckedTemplate::check(&self.params, proposed) {
            Ok(template) => Arc::new(template),
            Err(error) => {
                return self.log_of_miner(true, format!("no job comes of the template: {error}"));
            }
        };
        // The same job under another name would be searched again.
        let repeated = self.current.as_ref().is_some_and(|current| {
            current.long_poll_id == proposed.longpollid
                && current.template.header() == template.header()
        });
        if repeated {
            return;
        }
        let parent = template.header().prev_blockhash;
        let clean = self
            .current
            .as_ref()
            .is_none_or(|current| current.parent() != parent);
        self.next_job += 1;
        self.current = Some(Current {
            branch: branch(template.transactions()),
            long_poll_id: proposed.longpollid.clone(),
            number: self.next_job,
            at_ms: self.now.monotonic_ms,
            template,
        });
        let miners: Vec<_> = self.miners().collect();
        for conn in miners {
            self.send_job(conn, clean);
        }
    }

    /// Shares of what was mined are worth nothing any more.
    pub(super) fn on_no_template(&mut self) {
        self.current = None;
        for connection in self.connections.values_mut() {
            connection.drop_jobs();
        }
    }

    /// Sends the difficulty where it is another, and the job.
    pub(super) fn send_job(&mut self, conn: ConnectionId, clean: bool) {
        let (Some(current), Some(connection)) = (&self.current, self.connections.get_mut(&conn))
        else {
            return;
        };
        let Some(payout) = connection.payout.clone() else {
            return;
        };
        if clean {
            connection.drop_jobs();
        }
        while connection.jobs.len() >= limits::SERVED_JOBS {
            connection.drop_oldest_job();
        }
        let Some((coinbase, notify)) = job(current, payout, clean) else {
            return;
        };
        let block = current.target();
        let template = current.template.clone();
        let line = Message::notification("mining.notify", notify.to_params()).to_line();
        let told = tell_difficulty(connection, block);
        connection.jobs.push_back(Job {
            template,
            notify,
            coinbase,
            target: connection.pace.difficulty(block).target().max(block),
            tells_pace: true,
        });
        connection.pace.job_sent(self.now.monotonic_ms);
        for bytes in told.into_iter().chain([line]) {
            self.output(Output::Send { conn, bytes });
        }
    }

    /// Moves the difficulty where it is time, and tells it.
    pub(super) fn retarget(&mut self, conn: ConnectionId) {
        let (Some(current), Some(connection)) = (&self.current, self.connections.get_mut(&conn))
        else {
            return;
        };
        let block = current.target();
        connection.pace.retarget(block, self.now.monotonic_ms);
        if !connection.is_miner() {
            return;
        }
        if let Some(bytes) = tell_difficulty(connection, block) {
            self.output(Output::Send { conn, bytes });
        }
    }
}

/// The line that tells the difficulty, where it is another than was told. Miners differ in when they
/// begin to count it: for a job that they have, the easier one goes on to count.
fn tell_difficulty(connection: &mut Connection, block: U256) -> Option<Vec<u8>> {
    let difficulty = connection.pace.difficulty(block);
    let number = difficulty.number();
    if connection.told == Some(number) {
        return None;
    }
    connection.told = Some(number);
    for job in &mut connection.jobs {
        job.target = job.target.max(difficulty.target());
        job.tells_pace = false;
    }
    let params = vec![difficulty_value(number)];
    Some(Message::notification("mining.set_difficulty", params).to_line())
}

/// The coinbase of a miner and the job around it; none where the payout is none of the network, which
/// was looked at when it authorized.
fn job(
    current: &Current,
    payout: bitcoin::ScriptBuf,
    clean: bool,
) -> Option<(Transaction, Notify)> {
    let coinbase = current.template.coinbase(payout, 0).ok()?;
    let mut stripped = coinbase.clone();
    for input in &mut stripped.input {
        input.witness.clear();
    }
    let mut first = serialize(&stripped);
    // Version, count, outpoint, the script's length; the extra nonce is the script's end.
    let script = coinbase.input.first()?.script_sig.len();
    let end = 4 + 1 + 36 + 1 + script;
    let second = first.split_off(end);
    first.truncate(end.checked_sub(EXTRA_NONCE)?);
    let header = current.template.header();
    let notify = Notify {
        job_id: format!("{:x}", current.number),
        prevhash: header.prev_blockhash,
        coinbase1: first,
        coinbase2: second,
        branch: current.branch.clone(),
        version: header.version.to_consensus().cast_unsigned(),
        bits: header.bits.to_consensus(),
        time: header.time,
        clean,
    };
    Some((coinbase, notify))
}

/// What stands beside the coinbase at each level. It does not depend on the coinbase.
fn branch(others: &[Transaction]) -> Vec<sha256d::Hash> {
    let coinbase = sha256d::Hash::all_zeros();
    let others = others
        .iter()
        .map(|other| other.compute_txid().to_raw_hash());
    let leaves: Vec<_> = [coinbase].into_iter().chain(others).collect();
    MerkleBranch::of(&leaves, 0).map_or_else(Vec::new, |branch| branch.siblings)
}
