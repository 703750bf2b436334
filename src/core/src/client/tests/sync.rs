//! Headers: the long sync, announcements, reorganisations, presync, what comes too early.

use super::chain::{genesis, grow, mine, stray_header};
use super::peer::Peer;
use super::world::{Disk, START, World};
use crate::client::{NoticeKind, PeerState};
use crate::params::NetworkParams;
use bitcoin::block::Header;
use bitcoin::p2p::message::NetworkMessage;

#[test]
fn a_chain_is_synced_shown_and_stored() {
    let mut world = World::new("regtest");
    let mut chain = genesis(&world.params);
    grow(&mut chain, 4_500, START, 0);
    world.connect(vec![("a", Peer::new(&world.params, chain.clone()))]);
    let view = world.chain();
    assert_eq!(view.tip.height, 4_500);
    assert_eq!(view.tip.hash, chain[4_500].block_hash().to_string());
    assert_eq!(view.progress, None);
    assert_eq!(view.recent.len(), 64);
    assert_eq!(world.peer_view("a").height, Some(4_500));
    assert_eq!(world.disk.headers.len(), 4_501 * 80);
    let last: Header =
        bitcoin::consensus::deserialize(&world.disk.headers[4_500 * 80..]).expect("a header");
    assert_eq!(last, chain[4_500].header);
}

#[test]
fn the_long_sync_is_done_with_one_peer_and_the_others_are_asked_afterwards() {
    let mut world = World::new("regtest");
    let mut chain = genesis(&world.params);
    grow(&mut chain, 2_500, START, 0);
    let mut better = chain.clone();
    grow(&mut better, 3, START + 60, 1);
    world.connect(vec![
        ("a", Peer::new(&world.params, chain)),
        ("b", Peer::new(&world.params, better.clone())),
    ]);
    assert_eq!(world.height(), 2_503);
    let full = |peer: &Peer| {
        let asked = peer.heard.iter();
        asked
            .filter(|message| matches!(message, NetworkMessage::GetHeaders(_)))
            .count()
    };
    assert_eq!(full(&world.peers["a"]), 2);
    assert_eq!(full(&world.peers["b"]), 1);
}

#[test]
fn an_inv_of_a_block_is_followed_by_getheaders() {
    let mut world = World::new("regtest");
    let mut chain = genesis(&world.params);
    grow(&mut chain, 5, START, 0);
    world.connect(vec![("a", Peer::new(&world.params, chain.clone()))]);
    grow(&mut chain, 1, START + 10, 0);
    world.announce("a", &chain);
    assert_eq!(world.height(), 6);
}

#[test]
fn a_reorganisation_of_ten_blocks_is_followed_and_said() {
    let mut world = World::new("regtest");
    let mut trunk = genesis(&world.params);
    grow(&mut trunk, 20, START, 0);
    let mut old = trunk.clone();
    grow(&mut old, 10, START + 100, 1);
    let mut new = trunk.clone();
    grow(&mut new, 11, START + 100, 2);
    world.connect(vec![("a", Peer::new(&world.params, old.clone()))]);
    assert_eq!(world.height(), 30);
    world.announce("a", &new);
    let view = world.chain();
    assert_eq!(view.tip.hash, new[31].block_hash().to_string());
    assert_eq!(view.branches.len(), 1);
    assert_eq!(view.branches[0].fork_height, 20);
    assert_eq!(view.branches[0].tip, old[30].block_hash().to_string());
    assert!(view.recent.iter().any(|header| !header.best));
    let said = world.notices(NoticeKind::Reorganisation);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("10 blocks after height 20"), "{said:?}");
    assert_eq!(world.disk.headers.len(), 32 * 80);
}

#[test]
fn of_two_branches_with_the_same_work_the_first_stays() {
    let mut world = World::new("regtest");
    let mut trunk = genesis(&world.params);
    grow(&mut trunk, 5, START, 0);
    let (mut one, mut two) = (trunk.clone(), trunk);
    grow(&mut one, 2, START + 50, 1);
    grow(&mut two, 2, START + 50, 2);
    world.connect(vec![
        ("a", Peer::new(&world.params, one.clone())),
        ("b", Peer::new(&world.params, two)),
    ]);
    assert_eq!(world.chain().tip.hash, one[7].block_hash().to_string());
}

#[test]
fn a_gap_inside_a_message_ends_the_connection() {
    let mut world = World::new("regtest");
    let mut chain = genesis(&world.params);
    grow(&mut chain, 10, START, 0);
    world.connect(vec![("a", Peer::new(&world.params, chain.clone()))]);
    grow(&mut chain, 5, START + 90, 0);
    let headers = vec![chain[11].header, chain[12].header, chain[14].header];
    world.say("a", NetworkMessage::Headers(headers));
    let reason = world.ban("a");
    assert!(reason.contains("gap after number 2"), "{reason}");
    assert_eq!(world.height(), 10);
}

#[test]
fn headers_that_do_not_connect_cost_one_getheaders_each_and_then_the_connection() {
    let mut world = World::new("regtest");
    let mut chain = genesis(&world.params);
    grow(&mut chain, 3, START, 0);
    world.connect(vec![("a", Peer::new(&world.params, chain))]);
    let asked = |world: &World| {
        let heard = world.peers["a"].heard.iter();
        heard
            .filter(|message| matches!(message, NetworkMessage::GetHeaders(_)))
            .count()
    };
    let before = asked(&world);
    let bits = world.params.genesis.bits;
    world.peers.get_mut("a").expect("a").habits.no_headers = true;
    for salt in 0..8 {
        let header = stray_header(bits, salt);
        world.say("a", NetworkMessage::Headers(vec![header]));
    }
    assert!(world.is_ready("a"));
    assert_eq!(asked(&world) - before, 8);
    world.say("a", NetworkMessage::Headers(vec![stray_header(bits, 9)]));
    match world.peer_view("a").state {
        PeerState::Waiting { reason, .. } => assert!(reason.contains("connect"), "{reason}"),
        other => panic!("left for a while, for it may be ahead: {other:?}"),
    }
}

#[test]
fn headers_that_do_not_connect_are_no_fault_while_another_peer_syncs() {
    let mut world = World::new("regtest");
    let mut chain = genesis(&world.params);
    grow(&mut chain, 30, START, 0);
    let mut slow = Peer::new(&world.params, chain.clone());
    slow.habits.no_headers = true;
    let honest = Peer::new(&world.params, chain.clone());
    world.connect(vec![("a", slow), ("b", honest)]);
    for block in &chain[10..=30] {
        world.say("b", NetworkMessage::Headers(vec![block.header]));
    }
    assert_eq!(world.height(), 0, "the other one is still in charge");
    assert!(world.is_ready("b"), "nobody asked it for what lies between");
    world.pass(31_000);
    assert_eq!(world.height(), 30);
}

#[test]
fn a_header_that_breaks_a_rule_is_misbehaviour() {
    let mut world = World::new("regtest");
    let mut chain = genesis(&world.params);
    grow(&mut chain, 12, START, 0);
    world.connect(vec![("a", Peer::new(&world.params, chain.clone()))]);
    let mut bad = chain[12].header;
    bad.prev_blockhash = chain[12].block_hash();
    // Not after the median of the eleven before it.
    bad.time = chain[3].header.time;
    let mut block = chain[12].clone();
    block.header = bad;
    super::chain::seal(&mut block);
    world.say("a", NetworkMessage::Headers(vec![block.header]));
    let reason = world.ban("a");
    assert!(reason.contains("median"), "{reason}");
    assert_eq!(world.notices(NoticeKind::Misbehaviour).len(), 1);
}

#[test]
fn a_header_from_the_future_is_held_and_tried_again_and_nobody_is_blamed() {
    let mut world = World::new("regtest");
    let mut chain = genesis(&world.params);
    grow(&mut chain, 5, START, 0);
    world.connect(vec![("a", Peer::new(&world.params, chain.clone()))]);
    let ahead = START + world.params.max_future + 120;
    mine(&mut chain, Vec::new(), ahead, 0);
    world.say("a", NetworkMessage::Headers(vec![chain[6].header]));
    assert_eq!(world.height(), 5);
    assert!(world.is_ready("a"));
    assert_eq!(world.client.sync.held.len(), 1);
    world.pass(100_000);
    assert_eq!(world.height(), 5);
    world.pass(30_000);
    assert_eq!(world.height(), 6);
    assert!(world.is_ready("a"));
}

#[test]
fn a_chain_of_little_work_is_not_stored() {
    let mut world = World::new("regtest");
    let mut chain = genesis(&world.params);
    grow(&mut chain, 400, START, 0);
    world.connect(vec![("a", Peer::new(&world.params, chain.clone()))]);
    assert_eq!(world.height(), 400);
    // A branch off the beginning with far less work than the best chain's of 144 blocks ago.
    let mut spam = chain[..=10].to_vec();
    grow(&mut spam, 100, START, 9);
    world.connect(vec![("b", Peer::new(&world.params, spam))]);
    let view = world.chain();
    assert_eq!(view.tip.height, 400);
    assert_eq!(view.branches, vec![]);
    assert!(world.is_ready("b"), "little work is no misbehaviour");
}

#[test]
fn a_long_chain_below_the_minimum_work_goes_through_presync() {
    let mut world = World::new("regtest");
    let mut chain = genesis(&world.params);
    grow(&mut chain, 5_000, START, 0);
    let enough = world.params.minimum_work
        + crate::primitives::work_of_target(
            crate::primitives::target_from_bits(chain[1].header.bits.to_consensus()).expect("good"),
        ) * crate::primitives::U256::from(4_500);
    let mut params = world.params.clone();
    params.minimum_work = enough;
    world.client = crate::client::Client::new(params, [7; 32]);
    world.input(crate::client::Input::Restored {
        headers: Vec::new(),
        records: Vec::new(),
        storage: "memory".to_owned(),
    });
    // Too short: looked at, and nothing of it kept.
    world.connect(vec![(
        "a",
        Peer::new(&world.params, chain[..=3_000].to_vec()),
    )]);
    assert_eq!(world.height(), 0);
    assert_eq!(world.disk.headers.len(), 80);
    assert!(world.is_ready("a"));
    world.connect(vec![("b", Peer::new(&world.params, chain.clone()))]);
    assert_eq!(world.height(), 5_000);
    assert_eq!(world.disk.headers.len(), 5_001 * 80);
}

#[test]
fn a_peer_that_does_not_answer_getheaders_is_left_for_another() {
    let mut world = World::new("regtest");
    let mut chain = genesis(&world.params);
    grow(&mut chain, 30, START, 0);
    let mut silent = Peer::new(&world.params, chain.clone());
    silent.habits.no_headers = true;
    world.connect(vec![("a", silent), ("b", Peer::new(&world.params, chain))]);
    assert_eq!(world.height(), 0, "one peer at a time for the long sync");
    let stalled = world.peer_id("a").expect("connected");
    world.pass(31_000);
    assert_eq!(world.height(), 30);
    assert!(!world.links.contains_key(&stalled), "it was left");
    assert_eq!(world.client.nodes[0].stalls, 1);
    let state = world.peer_view("a").state;
    let banned = matches!(state, PeerState::Banned { .. });
    assert!(!banned, "a stall is no crime: {state:?}");
}

#[test]
fn an_old_tip_makes_the_other_operators_be_asked_and_is_said() {
    let mut world = World::new("bitcoin");
    // Bitcoin's own first header, and nothing after it: as old as can be.
    let chain = genesis(&world.params);
    world.connect(vec![("a", Peer::new(&world.params, chain))]);
    world.pass(1_000);
    assert_eq!(world.notices(NoticeKind::StaleTip).len(), 1);
    let before = world.peers["a"].heard.len();
    world.pass(31 * 60 * 1000);
    let asked = world.peers["a"].heard[before..]
        .iter()
        .any(|message| matches!(message, NetworkMessage::GetHeaders(_)));
    assert!(asked, "after three blocks' time everybody is asked again");
    assert_eq!(world.notices(NoticeKind::StaleTip).len(), 1, "once");
}

#[test]
fn the_chain_is_told_when_its_tip_becomes_stale_and_when_it_is_no_more() {
    let params = NetworkParams::by_name("farthing:class").expect("a good name");
    let patience = 9 * params.spacing;
    let mut chain = genesis(&params);
    let start = params.genesis.time + patience;
    let mut world = World::restored("farthing:class", Disk::default(), start);
    world.connect(vec![("a", Peer::new(&world.params, chain.clone()))]);
    assert!(world.chain().stale, "its first block is from long ago");
    // Not in step with the questions to the peers, whose answers show the chain again.
    mine(&mut chain, Vec::new(), world.unix() - 40, 0);
    world.announce("a", &chain);
    assert!(!world.chain().stale);
    let left = u64::from(chain[1].header.time + patience) * 1000 - world.now.unix_ms;
    world.pass(left - 1_000);
    assert!(!world.chain().stale);
    world.pass(1_000);
    assert!(world.chain().stale);
}

#[test]
fn a_node_that_answers_nothing_where_it_has_nothing_does_not_hold_up_the_next_block() {
    let mut world = World::new("regtest");
    let mut chain = genesis(&world.params);
    let mut peer = Peer::new(&world.params, chain.clone());
    peer.habits.no_headers = true;
    world.connect(vec![("a", peer)]);
    world.pass(3_000);
    world.peers.get_mut("a").expect("a").habits.no_headers = false;
    grow(&mut chain, 1, START, 0);
    world.announce("a", &chain);
    assert_eq!(world.height(), 1);
    assert!(world.is_ready("a"));
}
