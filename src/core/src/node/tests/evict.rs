//! Who loses its place.

use crate::client::PeerId;
use crate::node::peers::{Candidate, select_evicted};

fn candidate(number: u32, group: &str) -> Candidate {
    Candidate {
        peer: PeerId(number),
        group: group.to_owned(),
        since_ms: u64::from(number),
        brought_block_ms: 0,
        brought_transaction_ms: 0,
        round_trip_ms: None,
        unwelcome: false,
    }
}

/// Twenty of one group, the first the oldest.
fn flood() -> Vec<Candidate> {
    (100..120).map(|number| candidate(number, "6.6")).collect()
}

#[test]
fn the_youngest_of_the_largest_group_goes() {
    let mut all = flood();
    all.extend((0..6).map(|number| candidate(number, "1.1")));
    assert_eq!(select_evicted(&all), Some(PeerId(119)));
}

#[test]
fn merit_keeps_a_place() {
    // Each is the youngest of all, and would go.
    let merits: [fn(&mut Candidate); 3] = [
        |candidate| candidate.brought_block_ms = 5,
        |candidate| candidate.brought_transaction_ms = 5,
        |candidate| candidate.round_trip_ms = Some(3),
    ];
    for merit in merits {
        let mut all = flood();
        merit(all.last_mut().expect("twenty"));
        assert_eq!(select_evicted(&all), Some(PeerId(118)));
    }
}

#[test]
fn who_is_alone_in_its_group_and_who_stayed_longest_keep_their_places() {
    let mut all = flood();
    all.push(candidate(200, "9.9"));
    assert_eq!(select_evicted(&all), Some(PeerId(119)));
    let few: Vec<_> = (0..5).map(|number| candidate(number, "1.1")).collect();
    assert_eq!(select_evicted(&few), None, "all are safe");
}

#[test]
fn the_unwelcome_goes_first() {
    let mut all = flood();
    all[3].unwelcome = true;
    assert_eq!(select_evicted(&all), Some(PeerId(103)));
}
