//! The bytes of a vault. Version 1, integers little-endian:
//!
//! | bytes | field |
//! |---|---|
//! | 8 | `farthing` |
//! | 1 | version |
//! | 4, 4, 4 | Argon2id's KiB, passes, lanes |
//! | 16 | salt |
//! | 32 | the wallet's first public key |
//! | 24, 48 | nonce; data key and tag |
//! | 24, 49 | nonce; entropy's length, entropy padded to 32 bytes, and tag |
//! | 4 | checksum: the first bytes of the double SHA-256 of all before |
//!
//! The checksum tells a damaged record from a wrong passphrase; it stops no forger, the two tags do.

use super::{Cost, VaultError};
use bitcoin::hashes::{Hash, sha256d};

/// The version that is written.
pub const VERSION: u8 = 1;

const MAGIC: &[u8; 8] = b"farthing";
const CHECKSUM: usize = 4;

/// Length of the fields in front, which both tags cover.
pub(super) const HEAD: usize = 8 + 1 + 3 * 4 + 16 + 32;
/// A data key with its tag.
pub(super) const WRAPPED: usize = 32 + 16;
/// The entropy's length, the entropy, the tag.
pub(super) const BODY: usize = 1 + 32 + 16;
const LENGTH: usize = HEAD + 24 + WRAPPED + 24 + BODY + CHECKSUM;

/// A vault, field by field.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) cost: Cost,
    pub(super) salt: [u8; 16],
    pub(super) first_key: [u8; 32],
    pub(super) wrap_nonce: [u8; 24],
    pub(super) wrapped: [u8; WRAPPED],
    pub(super) body_nonce: [u8; 24],
    pub(super) body: [u8; BODY],
}

impl Record {
    /// What both tags cover beside their own text.
    pub(super) fn head(&self) -> [u8; HEAD] {
        let mut head = [0; HEAD];
        let mut rest = head.as_mut_slice();
        for field in [
            MAGIC.as_slice(),
            &[VERSION],
            &self.cost.memory_kib.to_le_bytes(),
            &self.cost.passes.to_le_bytes(),
            &1u32.to_le_bytes(),
            &self.salt,
            &self.first_key,
        ] {
            let (place, after) = rest.split_at_mut(field.len());
            place.copy_from_slice(field);
            rest = after;
        }
        head
    }

    pub(super) fn write(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(LENGTH);
        bytes.extend(self.head());
        bytes.extend(self.wrap_nonce);
        bytes.extend(self.wrapped);
        bytes.extend(self.body_nonce);
        bytes.extend(self.body);
        let checksum = checksum(&bytes);
        bytes.extend(checksum);
        bytes
    }

    /// Reads a record of any version that ever was, and refuses one whose parameters are out of
    /// bounds.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, VaultError> {
        let Some((&version, _)) = bytes.strip_prefix(MAGIC).and_then(<[u8]>::split_first) else {
            return Err(VaultError::NoVault);
        };
        match version {
            1 => Self::read_version_1(bytes),
            found => Err(VaultError::Version { found }),
        }
    }

    fn read_version_1(bytes: &[u8]) -> Result<Self, VaultError> {
        let damaged = VaultError::Length {
            expected: LENGTH,
            found: bytes.len(),
        };
        if bytes.len() != LENGTH {
            return Err(damaged);
        }
        let (signed, found) = bytes.split_at(LENGTH - CHECKSUM);
        if checksum(signed) != found {
            return Err(VaultError::Checksum);
        }
        let mut fields = Fields(&signed[MAGIC.len() + 1..]);
        let read = (|| {
            let cost = Cost {
                memory_kib: u32::from_le_bytes(fields.take()?),
                passes: u32::from_le_bytes(fields.take()?),
            };
            let lanes = u32::from_le_bytes(fields.take()?);
            let record = Self {
                cost,
                salt: fields.take()?,
                first_key: fields.take()?,
                wrap_nonce: fields.take()?,
                wrapped: fields.take()?,
                body_nonce: fields.take()?,
                body: fields.take()?,
            };
            Some((record, lanes))
        })();
        let (record, lanes) = read.ok_or(damaged)?;
        record.cost.check(lanes)?;
        Ok(record)
    }
}

/// What is left of a record.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (field, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*field)
    }
}

pub(super) fn checksum(bytes: &[u8]) -> [u8; CHECKSUM] {
    let [a, b, c, d, ..] = sha256d::Hash::hash(bytes).to_byte_array();
    [a, b, c, d]
}
