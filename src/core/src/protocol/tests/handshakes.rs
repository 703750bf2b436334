//! Handshakes with the nodes that exist, and with those that lie.

use super::{MAGIC, encode, frame, read_one};
use crate::protocol::{
    Handshake, HandshakeError, HandshakeStep, LocalNode, MIN_PROTOCOL_VERSION, PROTOCOL_VERSION,
    PeerFacts,
};
use bitcoin::consensus::encode::serialize;
use bitcoin::p2p::message::NetworkMessage;
use bitcoin::p2p::message_network::VersionMessage;
use bitcoin::p2p::{Address, ServiceFlags};

const NOW: u32 = 1_790_000_000;
const DEADLINE: u64 = 60_000;

fn start() -> (Handshake, NetworkMessage) {
    let local = LocalNode {
        nonce: 42,
        services: ServiceFlags::NONE,
        user_agent: "/farthing:0.1.0/".to_owned(),
        start_height: 7,
        relay: true,
    };
    Handshake::start(&local, ServiceFlags::NETWORK, NOW, DEADLINE)
}

fn version(change: impl FnOnce(&mut VersionMessage)) -> NetworkMessage {
    let nowhere = Address {
        services: ServiceFlags::NONE,
        address: [0; 8],
        port: 0,
    };
    let mut version = VersionMessage {
        version: 70_016,
        services: ServiceFlags::NETWORK | ServiceFlags::WITNESS,
        timestamp: i64::from(NOW) - 3,
        receiver: nowhere.clone(),
        sender: nowhere,
        nonce: 7,
        user_agent: "/Satoshi:30.0.0/".to_owned(),
        start_height: 900_000,
        relay: true,
    };
    change(&mut version);
    NetworkMessage::Version(version)
}

/// What the handshake says to a peer that sends these.
fn talk(
    messages: &[NetworkMessage],
) -> Result<(Vec<NetworkMessage>, Option<PeerFacts>), HandshakeError> {
    let (mut handshake, _) = start();
    let mut sent = Vec::new();
    for message in messages {
        match handshake.handle(NOW, message)? {
            HandshakeStep::Continue(answer) => sent.extend(answer),
            HandshakeStep::Done(facts) => return Ok((sent, Some(facts))),
        }
    }
    Ok((sent, None))
}

fn refused(change: impl FnOnce(&mut VersionMessage)) -> HandshakeError {
    talk(&[version(change)]).unwrap_err()
}

#[test]
fn we_introduce_ourselves_first() {
    let (handshake, NetworkMessage::Version(ours)) = start() else {
        panic!("the first message is no version");
    };
    assert_eq!(ours.version, PROTOCOL_VERSION);
    assert_eq!(ours.services, ServiceFlags::NONE);
    assert_eq!(ours.nonce, 42);
    assert_eq!(ours.user_agent, "/farthing:0.1.0/");
    assert_eq!(ours.start_height, 7);
    assert!(ours.relay);
    assert_eq!(handshake.deadline_ms(), DEADLINE);
}

#[test]
fn a_node_of_today() {
    use NetworkMessage::{SendAddrV2, Verack, WtxidRelay};
    let (sent, facts) = talk(&[version(|_| ()), WtxidRelay, SendAddrV2, Verack]).unwrap();
    // After verack, a node disconnects for the other two.
    assert_eq!(sent, [WtxidRelay, SendAddrV2, Verack]);
    assert_eq!(
        facts,
        Some(PeerFacts {
            protocol_version: 70_016,
            services: ServiceFlags::NETWORK | ServiceFlags::WITNESS,
            user_agent: "/Satoshi:30.0.0/".to_owned(),
            start_height: 900_000,
            clock_offset: -3,
            relay: true,
            wtxid_relay: true,
        })
    );
}

#[test]
fn bcoin_hears_nothing_that_it_does_not_know() {
    let bcoin = version(|v| v.version = 70_015);
    let (sent, facts) = talk(&[bcoin, NetworkMessage::Verack]).unwrap();
    assert_eq!(sent, [NetworkMessage::Verack]);
    assert!(!facts.unwrap().wtxid_relay);
}

#[test]
fn wtxids_need_both_sides() {
    let said = [NetworkMessage::WtxidRelay, NetworkMessage::Verack];
    let (_, facts) = talk(&[&[version(|v| v.version = 70_015)], &said[..]].concat()).unwrap();
    assert!(!facts.unwrap().wtxid_relay);
    let (_, facts) = talk(&[version(|_| ()), NetworkMessage::Verack]).unwrap();
    assert!(!facts.unwrap().wtxid_relay);
}

#[test]
fn what_else_comes_before_verack_is_ignored() {
    let messages = [
        NetworkMessage::Ping(1),
        version(|_| ()),
        NetworkMessage::SendHeaders,
        NetworkMessage::Verack,
    ];
    let (sent, facts) = talk(&messages).unwrap();
    assert!(!sent.contains(&NetworkMessage::Pong(1)));
    assert!(facts.is_some());
}

#[test]
fn our_own_nonce_is_us() {
    assert_eq!(refused(|v| v.nonce = 42), HandshakeError::SelfConnection);
}

#[test]
fn no_nonce_is_nobody() {
    let local = LocalNode {
        nonce: 0,
        services: ServiceFlags::NONE,
        user_agent: String::new(),
        start_height: 0,
        relay: false,
    };
    let (mut handshake, _) = Handshake::start(&local, ServiceFlags::NETWORK, NOW, DEADLINE);
    assert!(handshake.handle(NOW, &version(|v| v.nonce = 0)).is_ok());
}

#[test]
fn old_versions_are_refused() {
    for (version, found) in [(31_800, 31_800), (70_000, 70_000), (0, 0), (u32::MAX, -1)] {
        assert_eq!(
            refused(|v| v.version = version),
            HandshakeError::ProtocolVersion { found }
        );
    }
    assert!(talk(&[version(|v| v.version = MIN_PROTOCOL_VERSION)]).is_ok());
}

#[test]
fn a_node_without_blocks_is_refused() {
    let error = refused(|v| v.services = ServiceFlags::WITNESS);
    assert_eq!(
        error.to_string(),
        "expected services ServiceFlags(NETWORK), found ServiceFlags(WITNESS)"
    );
}

#[test]
fn a_long_name_is_refused() {
    assert_eq!(
        refused(|v| v.user_agent = "x".repeat(257)),
        HandshakeError::UserAgent { found: 257 }
    );
    assert!(talk(&[version(|v| v.user_agent = "x".repeat(256))]).is_ok());
}

#[test]
fn a_name_moves_no_text_about() {
    let odd = version(|v| v.user_agent = "/a\u{202e}b\r\n\u{1b}[2Jc\u{e9}/".to_owned());
    let (_, facts) = talk(&[odd, NetworkMessage::Verack]).unwrap();
    assert_eq!(facts.unwrap().user_agent, "/ab[2Jc/");
}

#[test]
fn numbers_at_their_ends() {
    let odd = version(|v| {
        v.timestamp = i64::MIN;
        v.start_height = -1;
    });
    let (_, facts) = talk(&[odd, NetworkMessage::Verack]).unwrap();
    let facts = facts.unwrap();
    assert_eq!(facts.clock_offset, i64::MIN);
    assert_eq!(facts.start_height, 0);
}

#[test]
fn a_second_version_is_refused() {
    assert_eq!(
        talk(&[version(|_| ()), version(|_| ())]),
        Err(HandshakeError::SecondVersion)
    );
}

#[test]
fn verack_needs_a_version() {
    assert_eq!(
        talk(&[NetworkMessage::Verack]),
        Err(HandshakeError::VerackBeforeVersion)
    );
}

#[test]
fn the_deadline_says_what_was_missing() {
    let (mut handshake, _) = start();
    assert_eq!(handshake.check_deadline(DEADLINE - 1), Ok(()));
    assert_eq!(
        handshake.check_deadline(DEADLINE),
        Err(HandshakeError::Deadline {
            waiting_for: "version"
        })
    );
    handshake.handle(NOW, &version(|_| ())).unwrap();
    assert_eq!(
        handshake.check_deadline(DEADLINE + 1),
        Err(HandshakeError::Deadline {
            waiting_for: "verack"
        })
    );
}

#[test]
fn a_version_without_the_relay_flag_asks_for_relay() {
    let NetworkMessage::Version(theirs) = version(|v| v.relay = false) else {
        panic!("no version");
    };
    let bytes = serialize(&theirs);
    let (_, short) = bytes.split_last().unwrap();
    let Ok(NetworkMessage::Version(read)) = read_one(&frame("version", short)) else {
        panic!("not read");
    };
    assert!(read.relay);
    assert_eq!(read.user_agent, theirs.user_agent);
    assert!(read_one(&frame("version", &short[..short.len() - 1])).is_err());
}

#[test]
fn a_version_may_say_more() {
    let theirs = version(|_| ());
    let mut bytes = encode(MAGIC, theirs.clone())[24..].to_vec();
    bytes.extend([1, 2, 3]);
    assert_eq!(read_one(&frame("version", &bytes)), Ok(theirs));
}

fn listening() -> Handshake {
    let local = LocalNode {
        nonce: 42,
        services: ServiceFlags::NETWORK | ServiceFlags::COMPACT_FILTERS,
        user_agent: "/farthing:0.1.0/".to_owned(),
        start_height: 7,
        relay: true,
    };
    Handshake::listen(&local, NOW, DEADLINE)
}

#[test]
fn who_listens_speaks_second() {
    let mut handshake = listening();
    let HandshakeStep::Continue(answer) = handshake
        .handle(NOW, &version(|v| v.services = ServiceFlags::NONE))
        .expect("whoever calls may offer nothing")
    else {
        panic!("the verack is missing yet");
    };
    let [
        NetworkMessage::Version(own),
        NetworkMessage::WtxidRelay,
        NetworkMessage::SendAddrV2,
        NetworkMessage::Verack,
    ] = answer.as_slice()
    else {
        panic!("expected version, wtxidrelay, sendaddrv2, verack, found {answer:?}");
    };
    assert!(own.services.has(ServiceFlags::COMPACT_FILTERS));
    let done = handshake.handle(NOW, &NetworkMessage::Verack);
    assert!(matches!(done, Ok(HandshakeStep::Done(_))));
}

#[test]
fn who_listens_says_its_version_once_and_knows_its_own_nonce() {
    let mut handshake = listening();
    assert_eq!(
        handshake.handle(NOW, &version(|v| v.nonce = 42)),
        Err(HandshakeError::SelfConnection)
    );
    let mut handshake = listening();
    handshake.handle(NOW, &version(|_| {})).expect("good");
    assert_eq!(
        handshake.handle(NOW, &version(|_| {})),
        Err(HandshakeError::SecondVersion)
    );
}
