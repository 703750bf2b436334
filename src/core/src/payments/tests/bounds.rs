//! What hostile operators can make this client keep.

use super::super::announced::Announced;
use super::super::bounds::{BYTES_OF_ONE, MINED, PAYMENTS_OF_ONE};
use super::super::lineage::Open;
use super::*;

fn numbered(number: u32) -> OutPoint {
    let mut bytes = [7; 32];
    bytes[..4].copy_from_slice(&number.to_le_bytes());
    OutPoint::new(Txid::from_byte_array(bytes), number)
}

/// Brings as many payments as one operator may, and 100 more.
fn flood(ledger: &mut Ledger, operator: &str) {
    let count = u32::try_from(PAYMENTS_OF_ONE).expect("a small bound") + 100;
    for number in 0..count {
        let fake = tx(&[numbered(number)], &[(ours(), 1_000 + u64::from(number))]);
        ledger.seen(&fake, operator, 101);
    }
}

#[test]
fn one_operators_flood_keeps_out_only_what_it_brings() {
    let mut ledger = ledger();
    let (early, honest, late) = (pay(1, 5), pay(2, 5), pay(3, 5));
    // The hostile one brings an honest payment first, to flood it away.
    ledger.seen(&early, "hostile", 100);
    ledger.seen(&honest, "honest", 100);
    flood(&mut ledger, "hostile");
    assert_eq!(ledger.payments(&ours()).len(), PAYMENTS_OF_ONE + 1);
    assert_eq!(ledger.spends.len(), PAYMENTS_OF_ONE + 1, "no index leaks");
    assert!(payment(&ledger, &early).is_some());
    assert!(payment(&ledger, &honest).is_some());
    // Over its quota it brings nothing; another operator still does.
    let txid = late.compute_txid();
    assert!(!ledger.seen(&late, "hostile", 102));
    assert!(ledger.wants(&late, &txid));
    assert!(ledger.seen(&late, "honest", 103));
    assert!(!ledger.wants(&late, &txid));
    assert_eq!(standing(&ledger, &late), Some(Standing::Seen));
}

#[test]
fn the_dead_make_room() {
    let mut ledger = ledger();
    let dead = pay(1, 5);
    ledger.seen(&dead, "a", 100);
    flood(&mut ledger, "a");
    ledger.connect_block(&block(&[&steal(1, 5)]), 10, hash(1), 200);
    let next = pay(2, 5);
    assert!(ledger.seen(&next, "a", 201));
    assert!(payment(&ledger, &dead).is_none());
    assert_eq!(standing(&ledger, &next), Some(Standing::Seen));
}

#[test]
fn one_operators_bytes_are_bounded() {
    let mut ledger = ledger();
    for number in 0..60 {
        let mut fake = tx(&[numbered(number)], &[(ours(), 1_000)]);
        fake.input[0].script_sig = ScriptBuf::from_bytes(vec![0; 90_000]);
        ledger.seen(&fake, "hostile", 101);
    }
    let bytes: usize = ledger.kept.values().map(|kept| kept.tx.total_size()).sum();
    assert!(bytes <= BYTES_OF_ONE, "{bytes}");
    assert!(bytes > BYTES_OF_ONE - 100_000, "{bytes}");
}

#[test]
fn mined_payments_are_bounded_and_the_deepest_go_first() {
    let mut ledger = ledger();
    let deep = pay(1, 5);
    ledger.connect_block(&block(&[&deep]), 9, hash(9), 100);
    let many: Vec<Transaction> = (0..u32::try_from(MINED).expect("a small bound"))
        .map(|number| tx(&[numbered(number)], &[(ours(), 1)]))
        .collect();
    ledger.connect_block(&block(&many.iter().collect::<Vec<_>>()), 10, hash(10), 100);
    assert_eq!(ledger.kept.len(), MINED);
    assert!(payment(&ledger, &deep).is_none());
}

#[test]
fn rivals_of_one_payment_are_bounded_and_it_stays_in_conflict() {
    let mut ledger = ledger();
    let ours_tx = pay(1, 1_000);
    ledger.seen(&ours_tx, "a", 100);
    for value in 1..200 {
        ledger.seen(&steal(1, value), "b", 101);
    }
    let kept = &ledger.kept[&ours_tx.compute_txid()];
    assert_eq!(kept.rivals.len(), 32);
    assert_eq!(
        standing(&ledger, &ours_tx),
        Some(Standing::Conflicted {
            by: steal(1, 199).compute_txid()
        })
    );
}

#[test]
fn an_endless_ancestry_is_followed_a_bounded_way() {
    let mut ledger = ledger();
    let mut last = coin(1);
    for _ in 0..1_000 {
        let parent = tx(&[last], &[(script(9), 1_000)]);
        ledger.seen(&parent, "a", 100);
        last = output(&parent, 0);
    }
    let child = tx(&[last, coin(2), coin(3)], &[(ours(), 1_000)]);
    ledger.seen(&child, "a", 100);
    let lineage = &ledger.kept[&child.compute_txid()].lineage;
    assert!(lineage.len() <= 3 + 200, "{}", lineage.len());
    for own in [last, coin(2), coin(3)] {
        assert!(lineage.contains_key(&own), "its own coins come first");
    }
}

#[test]
fn announced_spends_are_a_ring_the_oldest_go_first() {
    let mut announced = Announced::new(10);
    let txs: Vec<Transaction> = (0..12)
        .map(|number| {
            tx(
                &[numbered(2 * number), numbered(2 * number + 1)],
                &[(script(9), 1)],
            )
        })
        .collect();
    for tx in &txs {
        let coins = tx.input.iter().map(|input| input.previous_output);
        announced.note(tx.compute_txid(), coins, "a");
    }
    assert_eq!(announced.len(), 10);
    assert!(!announced.contains(&txs[6].compute_txid()));
    assert!(announced.spenders(&numbered(12)).next().is_none());
    assert_eq!(
        announced.spenders(&numbered(14)).collect::<Vec<_>>(),
        [txs[7].compute_txid()]
    );
    let newest = txs[11].compute_txid();
    announced.remove(&newest);
    assert_eq!(announced.len(), 8);
    assert!(announced.inputs(&newest).is_empty());
}

#[test]
fn a_transaction_of_many_inputs_does_not_empty_the_ring_of_more_than_its_share() {
    let mut announced = Announced::new(10_000);
    announced.note(coin(1).txid, [coin(1)].into_iter(), "a");
    announced.note(coin(2).txid, (0..100_000).map(numbered), "b");
    assert_eq!(announced.len(), 3_001);
    assert!(announced.contains(&coin(1).txid));
}

#[test]
fn more_operators_than_are_told_apart_still_count() {
    let mut announced = Announced::new(10);
    let txid = coin(1).txid;
    for number in 0..200 {
        announced.note(txid, [coin(1)].into_iter(), &format!("operator {number}"));
    }
    assert_eq!(announced.operators(&txid).count(), 64);
}

#[test]
fn decoys_push_out_no_conflict_that_another_operator_announced() {
    let mut ledger = ledger();
    let (ours_tx, theft) = (pay(1, 1_000), steal(1, 1_000_000));
    ledger.seen(&ours_tx, "hostile", 100);
    ledger.seen(&theft, "honest", 101);
    for value in 1..100 {
        ledger.seen(&steal(1, value), "hostile", 102);
    }
    // The newest word of the one that sent the decoys is for the payment.
    ledger.announced(&ours_tx.compute_txid(), "hostile");
    let found = payment(&ledger, &ours_tx).expect("kept");
    assert_eq!(
        found.standing,
        Standing::Conflicted {
            by: theft.compute_txid()
        }
    );
    assert_eq!(found.conflict_seen_by, ["honest"]);
}

#[test]
fn decoys_before_the_payment_hide_no_conflict_that_another_operator_announced() {
    let decoys: Vec<Transaction> = (1..100).map(|value| steal(1, value)).collect();
    // Whichever place the theft's id has among theirs.
    for value in 1_000..1_010 {
        let mut ledger = ledger();
        let (ours_tx, theft) = (pay(1, 1_000), steal(1, value));
        ledger.seen(&theft, "honest", 99);
        for decoy in &decoys {
            ledger.seen(decoy, "hostile", 100);
        }
        ledger.seen(&ours_tx, "hostile", 101);
        let found = payment(&ledger, &ours_tx).expect("kept");
        assert_eq!(
            found.standing,
            Standing::Conflicted {
                by: theft.compute_txid()
            }
        );
        assert_eq!(found.conflict_seen_by, ["honest"]);
    }
}

#[test]
fn a_conflict_that_its_sender_pushed_out_comes_back_when_another_announces_it() {
    let mut ledger = ledger();
    let ours_tx = tx(&[coin(1), coin(2)], &[(ours(), 1_000)]);
    let theft = steal(1, 1_000_000);
    ledger.seen(&ours_tx, "hostile", 100);
    // The hostile one brings the theft first, so that nobody else is asked for it.
    ledger.seen(&theft, "hostile", 101);
    for value in 1..100 {
        ledger.seen(&steal(2, value), "hostile", 102);
    }
    ledger.announced(&ours_tx.compute_txid(), "hostile");
    assert_eq!(standing(&ledger, &ours_tx), Some(Standing::Seen));
    assert!(ledger.announced(&theft.compute_txid(), "honest"));
    let found = payment(&ledger, &ours_tx).expect("kept");
    assert_eq!(
        found.standing,
        Standing::Conflicted {
            by: theft.compute_txid()
        }
    );
    assert_eq!(found.conflict_seen_by, ["honest"]);
}

#[test]
fn one_operators_flood_of_announcements_costs_nobody_elses_word() {
    let mut announced = Announced::new(100);
    let (alone, both) = (coin(1).txid, coin(2).txid);
    announced.note(alone, [coin(1)].into_iter(), "honest");
    // The hostile one brings this one first, to take it away with its own.
    announced.note(both, [coin(2)].into_iter(), "hostile");
    announced.vouch(&both, "honest");
    for number in 0..300 {
        let txid = numbered(number).txid;
        announced.note(txid, (number..number + 9).map(numbered), "hostile");
    }
    assert!(announced.len() <= 100);
    assert!(announced.contains(&alone));
    assert!(announced.contains(&both));
    assert!(!announced.contains(&numbered(0).txid));
    assert!(announced.contains(&numbered(299).txid));
}

#[test]
fn the_spends_of_one_coin_that_are_remembered_are_bounded() {
    let mut announced = Announced::new(10_000);
    let (alone, both) = (coin(1).txid, coin(2).txid);
    announced.note(alone, [coin(9)].into_iter(), "honest");
    announced.note(both, [coin(9)].into_iter(), "hostile");
    announced.vouch(&both, "honest");
    for number in 0..300 {
        let coins = [coin(9), numbered(number)];
        announced.note(numbered(number).txid, coins.into_iter(), "hostile");
    }
    let spenders: Vec<Txid> = announced.spenders(&coin(9)).collect();
    assert_eq!(spenders.len(), 32);
    assert_eq!(spenders[..2], [alone, both]);
    assert_eq!(spenders[31], numbered(299).txid);
    assert_eq!(announced.len(), 32 + 30, "no index leaks");
}

#[test]
fn many_outputs_of_one_parent_of_many_inputs_are_followed_once() {
    let mut ledger = ledger();
    let inputs: Vec<OutPoint> = (0..400).map(numbered).collect();
    let outputs: Vec<(ScriptBuf, u64)> = (0..400).map(|_| (script(9), 1)).collect();
    let parent = tx(&inputs, &outputs);
    let coins: Vec<OutPoint> = (0..400).map(|index| output(&parent, index)).collect();
    let child = tx(&coins, &[(ours(), 1_000)]);
    ledger.seen(&parent, "a", 100);
    ledger.seen(&child, "a", 100);
    assert_eq!(ledger.kept[&child.compute_txid()].lineage.len(), 400 + 200);
    // What waits to be looked at is bounded too, each coin counted once.
    let mut open = Open::new(300);
    for number in 0..400 {
        let queued = [numbered(number % 3), numbered(number)];
        open.extend(queued.into_iter().map(|coin| (coin, child.compute_txid())));
    }
    assert_eq!(open.len(), 300);
}
