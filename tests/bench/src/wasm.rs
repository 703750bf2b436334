//! For a worker's script: the clock is there, the headers come from there.

use crate::{headers, practice, search};
use farthing_core::headers::HeaderTree;
use farthing_core::params::NetworkParams;
use farthing_work::Kernel;
use wasm_bindgen::prelude::*;

fn sentence(error: impl ToString) -> JsError {
    JsError::new(&error.to_string())
}

/// Headers of a network, in this module's memory, so that no copy is measured.
#[wasm_bindgen]
pub struct Headers {
    params: NetworkParams,
    bytes: Vec<u8>,
}

#[wasm_bindgen]
impl Headers {
    /// Takes 80-byte headers, the network's first in front.
    ///
    /// # Errors
    /// There is no such network.
    #[wasm_bindgen(constructor)]
    pub fn new(network: &str, bytes: Vec<u8>) -> Result<Headers, JsError> {
        Ok(Self {
            params: NetworkParams::by_name(network).map_err(sentence)?,
            bytes,
        })
    }

    /// So many made here, of the bare practice network.
    ///
    /// # Errors
    /// The table lacks that network.
    pub fn practice(count: usize) -> Result<Headers, JsError> {
        let params = practice::params().map_err(sentence)?;
        let bytes = practice::headers(&params, count);
        Ok(Self { params, bytes })
    }

    /// Verifies them as the light client does; gives the height of the last.
    ///
    /// # Errors
    /// A header is refused.
    pub fn verify(&self) -> Result<u32, JsError> {
        let tree = headers::verify(&self.params, &self.bytes);
        let height = |tree: HeaderTree| tree.tip().height;
        tree.map(height).map_err(sentence)
    }

    /// The same plain check with the hashes of many headers at once.
    ///
    /// # Errors
    /// A header is refused.
    #[wasm_bindgen(js_name = checkInLanes)]
    pub fn check_in_lanes(&self) -> Result<usize, JsError> {
        headers::check_in_lanes(&self.bytes).map_err(sentence)
    }

    /// The plain check with rust-bitcoin alone.
    ///
    /// # Errors
    /// A header is refused.
    #[wasm_bindgen(js_name = checkPlainly)]
    pub fn check_plainly(&self) -> Result<usize, JsError> {
        headers::check_plainly(&self.bytes).map_err(sentence)
    }
}

/// Tries so many hashes by the kernel of this name.
///
/// # Errors
/// This module has no such kernel.
#[wasm_bindgen]
pub fn search_by(kernel: &str, version_mask: u32, from: u32, hashes: u32) -> Result<(), JsError> {
    let kernel = Kernel::named(kernel).ok_or_else(|| sentence(format!("no kernel {kernel}")))?;
    let _ = search::search(kernel, version_mask, from, hashes);
    Ok(())
}

/// Hashes so many headers with `sha2`.
#[wasm_bindgen]
pub fn hash_plainly(from: u32, hashes: u32) {
    let _ = search::plainly(from, hashes);
}
