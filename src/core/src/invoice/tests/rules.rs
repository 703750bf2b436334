//! The rules of an invoice, 1 to 12 in the module's own documentation: status and flags.

use super::*;
use InvoiceFlag as Flag;

#[test]
fn rule_1_nothing_is_awaiting_until_the_expiry_and_expired_after_it() {
    let mut till = Till::new();
    assert_eq!(till.status(), InvoiceStatus::Awaiting);
    assert_eq!(till.until(END).status(), InvoiceStatus::Awaiting);
    assert_eq!(till.until(END + 1).status(), InvoiceStatus::Expired);
}

#[test]
fn rule_1_seen_confirming_settled_by_credit() {
    let mut till = Till::new();
    till.paid(1, 1_000, Standing::Seen);
    assert_eq!(till.status(), InvoiceStatus::Seen);
    for (depth, status) in [
        (1, confirming(1)),
        (2, confirming(2)),
        (3, settled(3)),
        (100, settled(100)),
    ] {
        till.stands(1, mined(depth));
        assert_eq!(till.status(), status);
    }
}

#[test]
fn rule_1_need_is_due_less_the_tolerance_rounded_down() {
    for (due, tolerance_ppm, need) in [
        (1_000, 0, 1_000),
        (1_000, 999_999, 1),
        (1_999, 1_000, 1_998),
        (999, 1_000, 999),
        (1, 999_999, 1),
        (2_100_000_000_000_000, 10_000, 2_079_000_000_000_000),
    ] {
        let till = Till::of(InvoiceRequest {
            due,
            tolerance_ppm,
            ..request()
        });
        assert_eq!(till.view().need, need);
    }
    let mut till = Till::of(InvoiceRequest {
        tolerance_ppm: 10_000,
        ..request()
    });
    till.paid(1, 989, Standing::Seen);
    assert_eq!(till.status(), InvoiceStatus::Awaiting);
    till.paid(2, 1, Standing::Seen);
    assert_eq!(till.status(), InvoiceStatus::Seen);
    assert_eq!(till.view().remaining, 10);
}

#[test]
fn rule_2_depth_is_the_largest_k_for_which_enough_has_k_confirmations() {
    let mut till = Till::new();
    till.paid(1, 600, mined(5)).paid(2, 400, mined(2));
    assert_eq!(till.status(), confirming(2));
    till.paid(3, 400, mined(4));
    assert_eq!(till.status(), settled(4));
    till.stands(1, Standing::Seen);
    assert_eq!(till.status(), InvoiceStatus::Seen);
}

#[test]
fn rule_3_underpaid_is_partial_and_the_link_asks_for_the_rest() {
    let mut till = Till::new();
    till.paid(1, 400, mined(3));
    let view = till.view();
    assert_eq!(view.status, InvoiceStatus::Awaiting);
    assert_eq!(view.flags, [Flag::Partial]);
    assert_eq!((view.credit, view.remaining, view.excess), (400, 600, 0));
    assert_eq!(
        view.uri,
        "bitcoin:bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu?amount=0.000006&label=Table%207"
    );
    till.paid(2, 600, Standing::Seen);
    assert_eq!(till.status(), InvoiceStatus::Seen);
    assert!(!till.has(Flag::Partial));
}

#[test]
fn rule_4_overpaid_settles_and_the_excess_is_shown() {
    let mut till = Till::new();
    till.paid(1, 1_700, mined(3));
    let view = till.view();
    assert_eq!(view.status, settled(3));
    assert_eq!(view.flags, [Flag::Over]);
    assert_eq!((view.remaining, view.excess), (0, 700));
}

#[test]
fn rule_5_late_never_settles_by_itself() {
    let mut till = Till::new();
    till.until(END + 1).paid(1, 1_000, Standing::Seen);
    assert_eq!(till.status(), InvoiceStatus::Seen);
    assert!(till.has(Flag::Late));
    till.stands(1, mined(50));
    assert_eq!(till.status(), confirming(50));
    till.decide(Decision::AcceptLate).expect("it is late");
    assert_eq!(till.status(), settled(50));
    assert!(till.has(Flag::Late), "it stays true");
}

#[test]
fn rule_5_met_in_time_and_mined_later_is_not_late() {
    let mut till = Till::new();
    till.until(END).paid(1, 1_000, Standing::Seen);
    till.until(END + 5_000).stands(1, mined(3));
    assert_eq!(till.status(), settled(3));
    assert!(!till.has(Flag::Late));
}

#[test]
fn rule_5_the_last_part_decides_whether_it_is_late() {
    let mut till = Till::new();
    till.paid(1, 999, mined(5));
    till.until(END + 1).paid(2, 1, mined(3));
    assert_eq!(till.status(), confirming(3));
    assert!(till.has(Flag::Late));
}

#[test]
fn rule_5_a_bump_after_the_expiry_of_a_payment_in_time_is_not_late() {
    let mut till = Till::new();
    till.until(T0 + 10).paid(1, 1_000, Standing::Seen);
    till.until(END + 60).paid(2, 1_000, Standing::Seen);
    till.stands(1, Standing::Replaced { by: txid(2) });
    till.payments[1].since = T0 + 10;
    assert_eq!(till.view().flags, [Flag::Bumped]);
}

#[test]
fn rule_5_a_late_refund_is_marked_and_frees_the_address() {
    let mut till = Till::new();
    till.until(END + 1).paid(1, 1_000, mined(3));
    till.update();
    assert!(till.record.is_open(till.now));
    till.decide(Decision::Refund).expect("there is a payment");
    assert!(till.has(Flag::Marked));
    assert_eq!(till.status(), confirming(3));
    assert!(!till.record.is_open(till.now));
}

#[test]
fn rule_5_enough_that_came_while_the_till_was_away_has_an_unknown_time() {
    let mut till = Till::new();
    till.until(T0 + 100)
        .away_until(END + 100)
        .paid(1, 1_000, mined(3));
    assert_eq!(till.status(), confirming(3));
    assert!(till.has(Flag::TimeUnknown));
    assert!(!till.has(Flag::Late));
    till.decide(Decision::AcceptLate)
        .expect("its time is unknown");
    assert_eq!(till.status(), settled(3));
}

#[test]
fn rule_5_expired_is_said_only_of_a_time_that_was_watched() {
    let mut till = Till::new();
    till.until(T0 + 100).away_until(T0 + 110).until(END + 1);
    assert_eq!(till.status(), InvoiceStatus::Awaiting);
    assert_eq!(
        till.view().verdict.not_watched,
        [TimeRange {
            from: T0 + 100,
            to: Some(T0 + 110)
        }]
    );
    assert!(!till.record.is_open(till.now), "its address is free again");
    let mut asleep = Till::new();
    asleep.until(T0 + 100);
    asleep.now = END + 1;
    assert_eq!(asleep.status(), InvoiceStatus::Awaiting, "not yet said");
}

#[test]
fn rule_5_away_after_the_expiry_takes_nothing_back() {
    let mut till = Till::new();
    till.until(END + 1).away_until(END + 9_000);
    assert_eq!(till.status(), InvoiceStatus::Expired);
    till.paid(1, 1_000, Standing::Seen);
    assert!(till.has(Flag::Late));
}

#[test]
fn rule_6_replaced_by_one_that_pays_is_bumped_and_depth_starts_again() {
    let mut till = Till::new();
    till.paid(1, 1_000, Standing::Replaced { by: txid(2) })
        .paid(2, 1_000, Standing::Seen);
    let view = till.view();
    assert_eq!(view.status, InvoiceStatus::Seen);
    assert_eq!(view.flags, [Flag::Bumped]);
    assert_eq!(view.credit, 1_000, "one of the two counts");
}

#[test]
fn rule_6_replaced_by_one_that_pays_less_takes_the_credit() {
    let mut till = Till::new();
    till.paid(1, 1_000, Standing::Replaced { by: txid(2) })
        .paid(2, 10, Standing::Seen);
    let view = till.view();
    assert_eq!(view.status, InvoiceStatus::Awaiting);
    assert_eq!(view.flags, [Flag::Partial, Flag::Conflict]);
    assert_eq!(view.credit, 10);
}

#[test]
fn rule_7_a_conflict_takes_the_credit_until_it_is_mined() {
    let mut till = Till::new();
    till.paid(1, 1_000, Standing::Conflicted { by: txid(9) });
    let view = till.view();
    assert_eq!(view.status, InvoiceStatus::Awaiting);
    assert_eq!(view.flags, [Flag::Conflict]);
    assert_eq!(view.credit, 0);
    assert!(!view.payments[0].counts);
    till.stands(1, mined(3));
    assert_eq!(till.status(), settled(3));
    assert!(till.view().flags.is_empty());
}

#[test]
fn rule_7_the_dead_never_count() {
    let mut till = Till::new();
    till.paid(1, 1_000, Standing::Dead { by: txid(9) });
    assert_eq!(till.status(), InvoiceStatus::Awaiting);
    assert!(till.has(Flag::Conflict));
    till.paid(2, 1_000, mined(3));
    assert_eq!(till.status(), settled(3));
    assert!(!till.has(Flag::Conflict), "it was paid otherwise");
}

#[test]
fn rule_8_reorged_out_falls_back_to_seen() {
    let mut till = Till::new();
    till.paid(1, 1_000, mined(3));
    assert_eq!(till.status(), settled(3));
    till.stands(1, Standing::Reorged { height: TIP - 2 });
    let view = till.view();
    assert_eq!(view.status, InvoiceStatus::Seen);
    assert_eq!(view.flags, [Flag::Reorged]);
}

#[test]
fn rule_9_a_day_in_no_block_is_stuck_not_invalid() {
    let mut till = Till::new();
    till.paid(1, 1_000, Standing::Seen);
    till.until(T0 + 86_399);
    assert!(!till.has(Flag::Stuck));
    till.until(T0 + 86_400);
    assert!(till.has(Flag::Stuck));
    assert_eq!(till.status(), InvoiceStatus::Seen);
    // A payment that fell out of its block waits from then on.
    till.payments[0].waiting_since = T0 + 86_000;
    assert!(!till.has(Flag::Stuck));
    till.payments[0].waiting_since = T0;
    till.stands(1, mined(1));
    assert!(!till.has(Flag::Stuck));
}

#[test]
fn rule_10_an_address_that_served_another_invoice_pays_the_one_that_was_open() {
    let mut till = Till::new();
    till.record.after_another = true;
    till.paid(1, 1_000, mined(3));
    till.payments[0].since = T0 - 1;
    assert_eq!(till.status(), InvoiceStatus::Awaiting);
    assert!(till.view().payments.is_empty());
    assert!(till.has(Flag::Ambiguous));
    till.payments[0].since = T0;
    assert_eq!(till.status(), settled(3));
    till.record.until = Some(T0);
    assert_eq!(till.status(), InvoiceStatus::Awaiting);
    // Without another invoice a clock that was set back loses no payment.
    let mut alone = Till::new();
    alone.paid(1, 1_000, mined(3));
    alone.payments[0].since = T0 - 3_600;
    assert_eq!(alone.status(), settled(3));
}

#[test]
fn rule_11_accepted_at_risk_is_a_decision_and_no_settlement() {
    let mut till = Till::new();
    till.paid(1, 1_000, Standing::Seen);
    till.decide(Decision::AcceptAtRisk).expect("enough is seen");
    assert_eq!(till.status(), InvoiceStatus::Seen);
    assert_eq!(till.view().flags, [Flag::AcceptedAtRisk]);
}

#[test]
fn rule_11_nothing_is_accepted_at_risk_that_is_too_little_in_conflict_or_over_the_cap() {
    let mut till = Till::new();
    till.paid(1, 999, Standing::Seen);
    assert_eq!(
        till.decide(Decision::AcceptAtRisk),
        Err(DecisionError::TooLittle {
            need: 1_000,
            credit: 999
        })
    );
    till.paid(2, 1_000, Standing::Conflicted { by: txid(9) });
    assert!(till.decide(Decision::AcceptAtRisk).is_err());

    let mut dear = Till::of(InvoiceRequest {
        risk_cap: Some(999),
        ..request()
    });
    dear.paid(1, 1_000, Standing::Seen);
    assert_eq!(
        dear.decide(Decision::AcceptAtRisk),
        Err(DecisionError::OverCap {
            cap: 999,
            due: 1_000
        })
    );
    let mut no_cap = Till::of(InvoiceRequest {
        due: DEFAULT_RISK_CAP + 1,
        ..request()
    });
    no_cap.paid(1, DEFAULT_RISK_CAP + 1, Standing::Seen);
    assert!(matches!(
        no_cap.decide(Decision::AcceptAtRisk),
        Err(DecisionError::OverCap { .. })
    ));
}

#[test]
fn rule_12_only_the_merchants_own_threshold_settles() {
    for wanted in [0, 1, 6, 100] {
        let mut till = Till::of(InvoiceRequest {
            confirmations: wanted,
            ..request()
        });
        till.paid(1, 1_000, Standing::Seen);
        if wanted == 0 {
            assert_eq!(till.status(), settled(0));
            continue;
        }
        assert_eq!(till.status(), InvoiceStatus::Seen);
        if wanted > 1 {
            till.stands(1, mined(wanted - 1));
            assert!(matches!(till.status(), InvoiceStatus::Confirming { .. }));
        }
        till.stands(1, mined(wanted));
        assert_eq!(till.status(), settled(wanted));
    }
}

#[test]
fn cancelled_stays_cancelled_unless_what_came_after_is_accepted() {
    let mut till = Till::new();
    till.decide(Decision::Cancel).expect("it is open");
    assert_eq!(till.status(), InvoiceStatus::Cancelled);
    assert_eq!(
        till.decide(Decision::AcceptLate),
        Err(DecisionError::NotLate)
    );
    till.paid(1, 1_000, mined(3));
    assert_eq!(till.status(), InvoiceStatus::Cancelled);
    assert_eq!(
        till.decide(Decision::Cancel),
        Err(DecisionError::NotOpen { found: "cancelled" })
    );
    till.decide(Decision::AcceptLate).expect("it was paid");
    assert_eq!(till.status(), settled(3));
    assert_eq!(
        till.decide(Decision::Cancel),
        Err(DecisionError::NotOpen { found: "settled" })
    );
}

#[test]
fn nothing_paid_is_nothing_to_give_back_and_nothing_late_to_accept() {
    let mut till = Till::new();
    assert_eq!(
        till.decide(Decision::Refund),
        Err(DecisionError::NothingPaid)
    );
    till.paid(1, 1_000, mined(3));
    assert_eq!(
        till.decide(Decision::AcceptLate),
        Err(DecisionError::NotLate)
    );
}

#[test]
fn a_coinbase_counts_when_it_may_be_spent() {
    let mut till = Till::new();
    till.paid(1, 1_000, mined(99));
    till.payments[0].coinbase = true;
    assert_eq!(till.status(), InvoiceStatus::Awaiting);
    till.stands(1, mined(100));
    assert_eq!(till.status(), settled(100));
    till.stands(1, Standing::Reorged { height: TIP });
    assert_eq!(till.status(), InvoiceStatus::Awaiting);
}
