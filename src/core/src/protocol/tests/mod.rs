//! Tests of the room, by kind.

mod bcoin;
mod frames;
mod handshakes;
mod limits;
mod prop;
mod streams;

use super::{Frame, FrameDecoder, FrameError, encode};
use bitcoin::consensus::encode::serialize;
use bitcoin::hashes::{Hash, sha256d};
use bitcoin::p2p::message::{CommandString, NetworkMessage};

const MAGIC: [u8; 4] = [0xfa, 0xbf, 0xb5, 0xda];

/// A frame with its right checksum, whatever it holds.
fn frame(command: &str, payload: &[u8]) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    let mut name = command.as_bytes().to_vec();
    name.resize(12, 0);
    bytes.extend(name);
    bytes.extend((payload.len() as u32).to_le_bytes());
    bytes.extend(&sha256d::Hash::hash(payload).to_byte_array()[..4]);
    bytes.extend(payload);
    bytes
}

/// Only the header of a frame.
fn announced(command: &str, length: u32) -> Vec<u8> {
    let mut bytes = frame(command, &[]);
    bytes[16..20].copy_from_slice(&length.to_le_bytes());
    bytes
}

/// Everything in the stream, and what ended it.
fn read_all(
    pieces: impl IntoIterator<Item = impl AsRef<[u8]>>,
) -> (Vec<Frame>, Option<FrameError>) {
    let mut decoder = FrameDecoder::new(MAGIC);
    let mut frames = Vec::new();
    for piece in pieces {
        decoder.push(piece.as_ref());
        loop {
            match decoder.next() {
                Ok(Some(frame)) => frames.push(frame),
                Ok(None) => break,
                Err(error) => return (frames, Some(error)),
            }
        }
    }
    (frames, None)
}

/// The one frame that these bytes are.
fn read_one(bytes: &[u8]) -> Result<NetworkMessage, FrameError> {
    let mut decoder = FrameDecoder::new(MAGIC);
    decoder.push(bytes);
    match decoder.next()? {
        Some(Frame::Message { payload, .. }) => Ok(payload),
        other => panic!("expected a message, found {other:?}"),
    }
}

fn unknown(command: &'static str, payload: &[u8]) -> NetworkMessage {
    NetworkMessage::Unknown {
        command: CommandString::try_from_static(command).unwrap(),
        payload: payload.to_vec(),
    }
}

/// A count as the protocol writes it, and what follows.
fn counted(count: u64, rest: &[u8]) -> Vec<u8> {
    let mut bytes = serialize(&bitcoin::VarInt(count));
    bytes.extend(rest);
    bytes
}
