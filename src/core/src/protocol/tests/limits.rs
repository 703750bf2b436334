//! Lists: as long as they may be, and one longer.

use super::{MAGIC, announced, counted, encode, frame, read_all, read_one};
use crate::protocol::{
    FrameError, MAX_ADDRESSES, MAX_HEADERS, MAX_INVENTORY, MAX_LOCATOR, MAX_PAYLOAD, MessageLimit,
    PayloadError,
};
use bitcoin::BlockHash;
use bitcoin::block::{Header, Version};
use bitcoin::hashes::Hash;
use bitcoin::p2p::message::NetworkMessage;
use bitcoin::p2p::message_blockdata::{GetHeadersMessage, Inventory};
use bitcoin::{CompactTarget, TxMerkleNode};

fn inventory(count: u32) -> Vec<Inventory> {
    vec![Inventory::Block(BlockHash::all_zeros()); count as usize]
}

fn headers(count: u32) -> NetworkMessage {
    let header = Header {
        version: Version::ONE,
        prev_blockhash: BlockHash::all_zeros(),
        merkle_root: TxMerkleNode::all_zeros(),
        time: 0,
        bits: CompactTarget::from_consensus(0),
        nonce: 0,
    };
    NetworkMessage::Headers(vec![header; count as usize])
}

fn locator(count: u32) -> NetworkMessage {
    let hashes = vec![BlockHash::all_zeros(); count as usize];
    NetworkMessage::GetHeaders(GetHeadersMessage::new(hashes, BlockHash::all_zeros()))
}

#[test]
fn the_longest_lists_are_read_and_longer_ones_are_not() {
    type Make = fn(u32) -> NetworkMessage;
    let lists: [(u32, Make); 5] = [
        (MAX_INVENTORY, |count| NetworkMessage::Inv(inventory(count))),
        (MAX_INVENTORY, |count| {
            NetworkMessage::GetData(inventory(count))
        }),
        (MAX_INVENTORY, |count| {
            NetworkMessage::NotFound(inventory(count))
        }),
        (MAX_HEADERS, headers),
        (MAX_LOCATOR, locator),
    ];
    for (limit, make) in lists {
        let longest = make(limit);
        let command = longest.cmd();
        assert_eq!(read_one(&encode(MAGIC, longest.clone())), Ok(longest));
        let (_, error) = read_all([encode(MAGIC, make(limit + 1))]);
        assert!(
            matches!(
                error,
                Some(
                    FrameError::TooLong { .. }
                        | FrameError::Payload {
                            error: PayloadError::TooMany { .. },
                            ..
                        }
                )
            ),
            "{command}: {error:?}"
        );
    }
}

#[test]
fn the_figures_are_those_of_real_nodes() {
    assert_eq!(MAX_INVENTORY, 50_000);
    assert_eq!(MAX_HEADERS, 2_000);
    assert_eq!(MAX_ADDRESSES, 1_000);
    assert_eq!(MAX_LOCATOR, 101);
    assert_eq!(MAX_PAYLOAD, 4_000_000);
    assert_eq!(MessageLimit::of("inv").bytes, 1_800_003);
    assert_eq!(MessageLimit::of("headers").bytes, 162_003);
    assert_eq!(MessageLimit::of("getheaders").bytes, 3_269);
    assert_eq!(MessageLimit::of("block").bytes, MAX_PAYLOAD);
    assert_eq!(MessageLimit::of("tx").bytes, MAX_PAYLOAD);
}

#[test]
fn no_command_may_be_longer_than_the_longest_message() {
    for command in [
        "inv",
        "addrv2",
        "merkleblock",
        "cfcheckpt",
        "block",
        "nobodyknows",
    ] {
        assert!(MessageLimit::of(command).bytes <= MAX_PAYLOAD, "{command}");
        let (_, error) = read_all([announced(command, MAX_PAYLOAD + 1)]);
        assert!(
            matches!(error, Some(FrameError::TooLong { .. })),
            "{command}"
        );
    }
}

#[test]
fn a_count_is_judged_before_the_codec_reserves_for_it() {
    for count in [50_001, u64::MAX] {
        let payload = counted(count, &[0; 64]);
        assert_eq!(
            read_one(&frame("inv", &payload)),
            Err(FrameError::Payload {
                command: "inv".to_owned(),
                error: PayloadError::TooMany {
                    limit: MAX_INVENTORY,
                    count
                }
            })
        );
    }
    for command in ["inv", "getdata", "notfound", "headers"] {
        let error = read_one(&frame(command, &counted(900, &[0; 64]))).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("bad {command}: expected 900 entries, found only 64 bytes for them")
        );
    }
}

/// What is not read has no count to judge, and may not be longer for that.
#[test]
fn addresses_are_bounded_by_their_bytes() {
    for (command, entry) in [("addr", 30), ("addrv2", 531)] {
        let longest = MAX_ADDRESSES * entry + 3;
        assert_eq!(MessageLimit::of(command).bytes, longest);
        let (_, error) = read_all([announced(command, longest + 1)]);
        assert!(
            matches!(error, Some(FrameError::TooLong { .. })),
            "{command}"
        );
    }
}
