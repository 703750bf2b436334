//! Known answers: the same file is checked here, in a browser's worker, and on the page. They change
//! with every byte that a machine says.

use super::run::go;
use crate::lessons::{Goal, Run, Scene, Setup};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A run, and what it comes to.
#[derive(Debug, Deserialize)]
struct Known {
    setup: Setup,
    position: f64,
    trace: String,
    /// As the page names them.
    figures: BTreeMap<String, f64>,
}

fn figures(scene: Scene) -> BTreeMap<String, f64> {
    let named = match scene {
        Scene::Race(race) => vec![
            ("races", f64::from(race.races)),
            ("rate", race.rate.unwrap_or_default()),
        ],
        Scene::Network(network) => vec![
            ("found", f64::from(network.found)),
            ("stale", network.stale_rate.unwrap_or_default()),
            ("agreed", network.agreed),
        ],
    };
    let named = named.into_iter();
    named
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

#[test]
fn known_runs_come_to_known_answers() {
    let known: Vec<Known> =
        serde_json::from_str(include_str!("../known.json")).expect("it is in the repository");
    let mut wrong = Vec::new();
    for each in &known {
        let mut run = Run::new(each.setup.clone()).expect("it is in range");
        let position = each.position;
        go(&mut run, Goal::To { position });
        let view = run.view();
        let found = (view.trace.clone(), figures(view.scene.clone()));
        // Not every reader of decimals keeps the last bit; the trace is exact.
        let same = found.1.len() == each.figures.len()
            && found.1.iter().all(|(name, value)| {
                let known = each.figures.get(name);
                known.is_some_and(|known| (known - value).abs() < 1e-12)
            });
        if found.0 != each.trace || !same {
            wrong.push(serde_json::json!({ "trace": found.0, "figures": found.1 }));
        }
    }
    assert_eq!(known.len(), 4, "one for each kind of run");
    assert!(
        wrong.is_empty(),
        "a run came out otherwise than known.json has it. Where what the machines say was changed on \
         purpose, these are the new answers: {wrong:#?}"
    );
}
