//! Whether a share counts, and whether it is a block.
//!
//! The header is made anew from what was sent to the miner and the numbers that it names; nothing
//! else that it says counts.

use super::connection::{Connection, Job};
use super::io::{ConnectionId, Output};
use super::jobs::EXTRA_NONCE;
use super::machine::Server;
use crate::primitives::{Now, hash_value};
use crate::stratum::submission::Submission;
use crate::stratum::{Difficulty, Refusal, RefusalCode, limits};
use bitcoin::block::{Header, Version};
use bitcoin::consensus::encode::serialize;
use bitcoin::hashes::Hash;
use bitcoin::{BlockHash, ScriptBuf};
use serde_json::Value;

/// A share that counts.
struct Counted {
    hash: BlockHash,
    difficulty: f64,
    tells_pace: bool,
    /// Serialized, if it is one.
    block: Option<Vec<u8>>,
}

impl Server {
    pub(super) fn on_share(
        &mut self,
        conn: ConnectionId,
        params: &[Value],
    ) -> Result<Value, Refusal> {
        let result = self.judge(conn, params);
        let Some(connection) = self.connections.get_mut(&conn) else {
            return result.map(|_| Value::Bool(true));
        };
        match result {
            Ok(counted) => {
                connection.refused_in_row = 0;
                if counted.tells_pace {
                    connection.pace.share();
                }
                let who = connection.address.clone();
                self.status.accepted += 1;
                self.status.hashes += counted.difficulty * 4_294_967_296.0;
                if let Some(block) = counted.block {
                    self.status.blocks += 1;
                    let hash = counted.hash.to_string();
                    self.log_of_miner(false, format!("a miner at {who} found block {hash}"));
                    self.output(Output::Submit { conn, block, hash });
                }
                self.retarget(conn);
                Ok(Value::Bool(true))
            }
            Err(refusal) => {
                connection.refused_in_row += 1;
                match refusal.code {
                    RefusalCode::JobNotFound => self.status.stale += 1,
                    _ => self.status.rejected += 1,
                }
                Err(refusal)
            }
        }
    }

    fn judge(&mut self, conn: ConnectionId, params: &[Value]) -> Result<Counted, Refusal> {
        let now = self.now;
        let Some(connection) = self.connections.get_mut(&conn) else {
            return Err(RefusalCode::Other.with("there is no such connection"));
        };
        if !connection.subscribed {
            let said = "expected mining.subscribe before mining.submit";
            return Err(RefusalCode::NotSubscribed.with(said));
        }
        let share = Submission::read(params)
            .map_err(|error| RefusalCode::Other.with(format!("a malformed share: {error}")))?;
        if !connection.users.contains(&share.user) {
            let said = "expected a user that this connection authorized, found another";
            return Err(RefusalCode::Unauthorized.with(said));
        }
        let job = connection
            .jobs
            .iter()
            .find(|job| job.notify.job_id == share.job_id)
            .ok_or_else(|| RefusalCode::JobNotFound.with("job not found: it is over"))?;
        let header = header_of(connection, job, &share, now)?;
        let hash = header.block_hash();
        if hash_value(&hash) > job.target {
            let target = format!("{:064x}", job.target);
            let said = format!("low difficulty: expected a hash of at most {target}, found {hash}");
            return Err(RefusalCode::LowDifficulty.with(said));
        }
        let key = key_of(&hash);
        if connection.seen.contains_key(&key) {
            return Err(RefusalCode::Duplicate.with("duplicate: this share was sent before"));
        }
        if connection.seen.len() >= limits::SEEN {
            return Err(RefusalCode::Other.with("too many shares of these jobs: wait for the next"));
        }
        let is_block = hash_value(&hash) <= job.template.target();
        let counted = Counted {
            hash,
            difficulty: Difficulty::of_target(job.target).map_or(0.0, Difficulty::number),
            tells_pace: job.tells_pace,
            block: is_block.then(|| block_of(job, connection.extranonce1, &share, header)),
        };
        let job_id = job.notify.job_id.clone();
        connection.seen.insert(key, job_id);
        Ok(counted)
    }
}

/// The header that the share says, if it may.
fn header_of(
    connection: &Connection,
    job: &Job,
    share: &Submission,
    now: Now,
) -> Result<Header, Refusal> {
    let other = |said: String| RefusalCode::Other.with(said);
    let size = EXTRA_NONCE - connection.extranonce1.len();
    if share.extranonce2.len() != size {
        let found = share.extranonce2.len();
        return Err(other(format!(
            "expected {size} bytes of extranonce2, found {found}"
        )));
    }
    let latest = now.unix().saturating_add(limits::TIME_AHEAD_S);
    let times = job.template.times(latest);
    if !times.contains(&share.time) {
        let (from, to, found) = (times.start(), times.end(), share.time);
        return Err(other(format!(
            "expected an ntime from {from:08x} to {to:08x}, found {found:08x}"
        )));
    }
    let mask = connection.mask;
    let bits = share.version_bits.unwrap_or(job.notify.version & mask);
    if bits & !mask != 0 {
        return Err(other(format!(
            "expected version bits within the mask {mask:08x}, found {bits:08x}"
        )));
    }
    let version = job.notify.version & !mask | bits;
    let header = job
        .notify
        .header(&connection.extranonce1, &share.extranonce2)
        .map_err(|error| other(error.to_string()))?;
    Ok(Header {
        version: Version::from_consensus(version.cast_signed()),
        time: share.time,
        nonce: share.nonce,
        ..header
    })
}

/// The whole block: the coinbase has its witness again.
fn block_of(job: &Job, extranonce1: [u8; 4], share: &Submission, header: Header) -> Vec<u8> {
    let mut coinbase = job.coinbase.clone();
    for input in &mut coinbase.input {
        let mut script = input.script_sig.to_bytes();
        script.truncate(script.len().saturating_sub(EXTRA_NONCE));
        script.extend_from_slice(&extranonce1);
        script.extend_from_slice(&share.extranonce2);
        input.script_sig = ScriptBuf::from_bytes(script);
    }
    serialize(&job.template.block(header, coinbase))
}

/// The first eight bytes of a hash, where no zeros are asked for: no two shares of a job have the
/// same but by a chance of one in 2^64, and by a miner who harms itself alone.
fn key_of(hash: &BlockHash) -> u64 {
    let mut word = [0; 8];
    word.copy_from_slice(&hash.as_byte_array()[..8]);
    u64::from_le_bytes(word)
}
