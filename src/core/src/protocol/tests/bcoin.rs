//! What a real node said: bcoin 1.0.2 on regtest with three blocks, recorded from its socket.
//!
//! It was sent version 70016, `verack`, `sendheaders`, `getheaders`, `ping`, `getdata` of its tip, an
//! `inv` cut short, `getdata` of a transaction that nobody has; then a fourth block was mined.

use super::{MAGIC, read_all, unknown};
use crate::merkle::block::VerifiedBlock;
use crate::protocol::{Frame, Handshake, HandshakeStep, LocalNode, MIN_PROTOCOL_VERSION};
use bitcoin::p2p::ServiceFlags;
use bitcoin::p2p::message::NetworkMessage;

const RECORDED: &str = include_str!("bcoin_stream.hex");

fn stream() -> Vec<u8> {
    let hex: String = RECORDED.split_whitespace().collect();
    let bytes = hex::decode(hex).unwrap();
    assert!(bytes.starts_with(&MAGIC));
    bytes
}

fn messages() -> Vec<NetworkMessage> {
    let (frames, error) = read_all([stream()]);
    assert_eq!(error, None);
    let messages = frames.into_iter().map(|frame| match frame {
        Frame::Message { payload, .. } => payload,
        Frame::BadChecksum { command, .. } => panic!("{command}: bad checksum"),
    });
    messages.collect()
}

#[test]
fn everything_it_said_is_read() {
    let commands: Vec<String> = messages()
        .iter()
        .map(|message| message.command().to_string())
        .collect();
    assert_eq!(
        commands,
        [
            "version",
            "verack",
            "sendcmpct",
            "getaddr",
            "headers",
            "pong",
            "block",
            "reject",
            "notfound",
            "headers"
        ]
    );
}

#[test]
fn wherever_it_is_cut() {
    let bytes = stream();
    let whole = read_all([&bytes]);
    for at in 0..=bytes.len() {
        let (first, second) = bytes.split_at(at);
        assert_eq!(read_all([first, second]), whole, "cut at {at}");
    }
}

#[test]
fn it_shakes_hands() {
    let local = LocalNode {
        nonce: 1,
        services: ServiceFlags::NONE,
        user_agent: "/farthing:0.1.0/".to_owned(),
        start_height: 0,
        relay: true,
    };
    let (mut handshake, _) = Handshake::start(&local, ServiceFlags::NETWORK, 0, 60_000);
    let mut messages = messages().into_iter();
    let step = handshake.handle(0, &messages.next().unwrap()).unwrap();
    // It knows neither wtxidrelay nor sendaddrv2, so it hears neither.
    assert_eq!(step, HandshakeStep::Continue(vec![NetworkMessage::Verack]));
    let HandshakeStep::Done(facts) = handshake.handle(0, &messages.next().unwrap()).unwrap() else {
        panic!("the handshake goes on after verack");
    };
    assert_eq!(facts.protocol_version, 70_015);
    assert!(facts.protocol_version >= MIN_PROTOCOL_VERSION);
    assert!(
        facts
            .services
            .has(ServiceFlags::NETWORK | ServiceFlags::WITNESS)
    );
    assert_eq!(facts.user_agent, "/bcoin:v1.0.2/");
    assert_eq!(facts.start_height, 3);
    assert!(facts.relay);
    assert!(!facts.wtxid_relay);
}

#[test]
fn its_block_is_the_tip_of_its_headers() {
    let messages = messages();
    let [_, _, _, _, headers, _, block, _, _, announced] = messages.as_slice() else {
        panic!("ten messages");
    };
    let (
        NetworkMessage::Headers(headers),
        NetworkMessage::Block(block),
        NetworkMessage::Headers(announced),
    ) = (headers, block, announced)
    else {
        panic!("headers, block, headers");
    };
    let block = VerifiedBlock::check(block.clone()).unwrap();
    assert_eq!(headers.len(), 3);
    assert_eq!(headers.last().unwrap().block_hash(), block.hash());
    assert_eq!(announced[0].prev_blockhash, block.hash());
}

/// Its `reject` names no message and has no hash.
#[test]
fn its_reject_is_handed_on() {
    let mut payload = vec![0, 0x01, 21];
    payload.extend(b"error parsing message");
    assert_eq!(messages()[7], unknown("reject", &payload));
}
