//! Blocks that join and leave the best chain.

use super::*;

#[test]
fn a_payment_in_a_block_is_mined_there_whether_announced_or_not() {
    let mut ledger = ledger();
    let (announced, silent) = (pay(1, 1_000), pay(2, 500));
    ledger.seen(&announced, "a", 100);
    assert!(ledger.connect_block(&block(&[&announced, &silent]), 10, hash(1), 200));
    let mined = Standing::Mined {
        block: hash(1),
        height: 10,
    };
    assert_eq!(standing(&ledger, &announced), Some(mined));
    assert_eq!(standing(&ledger, &silent), Some(mined));
    assert_eq!(payment(&ledger, &silent).map(|p| p.first_seen), Some(200));
    assert!(
        !ledger.connect_block(&block(&[]), 11, hash(2), 300),
        "nothing of ours is in it"
    );
}

#[test]
fn a_mined_conflict_kills_the_payment() {
    let mut ledger = ledger();
    let (ours, theirs) = (pay(1, 1_000), steal(1, 1_000));
    ledger.seen(&ours, "a", 100);
    assert!(ledger.connect_block(&block(&[&theirs]), 10, hash(1), 200));
    assert_eq!(
        standing(&ledger, &ours),
        Some(Standing::Dead {
            by: theirs.compute_txid()
        })
    );
}

#[test]
fn a_mined_conflict_over_an_ancestors_coin_kills_the_descendants() {
    let mut ledger = ledger();
    let parent = tx(&[coin(1)], &[(script(9), 2_000)]);
    let child = tx(&[output(&parent, 0)], &[(ours(), 1_000), (script(9), 900)]);
    let grandchild = tx(&[output(&child, 1)], &[(ours(), 800)]);
    let theft = steal(1, 2_000);
    for tx in [&parent, &child, &grandchild] {
        ledger.seen(tx, "a", 100);
    }
    ledger.connect_block(&block(&[&theft]), 10, hash(1), 200);
    let dead = Some(Standing::Dead {
        by: theft.compute_txid(),
    });
    assert_eq!(standing(&ledger, &child), dead);
    assert_eq!(standing(&ledger, &grandchild), dead);
}

#[test]
fn an_ancestor_that_is_mined_kills_nobody() {
    let mut ledger = ledger();
    let parent = tx(&[coin(1)], &[(script(9), 2_000)]);
    let child = tx(&[output(&parent, 0)], &[(ours(), 1_000)]);
    ledger.seen(&parent, "a", 100);
    ledger.seen(&child, "a", 100);
    ledger.connect_block(&block(&[&parent]), 10, hash(1), 200);
    assert_eq!(standing(&ledger, &child), Some(Standing::Seen));
}

#[test]
fn a_conflict_that_can_be_mined_no_more_is_over_and_comes_back_with_its_coins() {
    let mut ledger = ledger();
    let ours_tx = pay(1, 1_000);
    // The rival spends a second coin, or is a child of one that does; that coin is mined elsewhere.
    let parent = tx(&[coin(2)], &[(script(9), 2_000)]);
    let rival = tx(&[coin(1), output(&parent, 0)], &[(script(99), 900)]);
    let other = steal(2, 2_000);
    ledger.seen(&ours_tx, "a", 100);
    ledger.seen(&parent, "b", 100);
    ledger.seen(&rival, "b", 101);
    let conflict = Some(Standing::Conflicted {
        by: rival.compute_txid(),
    });
    assert_eq!(standing(&ledger, &ours_tx), conflict);
    assert!(ledger.connect_block(&block(&[&other]), 10, hash(1), 200));
    assert_eq!(standing(&ledger, &ours_tx), Some(Standing::Seen));
    // A payment that comes now meets a rival that is dead already.
    let late = tx(&[coin(1)], &[(ours(), 999)]);
    ledger.seen(&late, "a", 250);
    assert_eq!(standing(&ledger, &late), Some(Standing::Seen));
    ledger.announced(&ours_tx.compute_txid(), "a");
    assert!(ledger.disconnect_block(&hash(1), 300));
    assert_eq!(standing(&ledger, &ours_tx), conflict);
    let later = tx(&[coin(1)], &[(ours(), 998)]);
    ledger.seen(&later, "a", 305);
    assert_eq!(standing(&ledger, &later), conflict);
    ledger.announced(&ours_tx.compute_txid(), "a");
    ledger.connect_block(&block(&[&other]), 10, hash(2), 310);
    assert_eq!(standing(&ledger, &ours_tx), Some(Standing::Seen));
}

#[test]
fn a_payment_whose_block_left_is_reorged_until_announced_or_mined_again() {
    let mut ledger = ledger();
    let ours_tx = pay(1, 1_000);
    ledger.seen(&ours_tx, "a", 100);
    ledger.connect_block(&block(&[&ours_tx]), 10, hash(1), 200);
    assert!(ledger.to_rebroadcast().is_empty());
    assert!(ledger.disconnect_block(&hash(1), 300));
    assert_eq!(
        standing(&ledger, &ours_tx),
        Some(Standing::Reorged { height: 10 })
    );
    assert_eq!(
        payment(&ledger, &ours_tx).map(|p| p.waiting_since),
        Some(300)
    );
    assert_eq!(ledger.to_rebroadcast(), std::slice::from_ref(&ours_tx));

    let mut mined = ledger.clone();
    assert!(ledger.seen(&ours_tx, "a", 310));
    assert_eq!(standing(&ledger, &ours_tx), Some(Standing::Seen));
    assert!(ledger.to_rebroadcast().is_empty());

    mined.connect_block(&block(&[&ours_tx]), 11, hash(2), 320);
    assert_eq!(
        standing(&mined, &ours_tx),
        Some(Standing::Mined {
            block: hash(2),
            height: 11
        })
    );
    assert!(mined.to_rebroadcast().is_empty());
}

#[test]
fn only_the_block_that_left_gives_up_its_payments() {
    let mut ledger = ledger();
    let ours_tx = pay(1, 1_000);
    ledger.connect_block(&block(&[&ours_tx]), 10, hash(1), 200);
    assert!(!ledger.disconnect_block(&hash(9), 300));
    assert!(matches!(
        standing(&ledger, &ours_tx),
        Some(Standing::Mined { .. })
    ));
}

#[test]
fn what_left_a_block_is_sent_again_parents_first_and_never_a_coinbase() {
    let mut ledger = ledger();
    let first = tx(&[coin(1)], &[(ours(), 1_000), (script(9), 900)]);
    let second = tx(&[output(&first, 1)], &[(ours(), 500)]);
    let mut with_coinbase = block(&[&first, &second]);
    with_coinbase.txdata[0].output[0].script_pubkey = ours();
    ledger.connect_block(&with_coinbase, 10, hash(1), 200);
    assert_eq!(ledger.payments(&ours()).len(), 3);
    ledger.disconnect_block(&hash(1), 300);
    assert_eq!(ledger.to_rebroadcast(), [first, second]);
}

#[test]
fn after_a_reorganisation_the_dead_live_again_and_stay_in_conflict_until_announced() {
    let mut ledger = ledger();
    let (ours, theirs) = (pay(1, 1_000), steal(1, 1_000));
    ledger.seen(&ours, "a", 100);
    ledger.connect_block(&block(&[&theirs]), 10, hash(1), 200);
    assert!(ledger.disconnect_block(&hash(1), 300));
    assert_eq!(
        standing(&ledger, &ours),
        Some(Standing::Conflicted {
            by: theirs.compute_txid()
        }),
        "the nodes that followed hold the other again"
    );
    let mut mined = ledger.clone();
    mined.connect_block(&block(&[&ours]), 10, hash(2), 310);
    assert!(matches!(
        standing(&mined, &ours),
        Some(Standing::Mined { height: 10, .. })
    ));
    ledger.announced(&ours.compute_txid(), "a");
    assert_eq!(standing(&ledger, &ours), Some(Standing::Seen));
}

#[test]
fn a_reorganisation_to_the_double_spend_kills_the_mined_payment() {
    let mut ledger = ledger();
    let (ours, theirs) = (pay(1, 1_000), steal(1, 1_000));
    ledger.connect_block(&block(&[&ours]), 10, hash(1), 200);
    ledger.disconnect_block(&hash(1), 300);
    ledger.connect_block(&block(&[&theirs]), 10, hash(2), 300);
    assert_eq!(
        standing(&ledger, &ours),
        Some(Standing::Dead {
            by: theirs.compute_txid()
        })
    );
    assert!(ledger.to_rebroadcast().is_empty());
}

#[test]
fn a_child_of_a_payment_that_fell_out_of_its_block_hangs_on_its_coins() {
    let mut ledger = ledger();
    let parent = tx(&[coin(1)], &[(ours(), 1_000), (script(9), 900)]);
    let child = tx(&[output(&parent, 1)], &[(ours(), 500)]);
    let theft = steal(1, 1_000);
    ledger.connect_block(&block(&[&parent]), 10, hash(1), 200);
    ledger.seen(&child, "a", 210);
    ledger.disconnect_block(&hash(1), 300);
    ledger.connect_block(&block(&[&theft]), 10, hash(2), 300);
    assert_eq!(
        standing(&ledger, &child),
        Some(Standing::Dead {
            by: theft.compute_txid()
        })
    );
}

#[test]
fn an_announcement_against_a_mined_payment_is_dead_on_arrival() {
    let mut ledger = ledger();
    let (mined, late) = (pay(1, 1_000), pay(1, 900));
    ledger.connect_block(&block(&[&mined]), 10, hash(1), 200);
    ledger.seen(&late, "a", 210);
    assert_eq!(
        standing(&ledger, &late),
        Some(Standing::Dead {
            by: mined.compute_txid()
        })
    );
    assert!(matches!(
        standing(&ledger, &mined),
        Some(Standing::Mined { .. })
    ));
}

#[test]
fn coinbases_are_in_no_conflict_with_each_other() {
    let mut ledger = ledger();
    let reward = |number: u8| {
        let mut block = block(&[]);
        block.txdata[0].output[0].script_pubkey = ours();
        block.txdata[0].input[0].script_sig = ScriptBuf::from_bytes(vec![1, number]);
        block
    };
    let (first, second) = (reward(1), reward(2));
    ledger.connect_block(&first, 10, hash(1), 100);
    ledger.connect_block(&second, 11, hash(2), 200);
    let late = payment(&ledger, &second.txdata[0]).expect("kept");
    assert_eq!(late.since, 200, "it bumps no other");
    ledger.disconnect_blocks(&[hash(2), hash(1)], 300);
    ledger.connect_block(&second, 10, hash(3), 300);
    assert_eq!(
        standing(&ledger, &first.txdata[0]),
        Some(Standing::Reorged { height: 10 })
    );
    assert!(ledger.spends.is_empty());
}

#[test]
fn a_changed_witness_is_put_right_by_the_block() {
    let mut ledger = ledger();
    let mut good = pay(1, 1_000);
    good.input[0].witness = Witness::from_slice(&[[1; 70]]);
    let mut junk = good.clone();
    junk.input[0].witness = Witness::from_slice(&[[9; 70]]);
    let mut bare = good.clone();
    bare.input[0].witness = Witness::new();
    let committed = |tx: &Transaction| {
        let mut block = block(&[tx]);
        let commitment = [&[0x6a, 0x24, 0xaa, 0x21, 0xa9, 0xed][..], &[0; 32]].concat();
        block.txdata[0].output[0].script_pubkey = ScriptBuf::from_bytes(commitment);
        block
    };
    ledger.seen(&junk, "hostile", 100);
    let mut whole = committed(&good);
    whole.txdata[0].input[0].witness = Witness::from_slice(&[[0; 32]]);
    ledger.connect_block(&whole, 10, hash(1), 200);
    ledger.disconnect_block(&hash(1), 300);
    assert_eq!(ledger.to_rebroadcast(), std::slice::from_ref(&good));
    // A block that came without its witnesses takes none away.
    ledger.connect_block(&committed(&bare), 10, hash(2), 310);
    ledger.disconnect_block(&hash(2), 320);
    assert_eq!(ledger.to_rebroadcast(), [good]);
}

#[test]
fn blocks_that_leave_together_leave_as_one_by_one() {
    let mut ledger = ledger();
    let (first, second, loser) = (pay(1, 5), pay(2, 5), pay(3, 5));
    ledger.seen(&loser, "a", 90);
    ledger.connect_block(&block(&[&first, &steal(3, 5)]), 10, hash(1), 100);
    ledger.connect_block(&block(&[&second]), 11, hash(2), 100);
    let mut each = ledger.clone();
    assert!(ledger.disconnect_blocks(&[hash(2), hash(1)], 200));
    each.disconnect_block(&hash(2), 200);
    each.disconnect_block(&hash(1), 200);
    assert_eq!(ledger.payments(&ours()), each.payments(&ours()));
    assert_eq!(ledger.to_rebroadcast().len(), 2);
}

#[test]
fn a_stored_count_of_words_at_its_end_is_no_end() {
    let mut ledger = ledger();
    ledger.sequence = u64::MAX;
    let bytes = ledger.encode().expect("JSON");
    let mut back = Ledger::decode(&bytes).expect("unchanged");
    assert!(back.seen(&pay(1, 1_000), "a", 100));
}
