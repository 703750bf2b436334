//! Real messages, cut at every place.

use super::{MAGIC, announced, encode, frame, read_all};
use crate::protocol::{Frame, HEADER_SIZE};
use crate::test_data::{read, read_hex};
use bitcoin::block::Header;
use bitcoin::consensus::encode::{deserialize, serialize};
use bitcoin::p2p::message::NetworkMessage;
use bitcoin::p2p::message_blockdata::{GetHeadersMessage, Inventory};
use bitcoin::{Block, hashes::Hash};

fn headers(count: usize) -> Option<NetworkMessage> {
    let bytes = read("headers/main_0_10236.bin")?;
    let headers: Vec<Header> = bytes
        .chunks_exact(80)
        .take(count)
        .map(|header| deserialize(header).unwrap())
        .collect();
    Some(NetworkMessage::Headers(headers))
}

/// One conversation of real data, small enough to be cut at every byte.
fn conversation() -> Option<Vec<NetworkMessage>> {
    let block: Block = deserialize(&read("blocks/bitcoinj_block_testnet21066.dat")?).unwrap();
    let proof = read_hex("merkleblock/rustbitcoin_merkle_block.hex")?;
    let long = read("merkleblock/bcoin_merkle300025.raw")?;
    let hash = block.block_hash();
    let payment = block.txdata[1].clone();
    Some(vec![
        NetworkMessage::Verack,
        NetworkMessage::SendHeaders,
        NetworkMessage::GetHeaders(GetHeadersMessage::new(vec![hash; 3], Hash::all_zeros())),
        headers(11)?,
        NetworkMessage::Ping(u64::MAX),
        NetworkMessage::Inv(vec![
            Inventory::Block(hash),
            Inventory::WTx(payment.compute_wtxid()),
        ]),
        NetworkMessage::GetData(vec![Inventory::WitnessBlock(hash)]),
        NetworkMessage::Block(block),
        super::unknown("merkleblock", &proof),
        super::unknown("merkleblock", &long),
        NetworkMessage::Tx(payment),
        NetworkMessage::FeeFilter(1000),
        super::unknown("sendpackages", b"whatever"),
        NetworkMessage::Pong(0),
    ])
}

fn stream(messages: &[NetworkMessage]) -> (Vec<u8>, Vec<Frame>) {
    let mut bytes = Vec::new();
    let mut frames = Vec::new();
    for message in messages {
        let encoded = encode(MAGIC, message.clone());
        frames.push(Frame::Message {
            payload: message.clone(),
            bytes: encoded.len() as u32,
        });
        bytes.extend(encoded);
    }
    (bytes, frames)
}

#[test]
fn cut_once_at_every_place() {
    let Some(messages) = conversation() else {
        return;
    };
    let (bytes, frames) = stream(&messages);
    for at in 0..=bytes.len() {
        let (first, second) = bytes.split_at(at);
        assert_eq!(
            read_all([first, second]),
            (frames.clone(), None),
            "cut at {at}"
        );
    }
}

#[test]
fn cut_into_pieces_of_every_size() {
    let Some(messages) = conversation() else {
        return;
    };
    let (bytes, frames) = stream(&messages);
    for size in (1..200).chain([1_000, 65_536]) {
        assert_eq!(
            read_all(bytes.chunks(size)),
            (frames.clone(), None),
            "pieces of {size}"
        );
    }
}

#[test]
fn truncated_anywhere_it_waits() {
    let Some(messages) = conversation() else {
        return;
    };
    let (bytes, frames) = stream(&messages);
    for end in 0..bytes.len() {
        let (read, error) = read_all([&bytes[..end]]);
        assert_eq!(error, None, "end at {end}");
        assert!(read.len() < frames.len());
        assert_eq!(read, frames[..read.len()], "end at {end}");
    }
}

/// What ends a stream, or costs a frame of it, is found wherever it was cut, and what came before
/// is read.
#[test]
fn what_is_wrong_is_wrong_however_it_is_cut() {
    let good = encode(MAGIC, NetworkMessage::Ping(7));
    let changed = |at: usize, with: u8| {
        let mut bytes = good.clone();
        bytes[at] ^= with;
        bytes
    };
    let bad = [
        // Another magic, a command that is none, a length past the bound, a checksum, and garbage.
        ("magic", changed(3, 0x20)),
        ("command", changed(15, 1)),
        ("length", announced("ping", 1_025)),
        ("checksum", changed(20, 1)),
        ("garbage", frame("inv", &[1, 2, 3])),
        ("left over", frame("ping", &[0; 9])),
    ];
    for (what, bad) in bad {
        let bytes = [&good[..], &bad, &good].concat();
        let (frames, error) = read_all([&bytes]);
        assert_eq!(error.is_none(), what == "checksum", "{what}: {error:?}");
        let expected = if what == "checksum" { 3 } else { 1 };
        assert_eq!(frames.len(), expected, "{what}");
        for at in 0..=bytes.len() {
            let (first, second) = bytes.split_at(at);
            let found = read_all([first, second]);
            // A wrong magic is told at its first byte: it may be named shorter.
            assert_eq!(found.0, frames, "{what} cut at {at}");
            assert_eq!(found.1.is_some(), error.is_some(), "{what} cut at {at}");
        }
        for size in 1..bytes.len() {
            let found = read_all(bytes.chunks(size));
            assert_eq!(found.0, frames, "{what} in pieces of {size}");
            assert_eq!(
                found.1.is_some(),
                error.is_some(),
                "{what} in pieces of {size}"
            );
        }
    }
}

#[test]
fn large_messages_in_the_pieces_of_a_bridge() {
    let (Some(headers), Some(block), Some(taproot)) = (
        headers(2_000),
        read("blocks/bcoin_block300025.raw"),
        read("blocks/rustbitcoin_main_taproot.raw"),
    ) else {
        return;
    };
    let blocks = [block, taproot].map(|bytes| {
        let block: Block = deserialize(&bytes).unwrap();
        assert_eq!(serialize(&block), bytes);
        NetworkMessage::Block(block)
    });
    let (bytes, frames) = stream(&[&[headers], &blocks[..]].concat());
    for size in [1_448, 65_535, 65_536, bytes.len()] {
        assert_eq!(
            read_all(bytes.chunks(size)),
            (frames.clone(), None),
            "pieces of {size}"
        );
    }
}

/// Whatever bit is flipped: the frame is dropped or refused, and what is read is never another
/// message than the one that was sent, except under another command.
#[test]
fn a_flipped_bit_anywhere() {
    let Some(messages) = conversation() else {
        return;
    };
    for message in messages {
        let honest = encode(MAGIC, message.clone());
        for bit in 0..honest.len() * 8 {
            let mut bytes = honest.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let (frames, error) = read_all([&bytes]);
            let accepted = matches!(frames.as_slice(), [Frame::Message { .. }]);
            let in_command = (4..16).contains(&(bit / 8));
            assert!(!accepted || in_command, "{} bit {bit}", message.cmd());
            if bit / 8 < 4 {
                assert!(error.is_some(), "{} bit {bit}", message.cmd());
            }
            if bit / 8 >= HEADER_SIZE {
                assert!(matches!(frames.as_slice(), [Frame::BadChecksum { .. }]));
            }
        }
    }
}
