//! The keys worker's Rust side: convert, call, convert.
//!
//! The worker that loads it has no network, and ends with the lock; what it leaves in this module's
//! memory is wiped all the same, because a worker is ended by its page and a page may be late.

#[cfg(test)]
#[cfg(target_family = "wasm")]
mod tests;

// Where it runs for people.
#[cfg(all(test, target_family = "wasm"))]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

use farthing_core::keys::vault::VaultError;
use farthing_core::params::NetworkParams;
use farthing_core::signer::{KeysCommand, KeysReply, Signer, SignerError};
use serde::{Deserialize, Serialize};
use serde_wasm_bindgen::{Deserializer, Serializer};
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
import type { KeysCommand, KeysReply } from '../../../lib/messages.js';
"#;

#[wasm_bindgen]
extern "C" {
    /// A command as `messages.ts` has it.
    #[wasm_bindgen(typescript_type = "KeysCommand")]
    pub type JsCommand;
    /// An answer as `messages.ts` has it.
    #[wasm_bindgen(typescript_type = "KeysReply")]
    pub type JsReply;
}

/// The keys of one network.
#[wasm_bindgen]
pub struct KeysMachine {
    signer: Signer,
}

#[wasm_bindgen]
impl KeysMachine {
    /// For the network of this name, locked. Throws a sentence for a name that no network has.
    #[wasm_bindgen(constructor)]
    pub fn new(network: &str) -> Result<KeysMachine, JsError> {
        let params = NetworkParams::by_name(network)?;
        Ok(Self {
            signer: Signer::new(params),
        })
    }

    /// Does one command. Throws a sentence where it is not done, as an error that is called
    /// `PassphraseError` where it is the passphrase.
    pub fn handle(&mut self, command: JsCommand) -> Result<JsReply, js_sys::Error> {
        let command = KeysCommand::deserialize(Deserializer::from(JsValue::from(command)))
            .map_err(|error| sentence(&format!("expected a command of messages.ts: {error}")))?;
        let mut entropy = Zeroizing::new([0; 64]);
        getrandom::fill(entropy.as_mut()).map_err(|error| {
            sentence(&format!(
                "expected random bytes from the browser, found none: {error}"
            ))
        })?;
        let reply = self.signer.handle(command, &entropy).map_err(|error| {
            let refusal = sentence(&error.to_string());
            if error == SignerError::Vault(VaultError::Passphrase) {
                refusal.set_name("PassphraseError");
            }
            refusal
        })?;
        to_js(&reply).map_err(|error| sentence(&format!("the answer cannot cross: {error}")))
    }

    /// Wipes the keys.
    pub fn lock(&mut self) {
        self.signer.lock();
    }
}

fn sentence(text: &str) -> js_sys::Error {
    js_sys::Error::new(text)
}

/// Large numbers cross as `bigint`, what is missing as `null`, bytes as `Uint8Array`: as `messages.ts`
/// says.
fn to_js(reply: &KeysReply) -> Result<JsReply, serde_wasm_bindgen::Error> {
    let serializer = Serializer::new()
        .serialize_maps_as_objects(true)
        .serialize_missing_as_null(true)
        .serialize_large_number_types_as_bigints(true);
    reply.serialize(&serializer).map(JsReply::unchecked_from_js)
}
