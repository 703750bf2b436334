//! Chapter 10: the delay is what it is said to be, the measured share of abandoned blocks follows the
//! formula, and a cut is healed.

use super::run::go;
use crate::lessons::network::{NetworkSetup, NetworkView};
use crate::lessons::{Goal, LessonError, Run, Scene, Setup};

const SETUP: NetworkSetup = NetworkSetup {
    seed: 42,
    nodes: 5,
    delay: 60.0,
    spacing: 600.0,
    cut: None,
    heal: None,
};

fn view(run: &Run) -> NetworkView {
    let Scene::Network(view) = run.view().scene else {
        panic!("expected a network");
    };
    view
}

fn played(setup: NetworkSetup, position: f64) -> NetworkView {
    let mut run = Run::new(Setup::Network(setup)).expect("it is in range");
    go(&mut run, Goal::To { position });
    view(&run)
}

#[test]
fn stale_blocks_follow_the_formula() {
    for (nodes, delay, spacing, blocks) in [
        (2, 60.0, 600.0, 1_500.0),
        (5, 30.0, 300.0, 600.0),
        (8, 120.0, 600.0, 300.0),
        (16, 60.0, 240.0, 80.0),
    ] {
        let setup = NetworkSetup {
            nodes,
            delay,
            spacing,
            ..SETUP
        };
        let found = played(setup, blocks * spacing);
        let (n, p) = (f64::from(found.found), found.formula);
        let expected = (1.0 - 1.0 / f64::from(nodes)) * delay / (spacing + delay);
        assert!((p - expected).abs() < 1e-12);
        let off = (f64::from(found.stale) - n * p) / (n * p * (1.0 - p)).sqrt();
        assert!(
            off.abs() < 4.0,
            "{setup:?}: {off} deviations of {}, {} of {n}",
            p,
            found.stale
        );
        // Found and lost are a Poisson count.
        assert!(
            (n - blocks).abs() < 4.0 * blocks.sqrt(),
            "{setup:?}: {n} blocks"
        );
        let delayed = found.delay.expect("blocks arrived");
        assert!(
            (delayed - delay).abs() < 0.05 * delay,
            "{setup:?}: a block took {delayed} s"
        );
    }
}

/// A formula of twice the delay, or of a third, is found out by as many blocks.
#[test]
fn and_follow_no_other() {
    let found = played(SETUP, 1_000.0 * SETUP.spacing);
    let n = f64::from(found.found);
    for delay in [0.3 * SETUP.delay, 2.0 * SETUP.delay] {
        let p = (1.0 - 1.0 / f64::from(SETUP.nodes)) * delay / (SETUP.spacing + delay);
        let off = (f64::from(found.stale) - n * p) / (n * p * (1.0 - p)).sqrt();
        assert!(off.abs() > 4.0, "a delay of {delay} s: {off} deviations");
    }
}

#[test]
fn without_delay_nobody_disagrees() {
    let found = played(
        NetworkSetup {
            delay: 0.0,
            ..SETUP
        },
        60_000.0,
    );
    assert!(found.found > 60);
    assert_eq!((found.stale, found.depths.len()), (0, 0));
    assert!((found.agreed - 1.0).abs() < 1e-9);
}

#[test]
fn the_tree_holds_together() {
    let mut run = Run::new(Setup::Network(SETUP)).expect("it is in range");
    let mut forked = false;
    for _ in 0..400 {
        go(&mut run, Goal::Next);
        let now = view(&run);
        let block = |id: u32| now.blocks.iter().find(|block| block.id == id);
        for each in &now.blocks {
            if let Some(parent) = each.parent.and_then(block) {
                assert_eq!(parent.height + 1, each.height);
                assert_eq!(
                    parent.holders & each.holders,
                    each.holders,
                    "who has it has its parent"
                );
            }
            assert_ne!(each.holders & (1 << each.by), 0, "who found it has it");
        }
        for (number, node) in now.nodes.iter().enumerate() {
            let tip = block(node.tip).expect("tips are among the newest");
            assert_eq!(tip.height, node.height);
            assert_ne!(tip.holders & (1 << number), 0);
        }
        forked |= now.tips > 1;
        let best: Vec<_> = now.blocks.iter().filter(|block| block.best).collect();
        assert!(
            best.windows(2)
                .all(|pair| pair[1].parent == Some(pair[0].id))
        );
        assert_eq!(now.stale, now.found - now.height);
    }
    assert!(forked, "400 steps of this delay see a disagreement");
}

#[test]
fn a_cut_makes_two_chains_and_its_heal_one() {
    let setup = NetworkSetup {
        cut: Some(6_000.0),
        heal: Some(18_000.0),
        ..SETUP
    };
    let mut run = Run::new(Setup::Network(setup)).expect("it is in range");
    let at = |run: &mut Run, position: f64| {
        go(run, Goal::To { position });
        view(run)
    };
    assert!(!at(&mut run, 5_999.0).cut);
    assert!(at(&mut run, 6_000.0).cut);
    let parted = at(&mut run, 17_999.0);
    assert!(parted.cut && parted.tips >= 2);
    let tip = |side: u32| {
        let mut on = parted.nodes.iter().filter(|node| node.side == side);
        on.next().expect("both sides have nodes").height
    };
    let (larger, smaller) = (tip(0), tip(1));
    assert!(
        larger > 5 && smaller > 3,
        "both chains grew: {larger} {smaller}"
    );
    let healed = at(&mut run, 24_000.0);
    assert!(!healed.cut);
    let same = NetworkSetup {
        cut: None,
        heal: None,
        ..setup
    };
    // The side with less work gave up all that it had found since.
    let deepest = healed.nodes.iter().map(|node| node.deepest).max();
    let uncut = played(same, 24_000.0);
    let calm = uncut.nodes.iter().map(|node| node.deepest).max();
    assert!(deepest > calm.max(Some(3)), "{deepest:?} {calm:?}");
    let agrees = (0..400).any(|_| {
        go(&mut run, Goal::Next);
        view(&run).tips == 1
    });
    assert!(agrees, "one tip again");
}

#[test]
fn what_is_out_of_range_is_named() {
    for (setup, named) in [
        (NetworkSetup { nodes: 1, ..SETUP }, "nodes"),
        (NetworkSetup { nodes: 33, ..SETUP }, "nodes"),
        (
            NetworkSetup {
                delay: 121.0,
                ..SETUP
            },
            "delay",
        ),
        (
            NetworkSetup {
                delay: f64::NAN,
                ..SETUP
            },
            "delay",
        ),
        (
            NetworkSetup {
                spacing: 1.0,
                ..SETUP
            },
            "spacing",
        ),
        (
            NetworkSetup {
                cut: Some(-1.0),
                ..SETUP
            },
            "time",
        ),
        (
            NetworkSetup {
                heal: Some(f64::INFINITY),
                ..SETUP
            },
            "time",
        ),
    ] {
        let error = Run::new(Setup::Network(setup)).expect_err("it is out of range");
        assert!(matches!(error, LessonError::Range { .. }));
        assert!(error.to_string().contains(named), "{error}");
    }
}
