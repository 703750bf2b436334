//! Coins come, mature, are spent, leave and come back.

use super::world::{FTH, ME, OTHER, World, foreign, spend};
use crate::wallet::{EXPIRY, WalletEntryState as State};
use bitcoin::OutPoint;

#[test]
fn a_coinbase_counts_when_it_is_mature() {
    let mut world = World::on("farthing:lesson");
    world.earn(1);
    let first = world.chain[0].txids()[0];
    let immature = |matures_in| State::Mined {
        depth: 20 - matures_in,
        height: 1,
        matures_in,
    };
    for left in (1..20).rev() {
        world.mine(Vec::new());
        assert_eq!(world.entry(first).state, immature(left - 1));
        if left > 1 {
            let account = world.account();
            assert_eq!((account.immature, account.spendable), (5 * FTH, 0));
        }
    }
    assert_eq!(world.tip(), 20, "the block at height 21 may spend it");
    assert_eq!(world.account().spendable, 5 * FTH);
    assert_eq!(world.account().immature, 0);
}

#[test]
fn a_payment_of_others_is_shown_and_not_spent_before_it_is_mined() {
    let mut world = World::new();
    let tx = foreign(9, ME.script(0, 3), 7 * FTH);
    assert!(world.seen(&tx));
    let account = world.account();
    assert_eq!((account.incoming, account.spendable), (7 * FTH, 0));
    assert_eq!(account.next_index, 4);
    assert_eq!(world.state(&tx), State::Unconfirmed { replaceable: false });
    let refused = world.wallet.prepare(&world.order(Some(FTH)), 0, &[0; 32]);
    assert!(refused.is_err());
    world.mine(vec![tx.clone()]);
    let account = world.account();
    assert_eq!((account.incoming, account.spendable), (0, 7 * FTH));
    let entry = world.entry(tx.compute_txid());
    assert_eq!((entry.received, entry.sent, entry.fee), (7 * FTH, 0, None));
    assert_eq!(entry.addresses, [ME.address(&world.params, 0, 3)]);
}

#[test]
fn change_that_waits_may_be_spent_again() {
    let mut world = World::new();
    world.earn(1);
    let first = world.pay(FTH);
    let entry = world.entry(first.compute_txid());
    let fee = entry.fee.expect("all inputs are our own");
    assert_eq!(entry.sent, 5 * FTH);
    assert_eq!(entry.received, 4 * FTH - fee);
    assert_eq!(entry.addresses, [OTHER.address(&world.params, 0, 1)]);
    assert_eq!(entry.state, State::Unconfirmed { replaceable: true });
    let account = world.account();
    assert_eq!((account.spendable, account.change), (0, 4 * FTH - fee));
    let second = world.pay(FTH);
    assert_eq!(second.input[0].previous_output.txid, first.compute_txid());
    let waiting: Vec<_> = world.wallet.to_send().into_iter().cloned().collect();
    assert_eq!(waiting, [first, second], "parents first");
}

#[test]
fn a_line_of_change_ends_before_nodes_refuse_it() {
    let mut world = World::new();
    world.earn(1);
    let mut made = 0;
    while let Ok(request) = world.wallet.prepare(&world.order(Some(1_000)), 1, &[1; 32]) {
        let tx = ME.sign(&world.params, &request);
        assert!(world.wallet.seen(&tx, None, world.now));
        made += 1;
        assert!(made < 100);
    }
    assert_eq!(made, 24, "Bitcoin Core takes 25 in a line");
}

#[test]
fn a_block_with_another_spend_of_a_foreign_coin_kills_what_waited() {
    let mut world = World::new();
    let tx = foreign(9, ME.script(0, 3), FTH);
    world.seen(&tx);
    let rival = foreign(9, OTHER.script(0, 0), FTH);
    world.mine(vec![rival.clone()]);
    let by = rival.compute_txid().to_string();
    assert_eq!(world.state(&tx), State::Replaced { by });
    assert_eq!(world.account().incoming, 0);
    world.undo(1);
    assert_eq!(world.state(&tx), State::Unconfirmed { replaceable: false });
    assert_eq!(world.account().incoming, FTH);
}

#[test]
fn a_newer_payment_of_the_same_foreign_coin_stands_in_its_place() {
    let mut world = World::new();
    let (first, second) = (
        foreign(9, ME.script(0, 3), FTH),
        foreign(9, ME.script(0, 3), 2 * FTH),
    );
    world.seen(&first);
    world.seen(&second);
    assert_eq!(world.account().incoming, 2 * FTH);
    let by = second.compute_txid().to_string();
    assert_eq!(world.state(&first), State::Replaced { by });
    world.mine(vec![first.clone()]);
    assert_eq!(world.account().spendable, FTH);
    let by = first.compute_txid().to_string();
    assert_eq!(world.state(&second), State::Replaced { by });
}

#[test]
fn a_coinbase_whose_block_left_is_given_up_with_all_that_spends_it() {
    let mut world = World::new();
    world.earn(1);
    let mined = world.chain[0].txids()[0];
    let tx = world.pay(FTH);
    world.undo(1);
    assert_eq!(world.entry(mined).state, State::Abandoned);
    assert_eq!(world.state(&tx), State::Abandoned);
    let account = world.account();
    assert_eq!((account.spendable, account.change), (0, 0));
    assert!(world.wallet.to_send().is_empty());
}

#[test]
fn a_payment_of_a_coin_whose_block_left_waits_for_both() {
    let mut world = World::new();
    world.earn(1);
    let funding = foreign(9, ME.script(0, 3), 7 * FTH);
    world.mine(vec![funding.clone()]);
    let tx = world.pay(11 * FTH);
    world.undo(1);
    // The nodes have both still, and may mine them in any block: its coins are not free.
    assert_eq!(world.account().spendable, 0);
    assert_eq!(world.wallet.to_send(), [&tx]);
    world.mine(vec![funding, tx.clone()]);
    assert!(matches!(world.state(&tx), State::Mined { depth: 1, .. }));
}

#[test]
fn a_payment_whose_block_left_is_sent_again() {
    let mut world = World::new();
    world.earn(1);
    let tx = world.pay(FTH);
    world.mine(vec![tx.clone()]);
    assert!(world.wallet.to_send().is_empty());
    world.undo(1);
    assert_eq!(world.wallet.to_send(), [&tx]);
    world.mine(vec![tx.clone()]);
    assert!(world.wallet.to_send().is_empty());
    assert!(matches!(world.state(&tx), State::Mined { depth: 1, .. }));
}

#[test]
fn what_waits_for_two_weeks_is_given_up_visibly_and_its_coins_are_free() {
    let mut world = World::new();
    world.earn(1);
    let tx = world.pay(FTH);
    assert!(!world.wallet.expire(world.now + EXPIRY - 1));
    assert!(world.wallet.expire(world.now + EXPIRY));
    assert_eq!(world.state(&tx), State::Abandoned);
    assert_eq!(world.account().spendable, 5 * FTH);
    assert!(world.wallet.to_send().is_empty());
    // Somebody has it still.
    world.now += EXPIRY;
    assert!(world.seen(&tx));
    assert_eq!(world.account().spendable, 0);
    world.mine(vec![tx.clone()]);
    assert!(matches!(world.state(&tx), State::Mined { .. }));
}

#[test]
fn keys_that_join_are_found_in_blocks_that_are_told_again() {
    let mut world = World::new();
    let late = ME.script(0, 12);
    let funding = foreign(9, late, FTH);
    world.mine(vec![funding.clone()]);
    let coin = OutPoint::new(funding.compute_txid(), 0);
    // Signed by whoever has the key, in a block: nobody need be asked.
    let spending = spend(&[coin], &[(OTHER.script(0, 0), FTH / 2)]);
    world.mine(vec![spending.clone()]);
    assert!(world.view().history.is_empty());
    let more = ME.keys(&world.params, 20);
    assert!(world.wallet.watch(&more).expect("the same wallet"));
    assert!(!world.wallet.watch(&more).expect("the same wallet"));
    for (height, block) in (1..).zip(world.chain.clone()) {
        world.wallet.connect_block(&block, height);
    }
    assert_eq!(world.view().history.len(), 2);
    let entry = world.entry(spending.compute_txid());
    assert_eq!((entry.sent, entry.received), (FTH, 0));
    assert_eq!(world.account().spendable, 0);
}
