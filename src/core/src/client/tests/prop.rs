//! Whatever bytes come in whatever pieces: no panic, and the chain stays.

use super::chain::{genesis, grow};
use super::peer::Peer;
use super::world::{START, World};
use bitcoin::p2p::message::{CommandString, NetworkMessage};
use proptest::prelude::*;

const COMMANDS: [&str; 16] = [
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
];

fn started(shaken: bool) -> World {
    let mut world = World::new("regtest");
    let mut chain = genesis(&world.params);
    grow(&mut chain, 3, START, 0);
    let mut peer = Peer::new(&world.params, chain);
    peer.habits.mute = !shaken;
    world.connect(vec![("a", peer)]);
    world
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn raw_bytes_do_no_harm(
        shaken: bool,
        pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 0..20),
    ) {
        let mut world = started(shaken);
        for piece in pieces {
            world.say_bytes("a", &piece);
            world.pass(500);
        }
        prop_assert!(world.client.tree.tip().height <= 3);
    }

    #[test]
    fn framed_bytes_do_no_harm(
        shaken: bool,
        messages in prop::collection::vec(
            (0..COMMANDS.len(), prop::collection::vec(any::<u8>(), 0..300)), 0..20),
    ) {
        let mut world = started(shaken);
        for (command, payload) in messages {
            let command = CommandString::try_from_static(COMMANDS[command]).expect("short");
            world.say("a", NetworkMessage::Unknown { command, payload });
            world.pass(500);
        }
        prop_assert!(world.client.tree.tip().height <= 3);
    }

    #[test]
    fn altered_messages_do_no_harm(
        at in 24usize..800, bit in 0u8..8, pick in 0usize..4,
    ) {
        let mut world = started(true);
        let mut chain = genesis(&world.params);
        grow(&mut chain, 6, START, 0);
        let message = match pick {
            0 => NetworkMessage::Headers(chain[1..].iter().map(|block| block.header).collect()),
            1 => NetworkMessage::Block(chain[5].clone()),
            2 => NetworkMessage::Tx(super::chain::pay(1, super::chain::script_of(1), 5)),
            _ => NetworkMessage::Ping(7),
        };
        let command = CommandString::try_from_static(message.cmd()).expect("short");
        let bytes = world.peers["a"].encode(message);
        let mut payload = bytes[24..].to_vec();
        let place = at % payload.len();
        payload[place] ^= 1 << bit;
        world.say("a", NetworkMessage::Unknown { command, payload });
        world.pass(1_000);
        prop_assert!(world.client.tree.tip().height <= 6);
    }
}
