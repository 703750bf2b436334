//! A machine that sleeps: nobody is blamed, and the time is said not to have been watched.

use super::chain::{genesis, grow};
use super::peer::Peer;
use super::world::{START, World};
use crate::client::{Event, Input, Output};
use crate::invoice::TimeRange;
use bitcoin::p2p::message::NetworkMessage;

fn watched() -> World {
    let mut world = World::new("regtest");
    let mut chain = genesis(&world.params);
    grow(&mut chain, 3, START, 0);
    world.connect(vec![("a", Peer::new(&world.params, chain))]);
    world.invoice(1, 1_000, 1);
    world.pass(100_000);
    world
}

#[test]
fn a_connection_that_outlives_sleep_is_kept_and_asked() {
    for monotonic_too in [false, true] {
        let mut world = watched();
        let peer = world.peer_id("a").expect("connected");
        let pings = |world: &World| {
            let heard = world.peers["a"].heard.iter();
            heard
                .filter(|m| matches!(m, NetworkMessage::Ping(_)))
                .count()
        };
        let before = pings(&world);
        world.now.unix_ms += 3_600_000;
        if monotonic_too {
            world.now.monotonic_ms += 3_600_000;
        }
        world.input(Input::Tick);
        assert_eq!(world.peer_id("a"), Some(peer), "nobody is to blame");
        assert_eq!(pings(&world), before + 1);
        let gaps = world.look(1).verdict.not_watched;
        let hour = gaps.iter().any(|gap| {
            gap.to
                .is_some_and(|to| (3_500..3_700).contains(&(to - gap.from)))
        });
        assert!(hour, "an hour was not watched: {gaps:?}");
    }
}

#[test]
fn a_connection_that_died_in_sleep_is_noticed_and_made_anew() {
    let mut world = watched();
    let peer = world.peer_id("a").expect("connected");
    world.peers.get_mut("a").expect("a").habits.no_pong = true;
    world.now.unix_ms += 3_600_000;
    world.now.monotonic_ms += 3_600_000;
    world.input(Input::Tick);
    world.pass(25_000);
    assert_ne!(world.peer_id("a"), Some(peer));
}

#[test]
fn a_connection_whose_end_is_the_first_news_after_sleep_is_not_asked() {
    let mut world = watched();
    let peer = world.peer_id("a").expect("connected");
    world.unreachable.push("a".to_owned());
    world.now.unix_ms += 3_600_000;
    world.now.monotonic_ms += 3_600_000;
    let before = world.outputs.len();
    world.cut("a");
    let to_it = |output: &&Output| match output {
        Output::Send { peer: to, .. } | Output::Disconnect(to) => *to == peer,
        _ => false,
    };
    let found: Vec<_> = world.outputs[before..].iter().filter(to_it).collect();
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn without_a_peer_nothing_is_watched() {
    let mut world = watched();
    let from = world.unix();
    world.unreachable.push("a".to_owned());
    world.cut("a");
    world.pass(300_000);
    let gaps = world.look(1).verdict.not_watched;
    let open = gaps.last().expect("a gap");
    assert_eq!(open.to, None);
    assert!(open.from <= from && from - open.from < 60, "{gaps:?}");
    world.unreachable.clear();
    world.pass(90_000);
    let gaps = world.look(1).verdict.not_watched;
    assert!(gaps.iter().all(|gap| gap.to.is_some()), "{gaps:?}");
}

#[test]
fn a_gap_is_told_from_its_first_second_on() {
    let mut world = watched();
    world.pass(60_000);
    let peer = world.peer_id("a").expect("connected");
    world.say("a", NetworkMessage::Ping(1));
    let last = world.unix();
    world.unreachable.push("a".to_owned());
    world.links.remove(&peer);
    world.input(Input::Disconnected(peer));
    let told = world.events.iter().rev().find_map(|event| match event {
        Event::Invoice { invoice } => Some(invoice.verdict.not_watched.clone()),
        _ => None,
    });
    let gap = TimeRange {
        from: last,
        to: None,
    };
    assert_eq!(told, Some(vec![gap]), "without waiting for the next turn");
}

#[test]
fn the_clock_set_back_harms_nobody() {
    let mut world = watched();
    world.now.unix_ms -= 86_400_000;
    world.input(Input::Tick);
    world.pass(120_000);
    assert!(world.is_ready("a"));
}

#[test]
fn what_was_asked_before_sleep_gets_its_whole_time_after_it() {
    let mut world = watched();
    let mut chain = world.peers["a"].chain.clone();
    world.peers.get_mut("a").expect("a").habits.no_blocks = true;
    grow(&mut chain, 1, world.unix(), 0);
    world.announce("a", &chain);
    let peer = world.peer_id("a").expect("connected");
    world.pass(5_000);
    world.now.unix_ms += 3_600_000;
    world.now.monotonic_ms += 3_600_000;
    world.input(Input::Tick);
    assert_eq!(world.peer_id("a"), Some(peer), "the block had no chance");
    world.say("a", NetworkMessage::Block(chain[4].clone()));
    assert_eq!(world.look(1).scanned, Some((4, 4)));
}

#[test]
fn a_dead_connection_is_not_counted_as_watching() {
    let mut world = watched();
    let last = world.peer_view("a").last_heard.expect("heard");
    world.peers.get_mut("a").expect("a").habits.no_pong = true;
    world.unreachable.push("a".to_owned());
    world.pass(120_000);
    let gaps = world.look(1).verdict.not_watched;
    let open = gaps.last().expect("a gap");
    assert_eq!((open.from, open.to), (last, None), "from the last word on");
}
