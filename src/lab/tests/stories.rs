//! The stories of the scenarios, a few seeds of each; `npm run test:lab -- --seeds 200` plays more.

use farthing_lab::scenario::{CROWD, SIEGE, SMALL, STORM, Scenario};
use std::ops::Range;

/// Plays seeds; a failure says how to play its seed alone.
fn play(scenario: Scenario, seeds: Range<u64>) {
    for seed in seeds {
        let played = scenario.play(seed).map_err(|error| {
            let name = scenario.name;
            format!("{error}\nalone: npm run test:lab -- --scenario {name} --from {seed} --seeds 1")
        });
        let played = played.expect("the story of this seed ends well");
        assert!(played.deepest > 2, "the heal undid something: {played:?}");
        assert_eq!(played.crashes > 0, scenario.crashes, "{played:?}");
    }
}

#[test]
fn fifty_nodes_and_twenty_clients_part_and_heal() {
    play(CROWD, 0..2);
}

#[test]
fn one_honest_peer_of_eight_is_enough() {
    play(SIEGE, 0..2);
}

#[test]
fn crashes_in_the_middle_of_writes_on_rough_lines_are_survived() {
    play(STORM, 0..4);
}

#[test]
fn the_small_story_has_all_of_it() {
    play(SMALL, 0..3);
}
