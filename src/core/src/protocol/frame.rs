//! A byte stream, split anywhere, becomes messages; messages become bytes.
//!
//! A frame is a header of 24 bytes (network magic, command, length, checksum) and a payload. What
//! a hostile peer may send: another network's magic, a length that makes us wait and hold memory,
//! a command of odd bytes, an endless stream. Each field is judged as soon as it is there, before a
//! byte is reserved for what it announces; the buffer grows only with bytes that really came. A
//! wrong checksum costs the frame alone, as in Bitcoin Core.

use super::limits::{MAX_PAYLOAD, MessageLimit};
use super::payload::{self, PayloadError};
use bitcoin::consensus::encode::serialize;
use bitcoin::hashes::{Hash, sha256d};
use bitcoin::p2p::Magic;
use bitcoin::p2p::message::{CommandString, NetworkMessage, RawNetworkMessage};

/// Bytes of a frame's header.
pub const HEADER_SIZE: usize = 24;

/// Bytes that may wait to be read: the longest message twice. A driver that reads after each push
/// holds one unfinished message and one push.
const MAX_BUFFERED: usize = 2 * (HEADER_SIZE + MAX_PAYLOAD as usize);

/// An empty buffer larger than this is given back.
const KEPT_CAPACITY: usize = 1 << 16;

/// What the stream held.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "lives for one match")]
pub enum Frame {
    /// A message.
    Message {
        /// The message; a command that is not known is [`NetworkMessage::Unknown`].
        payload: NetworkMessage,
        /// Bytes of the whole frame.
        bytes: u32,
    },
    /// A frame whose payload does not match its checksum: dropped, the next one is read on.
    BadChecksum {
        /// Its command.
        command: String,
        /// Bytes of the whole frame.
        bytes: u32,
    },
}

/// Why the stream cannot be read on: disconnect.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// Another network, or no Bitcoin at all.
    #[error("expected the network's magic {}, found {}", hex(expected), hex(found))]
    Magic {
        /// The network's.
        expected: [u8; 4],
        /// As many as came.
        found: Vec<u8>,
    },
    /// The command is not printable ASCII padded with zeros.
    #[error(
        "expected a command of printable ASCII padded with zeros, found {}",
        hex(found)
    )]
    Command {
        /// Its bytes.
        found: [u8; 12],
    },
    /// The announced length is over the limit.
    #[error("expected {command} of at most {limit} bytes, found one of {found} announced")]
    TooLong {
        /// The command.
        command: String,
        /// The most allowed.
        limit: u32,
        /// The length in the header.
        found: u32,
    },
    /// The payload is not what its command says.
    #[error("bad {command}: {error}")]
    Payload {
        /// The command.
        command: String,
        /// What is wrong.
        error: PayloadError,
    },
    /// More was pushed than may wait.
    #[error("expected at most {limit} bytes waiting to be read, found {found}")]
    TooMuch {
        /// The most that may wait.
        limit: usize,
        /// What would wait.
        found: usize,
    },
}

/// Cuts a peer's byte stream into messages.
///
/// ```
/// use bitcoin::p2p::message::NetworkMessage;
/// use farthing_core::protocol::{encode, Frame, FrameDecoder};
///
/// let magic = [0xfa, 0xbf, 0xb5, 0xda];
/// let bytes = encode(magic, NetworkMessage::Ping(7));
/// let mut decoder = FrameDecoder::new(magic);
/// decoder.push(&bytes[..5]);
/// assert_eq!(decoder.next(), Ok(None));
/// decoder.push(&bytes[5..]);
/// assert_eq!(decoder.next(), Ok(Some(Frame::Message { payload: NetworkMessage::Ping(7), bytes: 32 })));
/// ```
#[derive(Debug, Clone)]
pub struct FrameDecoder {
    magic: [u8; 4],
    buffer: Vec<u8>,
    /// Bytes of `buffer` that were read.
    read: usize,
    failed: Option<FrameError>,
}

impl FrameDecoder {
    /// For a stream of the network with this magic.
    #[must_use]
    pub fn new(magic: [u8; 4]) -> FrameDecoder {
        FrameDecoder {
            magic,
            buffer: Vec::new(),
            read: 0,
            failed: None,
        }
    }

    /// Takes the next bytes of the stream. Follow it with [`next`](Self::next) until that has
    /// nothing more.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.failed.is_some() {
            return;
        }
        let found = self.waiting() + bytes.len();
        if found > MAX_BUFFERED {
            self.fail(FrameError::TooMuch {
                limit: MAX_BUFFERED,
                found,
            });
            return;
        }
        self.buffer.drain(..self.read);
        self.read = 0;
        if self.buffer.is_empty() && self.buffer.capacity() > KEPT_CAPACITY {
            self.buffer = Vec::new();
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// The next frame; none: it needs more bytes.
    ///
    /// # Errors
    /// When the stream cannot be read on. The same error comes at every later call.
    #[allow(
        clippy::should_implement_trait,
        reason = "a fallible pull, no iterator: none means not yet"
    )]
    pub fn next(&mut self) -> Result<Option<Frame>, FrameError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        match self.read_frame() {
            Ok(frame) => Ok(frame),
            Err(error) => {
                self.fail(error.clone());
                Err(error)
            }
        }
    }

    /// Bytes that came and were not read yet.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.buffer.len() - self.read
    }

    /// Bytes of memory that are kept for the stream.
    #[must_use]
    pub fn held(&self) -> usize {
        self.buffer.capacity()
    }

    fn fail(&mut self, error: FrameError) {
        self.failed = Some(error);
        self.buffer = Vec::new();
        self.read = 0;
    }

    fn read_frame(&mut self) -> Result<Option<Frame>, FrameError> {
        let unread = &self.buffer[self.read..];
        let seen = &unread[..unread.len().min(self.magic.len())];
        if !self.magic.starts_with(seen) {
            return Err(FrameError::Magic {
                expected: self.magic,
                found: seen.to_vec(),
            });
        }
        let Some((header, rest)) = unread.split_first_chunk::<HEADER_SIZE>() else {
            return Ok(None);
        };
        let header = FrameHeader::parse(header)?;
        let limit = MessageLimit::of(header.command.as_ref()).bytes;
        if header.length > limit {
            return Err(FrameError::TooLong {
                command: header.command.to_string(),
                limit,
                found: header.length,
            });
        }
        let Some(payload) = rest.get(..header.length as usize) else {
            return Ok(None);
        };
        let size = HEADER_SIZE + payload.len();
        let bytes = HEADER_SIZE as u32 + header.length;
        let frame = if checksum(payload) == header.checksum {
            let command = header.command.to_string();
            let payload = payload::decode(header.command, payload)
                .map_err(|error| FrameError::Payload { command, error })?;
            Frame::Message { payload, bytes }
        } else {
            Frame::BadChecksum {
                command: header.command.to_string(),
                bytes,
            }
        };
        self.read += size;
        Ok(Some(frame))
    }
}

/// The bytes of one message.
#[must_use]
pub fn encode(magic: [u8; 4], message: NetworkMessage) -> Vec<u8> {
    serialize(&RawNetworkMessage::new(Magic::from_bytes(magic), message))
}

struct FrameHeader {
    command: CommandString,
    length: u32,
    checksum: [u8; 4],
}

impl FrameHeader {
    /// Reads the fields after the magic.
    fn parse(header: &[u8; HEADER_SIZE]) -> Result<FrameHeader, FrameError> {
        let mut name = [0; 12];
        name.copy_from_slice(&header[4..16]);
        let mut length = [0; 4];
        length.copy_from_slice(&header[16..20]);
        let mut checksum = [0; 4];
        checksum.copy_from_slice(&header[20..24]);
        Ok(FrameHeader {
            command: command(name)?,
            length: u32::from_le_bytes(length),
            checksum,
        })
    }
}

fn command(name: [u8; 12]) -> Result<CommandString, FrameError> {
    let odd = FrameError::Command { found: name };
    let end = name.iter().position(|&byte| byte == 0).unwrap_or(12);
    let (text, padding) = name.split_at(end);
    if !text.iter().all(|byte| (0x20..0x7f).contains(byte)) || padding.iter().any(|&b| b != 0) {
        return Err(odd);
    }
    let text = std::str::from_utf8(text).map_err(|_| odd.clone())?;
    CommandString::try_from(text).map_err(|_| odd)
}

fn checksum(payload: &[u8]) -> [u8; 4] {
    let [a, b, c, d, ..] = sha256d::Hash::hash(payload).to_byte_array();
    [a, b, c, d]
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
