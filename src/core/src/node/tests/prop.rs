//! Whatever bytes come in whatever pieces: no panic, no halt, and the chain stays.

use super::world::World;
use bitcoin::p2p::message::{CommandString, NetworkMessage};
use proptest::collection;
use proptest::prelude::*;

const COMMANDS: [&str; 26] = [
    "version",
    "verack",
    "inv",
    "getdata",
    "notfound",
    "headers",
    "tx",
    "block",
    "ping",
    "pong",
    "reject",
    "addr",
    "addrv2",
    "cmpctblock",
    "merkleblock",
    "feefilter",
    "getheaders",
    "getblocks",
    "getcfilters",
    "getcfheaders",
    "getcfcheckpt",
    "mempool",
    "getaddr",
    "sendheaders",
    "filterload",
    "sendcmpct",
];

fn started(shaken: bool) -> World {
    let mut world = World::new();
    world.node("alice", &[]);
    world.mine("alice", 2, 1);
    match shaken {
        true => world.guest("mallory", "alice"),
        false => world.stranger("mallory", "alice"),
    }
    world
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn raw_bytes_do_no_harm(
        shaken: bool,
        pieces in collection::vec(collection::vec(any::<u8>(), 0..200), 0..20),
    ) {
        let mut world = started(shaken);
        for piece in pieces {
            world.say_bytes("mallory", piece);
            world.pass(500);
        }
        prop_assert_eq!(world.height("alice"), 2);
        prop_assert!(world.halted.is_empty());
    }

    #[test]
    fn framed_bytes_do_no_harm(
        shaken: bool,
        messages in collection::vec(
            (0..COMMANDS.len(), collection::vec(any::<u8>(), 0..300)), 0..20),
    ) {
        let mut world = started(shaken);
        for (command, payload) in messages {
            let command = CommandString::try_from_static(COMMANDS[command]).expect("short");
            world.say("mallory", NetworkMessage::Unknown { command, payload });
            world.pass(500);
        }
        prop_assert_eq!(world.height("alice"), 2);
        prop_assert!(world.halted.is_empty());
        prop_assert!(world.at("alice").peers.len() <= 1);
    }

    #[test]
    fn altered_messages_do_no_harm(at in 0usize..800, bit in 0u8..8, pick in 0usize..5) {
        let mut world = started(true);
        let block = world.block("alice", 3);
        let hash = block.block_hash();
        use bitcoin::p2p::message_blockdata::{GetHeadersMessage, Inventory};
        let message = match pick {
            0 => NetworkMessage::Headers(vec![block.header]),
            1 => NetworkMessage::Block(block),
            2 => NetworkMessage::GetHeaders(GetHeadersMessage::new(vec![hash], hash)),
            3 => NetworkMessage::GetData(vec![Inventory::WitnessBlock(hash); 3]),
            _ => NetworkMessage::Inv(vec![Inventory::Block(hash)]),
        };
        let command = CommandString::try_from_static(message.cmd()).expect("short");
        let bytes = crate::protocol::encode(super::world::params().magic, message);
        let mut payload = bytes[24..].to_vec();
        let place = at % payload.len();
        payload[place] ^= 1 << bit;
        world.say("mallory", NetworkMessage::Unknown { command, payload });
        world.pass(1_000);
        prop_assert!(world.height("alice") <= 3);
        prop_assert!(world.halted.is_empty());
    }
}
