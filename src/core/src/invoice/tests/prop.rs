//! Properties of any facts.

use super::*;
use crate::payments::Ledger;
use proptest::collection::vec as some;
use proptest::prelude::*;
use proptest::sample::Index;

fn any_standing() -> impl Strategy<Value = Standing> {
    prop_oneof![
        Just(Standing::Seen),
        (0u8..20).prop_map(|by| Standing::Conflicted { by: txid(by) }),
        (0u8..20).prop_map(|by| Standing::Replaced { by: txid(by) }),
        (0u8..20).prop_map(|by| Standing::Dead { by: txid(by) }),
        (1u32..8).prop_map(mined),
        Just(Standing::Reorged { height: TIP }),
    ]
}

/// Number, value, when, how it stands.
fn any_payments() -> impl Strategy<Value = Vec<(u8, u64, u32, Standing)>> {
    some((0u8..20, 1u64..1_500, 0u32..1_800, any_standing()), 0..8).prop_map(|mut payments| {
        payments.sort_unstable_by_key(|payment| payment.0);
        payments.dedup_by_key(|payment| payment.0);
        payments
    })
}

fn till_with(
    payments: &[(u8, u64, u32, Standing)],
    tolerance_ppm: u32,
    confirmations: u32,
) -> Till {
    let mut till = Till::of(InvoiceRequest {
        tolerance_ppm,
        confirmations,
        ..request()
    });
    till.until(END + 1_000);
    for (number, value, after, standing) in payments {
        till.now = T0 + after;
        till.paid(*number, *value, *standing);
    }
    till.now = END + 1_000;
    till
}

proptest! {
    #[test]
    fn the_order_of_arrival_does_not_matter(
        payments in any_payments(),
        tolerance_ppm in 0u32..1_000_000,
        confirmations in 0u32..8,
        turns in some(any::<Index>(), 8),
    ) {
        let straight = till_with(&payments, tolerance_ppm, confirmations);
        let mut turned = till_with(&payments, tolerance_ppm, confirmations);
        for (at, with) in turns.iter().enumerate().take(turned.payments.len()) {
            let with = with.index(turned.payments.len());
            turned.payments.swap(at, with);
        }
        prop_assert_eq!(straight.view(), turned.view());
    }

    /// What was told before, and how often, changes nothing of where it stands.
    #[test]
    fn the_status_is_a_function_of_the_facts(
        before in some(any_payments(), 0..4),
        payments in any_payments(),
    ) {
        let fresh = till_with(&payments, 0, 3);
        let mut told = till_with(&payments, 0, 3);
        for history in &before {
            told.payments = till_with(history, 0, 3).payments;
            told.update();
        }
        told.payments.clone_from(&fresh.payments);
        told.update();
        let (fresh, told) = (fresh.view(), told.view());
        prop_assert_eq!(fresh.status, told.status);
        prop_assert_eq!(fresh.flags, told.flags);
        prop_assert_eq!(fresh.credit, told.credit);
        prop_assert_eq!(fresh.verdict, told.verdict);
    }

    #[test]
    fn credit_never_counts_the_dead_the_replaced_or_the_conflicted(payments in any_payments()) {
        let till = till_with(&payments, 0, 3);
        let live: u64 = payments
            .iter()
            .filter(|(_, _, _, standing)| standing.is_live())
            .map(|(_, value, _, _)| value)
            .sum();
        let view = till.view();
        prop_assert_eq!(view.credit, live);
        for payment in &view.payments {
            let counts = matches!(
                payment.state,
                PaymentState::Seen | PaymentState::Mined { .. } | PaymentState::Reorged
            );
            prop_assert_eq!(payment.counts, counts);
        }
    }

    #[test]
    fn settled_implies_enough_with_the_wanted_confirmations(
        payments in any_payments(),
        tolerance_ppm in 0u32..1_000_000,
        confirmations in 0u32..8,
    ) {
        let till = till_with(&payments, tolerance_ppm, confirmations);
        let view = till.view();
        let credit = |least: u32| -> u64 {
            payments
                .iter()
                .filter(|(_, _, _, standing)| match standing {
                    Standing::Mined { height, .. } => TIP + 1 - height >= least,
                    other => other.is_live() && least == 0,
                })
                .map(|(_, value, _, _)| value)
                .sum()
        };
        if let InvoiceStatus::Settled { depth } = view.status {
            prop_assert!(credit(confirmations) >= view.need);
            prop_assert!(credit(depth) >= view.need && credit(depth + 1) < view.need);
            prop_assert!(!view.flags.contains(&InvoiceFlag::Late));
        }
        if view.verdict.answer == VerdictAnswer::Confirmed {
            prop_assert!(credit(confirmations.max(1)) >= view.need);
        }
        prop_assert_eq!(view.remaining == 0, view.credit >= 1_000);
    }

    /// Whatever the facts are, a second look without a change tells nothing.
    #[test]
    fn a_change_is_told_once(history in some(any_payments(), 1..5)) {
        let mut till = till_with(&[], 0, 3);
        for payments in &history {
            till.payments = till_with(payments, 0, 3).payments;
            till.update();
            prop_assert!(till.update().is_empty());
            let told = till.record.status();
            prop_assert_eq!(told, till.status());
        }
    }

    /// A fall from settled or confirming rings, whatever caused it.
    #[test]
    fn a_fall_rings(before in any_payments(), after in any_payments()) {
        let mut till = till_with(&before, 0, 3);
        till.update();
        let was = till.status();
        till.payments = till_with(&after, 0, 3).payments;
        let changes = till.update();
        let fell = matches!(was, InvoiceStatus::Settled { .. })
            && !matches!(till.status(), InvoiceStatus::Settled { .. })
            || matches!(was, InvoiceStatus::Confirming { .. })
                && !matches!(
                    till.status(),
                    InvoiceStatus::Settled { .. } | InvoiceStatus::Confirming { .. }
                );
        prop_assert!(!fell || changes.iter().any(|change| change.alarm), "{:?}", changes);
    }

    #[test]
    fn a_record_survives_storage(history in some(any_payments(), 0..4)) {
        let mut till = till_with(&[], 0, 3);
        for payments in &history {
            till.payments = till_with(payments, 0, 3).payments;
            till.update();
        }
        let bytes = till.record.encode().expect("JSON");
        let back = InvoiceRecord::decode(&bytes).expect("unchanged");
        let again = InvoiceRecord::decode(&back.encode().expect("JSON")).expect("unchanged");
        prop_assert_eq!(&back, &again);
        prop_assert_eq!(&back.changes, &till.record.changes);
        prop_assert_eq!(&back.told, &till.record.told);
    }
}

/// The two rooms together: a ledger's payments settle an invoice.
#[test]
fn a_ledger_settles_an_invoice() {
    use bitcoin::consensus::deserialize;
    let genesis = NetworkParams::by_name("bitcoin").expect("known").genesis;
    let coinbase: bitcoin::Transaction = deserialize(
        &hex::decode(
            "01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff4d\
             04ffff001d0104455468652054696d65732030332f4a616e2f32303039204368616e63656c6c6f72206f\
             6e206272696e6b206f66207365636f6e64206261696c6f757420666f722062616e6b73ffffffff0100f2\
             052a01000000434104678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb649\
             f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5fac00000000",
        )
        .expect("hex"),
    )
    .expect("the first transaction");
    let script = coinbase.output[0].script_pubkey.clone();
    let block = bitcoin::Block {
        header: genesis,
        txdata: vec![coinbase],
    };
    let mut ledger = Ledger::new();
    ledger.watch(script.clone());
    ledger.connect_block(&block, TIP - 120, genesis.block_hash(), T0);
    let mut till = Till::new();
    till.payments = ledger.payments(&script);
    let view = till.view();
    assert_eq!(view.status, settled(121));
    assert_eq!(view.credit, 5_000_000_000);
    assert_eq!(
        view.payments[0].txid,
        "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b"
    );
}
