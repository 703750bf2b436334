//! The work worker's Rust side: convert, call, convert. What it is given comes from this page's own
//! client; a search that cannot be read is refused with a sentence all the same.
//!
//! It is built twice, with `simd128` and without: the worker loads the one that its browser can run.

#[cfg(all(test, target_family = "wasm"))]
mod tests;

// Where it runs for people.
#[cfg(all(test, target_family = "wasm"))]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

use farthing_work::{Claim, Hit, Job, Search, Slice};
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

/// What became of a slice.
#[wasm_bindgen(getter_with_clone)]
pub struct Searched {
    /// The first nonce that was not tried; 0 if there is none.
    pub next: u32,
    /// Whether the last nonce was tried.
    pub exhausted: bool,
    /// Hashes that were computed.
    pub hashes: f64,
    /// The headers that meet the target, in hex.
    pub headers: Vec<String>,
    /// Their hashes, as people write them.
    pub hashed: Vec<String>,
}

#[wasm_bindgen]
impl Searcher {
    /// `header`: 80 bytes, whose last four are the nonce; `target`: 32 bytes, big-endian; in hex.
    /// `version_mask`: the bits of the version that may have any value.
    ///
    /// # Errors
    /// Anything else is refused with a sentence.
    #[wasm_bindgen(constructor)]
    pub fn new(header: &str, target: &str, version_mask: u32) -> Result<Searcher, JsError> {
        let search = Search::new(&read(header, target, version_mask)?);
        Ok(Self { search })
    }

    /// How many groups of versions there are to search.
    #[wasm_bindgen(getter)]
    pub fn groups(&self) -> u32 {
        self.search.versions()
    }

    /// How many versions each group has: the hashes of one nonce.
    #[wasm_bindgen(getter)]
    pub fn versions(&self) -> u32 {
        self.search.group_size()
    }

    /// Tries `count` nonces from `from` on with a group's versions, up to the first that meets the
    /// target and those that are tried together with it.
    pub fn search(&self, group: u32, from: u32, count: u32) -> Searched {
        self.tell(self.search.run(group, from, count))
    }

    /// What another processor needs to search a group, as `farthing_work` has it.
    pub fn words(&self, group: u32) -> Vec<u32> {
        self.search.words(group)
    }

    /// What became of `count` nonces from `from` on that another processor tried with a group's versions:
    /// `claims` holds, for each hash that it says passes, its nonce and the number of its version.
    ///
    /// # Errors
    /// A claim that no processor makes that counts rightly is refused with a sentence, and all others with
    /// it.
    pub fn check(
        &self,
        group: u32,
        from: u32,
        count: u32,
        claims: &[u32],
    ) -> Result<Searched, JsError> {
        let claims: Vec<_> = claims
            .as_chunks()
            .0
            .iter()
            .map(|&[nonce, version]| Claim { nonce, version })
            .collect();
        let (next, exhausted) = from.overflowing_add(count);
        let hits = self
            .search
            .check(group, from..=next.wrapping_sub(1), &claims)?;
        let hashes = u64::from(count) * u64::from(self.versions());
        Ok(self.tell(Slice {
            next,
            exhausted,
            hashes,
            hits,
        }))
    }

    fn tell(&self, slice: Slice) -> Searched {
        let header = |hit: &Hit| hex::encode(self.search.header(*hit));
        let hash = |hit: &Hit| {
            let mut hash = self.search.hash(*hit);
            hash.reverse();
            hex::encode(hash)
        };
        Searched {
            next: slice.next,
            exhausted: slice.exhausted,
            hashes: slice.hashes as f64,
            headers: slice.hits.iter().map(header).collect(),
            hashed: slice.hits.iter().map(hash).collect(),
        }
    }
}

fn read(header: &str, target: &str, version_mask: u32) -> Result<Job, SearchError> {
    let mut job = Job {
        header: [0; 80],
        target: [0; 32],
        version_mask,
    };
    hex::decode_to_slice(header, &mut job.header).map_err(|_| SearchError::Header(header.len()))?;
    hex::decode_to_slice(target, &mut job.target).map_err(|_| SearchError::Target(target.len()))?;
    Ok(job)
}
