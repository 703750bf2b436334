//! Coins and undo data as bytes: what a store keeps.
//!
//! A coin is twice its height, plus one where a coinbase made it (Bitcoin's compact size), the median
//! time past (4 bytes), the amount (8 bytes), both little-endian, and the script with its length.
//! Undo data is the number of coins that a block spent, then these coins in the order of the inputs.
//! Threat: a file that was changed on the disk. Nothing is allocated on the word of a length.

use super::Coin;
use crate::primitives::BlockHeight;
use bitcoin::consensus::encode::{self, Decodable, Encodable};
use bitcoin::{ScriptBuf, VarInt};

/// Bytes that are no coin, or no undo data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// They end early, or a length is not in its shortest form.
    #[error("expected {expected}, found {reason}")]
    Malformed {
        /// What should be there.
        expected: &'static str,
        /// What the decoder says.
        reason: String,
    },
    /// A height that no block has.
    #[error("expected a height of 32 bits, found {found}")]
    Height {
        /// The number.
        found: u64,
    },
    /// Something follows.
    #[error("expected the end after {expected}, found {left} bytes more")]
    LeftOver {
        /// What was read.
        expected: &'static str,
        /// How many.
        left: usize,
    },
}

/// A coin as bytes.
#[must_use]
pub fn encode_coin(coin: &Coin) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(5 + 4 + 8 + 1 + coin.script_pubkey.len());
    write_coin(coin, &mut bytes);
    bytes
}

/// A coin from its bytes.
///
/// # Errors
/// They are not exactly one coin.
pub fn decode_coin(mut bytes: &[u8]) -> Result<Coin, CodecError> {
    let coin = read_coin(&mut bytes)?;
    end(bytes, "a coin")?;
    Ok(coin)
}

/// Undo data as bytes: the coins that a block spent, in the order of its inputs.
#[must_use]
pub fn encode_undo(coins: &[Coin]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(9 + coins.len() * 52);
    write(&VarInt(coins.len() as u64), &mut bytes);
    for coin in coins {
        write_coin(coin, &mut bytes);
    }
    bytes
}

/// Undo data from its bytes.
///
/// # Errors
/// They are not exactly the coins that they announce.
pub fn decode_undo(mut bytes: &[u8]) -> Result<Vec<Coin>, CodecError> {
    let count: VarInt = read(&mut bytes, "a count of coins")?;
    let mut coins = Vec::new();
    for _ in 0..count.0 {
        coins.push(read_coin(&mut bytes)?);
    }
    end(bytes, "undo data")?;
    Ok(coins)
}

fn write_coin(coin: &Coin, bytes: &mut Vec<u8>) {
    let made = u64::from(coin.height) << 1 | u64::from(coin.coinbase);
    write(&VarInt(made), bytes);
    write(&coin.median_time_past, bytes);
    write(&coin.amount, bytes);
    write(&coin.script_pubkey, bytes);
}

fn read_coin(bytes: &mut &[u8]) -> Result<Coin, CodecError> {
    let made: VarInt = read(bytes, "a coin's height")?;
    let height = made.0 >> 1;
    Ok(Coin {
        height: BlockHeight::try_from(height).map_err(|_| CodecError::Height { found: height })?,
        coinbase: made.0 & 1 == 1,
        median_time_past: read(bytes, "a coin's median time")?,
        amount: read(bytes, "a coin's amount")?,
        script_pubkey: read::<ScriptBuf>(bytes, "a coin's script")?,
    })
}

fn write(value: &impl Encodable, bytes: &mut Vec<u8>) {
    value
        .consensus_encode(bytes)
        .expect("writing to a vector does not fail");
}

fn read<T: Decodable>(bytes: &mut &[u8], expected: &'static str) -> Result<T, CodecError> {
    T::consensus_decode_from_finite_reader(bytes).map_err(|error: encode::Error| {
        CodecError::Malformed {
            expected,
            reason: error.to_string(),
        }
    })
}

fn end(bytes: &[u8], expected: &'static str) -> Result<(), CodecError> {
    match bytes.len() {
        0 => Ok(()),
        left => Err(CodecError::LeftOver { expected, left }),
    }
}
