//! Hostile peers beside one honest one, and peers that hold different truths.

use super::chain::{genesis, grow, mine, pay, script_of};
use super::peer::Peer;
use super::reorganisations::start;
use super::world::{START, World};
use crate::client::NoticeKind;
use crate::invoice::{InvoiceFlag, InvoiceStatus, PaymentState, VerdictAnswer};
use crate::params::NetworkParams;
use bitcoin::p2p::message::NetworkMessage;

#[test]
fn with_all_but_one_hostile_the_true_tip_is_found() {
    let mut world = World::new("regtest");
    let mut truth = genesis(&world.params);
    grow(&mut truth, 50, START, 0);
    let mut lie = truth[..=40].to_vec();
    grow(&mut lie, 5, START, 66);
    let honest = Peer::new(&world.params, truth.clone());
    let mut peers = vec![("h", honest)];
    for (number, name) in ["a", "b", "c", "d", "e", "f", "g"].into_iter().enumerate() {
        let mut peer = Peer::new(&world.params, lie.clone());
        match number % 4 {
            0 => peer.habits.no_headers = true,
            1 => peer.habits.no_blocks = true,
            2 => peer.habits.mutates_blocks = true,
            _ => peer.habits.lacks_blocks = true,
        }
        peers.push((name, peer));
    }
    world.connect(peers);
    world.pass(60_000);
    assert_eq!(world.chain().tip.hash, truth[50].block_hash().to_string());
    let invoice = world.invoice(1, 700, 1).id;
    mine(&mut truth, vec![pay(1, script_of(1), 700)], world.unix(), 0);
    world.announce("h", &truth);
    world.pass(120_000);
    let status = world.look(invoice).status;
    assert_eq!(status, InvoiceStatus::Settled { depth: 1 });
}

#[test]
fn with_all_hostile_the_stale_tip_is_said_and_nothing_is_confirmed() {
    let mut world = World::new("regtest");
    // Bitcoin's schedule over regtest's targets: without one an old tip says nothing.
    let mut params = world.params.clone();
    params.retarget = NetworkParams::by_name("bitcoin").expect("known").retarget;
    start(&mut world, params);
    let mut chain = genesis(&world.params);
    grow(&mut chain, 40, START, 0);
    let names = ["a", "b", "c", "d"];
    let peers = names.map(|name| (name, Peer::new(&world.params, chain.clone())));
    world.connect(peers.into());
    let invoice = world.invoice(1, 700, 1).id;
    mine(&mut chain, vec![pay(1, script_of(1), 700)], world.unix(), 0);
    for name in names {
        world.announce(name, &chain);
    }
    world.pass(1_000);
    let verdict = world.look(invoice).verdict;
    assert_eq!(verdict.answer, VerdictAnswer::Confirmed);
    assert_eq!(world.notices(NoticeKind::StaleTip), Vec::<String>::new());
    // From now on all of them hide what is mined, for nine spacings.
    world.pass(5_400_000);
    assert!(names.into_iter().all(|name| world.is_ready(name)));
    assert_eq!(world.notices(NoticeKind::StaleTip).len(), 1);
    let verdict = world.look(invoice).verdict;
    assert_eq!(verdict.answer, VerdictAnswer::CannotTell);
    assert!(verdict.tip_stale);
}

#[test]
fn two_operators_with_different_spends_of_one_coin_are_a_conflict() {
    let mut world = World::new("regtest");
    let mut chain = genesis(&world.params);
    grow(&mut chain, 5, START, 0);
    let peer = || Peer::new(&world.params, chain.clone());
    let peers = vec![("a", peer()), ("b", peer())];
    world.connect(peers);
    let id = world.invoice(1, 1_000, 1).id;
    world.relay("a", &pay(9, script_of(1), 1_000));
    let seen = world.look(id);
    assert_eq!(seen.status, InvoiceStatus::Seen);
    assert_eq!(seen.verdict.answer, VerdictAnswer::SeenUnverified);
    assert_eq!(seen.verdict.seen_by, ["a"]);
    // The same coin, to somebody else.
    world.relay("b", &pay(9, script_of(2), 1_000));
    let conflict = world.look(id);
    assert!(conflict.flags.contains(&InvoiceFlag::Conflict));
    assert_eq!(conflict.credit, 0);
    assert_eq!(conflict.verdict.answer, VerdictAnswer::Conflict);
    assert_eq!(conflict.verdict.conflict_seen_by, ["b"]);
    assert!(conflict.alarm.is_some());
}

#[test]
fn a_conflict_that_its_first_sender_flooded_away_is_heard_from_another() {
    let mut world = World::new("regtest");
    let mut chain = genesis(&world.params);
    grow(&mut chain, 5, START, 0);
    let peer = || Peer::new(&world.params, chain.clone());
    let peers = vec![("a", peer()), ("b", peer())];
    world.connect(peers);
    let id = world.invoice(1, 1_000, 1).id;
    world.relay("a", &pay(9, script_of(2), 1_000));
    for units in 1..50 {
        world.relay("a", &pay(9, script_of(2), units));
    }
    world.relay("b", &pay(9, script_of(2), 1_000));
    world.relay("a", &pay(9, script_of(1), 1_000));
    let conflict = world.look(id);
    assert_eq!(conflict.verdict.answer, VerdictAnswer::Conflict);
    assert_eq!(conflict.verdict.conflict_seen_by, ["b"]);
}

#[test]
fn one_operator_that_sends_a_payment_again_speaks_for_itself_alone() {
    let mut world = World::new("regtest");
    let mut chain = genesis(&world.params);
    grow(&mut chain, 5, START, 0);
    let peer = || Peer::new(&world.params, chain.clone());
    let peers = vec![("a", peer()), ("b", peer())];
    world.connect(peers);
    let id = world.invoice(1, 1_000, 1).id;
    let payment = pay(9, script_of(1), 1_000);
    let theft = pay(9, script_of(2), 1_000);
    for name in ["a", "b"] {
        world.relay(name, &payment);
    }
    for name in ["a", "b"] {
        world.relay(name, &theft);
    }
    let by = theft.compute_txid().to_string();
    let replaced = PaymentState::Replaced { by: by.clone() };
    assert_eq!(world.look(id).payments[0].state, replaced);
    world.say("a", NetworkMessage::Tx(payment));
    let conflicted = PaymentState::Conflicted { by };
    assert_eq!(world.look(id).payments[0].state, conflicted);
}

#[test]
fn a_payment_that_a_flooding_operator_brings_first_is_fetched_from_another() {
    let mut world = World::new("regtest");
    let mut chain = genesis(&world.params);
    grow(&mut chain, 5, START, 0);
    let peer = || Peer::new(&world.params, chain.clone());
    let peers = vec![("a", peer()), ("b", peer())];
    world.connect(peers);
    let id = world.invoice(1, 1_000, 1).id;
    for number in 0..600u64 {
        let mut fake = pay(9, script_of(1), 1 + number);
        fake.input[0].previous_output.vout = u32::try_from(number).expect("small");
        world.say("a", NetworkMessage::Tx(fake));
    }
    let payment = pay(10, script_of(1), 1_000);
    let txid = payment.compute_txid().to_string();
    let has = |world: &mut World| {
        let payments = world.look(id).payments;
        payments.iter().any(|payment| payment.txid == txid)
    };
    world.relay("a", &payment);
    assert!(!has(&mut world), "one operator brought too much");
    world.relay("b", &payment);
    assert!(has(&mut world));
}

#[test]
fn one_transaction_is_fetched_once_and_all_its_announcers_count() {
    let mut world = World::new("regtest");
    let mut chain = genesis(&world.params);
    grow(&mut chain, 5, START, 0);
    let mut old = Peer::new(&world.params, chain.clone());
    old.habits.version = Some(70_015);
    let peer = || Peer::new(&world.params, chain.clone());
    let peers = vec![("a", peer()), ("b", peer()), ("c", old)];
    world.connect(peers);
    let id = world.invoice(1, 1_000, 1).id;
    let payment = pay(9, script_of(1), 1_000);
    for name in ["a", "b"] {
        world.relay(name, &payment);
    }
    assert_eq!(world.look(id).verdict.seen_by, ["a", "b"]);
    // Another name for the same transaction: by txid.
    world.relay("c", &payment);
    assert_eq!(world.look(id).verdict.seen_by, ["a", "b", "c"]);
    let fetched = |name: &str| {
        let heard = world.peers[name].heard.iter();
        heard
            .filter(|message| matches!(message, NetworkMessage::GetData(_)))
            .count()
    };
    assert_eq!((fetched("a"), fetched("b"), fetched("c")), (1, 0, 0));
}

#[test]
fn a_transaction_that_one_peer_withholds_comes_from_another() {
    for lacks in [false, true] {
        let mut world = World::new("regtest");
        let mut chain = genesis(&world.params);
        grow(&mut chain, 5, START, 0);
        let mut bad = Peer::new(&world.params, chain.clone());
        bad.habits.no_transactions = !lacks;
        bad.habits.lacks_transactions = lacks;
        let good = || Peer::new(&world.params, chain.clone());
        let (b, c) = (good(), good());
        world.connect(vec![("a", bad), ("b", b), ("c", c)]);
        let id = world.invoice(1, 1_000, 1).id;
        let payment = pay(9, script_of(1), 1_000);
        world.relay("a", &payment);
        world.relay("b", &payment);
        world.relay("c", &payment);
        world.pass(11_000);
        assert_eq!(world.look(id).status, InvoiceStatus::Seen, "lacks: {lacks}");
        let seen_by = world.look(id).verdict.seen_by;
        // Who takes its announcement back vouches for nothing.
        let vouch: &[&str] = if lacks { &["b", "c"] } else { &["a", "b", "c"] };
        assert_eq!(seen_by, vouch, "lacks: {lacks}");
        assert!(world.is_ready("a"), "no reason to leave");
    }
}

#[test]
fn a_clock_is_said_to_be_wrong_from_one_second_past_the_networks_comfort() {
    for (network, comfort) in [("regtest", 600), ("farthing:clocks", 30)] {
        for (clock, told) in [
            (comfort, 0),
            (-comfort, 0),
            (comfort + 1, 1),
            (-comfort - 1, 1),
        ] {
            let mut world = World::new(network);
            let mut peer = Peer::new(&world.params, genesis(&world.params));
            peer.habits.clock = clock;
            world.connect(vec![("a", peer)]);
            let said = world.notices(NoticeKind::Clock);
            assert_eq!(said.len(), told, "{network} {clock}: {said:?}");
        }
    }
}

#[test]
fn the_clock_of_peers_never_moves_ours() {
    let mut world = World::new("regtest");
    let mut chain = genesis(&world.params);
    grow(&mut chain, 5, START, 0);
    let mut peer = Peer::new(&world.params, chain.clone());
    peer.habits.clock = 3_600;
    world.connect(vec![("a", peer)]);
    let told = world.notices(NoticeKind::Clock);
    assert_eq!(told.len(), 1);
    assert!(told[0].contains("3600 s behind"), "{told:?}");
    // By the peer's clock this header is within the limit, by ours it is too early.
    let ahead = START + world.params.max_future + 1_000;
    mine(&mut chain, Vec::new(), ahead, 0);
    world.say("a", NetworkMessage::Headers(vec![chain[6].header]));
    assert_eq!(world.height(), 5);
}
