//! One payload becomes one of the `bitcoin` crate's messages.
//!
//! Bytes after the end are refused, as is a count that the payload is too short for: it would make
//! the codec reserve memory for things that are not there. Two real habits are let pass: nodes
//! before BIP37's flag leave the last byte of `version` away, and later ones may append to it.
//!
//! What nobody here acts on is no reason to leave a node, whatever is in it: a later version may
//! write it otherwise (bcoin's `reject` has no hash, BIP61 leaves it to the message). Short ones
//! are read where they can be, to be shown; long ones are handed on as bytes, unread.

use super::limits::MessageLimit;
use bitcoin::VarInt;
use bitcoin::block::Header;
use bitcoin::consensus::encode::{self, Decodable};
use bitcoin::p2p::message::{CommandString, NetworkMessage};
use bitcoin::p2p::message_network::VersionMessage;

/// A payload that is no such message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PayloadError {
    /// It lists more than such a message may.
    #[error("expected at most {limit} entries, found {count}")]
    TooMany {
        /// The most allowed.
        limit: u32,
        /// What its count says.
        count: u64,
    },
    /// Its count and its length do not agree.
    #[error("expected {count} entries, found only {bytes} bytes for them")]
    CountWithoutBytes {
        /// What its count says.
        count: u64,
        /// How many bytes follow.
        bytes: usize,
    },
    /// It goes on after its end.
    #[error("expected {expected} bytes, found {found}")]
    LeftOver {
        /// Where it ended.
        expected: usize,
        /// How long it is.
        found: usize,
    },
    /// It does not parse.
    #[error("expected a payload of this command, found {reason}")]
    Malformed {
        /// What the codec says.
        reason: String,
    },
}

impl From<encode::Error> for PayloadError {
    fn from(error: encode::Error) -> PayloadError {
        PayloadError::Malformed {
            reason: error.to_string(),
        }
    }
}

/// Reads the payload of `command`, whose length was checked before.
pub(super) fn decode(
    command: CommandString,
    payload: &[u8],
) -> Result<NetworkMessage, PayloadError> {
    use NetworkMessage as M;
    check_count(MessageLimit::of(command.as_ref()), payload)?;
    Ok(match command.as_ref() {
        "version" => M::Version(version(payload)?),
        "verack" => empty(payload, M::Verack)?,
        "wtxidrelay" => empty(payload, M::WtxidRelay)?,
        "ping" => M::Ping(whole(payload)?),
        "pong" => M::Pong(whole(payload)?),
        "inv" => M::Inv(whole(payload)?),
        "getdata" => M::GetData(whole(payload)?),
        "notfound" => M::NotFound(whole(payload)?),
        "headers" => M::Headers(headers(payload)?),
        "block" => M::Block(whole(payload)?),
        "tx" => M::Tx(whole(payload)?),
        shown => shown_only(shown, payload).unwrap_or_else(|_| unknown(command, payload)),
    })
}

/// Reads what a client only ever shows and a node answers where it can be read.
fn shown_only(command: &str, payload: &[u8]) -> Result<NetworkMessage, PayloadError> {
    use NetworkMessage as M;
    Ok(match command {
        "sendaddrv2" => empty(payload, M::SendAddrV2)?,
        "sendheaders" => empty(payload, M::SendHeaders)?,
        "getaddr" => empty(payload, M::GetAddr)?,
        "mempool" => empty(payload, M::MemPool)?,
        "getheaders" => M::GetHeaders(whole(payload)?),
        "getblocks" => M::GetBlocks(whole(payload)?),
        "getcfilters" => M::GetCFilters(whole(payload)?),
        "getcfheaders" => M::GetCFHeaders(whole(payload)?),
        "getcfcheckpt" => M::GetCFCheckpt(whole(payload)?),
        "feefilter" => M::FeeFilter(whole(payload)?),
        "sendcmpct" => M::SendCmpct(whole(payload)?),
        "reject" => M::Reject(whole(payload)?),
        other => {
            return Err(PayloadError::Malformed {
                reason: format!("{other}, which is not read here"),
            });
        }
    })
}

fn unknown(command: CommandString, payload: &[u8]) -> NetworkMessage {
    NetworkMessage::Unknown {
        command,
        payload: payload.to_vec(),
    }
}

/// Bytes of the smallest entry of a counted list: one of an inventory.
const SMALLEST_ENTRY: u64 = 36;

fn check_count(limit: MessageLimit, payload: &[u8]) -> Result<(), PayloadError> {
    let Some(items) = limit.items else {
        return Ok(());
    };
    let mut rest = payload;
    let count = VarInt::consensus_decode_from_finite_reader(&mut rest)?.0;
    if count > u64::from(items) {
        return Err(PayloadError::TooMany {
            limit: items,
            count,
        });
    }
    if count * SMALLEST_ENTRY > rest.len() as u64 {
        return Err(PayloadError::CountWithoutBytes {
            count,
            bytes: rest.len(),
        });
    }
    Ok(())
}

fn whole<T: Decodable>(payload: &[u8]) -> Result<T, PayloadError> {
    let mut rest = payload;
    let value = T::consensus_decode_from_finite_reader(&mut rest)?;
    ended(payload, rest)?;
    Ok(value)
}

fn empty(payload: &[u8], message: NetworkMessage) -> Result<NetworkMessage, PayloadError> {
    ended(payload, payload)?;
    Ok(message)
}

fn ended(payload: &[u8], rest: &[u8]) -> Result<(), PayloadError> {
    if rest.is_empty() {
        Ok(())
    } else {
        Err(PayloadError::LeftOver {
            expected: payload.len() - rest.len(),
            found: payload.len(),
        })
    }
}

/// Each header is followed by a count of transactions, which is always zero.
fn headers(payload: &[u8]) -> Result<Vec<Header>, PayloadError> {
    let mut rest = payload;
    let count = VarInt::consensus_decode_from_finite_reader(&mut rest)?.0;
    let mut headers = Vec::with_capacity(rest.len() / 81);
    for _ in 0..count {
        headers.push(Header::consensus_decode_from_finite_reader(&mut rest)?);
        let transactions = VarInt::consensus_decode_from_finite_reader(&mut rest)?.0;
        if transactions != 0 {
            return Err(PayloadError::Malformed {
                reason: format!("a header followed by {transactions} transactions"),
            });
        }
    }
    ended(payload, rest)?;
    Ok(headers)
}

fn version(payload: &[u8]) -> Result<VersionMessage, PayloadError> {
    let mut rest = payload;
    match VersionMessage::consensus_decode_from_finite_reader(&mut rest) {
        Ok(version) => Ok(version),
        Err(error) => {
            // BIP37: without the flag, transactions are relayed.
            let mut with_relay = payload.to_vec();
            with_relay.push(1);
            let mut rest = with_relay.as_slice();
            match VersionMessage::consensus_decode_from_finite_reader(&mut rest) {
                Ok(version) if rest.is_empty() => Ok(version),
                _ => Err(error.into()),
            }
        }
    }
}
