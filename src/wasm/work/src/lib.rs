//! The work worker's Rust side: convert, call, convert. What it is given comes from this page's own
//! client; a search that cannot be read is refused with a sentence all the same.

#[cfg(all(test, target_family = "wasm"))]
mod tests;

// Where it runs for people.
#[cfg(all(test, target_family = "wasm"))]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

use farthing_work::{Job, Search};
use wasm_bindgen::prelude::*;

/// Why there is nothing to search.
#[derive(Debug, thiserror::Error)]
enum SearchError {
    #[error("expected a header of 160 hex digits, found {0} characters that are not that")]
    Header(usize),
    #[error("expected a target of 64 hex digits, found {0} characters that are not that")]
    Target(usize),
}

/// One search.
#[wasm_bindgen]
pub struct Searcher {
    search: Search,
}

#[wasm_bindgen]
impl Searcher {
    /// `header`: 80 bytes, whose last four are the nonce; `target`: 32 bytes, big-endian; in hex.
    ///
    /// # Errors
    /// Anything else is refused with a sentence.
    #[wasm_bindgen(constructor)]
    pub fn new(header: &str, target: &str) -> Result<Searcher, JsError> {
        let mut job = Job {
            header: [0; 80],
            target: [0; 32],
        };
        hex::decode_to_slice(header, &mut job.header)
            .map_err(|_| SearchError::Header(header.len()))?;
        hex::decode_to_slice(target, &mut job.target)
            .map_err(|_| SearchError::Target(target.len()))?;
        Ok(Self {
            search: Search::new(&job),
        })
    }

    /// The first of `count` nonces from `from` on that meets the target.
    pub fn search(&self, from: u32, count: u32) -> Option<u32> {
        self.search.run(from, count)
    }

    /// The header with this nonce, in hex.
    pub fn header(&self, nonce: u32) -> String {
        hex::encode(self.search.header(nonce))
    }

    /// Its hash, as people write it.
    pub fn hash(&self, nonce: u32) -> String {
        let mut hash = self.search.hash(nonce);
        hash.reverse();
        hex::encode(hash)
    }
}
