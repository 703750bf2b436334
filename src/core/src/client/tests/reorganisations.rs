//! Reorganisations of headers: in the middle of the sync, and too far back to be followed.

use super::chain::{Chain, genesis, grow};
use super::peer::Peer;
use super::world::{START, World};
use crate::client::{Client, Input, NoticeKind};
use crate::params::NetworkParams;
use crate::primitives::{U256, target_from_bits, work_of_target};
use bitcoin::block::Header;
use bitcoin::p2p::message::NetworkMessage;

/// A chain of 4,500, and one with more work that leaves it after height 1,500.
fn fork(params: &NetworkParams) -> (Chain, Chain) {
    let mut old = genesis(params);
    grow(&mut old, 1_500, START - 40_000, 0);
    let mut new = old.clone();
    grow(&mut old, 3_000, START, 1);
    grow(&mut new, 3_100, START, 2);
    (old, new)
}

fn headers(blocks: &[bitcoin::Block]) -> Vec<Header> {
    blocks.iter().map(|block| block.header).collect()
}

/// A client of a network with other parameters, which knows nothing yet.
pub(super) fn start(world: &mut World, params: NetworkParams) {
    world.client = Client::new(params, [7; 32]);
    world.input(Input::Restored {
        headers: Vec::new(),
        records: Vec::new(),
        storage: "memory".to_owned(),
    });
}

#[test]
fn a_peer_that_reorganises_in_the_middle_of_the_sync_is_followed_to_its_new_tip() {
    // Two messages in, the fork is so far behind that the first headers of the new branch lead
    // less far than what came before.
    for messages in [1, 2] {
        let mut world = World::new("regtest");
        let (old, new) = fork(&world.params);
        let mut peer = Peer::new(&world.params, old);
        peer.habits.switches = Some((messages, new.clone()));
        world.connect(vec![("a", peer)]);
        let tip = world.chain().tip;
        assert_eq!(tip.hash, new[4_600].block_hash().to_string(), "{messages}");
        assert_eq!(world.disk.headers.len(), 4_601 * 80);
        let said = world.notices(NoticeKind::Reorganisation);
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].contains("after height 1500"), "{said:?}");
    }
}

#[test]
fn a_peer_that_reorganises_in_the_presync_is_asked_anew_and_followed() {
    // In the first pass, and in the second.
    for messages in [1, 4] {
        let mut world = World::new("regtest");
        let (old, new) = fork(&world.params);
        let mut params = world.params.clone();
        let target = target_from_bits(old[1].header.bits.to_consensus()).expect("good");
        params.minimum_work = work_of_target(target) * U256::from(4_400);
        start(&mut world, params);
        let mut peer = Peer::new(&world.params, old);
        peer.habits.switches = Some((messages, new.clone()));
        world.connect(vec![("a", peer)]);
        assert_eq!(world.height(), 0, "nothing of it is kept");
        world.pass(60_000);
        let tip = world.chain().tip;
        assert_eq!(tip.hash, new[4_600].block_hash().to_string(), "{messages}");
        assert!(world.is_ready("a"), "a reorganisation is no crime");
    }
}

#[test]
fn a_branch_that_begins_too_far_back_is_said_once_and_not_followed() {
    let mut world = World::new("regtest");
    let mut chain = genesis(&world.params);
    grow(&mut chain, 6_400, START, 0);
    world.connect(vec![("a", Peer::new(&world.params, chain.clone()))]);
    let disk = world.disk.clone();
    // Of height 5 the hash alone is kept; 2,020 is the lowest but four that is kept in full.
    for (fork, count) in [(5, 10), (2_020, 2_000)] {
        let mut world = World::restored("regtest", disk.clone(), START);
        world.connect(vec![("a", Peer::new(&world.params, chain.clone()))]);
        let mut branch = chain[..=fork].to_vec();
        grow(&mut branch, count, START, 9);
        for _ in 0..2 {
            let message = NetworkMessage::Headers(headers(&branch[fork + 1..]));
            world.say("a", message);
        }
        let said = world.notices(NoticeKind::Reorganisation);
        assert_eq!(said.len(), 1, "{said:?}");
        let found = format!("expected a branch from height 2027 or above, found one from {fork}");
        assert!(said[0].contains(&found), "{said:?}");
        assert_eq!(world.height(), 6_400);
        assert!(world.is_ready("a"), "an honest node may be on that chain");
    }
}

#[test]
fn a_long_branch_from_below_a_checkpoint_is_misbehaviour_also_where_it_shows_little_work() {
    let mut world = World::new("regtest");
    let mut chain = genesis(&world.params);
    grow(&mut chain, 2_400, START, 0);
    let mut params = world.params.clone();
    params.checkpoints = vec![(20, chain[20].block_hash())];
    start(&mut world, params);
    world.connect(vec![("a", Peer::new(&world.params, chain.clone()))]);
    assert_eq!(world.height(), 2_400);
    let mut branch = chain[..=10].to_vec();
    grow(&mut branch, 2_000, START, 9);
    world.say("a", NetworkMessage::Headers(headers(&branch[11..])));
    assert!(world.ban("a").contains("checkpoint at 20"));
}
