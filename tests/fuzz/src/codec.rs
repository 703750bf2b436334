//! Peer-to-peer frames: a stream of bytes however it is cut, and payloads under their own command
//! and checksum, so that every parser is reached.

use crate::script::Script;
use crate::wire::{COMMANDS, frame};
use farthing_core::bitcoin::p2p::ServiceFlags;
use farthing_core::bitcoin::p2p::message::NetworkMessage;
use farthing_core::protocol::{
    Frame, FrameDecoder, FrameError, Handshake, LocalNode, MessageLimit, encode,
};

const MAGIC: [u8; 4] = [0xfa, 0xbf, 0xb5, 0xda];

/// Payloads that may say the same in two ways: a missing or an odd flag.
const SLACK: [&str; 2] = ["version", "sendcmpct"];

/// Reads frames that the fuzzer made, whole and in pieces, and writes them again.
pub fn codec(data: &[u8]) {
    let mut script = Script::new(data);
    let cut = script.number::<u32>();
    let raw = script.one_in(4);
    let stream = match raw {
        true => script.rest().to_vec(),
        false => framed(&mut script),
    };
    let (whole, ended) = read(std::iter::once(stream.as_slice()));
    let (pieces, ended_in_pieces) = read(cuts(&stream, cut).into_iter());
    assert_eq!(whole, pieces, "the cut changed what was read");
    assert_eq!(
        ended.as_ref().map(kind),
        ended_in_pieces.as_ref().map(kind),
        "the cut changed how it ended"
    );
    converse(&whole);
    for frame in whole {
        if let Frame::Message { payload, .. } = frame {
            written_again(payload);
        }
    }
}

/// Frames with their own checksum, each payload as the fuzzer likes.
fn framed(script: &mut Script<'_>) -> Vec<u8> {
    let mut stream = Vec::new();
    while script.more() {
        let command = script.one_of(&COMMANDS);
        let payload = script.piece(2_000);
        let mut bytes = frame(MAGIC, command, payload);
        // Rarely a header that lies.
        if script.one_in(16) {
            let at = script.below(24);
            bytes[at] ^= script.byte();
        }
        stream.extend(bytes);
        if !payload.is_empty() && MessageLimit::of(command).bytes as usize >= payload.len() {
            says_one_thing(command, payload);
        }
    }
    stream
}

/// A payload that is read is the only way to write what it says.
fn says_one_thing(command: &str, payload: &[u8]) {
    let bytes = frame(MAGIC, command, payload);
    let mut decoder = FrameDecoder::new(MAGIC);
    decoder.push(&bytes);
    if let Ok(Some(Frame::Message { payload, .. })) = decoder.next()
        && !SLACK.contains(&command)
    {
        assert_eq!(
            encode(MAGIC, payload),
            bytes,
            "{command} says it in two ways"
        );
    }
}

fn written_again(message: NetworkMessage) {
    let bytes = encode(MAGIC, message.clone());
    let (frames, error) = read(std::iter::once(bytes.as_slice()));
    assert_eq!(error, None, "what was read is written so that it is read");
    match frames.as_slice() {
        [Frame::Message { payload, .. }] => {
            assert_eq!(*payload, message);
            assert_eq!(encode(MAGIC, payload.clone()), bytes);
        }
        other => assert!(other.is_empty(), "expected one message, found {other:?}"),
    }
}

/// Both sides of the handshake take whatever comes.
fn converse(frames: &[Frame]) {
    let local = LocalNode {
        nonce: 1,
        services: ServiceFlags::NETWORK,
        user_agent: "/fuzz/".to_owned(),
        start_height: 7,
        relay: true,
    };
    let (mut dialled, _) = Handshake::start(&local, ServiceFlags::NETWORK, 1_700_000_000, 60_000);
    let mut listening = Handshake::listen(&local, 1_700_000_000, 60_000);
    for frame in frames {
        if let Frame::Message { payload, .. } = frame {
            let _ = dialled.handle(1_700_000_000, payload);
            let _ = listening.handle(1_700_000_000, payload);
        }
    }
    let _ = dialled.check_deadline(60_001);
}

/// Everything in the stream, and what ended it. What is held is in proportion to what came.
fn read<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> (Vec<Frame>, Option<FrameError>) {
    let mut decoder = FrameDecoder::new(MAGIC);
    let mut frames = Vec::new();
    let mut came = 0;
    for piece in pieces {
        came += piece.len();
        decoder.push(piece);
        loop {
            match decoder.next() {
                Ok(Some(frame)) => frames.push(frame),
                Ok(None) => break,
                Err(error) => {
                    assert_eq!(decoder.next(), Err(error.clone()), "the error stays");
                    assert_eq!(decoder.held(), 0, "nothing is kept after an error");
                    return (frames, Some(error));
                }
            }
        }
        assert!(decoder.waiting() <= came);
        assert!(decoder.held() <= 2 * came + 64, "held {}", decoder.held());
    }
    (frames, None)
}

/// The stream in pieces, whose sizes follow from a number.
fn cuts(stream: &[u8], seed: u32) -> Vec<&[u8]> {
    let mut state = u64::from(seed) | 1 << 40;
    let mut rest = stream;
    let mut pieces = Vec::new();
    while !rest.is_empty() {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let size = match state >> 62 {
            0 => 1,
            1 => 1 + (state >> 40) as usize % 30,
            _ => 1 + (state >> 40) as usize % 400,
        };
        let (piece, after) = rest.split_at(size.min(rest.len()));
        pieces.push(piece);
        rest = after;
    }
    pieces
}

/// An error without what depends on how much had come.
fn kind(error: &FrameError) -> String {
    match error {
        FrameError::Magic { .. } => "magic".to_owned(),
        other => other.to_string(),
    }
}
