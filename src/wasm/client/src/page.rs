//! What the worker's script offers, and the values that cross to it. Large numbers cross as
//! `bigint`, what is missing as `null`: as `www/lib/messages.ts` says.

use farthing_core::client::{Command, Event, Reply};
use serde::{Deserialize, Serialize};
use serde_wasm_bindgen::{Deserializer, Serializer};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
import type { Command, Event, Reply } from '../../../lib/messages.js';
export interface Page {
  event(event: Event): void;
  reply(id: number, reply: Reply): void;
  /** A command was not done; the message is a sentence. */
  refused(id: number, message: string): void;
  /** Starting again would not help. */
  failed(reason: string): void;
  /** Start a new worker from what is stored: as the one that writes, or as one that only reads. */
  again(lead: boolean, reason: string): void;
}
"#;

#[wasm_bindgen]
extern "C" {
    /// The worker's script.
    #[wasm_bindgen(typescript_type = "Page")]
    pub type Page;

    #[wasm_bindgen(method)]
    fn event(this: &Page, event: JsValue);
    #[wasm_bindgen(method)]
    fn reply(this: &Page, id: u32, reply: JsValue);
    /// A command was not done.
    #[wasm_bindgen(method)]
    pub(crate) fn refused(this: &Page, id: u32, message: &str);
    /// Starting again would not help.
    #[wasm_bindgen(method)]
    pub(crate) fn failed(this: &Page, reason: &str);
    /// A new worker is to be started from what is stored.
    #[wasm_bindgen(method)]
    pub(crate) fn again(this: &Page, lead: bool, reason: &str);

    /// A command as `messages.ts` has it.
    #[wasm_bindgen(typescript_type = "Command")]
    pub type JsCommand;

    /// Ends up in the worker's `error` event, as an error that nobody caught.
    #[wasm_bindgen(js_name = reportError, catch)]
    fn report_error(error: &js_sys::Error) -> Result<(), JsValue>;
}

impl Page {
    pub(crate) fn tell_event(&self, event: &Event) {
        match to_js(event) {
            Ok(event) => self.event(event),
            Err(error) => report(&format!("an event cannot cross to the page: {error}")),
        }
    }

    pub(crate) fn tell_reply(&self, id: u32, reply: &Reply) {
        match to_js(reply) {
            Ok(reply) => self.reply(id, reply),
            Err(error) => self.refused(id, &format!("the answer cannot cross: {error}")),
        }
    }
}

/// Reads a command; fails with a sentence for what is none.
pub(crate) fn read_command(command: JsValue) -> Result<Command, String> {
    Command::deserialize(Deserializer::from(command))
        .map_err(|error| format!("expected a command of messages.ts: {error}"))
}

fn to_js<T: Serialize>(value: &T) -> Result<JsValue, serde_wasm_bindgen::Error> {
    let serializer = Serializer::new()
        .serialize_maps_as_objects(true)
        .serialize_missing_as_null(true)
        .serialize_large_number_types_as_bigints(true);
    value.serialize(&serializer)
}

/// Reports a broken promise of our own: the supervisor starts the worker again.
pub(crate) fn report(message: &str) {
    // Without reportError (before 2021) the trap that follows a panic is still seen, without words.
    let _ = report_error(&js_sys::Error::new(message));
}

/// What an exception of the browser says.
pub(crate) fn words(error: &JsValue) -> String {
    if let Some(error) = error.dyn_ref::<js_sys::Error>() {
        return format!(
            "{}: {}",
            String::from(error.name()),
            String::from(error.message())
        );
    }
    if let Some(event) = error.dyn_ref::<web_sys::Event>() {
        return event.type_();
    }
    error.as_string().unwrap_or_else(|| format!("{error:?}"))
}
