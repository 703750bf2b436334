//! `mining.submit`: a share, as it is sent.

use super::error::MessageError;
use super::limits;
use super::message::text;
use super::words::{bytes_from_hex, number_from_hex, number_to_hex};
use crate::primitives::UnixTime;
use serde_json::{Value, json};

/// A share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// Who found it.
    pub user: String,
    /// For which job.
    pub job_id: String,
    /// The miner's part of the extra nonce.
    pub extranonce2: Vec<u8>,
    /// The header's time.
    pub time: UnixTime,
    /// The header's nonce.
    pub nonce: u32,
    /// The version's bits under the mask (BIP310); none where versions do not roll.
    pub version_bits: Option<u32>,
}

impl Submission {
    /// Reads the parameters of `mining.submit`.
    ///
    /// # Errors
    /// One is missing, or is not what it should be.
    pub fn read(params: &[Value]) -> Result<Self, MessageError> {
        let short = |at, what| {
            let text = text(params, at, what)?;
            if text.len() > limits::TEXT {
                return Err(MessageError::TooLong {
                    what,
                    most: limits::TEXT,
                    found: text.len(),
                });
            }
            Ok(text.to_owned())
        };
        let word = |at, what| number_from_hex(what, text(params, at, what)?);
        let extranonce2 = text(params, 2, "extranonce2")?;
        Ok(Self {
            user: short(0, "user")?,
            job_id: short(1, "job id")?,
            extranonce2: bytes_from_hex("extranonce2", extranonce2, limits::EXTRANONCE)?,
            time: word(3, "ntime")?,
            nonce: word(4, "nonce")?,
            version_bits: match params.get(5) {
                None | Some(Value::Null) => None,
                Some(_) => Some(word(5, "version bits")?),
            },
        })
    }

    /// The parameters.
    #[must_use]
    pub fn to_params(&self) -> Vec<Value> {
        let mut params = vec![
            json!(self.user),
            json!(self.job_id),
            json!(hex::encode(&self.extranonce2)),
            json!(number_to_hex(self.time)),
            json!(number_to_hex(self.nonce)),
        ];
        params.extend(self.version_bits.map(|bits| json!(number_to_hex(bits))));
        params
    }
}
