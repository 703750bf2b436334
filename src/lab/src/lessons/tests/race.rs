//! Chapter 11 against the exact form, with more races than any learner plays.

use super::run::go;
use crate::lessons::race::published::{EXACT, PAPER, PAPER_THOUSANDTH};
use crate::lessons::race::{Outcome, RaceSetup, RaceView, interval};
use crate::lessons::{Goal, Run, Scene, Setup};
use farthing_core::invoice::attacker::{catch_up, catch_up_paper};

/// Races of each setting.
const RACES: u32 = 100_000;

fn open(share: u32, depth: u32) -> Run {
    let seed = 42;
    Run::new(Setup::Race(RaceSetup { seed, share, depth })).expect("it is in range")
}

fn view(run: &Run) -> RaceView {
    let Scene::Race(view) = run.view().scene else {
        panic!("expected races");
    };
    view
}

/// Plays until so many races are over.
fn played(share: u32, depth: u32, races: u32) -> RaceView {
    let mut run = open(share, depth);
    let mut position = 0.0;
    while view(&run).races < races {
        position += 100_000.0;
        go(&mut run, Goal::To { position });
    }
    view(&run)
}

/// By how many of its own deviations a measured share misses these odds.
fn misses(view: &RaceView, odds: f64) -> f64 {
    let n = f64::from(view.races);
    (f64::from(view.won) - n * odds) / (n * odds * (1.0 - odds)).sqrt()
}

/// The same races tell the exact form from the paper's, and from any other count of blocks: a race
/// that was modelled otherwise would be found out.
#[test]
fn a_hundred_thousand_races_agree_with_the_exact_form_and_with_no_other() {
    for (share, depth) in [(10, 1), (10, 2), (20, 3), (30, 6), (30, 10), (40, 4)] {
        let found = played(share, depth, RACES);
        let q = f64::from(share) / 100.0;
        let odds = catch_up(q, depth);
        let off = misses(&found, odds);
        assert!(
            off.abs() < 4.0,
            "q = {share}%, z = {depth}: {off} deviations, {} of {}",
            found.won,
            found.races
        );
        assert!((found.odds.exact - odds).abs() < f64::EPSILON);
        assert!((found.odds.paper - catch_up_paper(q, depth)).abs() < f64::EPSILON);
        assert_eq!(found.undecided, 0);
        for (other, odds) in [
            ("the paper's", catch_up_paper(q, depth)),
            ("one block more", catch_up(q, depth + 1)),
            ("one to overtake", odds * q / (1.0 - q)),
            ("one block less", catch_up(q, depth - 1)),
            (
                "the paper's, z after the payment's own block",
                catch_up_paper(q, depth - 1),
            ),
        ] {
            let odds = odds.min(1.0 - 1e-9);
            let off = misses(&found, odds);
            let far = if other == "the paper's" { 3.0 } else { 6.0 };
            assert!(
                off.abs() > far,
                "q = {share}%, z = {depth}, {other}: {off} deviations"
            );
        }
    }
}

#[test]
fn half_of_the_hash_power_wins_every_race_that_ends() {
    let found = played(60, 6, 1_000);
    assert_eq!((found.won, found.undecided), (found.races, 0));
    assert!((found.odds.exact - 1.0).abs() < f64::EPSILON);
    // At a half exactly a race may take for ever, and is left undecided.
    let found = played(50, 6, 200);
    assert_eq!(found.won + found.undecided, found.races);
}

#[test]
fn a_race_is_shown_block_by_block() {
    let mut run = open(30, 3);
    let mut over = 0;
    for position in 1..=2_000_u32 {
        let before = view(&run);
        go(&mut run, Goal::Next);
        let now = view(&run).contest;
        assert!((run.view().position - f64::from(position)).abs() < f64::EPSILON);
        let began = before.contest.outcome.is_some();
        let blocks = if began {
            0
        } else {
            before.contest.honest + before.contest.attacker
        };
        assert_eq!(now.honest + now.attacker, blocks + 1);
        assert_eq!(
            now.lead.len() as u32,
            blocks + 2,
            "the fork, and each block"
        );
        assert_eq!(
            now.lead.last(),
            Some(&(now.honest as i32 - now.attacker as i32))
        );
        assert_eq!(now.handed_over.is_some(), now.honest >= 3);
        match now.outcome {
            Some(Outcome::Won) => assert!(now.attacker >= now.honest && now.honest >= 3),
            Some(Outcome::Lost) => assert!(now.honest >= now.attacker + 20),
            Some(Outcome::Undecided) => panic!("not below a half"),
            None => {}
        }
        over += u32::from(now.outcome.is_some());
    }
    assert_eq!(view(&run).races, over);
    assert!(over > 10);
}

#[test]
fn what_was_printed_is_what_the_forms_give() {
    for table in PAPER {
        for (depth, printed) in table.odds {
            let found = catch_up_paper(f64::from(table.share) / 100.0, *depth);
            assert!(
                (found - printed).abs() < 0.6e-7,
                "{} {depth}: {found}",
                table.share
            );
        }
    }
    for table in EXACT {
        for (depth, printed) in table.odds {
            let found = catch_up(f64::from(table.share) / 100.0, *depth);
            assert!(
                (found - printed).abs() < 0.6e-7,
                "{} {depth}: {found}",
                table.share
            );
        }
    }
    for (share, depth) in PAPER_THOUSANDTH {
        let q = f64::from(share) / 100.0;
        assert!(catch_up_paper(q, depth) < 0.001 && catch_up_paper(q, depth - 1) >= 0.001);
    }
}

#[test]
fn the_interval_holds_what_was_found() {
    assert_eq!(interval(0, 0), (0.0, 1.0));
    for (hits, trials) in [(0, 10), (10, 10), (1, 1), (156, 1_000), (15_645, 100_000)] {
        let (low, high) = interval(hits, trials);
        let found = f64::from(hits) / f64::from(trials);
        assert!(low <= found && found <= high && low >= 0.0 && high <= 1.0);
    }
    // The textbook's: 10 of 100 is 5.5% to 17.4%.
    let (low, high) = interval(10, 100);
    assert!(
        (low - 0.0552).abs() < 5e-4 && (high - 0.1744).abs() < 5e-4,
        "{low} {high}"
    );
}
