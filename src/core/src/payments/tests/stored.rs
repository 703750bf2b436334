//! Records whose checksum agrees and whose content does not.

use super::{ledger, pay};
use crate::payments::Ledger;
use crate::primitives::record::{self, RecordError};
use bitcoin::consensus::encode::serialize_hex;

/// A ledger's record with another hex in the place of its one transaction's.
fn with_hex(change: impl FnOnce(&str) -> String) -> Result<Ledger, RecordError> {
    let (mut ledger, tx) = (ledger(), pay(1, 1_000));
    ledger.seen(&tx, "a", 10);
    let hex = serialize_hex(&tx);
    let bytes = ledger.encode().expect("a body with a JSON form");
    let body: serde_json::Value = record::open(1, "any body", &bytes).expect("just sealed");
    let text = body.to_string();
    assert!(text.contains(&hex));
    let changed = text.replace(&hex, &change(&hex));
    let body: serde_json::Value = serde_json::from_str(&changed).expect("still JSON");
    Ledger::decode(&record::seal(1, &body).expect("a body with a JSON form"))
}

#[test]
fn a_transaction_that_ends_early_or_is_none_is_a_bad_record() {
    assert!(with_hex(str::to_owned).is_ok());
    for length in [0, 1, 7, 40, 99] {
        let read = with_hex(|hex| hex[..length].to_owned());
        assert!(matches!(read, Err(RecordError::Body { .. })), "{read:?}");
    }
    assert!(with_hex(|hex| format!("{hex}00")).is_err());
    assert!(with_hex(|hex| hex.replace('0', "x")).is_err());
}
