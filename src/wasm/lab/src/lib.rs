//! The lab worker's Rust side: convert, call, convert. The worker that loads it has no network.

#[cfg(all(test, target_family = "wasm"))]
mod tests;

// Where it runs for people.
#[cfg(all(test, target_family = "wasm"))]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

use farthing_lab::lessons::{LessonCommand, LessonError, Run};
use serde::{Deserialize, Serialize};
use serde_wasm_bindgen::{Deserializer, Serializer};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
import type { LessonCommand, LessonView } from '../../../lib/lesson-messages.js';
"#;

#[wasm_bindgen]
extern "C" {
    /// A command as `lesson-messages.ts` has it.
    #[wasm_bindgen(typescript_type = "LessonCommand")]
    pub type JsCommand;
    /// How a run stands, as `lesson-messages.ts` has it.
    #[wasm_bindgen(typescript_type = "LessonView")]
    pub type JsView;
}

/// One lesson at a time.
#[wasm_bindgen]
#[derive(Default)]
pub struct LessonRunner {
    run: Option<Run>,
}

#[wasm_bindgen]
impl LessonRunner {
    /// With no run yet.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> LessonRunner {
        Self::default()
    }

    /// Takes a command; `work` does it. Throws a sentence where it is refused.
    pub fn command(&mut self, command: JsCommand) -> Result<(), JsError> {
        let command = LessonCommand::deserialize(Deserializer::from(JsValue::from(command)))
            .map_err(|error| {
                JsError::new(&format!(
                    "expected a command of lesson-messages.ts: {error}"
                ))
            })?;
        match command {
            LessonCommand::Open { setup } => self.run = Some(Run::new(setup)?),
            LessonCommand::Go { goal } => {
                let run = self.run.as_mut().ok_or(LessonError::NoRun)?;
                if let Some(goal) = goal {
                    run.aim(goal)?;
                }
            }
        }
        Ok(())
    }

    /// Some pieces of work towards the goal. Whether it was reached.
    pub fn work(&mut self, pieces: u32) -> bool {
        self.run.as_mut().is_none_or(|run| run.work(pieces))
    }

    /// How the run stands. Throws a sentence where there is none.
    pub fn view(&self) -> Result<JsView, JsError> {
        let run = self.run.as_ref().ok_or(LessonError::NoRun)?;
        let serializer = Serializer::new().serialize_missing_as_null(true);
        let view = run.view().serialize(&serializer)?;
        Ok(JsView::unchecked_from_js(view))
    }
}
