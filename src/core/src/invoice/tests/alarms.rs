//! What is told, why, and what rings.

use super::*;

fn one(till: &mut Till) -> Change {
    let changes = till.update();
    assert_eq!(changes.len(), 1, "{changes:?}");
    changes.into_iter().next().expect("one")
}

#[test]
fn a_payment_is_told_stage_by_stage_without_an_alarm() {
    let mut till = Till::new();
    assert!(till.update().is_empty(), "nothing happened");
    till.paid(1, 1_000, Standing::Seen);
    assert_eq!(
        one(&mut till),
        Change {
            at: T0,
            status: InvoiceStatus::Seen,
            reason: Reason::PaymentSeen {
                txid: txid(1).to_string()
            },
            alarm: false
        }
    );
    till.stands(1, mined(1));
    assert_eq!(
        one(&mut till).reason,
        Reason::PaymentMined {
            txid: txid(1).to_string(),
            height: TIP
        }
    );
    till.tip += 1;
    let change = one(&mut till);
    assert_eq!(change.reason, Reason::BlockAdded { height: TIP + 1 });
    assert_eq!(change.status, confirming(2));
    till.tip += 1;
    let change = one(&mut till);
    assert_eq!((change.status, change.alarm), (settled(3), false));
    till.tip += 1;
    assert!(
        till.update().is_empty(),
        "growth over a settled one is no news"
    );
    assert_eq!(till.status(), settled(4));
    let view = till.view();
    assert_eq!(view.alarm, None);
    assert_eq!(view.changes.len(), 5);
    assert_eq!(view.changes[0].reason, Reason::Created);
}

#[test]
fn the_end_of_time_is_told_without_an_alarm() {
    let mut till = Till::new();
    till.until(END + 1);
    let change = one(&mut till);
    assert_eq!(change.reason, Reason::TimeRanOut);
    assert_eq!(change.status, InvoiceStatus::Expired);
    assert!(!change.alarm);
}

#[test]
fn a_conflict_rings_until_it_is_acknowledged() {
    let mut till = Till::new();
    till.paid(1, 1_000, Standing::Seen).update();
    till.stands(1, Standing::Conflicted { by: txid(9) });
    let change = one(&mut till);
    assert_eq!(
        change.reason,
        Reason::ConflictSeen {
            txid: txid(1).to_string(),
            by: txid(9).to_string()
        }
    );
    assert_eq!(change.status, InvoiceStatus::Awaiting);
    assert!(change.alarm);
    assert_eq!(till.view().alarm, Some(change.clone()));
    till.until(T0 + 60).update();
    assert_eq!(till.view().alarm, Some(change));
    till.decide(Decision::Acknowledge).expect("always");
    assert_eq!(till.view().alarm, None);
    assert_eq!(
        one(&mut till).reason,
        Reason::Decided {
            decision: Decision::Acknowledge
        }
    );
    assert!(till.update().is_empty(), "it is told once");
    assert!(till.view().changes.iter().any(|change| change.alarm));
}

#[test]
fn a_payment_that_arrives_in_conflict_rings_at_once() {
    let mut till = Till::new();
    till.paid(1, 1_000, Standing::Conflicted { by: txid(9) });
    assert!(one(&mut till).alarm);
}

#[test]
fn a_replacement_that_still_pays_is_told_and_does_not_ring() {
    let mut till = Till::new();
    till.paid(1, 1_000, Standing::Seen).update();
    till.stands(1, Standing::Replaced { by: txid(2) })
        .paid(2, 1_000, Standing::Seen);
    let changes = till.update();
    assert_eq!(
        changes[0].reason,
        Reason::PaymentReplaced {
            txid: txid(1).to_string(),
            by: txid(2).to_string(),
            still_pays: true
        }
    );
    assert!(matches!(changes[1].reason, Reason::PaymentSeen { .. }));
    assert!(changes.iter().all(|change| !change.alarm));
    // When the bump is mined the first is dead; that is no news.
    till.stands(1, Standing::Dead { by: txid(2) })
        .stands(2, mined(3));
    assert!(matches!(one(&mut till).reason, Reason::PaymentMined { .. }));
    assert_eq!(till.status(), settled(3));
}

#[test]
fn a_bump_that_half_of_the_operators_have_does_not_ring() {
    let mut till = Till::new();
    till.paid(1, 1_000, Standing::Seen).update();
    till.stands(1, Standing::Conflicted { by: txid(2) }).paid(
        2,
        1_000,
        Standing::Conflicted { by: txid(1) },
    );
    let changes = till.update();
    assert_eq!(changes.len(), 2);
    assert!(changes.iter().all(|change| !change.alarm), "{changes:?}");
    assert_eq!(till.status(), InvoiceStatus::Awaiting, "neither counts yet");
    assert!(till.has(InvoiceFlag::Conflict));
}

#[test]
fn a_replacement_that_pays_less_rings() {
    for pays in [999, 1, 0] {
        let mut till = Till::new();
        till.paid(1, 1_000, Standing::Seen).update();
        till.stands(1, Standing::Replaced { by: txid(2) });
        if pays > 0 {
            till.paid(2, pays, Standing::Seen);
        }
        let changes = till.update();
        assert!(changes[0].alarm, "{changes:?}");
        assert_eq!(
            changes[0].reason,
            Reason::PaymentReplaced {
                txid: txid(1).to_string(),
                by: txid(2).to_string(),
                still_pays: false
            }
        );
    }
}

#[test]
fn a_mined_double_spend_rings() {
    let mut till = Till::new();
    till.paid(1, 1_000, Standing::Seen).update();
    till.stands(1, Standing::Dead { by: txid(9) });
    let change = one(&mut till);
    assert_eq!(
        change.reason,
        Reason::DoubleSpent {
            txid: txid(1).to_string(),
            by: txid(9).to_string()
        }
    );
    assert!(change.alarm);
}

#[test]
fn a_reorganisation_rings_and_what_comes_back_does_not() {
    let mut till = Till::new();
    till.paid(1, 1_000, mined(3)).update();
    assert_eq!(till.record.status(), settled(3));
    till.stands(1, Standing::Reorged { height: TIP - 2 });
    let change = one(&mut till);
    assert_eq!(
        change.reason,
        Reason::ReorganisedOut {
            txid: txid(1).to_string(),
            height: TIP - 2
        }
    );
    assert_eq!(change.status, InvoiceStatus::Seen);
    assert!(change.alarm);
    till.stands(1, mined(3));
    let change = one(&mut till);
    assert_eq!((change.status, change.alarm), (settled(3), false));
    assert!(till.view().alarm.is_some(), "until it is acknowledged");
}

#[test]
fn a_reorganisation_to_a_conflict_or_a_double_spend_rings_with_its_reasons() {
    let mut till = Till::new();
    till.paid(1, 1_000, mined(3)).update();
    let mut dead = Till::new();
    dead.paid(1, 1_000, mined(3)).update();
    till.stands(1, Standing::Conflicted { by: txid(9) });
    let changes = till.update();
    assert!(matches!(changes[0].reason, Reason::ReorganisedOut { .. }));
    assert!(matches!(changes[1].reason, Reason::ConflictSeen { .. }));
    assert!(changes.iter().all(|change| change.alarm));
    dead.stands(1, Standing::Dead { by: txid(9) });
    assert!(matches!(one(&mut dead).reason, Reason::DoubleSpent { .. }));
}

#[test]
fn a_payment_that_a_reorganisation_moved_to_a_shallower_block_rings_if_it_falls() {
    let mut till = Till::new();
    till.paid(1, 1_000, mined(3)).update();
    till.stands(1, mined(1));
    let change = one(&mut till);
    assert!(matches!(change.reason, Reason::PaymentMined { .. }));
    assert_eq!((change.status, change.alarm), (confirming(1), true));
}

#[test]
fn fewer_blocks_over_the_payment_ring_if_it_falls() {
    let mut till = Till::new();
    till.paid(1, 1_000, mined(3)).update();
    till.tip -= 1;
    let change = one(&mut till);
    assert_eq!(change.reason, Reason::DepthLost { height: TIP - 1 });
    assert_eq!((change.status, change.alarm), (confirming(2), true));
}

#[test]
fn a_payment_that_could_not_be_kept_is_told() {
    let mut till = Till::new();
    till.paid(1, 1_000, mined(3)).update();
    till.payments.clear();
    let change = one(&mut till);
    assert!(matches!(change.reason, Reason::PaymentForgotten { .. }));
    assert!(change.alarm);
}

#[test]
fn a_decision_is_told_and_never_rings() {
    let mut till = Till::new();
    till.paid(1, 1_000, mined(1)).update();
    till.decide(Decision::Cancel).expect("it is open");
    let change = one(&mut till);
    assert_eq!(
        change.reason,
        Reason::Decided {
            decision: Decision::Cancel
        }
    );
    assert_eq!(change.status, InvoiceStatus::Cancelled);
    assert!(!change.alarm);
}

#[test]
fn bad_news_that_comes_with_a_decision_still_rings() {
    let mut till = Till::new();
    till.paid(1, 1_000, Standing::Seen);
    till.decide(Decision::AcceptAtRisk).expect("enough is seen");
    till.stands(1, Standing::Conflicted { by: txid(9) });
    let changes = till.update();
    assert_eq!(
        changes
            .iter()
            .map(|change| change.alarm)
            .collect::<Vec<_>>(),
        [false, true]
    );
}

#[test]
fn a_flood_of_dust_keeps_the_first_change_and_the_alarm() {
    let mut till = Till::new();
    till.paid(0, 1_000, Standing::Conflicted { by: txid(9) });
    till.update();
    for _ in 0..3 {
        for number in 1..=250 {
            till.payments.truncate(1);
            till.paid(number, 1, Standing::Seen);
            till.update();
        }
    }
    let view = till.view();
    assert_eq!(view.changes.len(), 200);
    assert_eq!(view.changes[0].reason, Reason::Created);
    assert!(matches!(
        view.alarm.map(|change| change.reason),
        Some(Reason::ConflictSeen { .. })
    ));
}

#[test]
fn decisions_without_end_are_bounded_and_each_is_told() {
    let mut till = Till::new();
    till.paid(1, 1_000, Standing::Seen);
    for _ in 0..500 {
        till.decide(Decision::AcceptAtRisk).expect("enough is seen");
        till.decide(Decision::Acknowledge).expect("always");
        assert_eq!(till.update().len(), 1);
    }
    assert!(till.record.decisions.len() <= 100);
    assert!(till.has(InvoiceFlag::AcceptedAtRisk));
}

#[test]
fn a_flood_of_payments_is_counted_and_the_largest_are_shown() {
    let mut till = Till::new();
    for number in 0..=250 {
        till.paid(number, 1 + u64::from(number), Standing::Seen);
    }
    let view = till.view();
    assert_eq!(view.payments.len(), 200);
    assert_eq!(view.credit, 31_626);
    assert!(view.payments.iter().all(|payment| payment.value > 51));
}
