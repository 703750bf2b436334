//! The pool worker's Rust side: convert, call, convert.
//!
//! What a pool sends is read here and nowhere else: the worker that loads this module has the pool's
//! connection, and no key, no chain and no wallet.

#[cfg(test)]
#[cfg(target_family = "wasm")]
mod tests;

// Where it runs for people.
#[cfg(all(test, target_family = "wasm"))]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

use farthing_core::primitives::Now;
use farthing_core::stratum::client::{Client, Input, Options, Output};
use serde::{Deserialize, Serialize};
use serde_wasm_bindgen::{Deserializer, Serializer};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
import type { PoolInput, PoolOptions, PoolOutput, PoolWork } from '../../../lib/messages.js';
"#;

#[wasm_bindgen]
extern "C" {
    /// The pool, and who mines there, as `messages.ts` has it.
    #[wasm_bindgen(typescript_type = "PoolOptions")]
    pub type JsOptions;
    /// What happened, as `messages.ts` has it.
    #[wasm_bindgen(typescript_type = "PoolInput")]
    pub type JsInput;
    /// What to do, in order, as `messages.ts` has it.
    #[wasm_bindgen(typescript_type = "PoolOutput[]")]
    pub type JsOutputs;
    /// What a worker searches, as `messages.ts` has it.
    #[wasm_bindgen(typescript_type = "PoolWork")]
    pub type JsWork;
}

/// A miner for one pool.
#[wasm_bindgen]
pub struct PoolMachine {
    client: Client,
}

#[wasm_bindgen]
impl PoolMachine {
    /// For this pool, not yet connected: the first input is `tick`. Throws a sentence for other
    /// options than those of `messages.ts`.
    #[wasm_bindgen(constructor)]
    pub fn new(options: JsOptions) -> Result<PoolMachine, JsError> {
        let options = Options::deserialize(Deserializer::from(JsValue::from(options)))
            .map_err(|error| JsError::new(&format!("expected PoolOptions: {error}")))?;
        let seed = getrandom::u64().map_err(|error| {
            JsError::new(&format!(
                "expected random bytes from the browser, found none: {error}"
            ))
        })?;
        Ok(Self {
            client: Client::new(options, seed),
        })
    }

    /// Takes in what happened, by the two clocks in milliseconds (`Date.now()`, `performance.now()`),
    /// and tells what is to be done. Throws a sentence for what is no input.
    pub fn handle(
        &mut self,
        unix_ms: f64,
        monotonic_ms: f64,
        input: JsInput,
    ) -> Result<JsOutputs, JsError> {
        let input = Input::deserialize(Deserializer::from(JsValue::from(input)))
            .map_err(|error| JsError::new(&format!("expected PoolInput: {error}")))?;
        let now = Now {
            unix_ms: unix_ms as u64,
            monotonic_ms: monotonic_ms as u64,
        };
        self.client.handle(now, input);
        let outputs: Vec<Output> = std::iter::from_fn(|| self.client.poll_output()).collect();
        Ok(JsOutputs::unchecked_from_js(to_js(&outputs)?))
    }

    /// A header of the newest job for each number: workers with different ones search different
    /// headers. Nothing while there is no job.
    pub fn work(&mut self, extranonce2: u32) -> Result<Option<JsWork>, JsError> {
        let work = self.client.work(u64::from(extranonce2));
        let work = work.as_ref().map(to_js).transpose()?;
        Ok(work.map(JsWork::unchecked_from_js))
    }
}

/// Bytes cross as `Uint8Array`, as `messages.ts` says.
fn to_js(value: &impl Serialize) -> Result<JsValue, serde_wasm_bindgen::Error> {
    value.serialize(&Serializer::new().serialize_missing_as_null(true))
}
