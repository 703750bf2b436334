//! Records, and what a restart does to them.

use super::*;
use crate::primitives::record::RecordError;

#[test]
fn a_record_is_read_back_as_it_was_but_for_the_watch() {
    let mut till = Till::new();
    till.until(T0 + 100).paid(1, 1_000, Standing::Seen).update();
    till.stands(1, Standing::Conflicted { by: txid(9) })
        .update();
    let bytes = till.record.encode().expect("JSON");
    let mut back = InvoiceRecord::decode(&bytes).expect("unchanged");
    assert_eq!(back.alarm, till.record.alarm);
    assert_ne!(back, till.record);
    back.watch = till.record.watch.clone();
    assert_eq!(back, till.record);
}

#[test]
fn any_flipped_bit_of_a_record_is_refused() {
    let bytes = Till::new().record.encode().expect("JSON");
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut changed = bytes.clone();
            changed[at] ^= 1 << bit;
            assert!(
                matches!(
                    InvoiceRecord::decode(&changed),
                    Err(RecordError::Checksum { .. })
                ),
                "bit {bit} of byte {at}"
            );
        }
    }
}

#[test]
fn after_a_restart_nothing_is_told_twice_and_nothing_is_lost() {
    let mut till = Till::new();
    till.paid(1, 1_000, mined(3)).update();
    till.record = InvoiceRecord::decode(&till.record.encode().expect("JSON")).expect("unchanged");
    assert!(till.update().is_empty());
    till.stands(1, Standing::Reorged { height: TIP - 2 });
    assert!(till.update()[0].alarm, "it knows that it was settled");
}

#[test]
fn the_time_from_the_last_stored_word_to_the_restart_was_not_watched() {
    let mut till = Till::new();
    till.until(T0 + 100);
    let bytes = till.record.encode().expect("JSON");
    till.record = InvoiceRecord::decode(&bytes).expect("unchanged");
    till.now = T0 + 160;
    assert_eq!(
        till.view().verdict.not_watched,
        [TimeRange {
            from: T0 + 100,
            to: None
        }],
        "it lasts"
    );
    till.record.watch(true, T0 + 170);
    assert_eq!(
        till.view().verdict.not_watched,
        [TimeRange {
            from: T0 + 100,
            to: Some(T0 + 170)
        }]
    );
}

#[test]
fn a_machine_that_slept_was_not_watching() {
    let mut till = Till::new();
    till.until(T0 + 100);
    till.record.watch(true, T0 + 100 + WATCH_LAPSE);
    till.now = T0 + 5_000;
    assert!(till.view().verdict.not_watched.is_empty());
    till.record.watch(true, T0 + 101 + 2 * WATCH_LAPSE);
    assert_eq!(
        till.view().verdict.not_watched,
        [TimeRange {
            from: T0 + 100 + WATCH_LAPSE,
            to: Some(T0 + 101 + 2 * WATCH_LAPSE)
        }]
    );
}

#[test]
fn until_the_first_operator_answers_nothing_was_watched() {
    let mut record = InvoiceRecord::new(1, request(), bitcoin::ScriptBuf::new(), TIP, T0);
    record.watch(false, T0 + 5);
    record.watch(true, T0 + 9);
    record.watch(true, T0 + 8);
    let mut till = Till::new();
    till.record = record;
    till.now = T0 + 20;
    assert_eq!(
        till.view().verdict.not_watched,
        [TimeRange {
            from: T0,
            to: Some(T0 + 9)
        }]
    );
}

#[test]
fn gaps_are_bounded_and_what_is_merged_covers_both() {
    let mut till = Till::new();
    let mut now = T0;
    for _ in 0..500 {
        till.record.watch(false, now);
        till.record.watch(true, now + 5);
        till.record.watch(true, now + 10);
        now += 10;
    }
    till.now = now;
    let gaps = till.view().verdict.not_watched;
    assert_eq!(gaps.len(), 64);
    assert_eq!(gaps[0].from, T0);
    for away in 0..500 {
        let (from, to) = (T0 + 10 * away, T0 + 10 * away + 5);
        assert!(
            gaps.iter()
                .any(|gap| gap.from <= from && gap.to.is_some_and(|end| end >= to)),
            "{away}"
        );
    }
}

#[test]
fn an_invoice_that_is_over_keeps_its_own_payments() {
    let mut till = Till::new();
    till.record.until = Some(T0 + 100);
    till.paid(1, 1_000, mined(3)).update();
    till.until(T0 + 200).paid(2, 5_000, mined(1));
    till.record.archive(&till.payments);
    till.payments.clear();
    till.record.archive(&till.payments);
    till.record = InvoiceRecord::decode(&till.record.encode().expect("JSON")).expect("unchanged");
    till.tip += 1_000;
    assert!(till.update().is_empty());
    let view = till.view();
    assert_eq!((view.status, view.credit), (settled(1_003), 1_000));
    assert_eq!(view.payments.len(), 1, "the other is the next invoice's");
}
