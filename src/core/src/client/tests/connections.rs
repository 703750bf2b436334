//! Handshake, silence, retry and ban.

use super::chain::{genesis, grow};
use super::peer::Peer;
use super::world::{START, World};
use crate::client::{Command, Input, NodeAddress, PeerState};
use bitcoin::p2p::message::NetworkMessage;

fn peer(world: &World) -> Peer {
    let mut chain = genesis(&world.params);
    grow(&mut chain, 3, START, 0);
    Peer::new(&world.params, chain)
}

#[test]
fn a_peer_is_greeted_as_nodes_expect() {
    let mut world = World::new("regtest");
    let node = peer(&world);
    world.connect(vec![("a", node)]);
    let commands: Vec<&str> = world.peers["a"].heard.iter().map(|m| m.cmd()).collect();
    let greeting = [
        "version",
        "wtxidrelay",
        "sendaddrv2",
        "verack",
        "sendheaders",
        "getheaders",
    ];
    assert_eq!(commands[..6], greeting);
    let NetworkMessage::Version(version) = &world.peers["a"].heard[0] else {
        panic!("version comes first");
    };
    assert!(version.relay, "transactions are to be announced to us");
    let view = world.peer_view("a");
    assert_eq!(view.state, PeerState::Ready);
    assert_eq!(view.user_agent.as_deref(), Some("/scripted:1.0/"));
    assert_eq!(view.services, ["NETWORK", "WITNESS"]);
    assert_eq!(view.height, Some(3));
    assert_eq!(view.said[0].command, "version");
    assert!(view.said[0].ours && !view.said.iter().all(|said| said.ours));
}

#[test]
fn an_older_peer_is_not_sent_what_it_disconnects_for() {
    let mut world = World::new("regtest");
    let mut node = peer(&world);
    node.habits.version = Some(70_015);
    world.connect(vec![("a", node)]);
    assert!(world.is_ready("a"));
    let heard = &world.peers["a"].heard;
    assert!(!heard.contains(&NetworkMessage::WtxidRelay));
}

#[test]
fn a_peer_that_drips_bytes_has_sixty_seconds_for_its_handshake() {
    let mut world = World::new("regtest");
    let mut node = peer(&world);
    node.habits.mute = true;
    world.connect(vec![("a", node)]);
    let peer = world.peer_id("a").expect("connected");
    let magic = world.params.magic;
    for byte in magic.iter().chain(b"version\0\0\0\0\0\x60\0\0\0") {
        world.pass(2_900);
        let bytes = vec![*byte];
        world.input(Input::Received { peer, bytes });
    }
    assert_eq!(world.peer_view("a").state, PeerState::Handshaking);
    world.pass(2_000);
    assert_eq!(world.links.get(&peer), None, "dropped at the deadline");
}

#[test]
fn a_node_that_cannot_be_reached_is_tried_again_ever_more_slowly() {
    let mut world = World::new("regtest");
    let node = peer(&world);
    world.unreachable.push("a".to_owned());
    world.connect(vec![("a", node)]);
    let tries = |world: &World| {
        let outputs = world.outputs.iter();
        outputs
            .filter(|output| matches!(output, crate::client::Output::Connect { .. }))
            .count()
    };
    assert_eq!(tries(&world), 1);
    world.pass(20_000);
    let soon = tries(&world);
    assert!((4..=6).contains(&soon), "{soon} tries in 20 s");
    world.pass(600_000);
    let later = tries(&world) - soon;
    assert!((7..=12).contains(&later), "{later} tries in ten minutes");
    assert!(matches!(
        world.peer_view("a").state,
        PeerState::Waiting { .. }
    ));
    world.unreachable.clear();
    world.ask(Command::Wake { online: true }).expect("done");
    assert!(
        world.is_ready("a"),
        "tried at once when the network is back"
    );
}

#[test]
fn garbage_is_a_reason_to_leave_for_24_hours() {
    let mut world = World::new("regtest");
    let node = peer(&world);
    world.connect(vec![("a", node)]);
    world.say_bytes("a", b"GET / HTTP/1.1\r\n\r\n");
    assert!(world.ban("a").contains("magic"));
    world.pass(23 * 3_600_000);
    assert!(world.ban("a").contains("magic"));
    world.ask(Command::Wake { online: true }).expect("done");
    assert!(world.ban("a").contains("magic"), "a ban outlives a wake");
    world.pass(3_600_000 + 30_000);
    assert!(world.is_ready("a"));
}

#[test]
fn a_ban_is_remembered_over_a_restart() {
    let mut world = World::new("regtest");
    let node = peer(&world);
    world.connect(vec![("a", node)]);
    world.say_bytes("a", b"GET / HTTP/1.1\r\n\r\n");
    let mut again = World::restored("regtest", world.disk.clone(), START + 60);
    let node = peer(&again);
    again.connect(vec![("a", node)]);
    assert!(again.ban("a").contains("magic"));
}

#[test]
fn a_message_with_a_bad_checksum_is_dropped_alone() {
    let mut world = World::new("regtest");
    let node = peer(&world);
    world.connect(vec![("a", node)]);
    let mut bytes = world.peers["a"].encode(NetworkMessage::Ping(5));
    bytes[20] ^= 1;
    world.say_bytes("a", &bytes);
    assert!(world.is_ready("a"));
    world.say("a", NetworkMessage::Ping(6));
    assert!(world.peers["a"].heard.contains(&NetworkMessage::Pong(6)));
    assert!(!world.peers["a"].heard.contains(&NetworkMessage::Pong(5)));
}

#[test]
fn a_dead_connection_is_noticed_by_its_ping() {
    let mut world = World::new("regtest");
    let node = peer(&world);
    world.connect(vec![("a", node)]);
    world.pass(120_000);
    assert!(world.is_ready("a"), "pongs keep it");
    assert!(world.peer_view("a").ping_ms.is_some());
    let peer = world.peer_id("a").expect("connected");
    world.peers.get_mut("a").expect("a").habits.no_pong = true;
    world.pass(60_000);
    assert_ne!(world.peer_id("a"), Some(peer), "left after silence");
}

#[test]
fn every_split_of_the_stream_says_the_same() {
    let mut whole = World::new("regtest");
    let node = peer(&whole);
    let messages = {
        let mut script = peer(&whole);
        let mut bytes = Vec::new();
        let version = script.own_version();
        for answer in script.receive(&script.encode(version), START) {
            bytes.extend(script.encode(answer));
        }
        bytes
    };
    let mut mute = node;
    mute.habits.mute = true;
    whole.connect(vec![("a", mute)]);
    for byte in messages {
        whole.say_bytes("a", &[byte]);
    }
    assert!(whole.is_ready("a"));
}

#[test]
fn nodes_are_checked_and_the_ones_not_named_are_left() {
    let mut world = World::new("regtest");
    let node = peer(&world);
    world.connect(vec![("a", node)]);
    let node = |url: &str| NodeAddress {
        url: url.to_owned(),
        operator: "x".to_owned(),
    };
    let set = |world: &mut World, nodes| world.ask(Command::SetNodes { nodes });
    let error = set(&mut world, vec![node("http://a/")]).expect_err("no WebSocket");
    assert!(error.message.contains("ws://"), "{error}");
    let error = set(&mut world, vec![node("ws://a/"), node("ws://a/")]).expect_err("twice");
    assert!(error.message.contains("once"), "{error}");
    let many = (0..9).map(|n| node(&format!("ws://{n}/"))).collect();
    let error = set(&mut world, many).expect_err("too many");
    assert!(error.message.contains("at most 8"), "{error}");
    assert!(world.is_ready("a"), "a refused list changes nothing");
    set(&mut world, Vec::new()).expect("none is a list too");
    assert!(world.links.is_empty());
}

#[test]
fn what_is_no_node_at_all_is_tried_again() {
    let mut world = World::new("regtest");
    let mut node = peer(&world);
    node.habits.mute = true;
    world.connect(vec![("a", node)]);
    let before = world.peer_id("a");
    world.say_bytes("a", b"HTTP/1.1 400 Bad Request\r\n\r\n");
    world.peers.get_mut("a").expect("a").habits.mute = false;
    world.pass(5_000);
    assert_ne!(world.peer_id("a"), before);
    assert!(world.is_ready("a"));
}
