//! The envelope of a stored record: a checksum, a version, a body.
//!
//! A browser's storage may tear a write or flip a bit, and an older version of this program may
//! have written the record. So nothing is read back before the first four bytes of the double
//! SHA-256 over version and body agree with the four bytes in front: any flipped byte is refused.
//! The checksum finds accidents, not forgers: who can write to the storage can also seal.

use bitcoin::hashes::{Hash, sha256d};
use serde::{Serialize, de::DeserializeOwned};

const CHECKSUM: usize = 4;
const VERSION: usize = 1;

/// Why a stored record was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// It ends before the version.
    #[error("expected a record of at least 5 bytes, found {found}")]
    Short {
        /// Its length.
        found: usize,
    },
    /// A byte was changed, or the end is missing.
    #[error("expected a record with the checksum {expected:02x?}, found {found:02x?}")]
    Checksum {
        /// What the version and body hash to.
        expected: [u8; 4],
        /// What is written in front.
        found: [u8; 4],
    },
    /// Another version of the program wrote it.
    #[error("expected a record of version {expected}, found version {found}")]
    Version {
        /// What this program reads.
        expected: u8,
        /// What is written.
        found: u8,
    },
    /// The checksum agrees, the body says something else than was expected.
    #[error("expected {expected}, found a body that does not say that: {reason}")]
    Body {
        /// What was to be read.
        expected: &'static str,
        /// What the decoder says.
        reason: String,
    },
}

/// Writes a record: checksum, version, body as JSON.
///
/// # Errors
/// A body that has no JSON form.
pub fn seal<T: Serialize>(version: u8, body: &T) -> Result<Vec<u8>, RecordError> {
    let mut bytes = vec![0; CHECKSUM];
    bytes.push(version);
    serde_json::to_writer(&mut bytes, body).map_err(|error| RecordError::Body {
        expected: "a body with a JSON form",
        reason: error.to_string(),
    })?;
    let checksum = checksum(&bytes[CHECKSUM..]);
    bytes[..CHECKSUM].copy_from_slice(&checksum);
    Ok(bytes)
}

/// Reads a record that [`seal`] wrote. `expected` names it in the error.
///
/// # Errors
/// A record that is short, changed, of another version, or whose body is not a `T`.
pub fn open<T: DeserializeOwned>(
    version: u8,
    expected: &'static str,
    bytes: &[u8],
) -> Result<T, RecordError> {
    let Some((found, rest)) = bytes.split_first_chunk::<CHECKSUM>() else {
        return Err(RecordError::Short { found: bytes.len() });
    };
    let Some((&written, body)) = rest.split_first() else {
        return Err(RecordError::Short { found: bytes.len() });
    };
    let computed = checksum(rest);
    if computed != *found {
        return Err(RecordError::Checksum {
            expected: computed,
            found: *found,
        });
    }
    if written != version {
        return Err(RecordError::Version {
            expected: version,
            found: written,
        });
    }
    debug_assert_eq!(rest.len(), VERSION + body.len());
    serde_json::from_slice(body).map_err(|error| RecordError::Body {
        expected,
        reason: error.to_string(),
    })
}

fn checksum(bytes: &[u8]) -> [u8; CHECKSUM] {
    let hash = sha256d::Hash::hash(bytes).to_byte_array();
    [hash[0], hash[1], hash[2], hash[3]]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_read_back() {
        let bytes = seal(3, &("table 7", 21u64)).expect("JSON");
        let back: (String, u64) = open(3, "a pair", &bytes).expect("unchanged");
        assert_eq!(back, ("table 7".to_owned(), 21));
    }

    #[test]
    fn any_flipped_bit_is_refused() {
        let bytes = seal(1, &vec![1u32, 2, 3]).expect("JSON");
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut changed = bytes.clone();
                changed[at] ^= 1 << bit;
                let read: Result<Vec<u32>, _> = open(1, "numbers", &changed);
                assert!(
                    matches!(read, Err(RecordError::Checksum { .. })),
                    "bit {bit} of byte {at}: {read:?}"
                );
            }
        }
    }

    #[test]
    fn a_cut_record_is_refused_at_every_length() {
        let bytes = seal(1, &vec![1u32, 2, 3]).expect("JSON");
        for length in 0..bytes.len() {
            assert!(open::<Vec<u32>>(1, "numbers", &bytes[..length]).is_err());
        }
    }

    #[test]
    fn another_version_and_another_body_are_named() {
        let bytes = seal(2, &7u32).expect("JSON");
        assert_eq!(
            open::<u32>(1, "a number", &bytes),
            Err(RecordError::Version {
                expected: 1,
                found: 2
            })
        );
        assert!(matches!(
            open::<String>(2, "a name", &bytes),
            Err(RecordError::Body {
                expected: "a name",
                ..
            })
        ));
    }
}
