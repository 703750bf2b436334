//! What is done to frames.

use super::{MAGIC, announced, counted, encode, frame, read_all, read_one, unknown};
use crate::protocol::{Frame, FrameDecoder, FrameError, HEADER_SIZE, MAX_PAYLOAD, PayloadError};
use bitcoin::p2p::message::NetworkMessage;

/// What the decoder says after these bytes, which are no whole frame.
fn error_after(bytes: &[u8]) -> Option<FrameError> {
    read_all([bytes]).1
}

#[test]
fn another_magic_ends_the_stream_at_its_first_byte() {
    let bitcoin = encode([0xf9, 0xbe, 0xb4, 0xd9], NetworkMessage::Verack);
    assert_eq!(
        error_after(&bitcoin[..1]),
        Some(FrameError::Magic {
            expected: MAGIC,
            found: vec![0xf9]
        })
    );
    let error = error_after(&bitcoin).unwrap().to_string();
    assert_eq!(
        error,
        "expected the network's magic fabfb5da, found f9beb4d9"
    );
}

#[test]
fn every_byte_of_the_magic_counts() {
    for at in 0..4 {
        let mut bytes = encode(MAGIC, NetworkMessage::Verack);
        bytes[at] ^= 0x80;
        assert!(matches!(
            error_after(&bytes),
            Some(FrameError::Magic { .. })
        ));
    }
}

#[test]
fn the_next_message_is_read_with_the_same_care() {
    let mut bytes = encode(MAGIC, NetworkMessage::Verack);
    bytes.extend(b"GET / HTTP/1.1\r\n");
    let (frames, error) = read_all([bytes]);
    assert_eq!(frames.len(), 1);
    assert!(matches!(error, Some(FrameError::Magic { .. })));
}

#[test]
fn an_odd_command_is_refused() {
    for name in [
        "ver\0ack",
        "\0",
        "\u{7f}",
        "p\u{e9}ng",
        "ping\n",
        "\0\0\0\0\0\0\0\0\0\0\0x",
    ] {
        let mut bytes = announced("ping", 0);
        let name = name.as_bytes();
        bytes[4..16].fill(0);
        bytes[4..4 + name.len()].copy_from_slice(name);
        let refused = matches!(error_after(&bytes), Some(FrameError::Command { .. }));
        // An empty command is a command that nobody knows.
        assert_eq!(refused, name != b"\0", "{name:?}");
    }
}

#[test]
fn an_oversized_announcement_is_refused_with_the_header() {
    for (command, found) in [
        ("block", MAX_PAYLOAD + 1),
        ("nobodyknows", u32::MAX),
        ("ping", 1_025),
        ("version", 4_000_000),
        ("headers", 162_004),
    ] {
        let bytes = announced(command, found);
        assert_eq!(error_after(&bytes[..HEADER_SIZE - 1]), None);
        let error = error_after(&bytes);
        assert!(
            matches!(&error, Some(FrameError::TooLong { found: f, .. }) if *f == found),
            "{command}: {error:?}"
        );
    }
}

#[test]
fn an_announcement_alone_keeps_no_memory() {
    let mut decoder = FrameDecoder::new(MAGIC);
    decoder.push(&announced("block", MAX_PAYLOAD));
    assert_eq!(decoder.next(), Ok(None));
    assert!(decoder.held() < 256, "{} bytes held", decoder.held());

    // Nor does a long message, once it was read.
    let mut decoder = FrameDecoder::new(MAGIC);
    decoder.push(&frame("nobodyknows", &vec![0; 1_000_000]));
    assert!(matches!(decoder.next(), Ok(Some(Frame::Message { .. }))));
    decoder.push(&announced("ping", 8));
    assert!(decoder.held() < 256, "{} bytes held", decoder.held());
}

#[test]
fn more_than_two_of_the_longest_messages_do_not_wait() {
    let mut decoder = FrameDecoder::new(MAGIC);
    let longest = frame("nobodyknows", &vec![0; MAX_PAYLOAD as usize]);
    decoder.push(&longest);
    decoder.push(&longest);
    assert_eq!(decoder.waiting(), 2 * longest.len());
    decoder.push(&[MAGIC[0]]);
    assert!(matches!(decoder.next(), Err(FrameError::TooMuch { .. })));
    assert_eq!(decoder.held(), 0);
}

#[test]
fn after_an_error_nothing_is_read_any_more() {
    let mut decoder = FrameDecoder::new(MAGIC);
    decoder.push(b"garbage");
    let error = decoder.next().unwrap_err();
    decoder.push(&encode(MAGIC, NetworkMessage::Verack));
    assert_eq!(decoder.next(), Err(error));
    assert_eq!(decoder.waiting(), 0);
}

#[test]
fn a_bad_checksum_costs_one_frame() {
    let mut bytes = encode(MAGIC, NetworkMessage::Ping(1));
    *bytes.last_mut().unwrap() ^= 1;
    bytes.extend(encode(MAGIC, NetworkMessage::Ping(2)));
    let (frames, error) = read_all([bytes]);
    assert_eq!(error, None);
    assert_eq!(
        frames,
        [
            Frame::BadChecksum {
                command: "ping".to_owned(),
                bytes: 32
            },
            Frame::Message {
                payload: NetworkMessage::Ping(2),
                bytes: 32
            },
        ]
    );
}

#[test]
fn a_bad_checksum_is_noticed_in_every_bit() {
    let honest = encode(MAGIC, NetworkMessage::Ping(0x0123_4567_89ab_cdef));
    for bit in 20 * 8..honest.len() * 8 {
        let mut bytes = honest.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let (frames, _) = read_all([bytes]);
        assert!(
            matches!(frames.as_slice(), [Frame::BadChecksum { .. }]),
            "bit {bit}"
        );
    }
}

#[test]
fn unknown_messages_are_handed_on() {
    assert_eq!(
        read_one(&frame("sendtxrcncl", &[1, 2, 3])),
        Ok(unknown("sendtxrcncl", &[1, 2, 3]))
    );
}

#[test]
fn bytes_after_the_end_of_a_payload_are_refused() {
    let tx_count_after_headers = counted(0, &[0]);
    for (command, payload) in [
        ("verack", vec![0]),
        ("ping", vec![0; 9]),
        ("headers", tx_count_after_headers),
        ("inv", counted(1, &[0; 37])),
    ] {
        assert!(
            matches!(
                read_one(&frame(command, &payload)),
                Err(FrameError::Payload { error: PayloadError::LeftOver { found, .. }, .. })
                    if found == payload.len()
            ),
            "{command}"
        );
    }
}

#[test]
fn garbage_under_every_command_that_is_acted_on_is_refused() {
    for command in [
        "version",
        "verack",
        "wtxidrelay",
        "ping",
        "pong",
        "inv",
        "getdata",
        "notfound",
        "headers",
        "block",
        "tx",
    ] {
        assert!(
            matches!(
                read_one(&frame(command, &[0xfd; 11])),
                Err(FrameError::Payload { .. })
            ),
            "{command}"
        );
    }
}

/// A later version of the protocol may write them otherwise.
#[test]
fn garbage_under_every_other_command_is_no_reason_to_leave() {
    for command in [
        "sendaddrv2",
        "sendheaders",
        "getaddr",
        "mempool",
        "getheaders",
        "getblocks",
        "merkleblock",
        "addr",
        "addrv2",
        "feefilter",
        "sendcmpct",
        "cmpctblock",
        "getblocktxn",
        "blocktxn",
        "filterload",
        "filteradd",
        "filterclear",
        "getcfilters",
        "cfilter",
        "getcfheaders",
        "cfheaders",
        "getcfcheckpt",
        "cfcheckpt",
        "reject",
    ] {
        let garbage = [0xfd; 11];
        assert_eq!(
            read_one(&frame(command, &garbage)),
            Ok(unknown(command, &garbage)),
            "{command}"
        );
    }
}

#[test]
fn a_header_with_transactions_is_refused() {
    let mut payload = counted(1, &[0; 80]);
    payload.push(1);
    let error = read_one(&frame("headers", &payload)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "bad headers: expected a payload of this command, found a header followed by 1 transactions"
    );
}

/// BIP61 leaves the hash to the message; bcoin writes it for transactions and blocks only.
#[test]
fn a_reject_without_hash_is_no_reason_to_leave() {
    let mut payload = counted(7, b"version");
    payload.push(0x11);
    payload.extend(counted(8, b"obsolete"));
    assert_eq!(
        read_one(&frame("reject", &payload)),
        Ok(unknown("reject", &payload))
    );
    payload.extend([3; 32]);
    assert!(matches!(
        read_one(&frame("reject", &payload)),
        Ok(NetworkMessage::Reject(_))
    ));
}
