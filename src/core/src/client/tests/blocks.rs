//! Whole blocks: fetched from whoever has them, refused as a whole, told in order.

use super::chain::{Chain, genesis, grow, mine, pay, script_of};
use super::peer::Peer;
use super::world::{START, World};
use crate::client::{Command, NoticeKind, PeerState, Reply, limits};
use crate::invoice::InvoiceStatus;
use bitcoin::p2p::message::NetworkMessage;
use bitcoin::p2p::message_blockdata::Inventory;

const SETTLED: InvoiceStatus = InvoiceStatus::Settled { depth: 1 };

/// Two peers on one chain, and an invoice over 1,000 units.
fn two_peers() -> (World, Chain) {
    let mut world = World::new("regtest");
    let mut chain = genesis(&world.params);
    grow(&mut chain, 5, START, 0);
    let peer = || Peer::new(&world.params, chain.clone());
    let peers = vec![("a", peer()), ("b", peer())];
    world.connect(peers);
    world.invoice(1, 1_000, 1);
    (world, chain)
}

fn pay_in_block(world: &World, chain: &mut Chain) {
    mine(
        chain,
        vec![pay(1, script_of(1), 1_000)],
        world.unix() + 1,
        0,
    );
}

#[test]
fn a_withheld_block_comes_from_another_peer() {
    let (mut world, mut chain) = two_peers();
    world.peers.get_mut("a").expect("a").habits.no_blocks = true;
    pay_in_block(&world, &mut chain);
    world.announce("a", &chain);
    world.announce("b", &chain);
    world.pass(1_000);
    assert_ne!(
        world.look(1).status,
        SETTLED,
        "asked of the one that withholds"
    );
    world.pass(limits::BLOCK_SILENCE_MS + 30_000);
    assert_eq!(world.look(1).status, SETTLED);
    assert!(!matches!(
        world.peer_view("a").state,
        PeerState::Banned { .. }
    ));
}

#[test]
fn a_block_that_a_peer_has_not_comes_from_another_at_once() {
    let (mut world, mut chain) = two_peers();
    world.peers.get_mut("a").expect("a").habits.lacks_blocks = true;
    pay_in_block(&world, &mut chain);
    world.announce("a", &chain);
    world.announce("b", &chain);
    assert_eq!(world.look(1).status, SETTLED);
    assert!(world.is_ready("a"), "not to have a block is no fault");
}

#[test]
fn a_mutated_block_is_refused_its_sender_banned_and_the_true_one_fetched() {
    let (mut world, mut chain) = two_peers();
    world.peers.get_mut("a").expect("a").habits.mutates_blocks = true;
    // Three transactions: the fourth, a repeated third, gives the same Merkle root.
    let payments = vec![pay(1, script_of(1), 500), pay(2, script_of(1), 500)];
    mine(&mut chain, payments, START + 20, 0);
    world.announce("a", &chain);
    assert_eq!(world.look(1).credit, 0, "nothing of a refused block counts");
    assert!(world.ban("a").contains("block at height 6"));
    world.announce("b", &chain);
    assert_eq!(world.look(1).status, SETTLED);
    assert_eq!(world.notices(NoticeKind::Misbehaviour).len(), 1);
}

#[test]
fn a_block_that_nobody_asked_for_changes_nothing() {
    let (mut world, mut chain) = two_peers();
    pay_in_block(&world, &mut chain);
    world.say("a", NetworkMessage::Block(chain[6].clone()));
    assert_eq!(world.look(1).status, InvoiceStatus::Awaiting);
    assert_eq!(world.height(), 5);
}

#[test]
fn blocks_are_asked_with_their_witness_and_few_at_a_time() {
    let (mut world, mut chain) = two_peers();
    for name in ["a", "b"] {
        world.peers.get_mut(name).expect("a peer").habits.no_blocks = true;
    }
    grow(&mut chain, 40, START + 500, 0);
    world.announce("a", &chain);
    world.announce("b", &chain);
    let mut asked = 0;
    for peer in world.peers.values() {
        let mut of_peer = 0;
        for message in &peer.heard {
            if let NetworkMessage::GetData(items) = message {
                assert!(
                    items
                        .iter()
                        .all(|item| matches!(item, Inventory::WitnessBlock(_)))
                );
                of_peer += items.len();
            }
        }
        assert!(of_peer <= limits::BLOCKS_PER_PEER);
        asked += of_peer;
    }
    assert_eq!(asked, limits::BLOCKS_AHEAD);
}

#[test]
fn a_long_way_is_scanned_in_order_to_the_tip() {
    let (mut world, mut chain) = two_peers();
    for number in 0..40u8 {
        let payment = pay(100 + number, script_of(1), 10);
        mine(&mut chain, vec![payment], START + 30 + u32::from(number), 0);
    }
    world.announce("a", &chain);
    let invoice = world.look(1);
    assert_eq!(invoice.credit, 400);
    assert_eq!(invoice.scanned, Some((6, 45)));
    assert_eq!(world.chain().progress, None);
}

#[test]
fn blocks_from_before_the_first_invoice_are_not_fetched() {
    let mut world = World::new("regtest");
    let mut chain = genesis(&world.params);
    grow(&mut chain, 300, START, 0);
    world.connect(vec![("a", Peer::new(&world.params, chain.clone()))]);
    let fetched = world.peers["a"]
        .heard
        .iter()
        .filter(|message| matches!(message, NetworkMessage::GetData(_)))
        .count();
    assert_eq!(fetched, 0);
    world.invoice(1, 1_000, 1);
    pay_in_block(&world, &mut chain);
    world.announce("a", &chain);
    assert_eq!(world.look(1).status, SETTLED);
    assert_eq!(world.look(1).scanned, Some((301, 301)));
}

#[test]
fn a_first_peer_with_nothing_to_show_does_not_make_us_fetch_all_blocks() {
    let mut world = World::new("regtest");
    let mut chain = genesis(&world.params);
    let empty = Peer::new(&world.params, chain.clone());
    world.connect(vec![("a", empty)]);
    world.invoice(1, 1_000, 1);
    // Blocks from long before the invoice.
    grow(&mut chain, 300, START - 90_000, 0);
    pay_in_block(&world, &mut chain);
    world.connect(vec![("b", Peer::new(&world.params, chain.clone()))]);
    assert_eq!(world.look(1).status, SETTLED);
    let fetched: usize = world.peers["b"]
        .heard
        .iter()
        .map(|message| match message {
            NetworkMessage::GetData(items) => items.len(),
            _ => 0,
        })
        .sum();
    assert!(fetched < 30, "{fetched} blocks");
}

/// Far more headers than are kept in full.
const LONG: u32 = 6_400;

#[test]
fn a_block_whose_header_is_no_longer_kept_in_full_is_fetched_and_shown() {
    let mut world = World::new("regtest");
    let mut chain = genesis(&world.params);
    grow(&mut chain, LONG, START, 0);
    world.connect(vec![("a", Peer::new(&world.params, chain.clone()))]);
    let hash = chain[3].block_hash();
    assert_eq!(world.client.tree.get(&hash), None, "only its hash is kept");
    for block in ["3".to_owned(), hash.to_string()] {
        match world.try_ask(Command::GetBlock { block }) {
            Some(Ok(Reply::Block { block })) => assert_eq!(block.header.hash, hash.to_string()),
            other => panic!("expected the block, found {other:?}"),
        }
    }
}

#[test]
fn a_scan_goes_on_from_below_the_headers_that_are_kept_in_full() {
    let (world, mut chain) = two_peers();
    let later = START + 80_000;
    mine(&mut chain, vec![pay(1, script_of(1), 1_000)], START + 60, 0);
    grow(&mut chain, LONG, later, 0);
    let mut world = World::restored("regtest", world.disk, later);
    // Nobody has the block until all headers are there.
    let mut pruned = Peer::new(&world.params, chain.clone());
    pruned.habits.pruned = true;
    world.connect(vec![("a", pruned)]);
    assert_eq!(world.height(), LONG + 6);
    assert_eq!(world.client.tree.get(&chain[6].block_hash()), None);
    let mut peer = Peer::new(&world.params, chain.clone());
    peer.habits.no_blocks = true;
    world.connect(vec![("b", peer)]);
    assert_eq!(world.look(1).credit, 0);
    world.say("b", NetworkMessage::Block(chain[6].clone()));
    assert_eq!(world.look(1).credit, 1_000);
    assert_eq!(world.look(1).scanned, Some((6, 6)));
}

#[test]
fn a_pruned_node_is_asked_for_no_block_that_it_does_not_keep() {
    let mut world = World::new("regtest");
    let mut chain = genesis(&world.params);
    grow(&mut chain, 300, START, 0);
    let mut peer = Peer::new(&world.params, chain);
    peer.habits.pruned = true;
    world.connect(vec![("a", peer)]);
    let asked = |world: &World| {
        let heard = world.peers["a"].heard.iter();
        heard
            .filter(|message| matches!(message, NetworkMessage::GetData(_)))
            .count()
    };
    // 288 below the tip, and 287.
    let ask = |height: &str| Command::GetBlock {
        block: height.to_owned(),
    };
    assert_eq!(world.try_ask(ask("12")), None);
    assert_eq!(asked(&world), 0, "a node leaves whoever asks for that");
    assert!(matches!(
        world.try_ask(ask("13")),
        Some(Ok(Reply::Block { .. }))
    ));
    assert_eq!(asked(&world), 1);
}

#[test]
fn a_peer_on_a_branch_is_asked_for_what_is_below_its_fork() {
    let mut world = World::new("regtest");
    let mut chain = genesis(&world.params);
    grow(&mut chain, 20, START, 0);
    let mut branch = chain[..=15].to_vec();
    grow(&mut branch, 2, START, 1);
    world.connect(vec![("a", Peer::new(&world.params, chain))]);
    world.connect(vec![("b", Peer::new(&world.params, branch))]);
    world.cut("a");
    world.unreachable.push("a".to_owned());
    let ask = |height: &str| Command::GetBlock {
        block: height.to_owned(),
    };
    assert!(matches!(
        world.try_ask(ask("15")),
        Some(Ok(Reply::Block { .. }))
    ));
    assert_eq!(world.try_ask(ask("16")), None, "it is on another one");
    let heard = world.peers["b"].heard.iter();
    let asked = heard.filter(|message| matches!(message, NetworkMessage::GetData(_)));
    assert_eq!(asked.count(), 1);
}

#[test]
fn a_peer_that_is_behind_is_asked_for_the_blocks_that_it_has() {
    let mut world = World::new("regtest");
    let mut chain = genesis(&world.params);
    grow(&mut chain, 20, START, 0);
    let behind = Peer::new(&world.params, chain[..=15].to_vec());
    world.connect(vec![("a", Peer::new(&world.params, chain))]);
    world.connect(vec![("b", behind)]);
    world.cut("a");
    world.unreachable.push("a".to_owned());
    let ask = |height: &str| Command::GetBlock {
        block: height.to_owned(),
    };
    assert!(matches!(
        world.try_ask(ask("15")),
        Some(Ok(Reply::Block { .. }))
    ));
    assert_eq!(world.try_ask(ask("16")), None);
    let heard = world.peers["b"].heard.iter();
    let asked = heard.filter(|message| matches!(message, NetworkMessage::GetData(_)));
    assert_eq!(asked.count(), 1);
}

#[test]
fn a_peer_that_drips_a_block_is_asked_after_the_others_from_then_on() {
    let (mut world, chain) = two_peers();
    world.peers.get_mut("a").expect("a").habits.no_blocks = true;
    let ask = |height: &str| Command::GetBlock {
        block: height.to_owned(),
    };
    assert_eq!(world.try_ask(ask("2")), None, "asked of the slow one");
    for _ in 0..4 {
        world.pass(10_000);
        world.say("a", NetworkMessage::FeeFilter(1));
    }
    world.say("a", NetworkMessage::Block(chain[2].clone()));
    assert!(world.is_ready("a"));
    assert!(matches!(
        world.try_ask(ask("3")),
        Some(Ok(Reply::Block { .. }))
    ));
    let asked = |name: &str| {
        let heard = world.peers[name].heard.iter();
        heard
            .filter(|message| matches!(message, NetworkMessage::GetData(_)))
            .count()
    };
    assert_eq!((asked("a"), asked("b")), (1, 1));
}
