//! Every bit of a signed transaction counts: none can be changed on its way.

use super::{PARAMS, signature_cases};
use crate::consensus::check_spend;
use bitcoin::Transaction;
use bitcoin::consensus::{deserialize, serialize};

#[test]
fn a_flipped_bit_anywhere_is_refused() {
    let case = signature_cases::all().swap_remove(0);
    assert_eq!(case.outcome, Ok(1_100), "an honest one");
    let bytes = serialize(&case.transaction);
    for bit in 0..bytes.len() * 8 {
        let mut changed = bytes.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        if let Ok(transaction) = deserialize::<Transaction>(&changed) {
            let result = check_spend(&PARAMS, &transaction, &case.coins, case.context);
            assert!(result.is_err(), "bit {} of byte {}", bit % 8, bit / 8);
        }
    }
}
