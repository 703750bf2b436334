//! What holds for every message, and for every byte that somebody sends.

use super::{MAGIC, encode, frame, read_all};
use crate::protocol::{Frame, FrameDecoder, Handshake, LocalNode, MessageLimit};
use bitcoin::hashes::Hash;
use bitcoin::p2p::ServiceFlags;
use bitcoin::p2p::message::NetworkMessage;
use bitcoin::p2p::message_blockdata::{GetHeadersMessage, Inventory};
use bitcoin::{BlockHash, Txid, Wtxid};
use proptest::prelude::*;

fn hash() -> impl Strategy<Value = BlockHash> {
    any::<[u8; 32]>().prop_map(BlockHash::from_byte_array)
}

fn inventory() -> impl Strategy<Value = Inventory> {
    (0..4_u8, any::<[u8; 32]>()).prop_map(|(kind, hash)| match kind {
        0 => Inventory::Block(BlockHash::from_byte_array(hash)),
        1 => Inventory::Transaction(Txid::from_byte_array(hash)),
        2 => Inventory::WTx(Wtxid::from_byte_array(hash)),
        _ => Inventory::WitnessBlock(BlockHash::from_byte_array(hash)),
    })
}

fn message() -> impl Strategy<Value = NetworkMessage> {
    use NetworkMessage as M;
    let listed = || prop::collection::vec(inventory(), 0..20);
    prop_oneof![
        Just(M::Verack),
        Just(M::SendHeaders),
        Just(M::WtxidRelay),
        any::<u64>().prop_map(M::Ping),
        any::<u64>().prop_map(M::Pong),
        (0..1_i64 << 50).prop_map(M::FeeFilter),
        listed().prop_map(M::Inv),
        listed().prop_map(M::GetData),
        listed().prop_map(M::NotFound),
        (prop::collection::vec(hash(), 0..101), hash())
            .prop_map(|(locator, stop)| M::GetHeaders(GetHeadersMessage::new(locator, stop))),
        prop::collection::vec(any::<u8>(), 0..300).prop_map(|bytes| super::unknown("new", &bytes)),
    ]
}

const COMMANDS: [&str; 31] = [
    "version",
    "verack",
    "ping",
    "pong",
    "inv",
    "getdata",
    "notfound",
    "getheaders",
    "getblocks",
    "headers",
    "block",
    "tx",
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
    "getcfilters",
    "cfilter",
    "getcfheaders",
    "cfheaders",
    "getcfcheckpt",
    "cfcheckpt",
    "reject",
    "alert",
    "new",
];

proptest! {
    #[test]
    fn what_is_written_is_read_however_it_is_cut(
        messages in prop::collection::vec(message(), 0..12),
        sizes in prop::collection::vec(1..90_usize, 1..40),
    ) {
        let bytes: Vec<u8> = messages.iter().flat_map(|m| encode(MAGIC, m.clone())).collect();
        let mut rest = bytes.as_slice();
        let mut pieces = Vec::new();
        for size in sizes {
            let (piece, after) = rest.split_at(size.min(rest.len()));
            pieces.push(piece);
            rest = after;
        }
        pieces.push(rest);
        let (frames, error) = read_all(pieces);
        prop_assert_eq!(error, None);
        let read: Vec<NetworkMessage> = frames
            .into_iter()
            .filter_map(|frame| match frame {
                Frame::Message { payload, .. } => Some(payload),
                Frame::BadChecksum { .. } => None,
            })
            .collect();
        prop_assert_eq!(read, messages);
    }

    #[test]
    fn no_stream_makes_it_panic(
        pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..64), 0..8),
        with_magic in any::<bool>(),
    ) {
        let start: &[u8] = if with_magic { &MAGIC } else { &[] };
        let mut decoder = FrameDecoder::new(MAGIC);
        decoder.push(start);
        for piece in pieces {
            decoder.push(&piece);
            while let Ok(Some(_)) = decoder.next() {}
            prop_assert!(decoder.held() < 4096);
        }
    }

    /// Payloads under their own command and checksum reach every parser.
    #[test]
    fn no_payload_makes_it_panic(
        command in prop::sample::select(COMMANDS.as_slice()),
        mut payload in prop::collection::vec(any::<u8>(), 0..400),
        small_count in any::<bool>(),
    ) {
        if small_count && let Some(first) = payload.first_mut() {
            *first %= 4;
        }
        payload.truncate(MessageLimit::of(command).bytes as usize);
        let (mut handshake, _) = Handshake::start(
            &LocalNode { nonce: 1, services: ServiceFlags::NONE, user_agent: String::new(), start_height: 0, relay: false },
            ServiceFlags::NETWORK,
            0,
            60_000,
        );
        let (frames, error) = read_all([frame(command, &payload)]);
        prop_assert_eq!(frames.len() + usize::from(error.is_some()), 1);
        for frame in frames {
            if let Frame::Message { payload, .. } = frame {
                let _ = handshake.handle(0, &payload);
            }
        }
    }
}
