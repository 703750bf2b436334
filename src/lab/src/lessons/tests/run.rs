//! Goals: forwards, back, in slices of any size, and what is out of range.

use crate::lessons::network::NetworkSetup;
use crate::lessons::race::RaceSetup;
use crate::lessons::{Goal, LessonError, Run, Setup};

/// Goes there.
pub(super) fn go(run: &mut Run, goal: Goal) {
    run.aim(goal).expect("the setup was good before");
    while !run.work(1_000) {}
}

fn setups() -> Vec<Setup> {
    let race = RaceSetup {
        seed: 7,
        share: 30,
        depth: 6,
    };
    let network = NetworkSetup {
        seed: 7,
        nodes: 4,
        delay: 90.0,
        spacing: 300.0,
        cut: Some(2_000.0),
        heal: Some(4_000.0),
    };
    vec![Setup::Race(race), Setup::Network(network)]
}

#[test]
fn a_run_is_a_function_of_its_setup() {
    for setup in setups() {
        let mut runs = [(); 2].map(|()| Run::new(setup.clone()).expect("it is in range"));
        for run in &mut runs {
            go(run, Goal::To { position: 5_000.0 });
        }
        let [one, other] = runs;
        assert_eq!(one.view(), other.view());
    }
}

#[test]
fn another_seed_is_another_run() {
    let traces = [1, 2].map(|seed| {
        let mut run = Run::new(Setup::Race(RaceSetup {
            seed,
            share: 30,
            depth: 6,
        }))
        .expect("it is in range");
        go(&mut run, Goal::To { position: 5_000.0 });
        run.view().trace
    });
    assert_ne!(traces[0], traces[1]);
}

#[test]
fn slices_change_nothing() {
    for setup in setups() {
        let mut whole = Run::new(setup.clone()).expect("it is in range");
        go(&mut whole, Goal::To { position: 20_000.0 });
        let mut sliced = Run::new(setup).expect("it is in range");
        for position in [1.0, 3.0, 500.0, 501.5, 20_000.0] {
            sliced.aim(Goal::To { position }).expect("as before");
            let mut slices = 0;
            while !sliced.work(1) {
                assert!(!sliced.view().arrived);
                slices += 1;
            }
            assert!(sliced.view().arrived);
            assert!(
                position < 20_000.0 || slices > 1,
                "it is work for several slices"
            );
        }
        assert_eq!(sliced.view(), whole.view());
    }
}

#[test]
fn each_step_forwards_is_undone_by_a_step_back() {
    for setup in setups() {
        let mut run = Run::new(setup).expect("it is in range");
        go(&mut run, Goal::To { position: 700.0 });
        go(&mut run, Goal::Next);
        let mut seen = vec![run.view()];
        for _ in 0..30 {
            go(&mut run, Goal::Next);
            seen.push(run.view());
        }
        while let Some(view) = seen.pop() {
            assert_eq!(run.view(), view);
            go(&mut run, Goal::Back);
        }
    }
}

#[test]
fn goals_beyond_the_ends_are_the_ends() {
    for setup in setups() {
        let mut run = Run::new(setup.clone()).expect("it is in range");
        let first = run.view();
        go(&mut run, Goal::Back);
        assert_eq!(run.view(), first);
        go(&mut run, Goal::To { position: 100.0 });
        let there = run.view();
        go(&mut run, Goal::To { position: f64::NAN });
        assert_eq!(run.view(), there, "no place: it stays");
        go(&mut run, Goal::To { position: -5.0 });
        assert_eq!(run.view(), first);
    }
}

#[test]
fn what_is_out_of_range_is_named() {
    for (share, depth, named) in [
        (0, 6, "share"),
        (61, 6, "share"),
        (30, 0, "depth"),
        (30, 51, "depth"),
    ] {
        let setup = Setup::Race(RaceSetup {
            seed: 1,
            share,
            depth,
        });
        let error = Run::new(setup).expect_err("it is out of range");
        assert!(matches!(error, LessonError::Range { .. }));
        assert!(error.to_string().contains(named), "{error}");
    }
}
