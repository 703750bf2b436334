//! Where money may go: to an Ed25519 public key; and what may stand beside it: some data.
//!
//! Scripts are compared byte by byte, with no interpreter, so that nothing else can be meant.

use super::error::{RuleError, shown};
use crate::keys::PublicKey;
use bitcoin::{Script, ScriptBuf};

/// The most bytes of data with `OP_RETURN`.
pub const DATA_LIMIT: usize = 256;

/// How a witness program of version 16 with 32 bytes begins: `OP_16`, a push of 32 bytes.
const PROGRAM_PREFIX: [u8; 2] = [0x60, 0x20];
const OP_RETURN: u8 = 0x6a;
const OP_PUSHDATA1: u8 = 0x4c;
const OP_PUSHDATA2: u8 = 0x4d;

/// What an output is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputKind {
    /// Money of a public key.
    Key(PublicKey),
    /// Data; nobody's.
    Data,
}

/// What the output at this place is.
///
/// # Errors
/// It is neither of the two that the list allows, or pays to no public key.
pub fn output_kind(output: usize, script: &Script) -> Result<OutputKind, RuleError> {
    if let Some(program) = program(script) {
        return PublicKey::from_bytes(program)
            .map(OutputKind::Key)
            .map_err(|error| RuleError::OutputKey { output, error });
    }
    match script.as_bytes().split_first() {
        Some((&OP_RETURN, rest)) if is_data(rest) => Ok(OutputKind::Data),
        _ => Err(RuleError::OutputScript {
            output,
            found: shown(script),
        }),
    }
}

/// The script that pays to a public key.
#[must_use]
pub fn script_of_key(key: &PublicKey) -> ScriptBuf {
    let mut bytes = PROGRAM_PREFIX.to_vec();
    bytes.extend_from_slice(&key.to_bytes());
    ScriptBuf::from_bytes(bytes)
}

/// The 32 bytes of a witness program of version 16.
pub(super) fn program(script: &Script) -> Option<&[u8; 32]> {
    let program = script.as_bytes().strip_prefix(&PROGRAM_PREFIX)?;
    program.try_into().ok()
}

/// Nothing, or one push of at most 256 bytes with the shortest prefix for its length.
fn is_data(rest: &[u8]) -> bool {
    match *rest {
        [] => true,
        [length @ 0..OP_PUSHDATA1, ref data @ ..] => data.len() == usize::from(length),
        [OP_PUSHDATA1, length, ref data @ ..] => {
            length >= OP_PUSHDATA1 && data.len() == usize::from(length)
        }
        [OP_PUSHDATA2, low, high, ref data @ ..] => {
            let length = usize::from(u16::from_le_bytes([low, high]));
            (256..=DATA_LIMIT).contains(&length) && data.len() == length
        }
        _ => false,
    }
}
