//! What the till says that it knows.

use super::*;
use VerdictAnswer as Answer;

fn answer(till: &Till) -> Answer {
    till.view().verdict.answer
}

#[test]
fn each_stage_has_its_answer() {
    let mut till = Till::new();
    assert_eq!(answer(&till), Answer::NothingSeen);
    till.paid(1, 400, Standing::Seen);
    assert_eq!(answer(&till), Answer::TooLittle);
    till.paid(2, 600, Standing::Seen);
    assert_eq!(answer(&till), Answer::SeenUnverified);
    till.stands(1, mined(3)).stands(2, mined(1));
    assert_eq!(answer(&till), Answer::Confirming);
    till.stands(2, mined(3));
    assert_eq!(answer(&till), Answer::Confirmed);
}

#[test]
fn unconfirmed_is_never_confirmed_even_where_no_confirmation_is_wanted() {
    let mut till = Till::of(InvoiceRequest {
        confirmations: 0,
        ..request()
    });
    till.paid(1, 1_000, Standing::Seen);
    assert_eq!(till.status(), settled(0));
    assert_eq!(answer(&till), Answer::SeenUnverified);
}

#[test]
fn a_conflict_is_said_first_even_with_nobody_connected() {
    let mut till = Till::new();
    till.paid(1, 1_000, Standing::Conflicted { by: txid(9) });
    till.payments[0].conflict_seen_by = vec!["b".to_owned()];
    assert_eq!(answer(&till), Answer::Conflict);
    assert_eq!(till.view().verdict.conflict_seen_by, ["b"]);
    till.operators.clear();
    till.last_heard = None;
    assert_eq!(answer(&till), Answer::Conflict);
    till.stands(1, Standing::Dead { by: txid(9) });
    assert_eq!(answer(&till), Answer::Conflict);
    till.stands(1, Standing::Replaced { by: txid(9) });
    assert_eq!(answer(&till), Answer::Conflict);
}

#[test]
fn without_an_operator_or_a_word_nothing_can_be_told() {
    let mut till = Till::new();
    till.paid(1, 1_000, mined(3));
    till.operators.clear();
    assert_eq!(answer(&till), Answer::CannotTell);
    assert_eq!(till.status(), settled(3), "the status is not taken back");
    till.operators.push("a".to_owned());
    till.now = T0 + 1_199;
    assert_eq!(answer(&till), Answer::Confirmed);
    assert_eq!(till.view().verdict.silent_for, Some(1_199));
    till.now = T0 + 1_200;
    assert_eq!(answer(&till), Answer::CannotTell);
    till.last_heard = None;
    till.now = T0;
    assert_eq!(answer(&till), Answer::CannotTell);
    assert_eq!(till.view().verdict.silent_for, None);
}

#[test]
fn ninety_minutes_without_a_block_refuse_to_say_confirmed() {
    let mut till = Till::new();
    till.paid(1, 1_000, mined(3));
    till.tip_time = Some(T0 - 5_399);
    let verdict = till.view().verdict;
    assert_eq!(
        (verdict.answer, verdict.tip_stale, verdict.tip_age),
        (Answer::Confirmed, false, 5_399)
    );
    till.tip_time = Some(T0 - 5_400);
    let verdict = till.view().verdict;
    assert_eq!(
        (verdict.answer, verdict.tip_stale),
        (Answer::CannotTell, true)
    );
}

#[test]
fn thirty_minutes_without_a_block_ask_for_another_peer_scaled_to_the_spacing() {
    let bitcoin = NetworkParams::by_name("bitcoin").expect("known");
    let farthing = NetworkParams::farthing("lesson").expect("a name");
    for (params, unit) in [(&bitcoin, 600), (&farthing, 30)] {
        assert_eq!(params.spacing, unit);
        for (age, expected) in [
            (0, Freshness::Fresh),
            (3 * unit - 1, Freshness::Fresh),
            (3 * unit, Freshness::LookElsewhere),
            (9 * unit - 1, Freshness::LookElsewhere),
            (9 * unit, Freshness::Stale),
            (u32::MAX - T0, Freshness::Stale),
        ] {
            assert_eq!(freshness(params, T0, T0 + age), expected, "{age}");
        }
        assert_eq!(freshness(params, T0 + 60, T0), Freshness::Fresh);
    }
}

#[test]
fn where_nothing_holds_blocks_to_a_schedule_an_old_tip_says_nothing() {
    let regtest = NetworkParams::by_name("regtest").expect("known");
    assert_eq!(freshness(&regtest, 0, T0), Freshness::Fresh);
}

#[test]
fn nothing_seen_is_said_only_of_a_time_that_was_watched() {
    let mut till = Till::new();
    till.until(T0 + 100);
    assert_eq!(answer(&till), Answer::NothingSeen);
    till.away_until(T0 + 105);
    assert_eq!(answer(&till), Answer::CannotTell);
    till.paid(1, 1_000, Standing::Seen);
    assert_eq!(answer(&till), Answer::SeenUnverified);
}

#[test]
fn nothing_seen_is_not_said_while_blocks_are_to_be_looked_at() {
    let mut till = Till::new();
    till.tip = TIP + 1;
    assert_eq!(answer(&till), Answer::NothingSeen, "it is on its way");
    till.tip = TIP + 2;
    assert_eq!(answer(&till), Answer::CannotTell);
    till.record.scanned_to = Some(TIP + 2);
    assert_eq!(answer(&till), Answer::NothingSeen);
    assert_eq!(till.view().scanned, Some((TIP + 1, TIP + 2)));
}

#[test]
fn operators_are_counted_once_and_only_while_connected() {
    let mut till = Till::new();
    till.operators = ["b", "a", "b"].map(str::to_owned).to_vec();
    till.paid(1, 500, Standing::Seen)
        .paid(2, 500, Standing::Seen);
    till.payments[1].seen_by = ["a", "b", "gone"].map(str::to_owned).to_vec();
    let verdict = till.view().verdict;
    assert_eq!(verdict.operators, ["a", "b"]);
    assert_eq!(verdict.seen_by, ["a", "b"]);
    till.operators = vec!["c".to_owned()];
    assert!(till.view().verdict.seen_by.is_empty());
    assert_eq!(till.status(), InvoiceStatus::Seen, "never the status");
}

#[test]
fn the_work_behind_is_that_of_the_shallowest_payment_needed() {
    let mut till = Till::new();
    till.paid(1, 600, mined(8)).paid(2, 400, mined(4));
    let verdict = till.view().verdict;
    assert_eq!(verdict.depth, 4);
    let work = verdict.work_behind_log2.expect("it is confirmed");
    assert!((work - 72.0).abs() < 1e-9, "{work}");
    till.stands(2, Standing::Seen);
    assert_eq!(till.view().verdict.work_behind_log2, None);
}

#[test]
fn the_attackers_odds_and_the_value_at_risk() {
    let mut till = Till::new();
    let verdict = till.view().verdict;
    assert_eq!(verdict.attacker_chance, None, "there is nothing to attack");
    till.paid(1, 1_000, Standing::Seen);
    let verdict = till.view().verdict;
    assert_eq!(verdict.attacker_share, Some(0.1));
    assert_eq!(verdict.attacker_chance, Some(1.0));
    assert_eq!(verdict.value_at_risk, Some(1_000));
    till.stands(1, mined(2));
    let verdict = till.view().verdict;
    let chance = verdict.attacker_chance.expect("a share is offered");
    assert!((chance - 0.056).abs() < 1e-12);
    assert_eq!(verdict.value_at_risk, Some(56));
    assert!(!verdict.trusts_peers);
}

#[test]
fn no_share_is_offered_where_the_hash_power_can_be_rented() {
    let mut till = Till::new();
    till.params = NetworkParams::farthing("lesson").expect("a name");
    till.paid(1, 1_000, mined(3));
    let verdict = till.view().verdict;
    assert_eq!(verdict.attacker_share, None);
    assert_eq!(verdict.attacker_chance, None);
    assert_eq!(verdict.value_at_risk, None);
}

#[test]
fn the_cost_of_rewriting_is_said_where_hash_power_can_be_rented() {
    let mut till = Till::new();
    till.paid(1, 1_000, mined(4));
    let verdict = till.view().verdict;
    assert_eq!((verdict.rentable, verdict.rewrite_seconds), (false, None));
    till.params = NetworkParams::farthing("lesson").expect("a name");
    let verdict = till.view().verdict;
    assert!(verdict.rentable);
    // 2^72 hashes at 10^10 a second.
    let seconds = verdict.rewrite_seconds.expect("it is in a block");
    assert!(
        (seconds / 4.722_366_482_87e11 - 1.0).abs() < 1e-6,
        "{seconds}"
    );
    till.stands(1, Standing::Seen);
    let verdict = till.view().verdict;
    assert_eq!((verdict.rentable, verdict.rewrite_seconds), (true, None));
}

#[test]
fn where_headers_are_cheap_the_peers_are_trusted_and_it_is_said() {
    let mut till = Till::new();
    till.params = NetworkParams::by_name("regtest").expect("known");
    assert!(till.view().verdict.trusts_peers);
}
