//! What is announced, by whom, in which order.

use super::*;

#[test]
fn a_payment_is_seen_once_for_all_operators() {
    let mut ledger = ledger();
    let payment_tx = tx(&[coin(1)], &[(ours(), 700), (script(2), 5), (ours(), 300)]);
    assert!(ledger.seen(&payment_tx, "a", 100));
    assert!(ledger.seen(&payment_tx, "b", 130));
    assert!(!ledger.seen(&payment_tx, "b", 140), "nothing is new");
    let payments = ledger.payments(&ours());
    assert_eq!(payments.len(), 1);
    assert_eq!(payments[0].value, 1_000);
    assert_eq!(payments[0].first_seen, 100);
    assert_eq!(payments[0].seen_by, ["a", "b"]);
    assert_eq!(payments[0].standing, Standing::Seen);
}

#[test]
fn what_pays_nobody_here_is_not_kept() {
    let mut ledger = ledger();
    assert!(!ledger.seen(&steal(1, 1_000), "a", 100));
    assert!(!ledger.seen(&tx(&[coin(2)], &[(ours(), 0)]), "a", 100));
    assert!(ledger.payments(&ours()).is_empty());
    assert!(ledger.payments(&script(99)).is_empty());
}

#[test]
fn two_operators_with_two_spends_of_one_coin_are_a_conflict() {
    let mut ledger = ledger();
    let (ours, theirs) = (pay(1, 1_000), steal(1, 1_000));
    ledger.seen(&ours, "a", 100);
    assert!(ledger.seen(&theirs, "b", 101));
    let found = payment(&ledger, &ours).expect("kept");
    assert_eq!(
        found.standing,
        Standing::Conflicted {
            by: theirs.compute_txid()
        }
    );
    assert_eq!(found.seen_by, ["a"]);
    assert_eq!(found.conflict_seen_by, ["b"]);
}

#[test]
fn a_conflict_announced_before_the_payment_is_found() {
    let mut ledger = ledger();
    let (ours, theirs) = (pay(1, 1_000), steal(1, 1_000));
    assert!(!ledger.seen(&theirs, "b", 100));
    ledger.seen(&ours, "a", 101);
    let found = payment(&ledger, &ours).expect("kept");
    assert_eq!(
        found.standing,
        Standing::Conflicted {
            by: theirs.compute_txid()
        }
    );
    assert_eq!(found.conflict_seen_by, ["b"]);
}

#[test]
fn a_payment_that_replaced_another_at_every_operator_is_in_no_conflict() {
    let mut ledger = ledger();
    let (ours, theirs) = (pay(1, 1_000), steal(1, 1_000));
    ledger.seen(&theirs, "a", 100);
    ledger.seen(&ours, "a", 101);
    assert_eq!(standing(&ledger, &ours), Some(Standing::Seen));
}

#[test]
fn replaced_only_when_every_operator_announced_the_other() {
    let mut ledger = ledger();
    let (ours, theirs) = (pay(1, 1_000), steal(1, 1_000));
    let by = theirs.compute_txid();
    ledger.seen(&ours, "a", 100);
    ledger.seen(&ours, "b", 100);
    ledger.seen(&theirs, "a", 101);
    assert_eq!(standing(&ledger, &ours), Some(Standing::Conflicted { by }));
    // The second operator's announcement is an inv of a transaction that is known already.
    assert!(ledger.knows(&by));
    assert!(ledger.announced(&by, "b"));
    assert_eq!(standing(&ledger, &ours), Some(Standing::Replaced { by }));
    assert!(!Standing::Replaced { by }.is_live());
}

#[test]
fn an_operator_that_announces_the_payment_again_holds_it_again() {
    let mut ledger = ledger();
    let (ours, theirs) = (pay(1, 1_000), steal(1, 1_000));
    ledger.seen(&ours, "a", 100);
    ledger.seen(&theirs, "a", 101);
    assert!(ledger.announced(&ours.compute_txid(), "a"));
    assert_eq!(standing(&ledger, &ours), Some(Standing::Seen));
}

#[test]
fn a_payment_bumped_twice_was_replaced_by_the_last_bump() {
    let mut ledger = ledger();
    let first = pay(1, 1_000);
    let second = pay(1, 999);
    let third = pay(1, 998);
    for (tx, now) in [(&first, 100), (&second, 101), (&third, 102)] {
        ledger.seen(tx, "a", now);
    }
    let by = third.compute_txid();
    assert_eq!(standing(&ledger, &first), Some(Standing::Replaced { by }));
    assert_eq!(standing(&ledger, &second), Some(Standing::Replaced { by }));
    let last = payment(&ledger, &third).expect("kept");
    assert_eq!(last.standing, Standing::Seen);
    assert_eq!(last.first_seen, 102);
    assert_eq!(last.since, 100, "it belongs to the sale of the first");
}

#[test]
fn a_conflict_over_the_parents_coin_is_the_payments_too() {
    let mut ledger = ledger();
    let parent = tx(&[coin(1)], &[(script(9), 2_000)]);
    let child = tx(&[output(&parent, 0)], &[(ours(), 1_000)]);
    let theft = steal(1, 2_000);
    ledger.seen(&parent, "a", 100);
    ledger.seen(&child, "a", 100);
    assert_eq!(standing(&ledger, &child), Some(Standing::Seen));
    assert!(ledger.seen(&theft, "a", 101));
    assert_eq!(
        standing(&ledger, &child),
        Some(Standing::Replaced {
            by: theft.compute_txid()
        })
    );
}

#[test]
fn a_parent_that_comes_after_its_child_brings_its_conflicts() {
    let mut ledger = ledger();
    let grandparent = tx(&[coin(1)], &[(script(9), 3_000)]);
    let parent = tx(&[output(&grandparent, 0)], &[(script(9), 2_000)]);
    let child = tx(&[output(&parent, 0)], &[(ours(), 1_000)]);
    let theft = steal(1, 2_000);
    ledger.seen(&theft, "b", 99);
    ledger.seen(&child, "a", 100);
    ledger.seen(&grandparent, "a", 100);
    assert_eq!(standing(&ledger, &child), Some(Standing::Seen));
    assert!(ledger.seen(&parent, "a", 101));
    assert_eq!(
        standing(&ledger, &child),
        Some(Standing::Conflicted {
            by: theft.compute_txid()
        })
    );
}

#[test]
fn a_payment_that_a_person_handed_over_is_vouched_for_by_nobody() {
    let mut ledger = ledger();
    let (ours, theirs) = (pay(1, 1_000), steal(1, 1_000));
    ledger.seen(&ours, "", 100);
    let found = payment(&ledger, &ours).expect("kept");
    assert_eq!(found.standing, Standing::Seen);
    assert!(found.seen_by.is_empty());
    ledger.seen(&theirs, "a", 101);
    assert_eq!(
        standing(&ledger, &ours),
        Some(Standing::Conflicted {
            by: theirs.compute_txid()
        })
    );
}

#[test]
fn a_conflict_that_a_person_handed_over_counts_when_an_operator_announces_it() {
    let mut ledger = ledger();
    let (ours, theirs) = (pay(1, 1_000), steal(1, 1_000));
    ledger.seen(&theirs, "", 99);
    ledger.seen(&ours, "a", 100);
    assert_eq!(standing(&ledger, &ours), Some(Standing::Seen));
    assert!(ledger.announced(&theirs.compute_txid(), "b"));
    assert_eq!(
        standing(&ledger, &ours),
        Some(Standing::Conflicted {
            by: theirs.compute_txid()
        })
    );
}

#[test]
fn a_payment_announced_before_its_script_was_watched_is_kept_when_it_comes_again() {
    let mut ledger = Ledger::new();
    let ours_tx = pay(1, 1_000);
    ledger.seen(&ours_tx, "a", 100);
    ledger.watch(ours());
    assert!(ledger.payments(&ours()).is_empty());
    assert!(ledger.seen(&ours_tx, "b", 130));
    assert_eq!(standing(&ledger, &ours_tx), Some(Standing::Seen));
}

#[test]
fn what_no_node_relays_is_not_kept() {
    let mut ledger = ledger();
    let coinbase = tx(&[OutPoint::null()], &[(ours(), 1_000)]);
    let no_coin = tx(&[], &[(ours(), 1_000)]);
    let too_much = pay(1, 2_100_000_000_000_001);
    let overflow = tx(&[coin(2)], &[(ours(), u64::MAX), (ours(), u64::MAX)]);
    let mut heavy = pay(3, 1_000);
    heavy.input[0].script_sig = ScriptBuf::from_bytes(vec![0; 100_001]);
    let half_coinbase = tx(&[coin(4), OutPoint::null()], &[(ours(), 1_000)]);
    for tx in [coinbase, half_coinbase, no_coin, too_much, overflow, heavy] {
        assert!(!ledger.seen(&tx, "a", 100));
    }
    assert!(ledger.payments(&ours()).is_empty());
}

#[test]
fn a_script_that_is_watched_no_more_leaves_nothing_behind() {
    let mut ledger = ledger();
    ledger.watch(script(2));
    let both = tx(&[coin(1)], &[(ours(), 700), (script(2), 300)]);
    ledger.seen(&both, "a", 100);
    ledger.seen(&pay(2, 1_000), "a", 100);
    ledger.unwatch(&ours());
    assert!(!ledger.watches(&ours()));
    assert_eq!(
        ledger.payments(&script(2)).len(),
        1,
        "it pays the other too"
    );
    ledger.unwatch(&script(2));
    assert!(ledger.is_idle());
    assert!(ledger.kept.is_empty());
    assert!(ledger.spends.is_empty());
}
