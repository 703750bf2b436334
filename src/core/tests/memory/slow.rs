//! Peers that ask for much and take nothing: what waits for them is counted too.

use crate::host::Host;
use crate::measure::{Bounds, alone, flood};
use crate::messages::MIB;
use bitcoin::BlockHash;
use bitcoin::hashes::Hash;
use bitcoin::p2p::message::NetworkMessage;
use bitcoin::p2p::message_blockdata::{GetBlocksMessage, GetHeadersMessage, Inventory};
use farthing_core::client::PeerId;
use farthing_core::node::Input;
use farthing_core::protocol::encode;

/// Four strangers that read nothing, at a node with forty blocks.
fn world() -> (Host, Vec<PeerId>, Vec<BlockHash>) {
    let mut host = Host::new(|_, _| {});
    let hashes = (0..40).map(|_| host.mine().block_hash()).collect();
    let strangers = (1..=4).map(|number| deaf(&mut host, number)).collect();
    (host, strangers, hashes)
}

fn deaf(host: &mut Host, number: usize) -> PeerId {
    let peer = host.guest(&format!("{number}.1.2.3"));
    host.deaf.insert(peer, Vec::new());
    peer
}

/// A question over and over from all of them, and from others in the place of who is left. For each
/// there is a window of 1 MiB, the rest of one question, and a backlog of 2 MiB.
fn questions(
    name: &str,
    fill: u32,
    times: usize,
    question: impl Fn(&[BlockHash]) -> NetworkMessage,
) {
    let _turn = alone();
    let (mut host, mut strangers, hashes) = world();
    let bounds = Bounds {
        flat: 4 * MIB,
        most: 20 * MIB,
    };
    let once = encode(host.params.magic, question(&hashes));
    let input = once.repeat(times);
    flood(name, fill, bounds, |number| {
        let at = number as usize % strangers.len();
        if !host.open.contains(&strangers[at]) {
            strangers[at] = deaf(&mut host, at + 1);
        }
        let peer = strangers[at];
        let bytes = input.clone();
        host.input(Input::Received { peer, bytes });
        host.pass(500);
    });
    let honest = host.guest("200.1.2.3");
    let item = Inventory::WitnessBlock(hashes[0]);
    host.say(honest, NetworkMessage::GetData(vec![item]));
    host.pass(200_000);
    let left = strangers.iter().filter(|peer| host.open.contains(peer));
    assert_eq!(left.count(), 0, "who takes nothing is left");
    assert!(host.open.contains(&honest), "who reads stays");
}

#[test]
fn blocks_that_nobody_takes() {
    questions("node, getdata unread", 40, 8, |hashes| {
        let items = hashes.iter().cycle().take(2_000).copied();
        NetworkMessage::GetData(items.map(Inventory::WitnessBlock).collect())
    });
}

#[test]
fn headers_that_nobody_takes() {
    questions("node, getheaders unread", 40, 100, |_| {
        NetworkMessage::GetHeaders(GetHeadersMessage {
            version: 70_016,
            locator_hashes: vec![BlockHash::all_zeros(); 50],
            stop_hash: BlockHash::all_zeros(),
        })
    });
}

#[test]
fn inventories_that_nobody_takes() {
    questions("node, getblocks unread", 40, 200, |_| {
        NetworkMessage::GetBlocks(GetBlocksMessage {
            version: 70_016,
            locator_hashes: vec![BlockHash::all_zeros(); 20],
            stop_hash: BlockHash::all_zeros(),
        })
    });
}

#[test]
fn pongs_that_nobody_takes() {
    questions("node, ping unread", 40, 8_000, |_| NetworkMessage::Ping(5));
}
