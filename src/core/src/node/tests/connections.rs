//! Who is let in, how many, and for how long.

use super::world::World;

#[test]
fn a_node_that_dials_itself_leaves() {
    let mut world = World::new();
    world.node("alice", &["alice"]);
    world.pass(5_000);
    assert!(world.logged("alice", "we dialled ourselves"));
    assert!(
        !world
            .at("alice")
            .status()
            .peers
            .iter()
            .any(|peer| peer.ready)
    );
}

#[test]
fn one_address_holds_so_many_connections() {
    let mut world = World::new();
    world.node_with("alice", &[], |options| options.max_per_address = 3);
    // The stranger's address is its name: one name, several connections.
    world.stranger("mallory", "alice");
    for peer in 2..=5 {
        world.call_as("mallory", peer, "alice");
    }
    world.pass(1_000);
    assert_eq!(world.at("alice").status().peers.len(), 3);
    assert!(world.logged("alice", "its address holds 3 connections"));
    world.stranger("honest", "alice");
    world.pass(1_000);
    assert_eq!(world.at("alice").status().peers.len(), 4);
}

#[test]
fn this_machine_may_hold_all_the_places() {
    let mut world = World::new();
    world.node_with("alice", &[], |options| options.max_per_address = 3);
    world.stranger("127.0.0.1", "");
    for peer in 1..=10 {
        world.call_as("127.0.0.1", peer, "alice");
    }
    world.pass(1_000);
    assert_eq!(world.at("alice").status().peers.len(), 10);
}

#[test]
fn a_full_house_makes_room_and_stays_bounded() {
    let mut world = World::new();
    world.node_with("alice", &[], |options| {
        options.max_inbound = 20;
        options.max_per_address = 100;
    });
    world.guest("honest", "alice");
    world.pass(60_000);
    world.stranger("mallory", "");
    for peer in 1..=60 {
        world.call_as("mallory", peer, "alice");
        world.pass(200);
        assert!(world.at("alice").status().peers.len() <= 20);
    }
    assert!(
        world.is_connected("honest"),
        "the flood takes its own places"
    );
    world.guest("late", "alice");
    assert!(
        world.is_connected("late"),
        "a newcomer takes one of the flood's"
    );
}

#[test]
fn who_never_shakes_hands_is_left() {
    let mut world = World::new();
    world.node("alice", &[]);
    world.stranger("mute", "alice");
    world.pass(59_000);
    assert!(world.is_connected("mute"));
    world.pass(2_000);
    assert!(!world.is_connected("mute"));
}

#[test]
fn who_answers_no_ping_is_left() {
    let mut world = World::new();
    world.node("alice", &[]);
    world.guest("deaf", "alice");
    world.guest("alive", "alice");
    world.stranger_mut("deaf").pongs = false;
    world.pass(150_000);
    assert!(!world.is_connected("deaf"));
    assert!(world.is_connected("alive"));
}

#[test]
fn who_broke_the_protocol_is_unwelcome_where_places_are_few() {
    let mut world = World::new();
    world.node_with("alice", &[], |options| options.max_inbound = 4);
    world.guest("one", "alice");
    world.guest("two", "alice");
    world.guest("mallory", "alice");
    world.greet("mallory");
    assert!(!world.is_connected("mallory"), "a second version");
    assert_eq!(world.at("alice").status().misbehaving, 1);
    world.call("mallory", "alice");
    world.pass(1_000);
    assert!(!world.is_connected("mallory"));
    assert!(world.logged("alice", "its address broke the protocol before"));
}
