//! The ledger as a stored record. The memory of announcements is not stored: it is a claim of
//! peers about the last hours, and the till says that it was away.

use super::announced::{Announced, SPENDS};
use super::kept::{Kept, Sequence};
use super::ledger::Ledger;
use crate::primitives::record::{self, RecordError};
use bitcoin::ScriptBuf;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const VERSION: u8 = 1;

#[derive(Serialize, Deserialize)]
struct State {
    scripts: Vec<ScriptBuf>,
    kept: Vec<Kept>,
    sequence: Sequence,
}

impl Ledger {
    /// The ledger as a record: a checksum, a version, a body. Raw transactions are in it.
    ///
    /// # Errors
    /// None is known; the body has a JSON form.
    pub fn encode(&self) -> Result<Vec<u8>, RecordError> {
        record::seal(
            VERSION,
            &State {
                scripts: self.scripts.iter().cloned().collect(),
                kept: self.kept.values().cloned().collect(),
                sequence: self.sequence,
            },
        )
    }

    /// Reads what [`Ledger::encode`] wrote.
    ///
    /// # Errors
    /// A changed byte, another version, or a body that is no ledger.
    pub fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        let state: State = record::open(VERSION, "a ledger of payments", bytes)?;
        let mut ledger = Self {
            scripts: state.scripts.into_iter().collect(),
            kept: BTreeMap::new(),
            spends: BTreeMap::new(),
            announced: Announced::new(SPENDS),
            // It grows by one at each word: a forged record shall not bring it to its end.
            sequence: state.sequence.min(Sequence::MAX / 2),
        };
        for kept in state.kept {
            let txid = kept.tx.compute_txid();
            for outpoint in kept.lineage.keys() {
                ledger.spends.entry(*outpoint).or_default().insert(txid);
            }
            ledger.kept.insert(txid, kept);
        }
        Ok(ledger)
    }
}
