//! What may be asked for.

use super::*;
use std::collections::BTreeMap;

type Records = BTreeMap<u32, InvoiceRecord>;

fn open_at(
    records: &mut Records,
    asked: InvoiceRequest,
    now: UnixTime,
) -> Result<u32, RequestError> {
    let params = NetworkParams::by_name("bitcoin").expect("known");
    let script = validate(&asked, &params)?;
    open(records, asked, script, TIP, now)
}

fn refused(change: impl FnOnce(&mut InvoiceRequest)) -> String {
    let mut asked = request();
    change(&mut asked);
    let params = NetworkParams::by_name("bitcoin").expect("known");
    validate(&asked, &params)
        .expect_err("it is to be refused")
        .to_string()
}

#[test]
fn a_request_becomes_the_script_of_its_address() {
    let params = NetworkParams::by_name("bitcoin").expect("known");
    let script = validate(&request(), &params).expect("it is in order");
    assert_eq!(
        script.to_hex_string(),
        "0014c0cebcd6c3d3ca8c75dc5ec62ebe55330ef910e2"
    );
}

#[test]
fn what_is_wrong_is_said_with_what_was_expected() {
    assert_eq!(
        refused(|asked| asked.due = 0),
        "expected an amount of at least 1 unit, found 0"
    );
    assert_eq!(
        refused(|asked| asked.due = 2_100_000_000_000_001),
        "expected an amount of at most 2100000000000000 units, found 2100000000000001"
    );
    assert_eq!(
        refused(|asked| asked.tolerance_ppm = 1_000_000),
        "expected a tolerance under 100% (1000000 parts per million), found 1000000"
    );
    assert_eq!(
        refused(|asked| asked.confirmations = 101),
        "expected 0 to 100 confirmations, found 101"
    );
    assert_eq!(
        refused(|asked| asked.expires_in = 0),
        "expected a time to pay of 1 to 2592000 seconds, found 0"
    );
    assert!(refused(|asked| asked.expires_in = 2_592_001).contains("found 2592001"));
    assert!(refused(|asked| asked.attacker_share_ppm = 1_000_001).contains("share"));
    assert!(refused(|asked| asked.label = "a\nb".to_owned()).contains("control"));
    assert!(refused(|asked| asked.label = "x".repeat(201)).contains("200 characters"));
}

#[test]
fn the_limits_themselves_are_in_order() {
    let params = NetworkParams::by_name("bitcoin").expect("known");
    for (due, tolerance_ppm, confirmations, expires_in) in [
        (1, 0, 0, 1),
        (2_100_000_000_000_000, 999_999, 100, 2_592_000),
    ] {
        let asked = InvoiceRequest {
            due,
            tolerance_ppm,
            confirmations,
            expires_in,
            attacker_share_ppm: 1_000_000,
            label: "é".repeat(200),
            ..request()
        };
        assert!(validate(&asked, &params).is_ok());
    }
}

#[test]
fn an_address_of_another_network_or_with_a_typing_error_is_refused() {
    for address in [
        "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx",
        "bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyv",
        "",
        "bitcoin:bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu",
    ] {
        let reason = refused(|asked| asked.address = address.to_owned());
        assert!(!reason.is_empty(), "{address}");
    }
}

#[test]
fn an_address_serves_one_open_invoice_at_a_time() {
    let mut records = BTreeMap::new();
    let first = open_at(&mut records, request(), T0).expect("the first");
    assert_eq!(first, 1);
    assert_eq!(records[&1].scan_from, TIP + 1);
    let again = open_at(&mut records, request(), T0 + 60);
    assert_eq!(again, Err(RequestError::AddressInUse { invoice: 1 }));
    assert_eq!(records.len(), 1);
    let elsewhere = InvoiceRequest {
        address: "bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcr".to_owned(),
        ..request()
    };
    assert_eq!(open_at(&mut records, elsewhere, T0 + 60), Ok(2));
    assert!(!records[&1].after_another && !records[&2].after_another);
    // Its time ran out: the address is free, and both are labelled from then on.
    assert_eq!(open_at(&mut records, request(), END + 1), Ok(3));
    assert_eq!(records[&1].until, Some(END + 1));
    assert!(records[&3].after_another);
    assert_eq!(records[&2].until, None);
}

#[test]
fn numbers_are_never_used_twice_and_may_run_out() {
    let mut till = Till::new();
    till.record.id = u32::MAX;
    let mut records = BTreeMap::from([(u32::MAX, till.record)]);
    let full = open_at(&mut records, request(), END + 1);
    assert_eq!(full, Err(RequestError::NoNumber));
}

#[test]
fn what_is_opened_is_checked_too() {
    let mut records = BTreeMap::new();
    let nothing = InvoiceRequest {
        due: 0,
        ..request()
    };
    let script = ScriptBuf::from_bytes(vec![0x51]);
    assert_eq!(
        open(&mut records, nothing, script, TIP, T0),
        Err(RequestError::ZeroAmount)
    );
    assert!(records.is_empty());
}
