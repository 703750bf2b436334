//! Reading piece by piece, so that an error can say what should have been where.

use bitcoin::consensus::encode::{self, Decodable};

/// Bytes that are not what they should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// They end early, or hold what cannot be.
    #[error("expected {what} at byte {at}, found {reason}")]
    Malformed {
        /// What should be there.
        what: String,
        /// Where it begins.
        at: usize,
        /// What is there.
        reason: String,
    },
    /// They go on after their end.
    #[error("expected {expected} bytes, found {found}")]
    LeftOver {
        /// Where they should have ended.
        expected: usize,
        /// How many there are.
        found: usize,
    },
}

/// Bytes, and how far they were read.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { bytes, rest: bytes }
    }

    /// Reads the next thing; `what` is its name.
    pub(super) fn take<T: Decodable>(
        &mut self,
        what: impl Fn() -> String,
    ) -> Result<T, ParseError> {
        let at = self.bytes.len() - self.rest.len();
        T::consensus_decode_from_finite_reader(&mut self.rest).map_err(|error| {
            ParseError::Malformed {
                what: what(),
                at,
                reason: match error {
                    encode::Error::Io(_) => format!("the end after {} bytes", self.bytes.len()),
                    other => other.to_string(),
                },
            }
        })
    }

    /// Nothing may be left.
    pub(super) fn end(&self) -> Result<(), ParseError> {
        if self.rest.is_empty() {
            return Ok(());
        }
        Err(ParseError::LeftOver {
            expected: self.bytes.len() - self.rest.len(),
            found: self.bytes.len(),
        })
    }
}
