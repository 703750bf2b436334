//! `mining.notify`: a job, and the header that comes of it.
//!
//! The coinbase is sent in two pieces; between them go `extranonce1`, which the pool chose for the
//! connection, and `extranonce2`, which is the miner's. Its hash and the Merkle branch give the root.
//!
//! Threat: a pool's pieces may be anything. What comes of them must be a coinbase, and both extra
//! nonces must lie in its script: otherwise whatever is searched is no block, and with the extra
//! nonce outside the script all workers search the same header.

use super::error::MessageError;
use super::limits;
use super::message::{kind, text};
use super::words::{
    bytes_from_hex, number_from_hex, number_to_hex, prevhash_from_hex, prevhash_to_hex,
};
use crate::merkle::branch::{BranchError, MerkleBranch};
use crate::merkle::root::MAX_DEPTH;
use crate::primitives::{TargetError, U256, UnixTime, target_from_bits};
use bitcoin::block::{Header, Version};
use bitcoin::consensus::encode::deserialize;
use bitcoin::hashes::{Hash, sha256d};
use bitcoin::{BlockHash, CompactTarget, Transaction, TxMerkleNode};
use serde_json::{Value, json};

/// Before a coinbase's script: the version, the count of inputs, the outpoint that is none.
const BEFORE_SCRIPT: usize = 4 + 1 + 36;
/// Bytes of a coinbase's script, by consensus.
const SCRIPT: std::ops::RangeInclusive<usize> = 2..=100;

/// A job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notify {
    /// The pool's name for it.
    pub job_id: String,
    /// The parent.
    pub prevhash: BlockHash,
    /// The coinbase up to the extra nonces, without its witness.
    pub coinbase1: Vec<u8>,
    /// The coinbase after them.
    pub coinbase2: Vec<u8>,
    /// The hash beside the coinbase's at each level of the tree, from the leaves up.
    pub branch: Vec<sha256d::Hash>,
    /// The header's version.
    pub version: u32,
    /// The compact target of a block.
    pub bits: u32,
    /// The header's time.
    pub time: UnixTime,
    /// Whether earlier jobs are worth nothing any more.
    pub clean: bool,
}

/// A job that no block can come from.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JobError {
    /// The two pieces, with the extra nonces between, are no coinbase.
    #[error("expected the pool's two pieces to make a coinbase, found {found}")]
    Coinbase {
        /// What they are.
        found: String,
    },
    /// The extra nonces are not in the coinbase's script.
    #[error("expected the extra nonces within the coinbase's script, found them outside")]
    ExtraNonceOutside,
    /// It is too long.
    #[error(
        "expected a coinbase of at most {} bytes, found {found}",
        limits::COINBASE
    )]
    Long {
        /// Its bytes.
        found: usize,
    },
    /// The compact target of a block is none.
    #[error("expected a block's target: {0}")]
    Bits(#[from] TargetError),
    /// The branch leads nowhere.
    #[error("expected a branch to the merkle root: {0}")]
    Branch(#[from] BranchError),
}

impl Notify {
    /// Reads the parameters of `mining.notify`.
    ///
    /// # Errors
    /// One is missing, or is not what it should be.
    pub fn read(params: &[Value]) -> Result<Self, MessageError> {
        let job_id = text(params, 0, "job id")?;
        if job_id.len() > limits::JOB_ID {
            return Err(MessageError::TooLong {
                what: "job id",
                most: limits::JOB_ID,
                found: job_id.len(),
            });
        }
        let piece = |at, what| bytes_from_hex(what, text(params, at, what)?, limits::COINBASE);
        let word = |at, what| number_from_hex(what, text(params, at, what)?);
        Ok(Self {
            job_id: job_id.to_owned(),
            prevhash: prevhash_from_hex(text(params, 1, "prevhash")?)?,
            coinbase1: piece(2, "coinb1")?,
            coinbase2: piece(3, "coinb2")?,
            branch: branch(params.get(4))?,
            version: word(5, "version")?,
            bits: word(6, "nbits")?,
            time: word(7, "ntime")?,
            clean: clean(params.get(8)),
        })
    }

    /// The parameters.
    #[must_use]
    pub fn to_params(&self) -> Vec<Value> {
        let branch = self.branch.iter();
        vec![
            json!(self.job_id),
            json!(prevhash_to_hex(&self.prevhash)),
            json!(hex::encode(&self.coinbase1)),
            json!(hex::encode(&self.coinbase2)),
            branch
                .map(|hash| json!(hex::encode(hash.to_byte_array())))
                .collect(),
            json!(number_to_hex(self.version)),
            json!(number_to_hex(self.bits)),
            json!(number_to_hex(self.time)),
            json!(self.clean),
        ]
    }

    /// The target of a block.
    ///
    /// # Errors
    /// The compact target is none.
    pub fn block_target(&self) -> Result<U256, JobError> {
        Ok(target_from_bits(self.bits)?)
    }

    /// Whether blocks can come of it with extra nonces of these lengths.
    ///
    /// # Errors
    /// They cannot.
    pub fn check(&self, extranonce1: &[u8], extranonce2_size: usize) -> Result<(), JobError> {
        self.block_target()?;
        let bytes = self.coinbase(extranonce1, &vec![0; extranonce2_size]);
        if bytes.len() > limits::COINBASE {
            return Err(JobError::Long { found: bytes.len() });
        }
        let not = |found: String| JobError::Coinbase { found };
        let coinbase: Transaction = deserialize(&bytes)
            .map_err(|error| not(format!("bytes that are no transaction ({error})")))?;
        // With a witness between, the hash of these bytes is not the transaction's id.
        if coinbase.base_size() != bytes.len() {
            return Err(not("a transaction with its witness".to_owned()));
        }
        if !coinbase.is_coinbase() {
            return Err(not("a transaction that spends a coin".to_owned()));
        }
        let script = coinbase.input.first().map_or(0, |i| i.script_sig.len());
        if !SCRIPT.contains(&script) {
            return Err(not(format!("one with a script of {script} bytes")));
        }
        // One byte tells the script's length.
        let begins = BEFORE_SCRIPT + 1;
        let from = self.coinbase1.len();
        let to = from + extranonce1.len() + extranonce2_size;
        if from < begins || to > begins + script {
            return Err(JobError::ExtraNonceOutside);
        }
        self.header(extranonce1, &vec![0; extranonce2_size])?;
        Ok(())
    }

    /// The coinbase with these extra nonces, without its witness.
    #[must_use]
    pub fn coinbase(&self, extranonce1: &[u8], extranonce2: &[u8]) -> Vec<u8> {
        [&self.coinbase1, extranonce1, extranonce2, &self.coinbase2].concat()
    }

    /// The header with these extra nonces, with nonce 0.
    ///
    /// # Errors
    /// The branch leads nowhere.
    pub fn header(&self, extranonce1: &[u8], extranonce2: &[u8]) -> Result<Header, JobError> {
        let coinbase = sha256d::Hash::hash(&self.coinbase(extranonce1, extranonce2));
        let branch = MerkleBranch {
            position: 0,
            siblings: self.branch.clone(),
        };
        Ok(Header {
            version: Version::from_consensus(self.version.cast_signed()),
            prev_blockhash: self.prevhash,
            merkle_root: TxMerkleNode::from_raw_hash(branch.root(coinbase)?),
            time: self.time,
            bits: CompactTarget::from_consensus(self.bits),
            nonce: 0,
        })
    }
}

fn branch(value: Option<&Value>) -> Result<Vec<sha256d::Hash>, MessageError> {
    const WHAT: &str = "merkle branch";
    let Some(Value::Array(hashes)) = value else {
        let found = value.map_or("nothing", kind).to_owned();
        return Err(MessageError::Field {
            what: WHAT,
            expected: "a list of hashes",
            found,
        });
    };
    let most = MAX_DEPTH as usize;
    if hashes.len() > most {
        return Err(MessageError::Field {
            what: WHAT,
            expected: "at most as many hashes as the largest block has levels",
            found: hashes.len().to_string(),
        });
    }
    let hash = |value: &Value| {
        let mut bytes = [0; 32];
        let text = value.as_str().unwrap_or_default();
        hex::decode_to_slice(text, &mut bytes)
            .map_err(|_| MessageError::field(WHAT, "hashes of 64 hex digits", text))?;
        Ok(sha256d::Hash::from_byte_array(bytes))
    };
    hashes.iter().map(hash).collect()
}

/// What is not said is no: a pool that means it says so.
fn clean(value: Option<&Value>) -> bool {
    match value {
        Some(Value::Bool(clean)) => *clean,
        Some(Value::Number(number)) => number.as_u64() == Some(1),
        Some(Value::String(text)) => text == "true" || text == "1",
        _ => false,
    }
}
