//! In a browser's worker: the same known answers as natively, and commands that are none.

use super::LessonRunner;
use farthing_lab::lessons::{Goal, LessonCommand, LessonView, Setup};
use serde::{Deserialize, Serialize};
use serde_wasm_bindgen::{from_value, to_value};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

#[derive(Deserialize)]
struct Known {
    setup: Setup,
    position: f64,
    trace: String,
}

fn tell(runner: &mut LessonRunner, command: &impl Serialize) -> bool {
    let command = to_value(command).expect("it crosses");
    runner.command(command.unchecked_into()).is_ok()
}

#[wasm_bindgen_test]
fn known_runs_come_to_the_same_answers_as_natively() {
    let known = include_str!("../../../lab/src/lessons/known.json");
    let known: Vec<Known> = serde_json::from_str(known).expect("it is in the repository");
    assert!(!known.is_empty());
    for Known {
        setup,
        position,
        trace,
    } in known
    {
        let mut runner = LessonRunner::new();
        assert!(tell(&mut runner, &LessonCommand::Open { setup }));
        let goal = Some(Goal::To { position });
        assert!(tell(&mut runner, &LessonCommand::Go { goal }));
        while !runner.work(100) {}
        let view = runner.view().expect("there is a run");
        let view: LessonView = from_value(view.into()).expect("it crosses");
        assert!(view.arrived);
        assert_eq!(view.trace, trace);
    }
}

#[wasm_bindgen_test]
fn what_is_no_command_or_comes_too_early_is_refused() {
    let mut runner = LessonRunner::new();
    assert!(runner.view().is_err());
    assert!(!tell(&mut runner, &LessonCommand::Go { goal: None }));
    assert!(
        runner
            .command(JsValue::from_str("go").unchecked_into())
            .is_err()
    );
    assert!(runner.work(1), "there is nothing to do");
}
