//! Maturity, lock times (BIP113) and sequence locks (BIP68): one block or second either side.

use super::{COIN_TIME, NEXT_TIME, SpendCase, as_it_is, output, script, signed};
use bitcoin::absolute::LockTime;
use bitcoin::transaction::Version;
use bitcoin::{Sequence, TxIn};

const MATURITY: u32 = 20;
/// BIP68: this bit set, the sequence number is no lock.
const DISABLED: u32 = 1 << 31;
/// BIP68: this bit set, the lock is a time in units of 512 s.
const TIME: u32 = 1 << 22;

pub(super) fn maturity() -> Vec<SpendCase> {
    let spent_after = |about, blocks, outcome| {
        let pay = vec![output(1_000, script(2))];
        signed(about, pay, outcome, |_, coins, context| {
            coins[0].coinbase = true;
            context.height = coins[0].height + blocks;
        })
    };
    vec![
        spent_after(
            "a coinbase one block before it is mature",
            MATURITY - 1,
            Err("bad-txns-premature-spend-of-coinbase"),
        ),
        spent_after("a mature coinbase", MATURITY, Ok(0)),
    ]
}

pub(super) fn lock_times() -> Vec<SpendCase> {
    let early = Err("bad-txns-nonfinal");
    let lock = |about, lock, sequence, outcome| {
        let pay = vec![output(1_000, script(2))];
        signed(about, pay, outcome, |transaction, _, _| {
            transaction.lock_time = LockTime::from_consensus(lock);
            transaction.input[0].sequence = Sequence(sequence);
        })
    };
    let counts = 0xffff_fffe;
    vec![
        lock("locked until the height before", 100, counts, Ok(0)),
        lock("locked until the height of the block", 101, counts, early),
        lock(
            "locked until a second before the median time",
            NEXT_TIME - 1,
            counts,
            Ok(0),
        ),
        lock("locked until the median time", NEXT_TIME, counts, early),
        lock(
            "the last lock time that is a height",
            499_999_999,
            counts,
            early,
        ),
        lock(
            "the first lock time that is a time",
            500_000_000,
            counts,
            Ok(0),
        ),
        lock(
            "a lock time that no input heeds",
            u32::MAX,
            0xffff_ffff,
            Ok(0),
        ),
        signed(
            "a lock time that one input of two heeds",
            vec![output(1_000, script(2))],
            early,
            |transaction, coins, _| {
                transaction.lock_time = LockTime::from_consensus(101);
                let mut second: TxIn = transaction.input[0].clone();
                second.previous_output.vout = 9;
                second.sequence = Sequence(counts);
                transaction.input.push(second);
                coins.push(super::coin(0));
            },
        ),
    ]
}

pub(super) fn sequence_locks() -> Vec<SpendCase> {
    let early = Err("non-BIP68-final");
    let lock = |about, version, sequence, height, time, outcome| {
        let pay = vec![output(1_000, script(2))];
        signed(about, pay, outcome, |transaction, _, context| {
            transaction.version = Version(version);
            transaction.input[0].sequence = Sequence(sequence);
            context.height = height;
            context.median_time_past = time;
        })
    };
    // The coin was made at height 100; the median time before it was COIN_TIME.
    let passed = |units: u32| COIN_TIME + 512 * units;
    vec![
        lock("10 blocks after its coin", 2, 10, 110, NEXT_TIME, Ok(0)),
        lock(
            "9 blocks after its coin, locked for 10",
            2,
            10,
            109,
            NEXT_TIME,
            early,
        ),
        lock(
            "65,535 blocks after its coin",
            2,
            0xffff,
            65_635,
            NEXT_TIME,
            Ok(0),
        ),
        lock(
            "65,534 blocks, locked for 65,535",
            2,
            0xffff,
            65_634,
            NEXT_TIME,
            early,
        ),
        lock(
            "10 units of 512 s after its coin",
            2,
            TIME | 10,
            101,
            passed(10),
            Ok(0),
        ),
        lock("a second less", 2, TIME | 10, 101, passed(10) - 1, early),
        lock(
            "version 1 has no sequence locks",
            1,
            10,
            101,
            NEXT_TIME,
            Ok(0),
        ),
        lock(
            "a version below zero has them, as a number without sign",
            -1,
            10,
            101,
            NEXT_TIME,
            early,
        ),
        lock(
            "the highest bit says that there is no lock",
            2,
            DISABLED | 10,
            101,
            NEXT_TIME,
            Ok(0),
        ),
        lock(
            "bits 16 to 21 say nothing",
            2,
            0x003f_0000 | 1,
            101,
            NEXT_TIME,
            Ok(0),
        ),
        lock(
            "a coin of this very block, locked for 1",
            2,
            1,
            100,
            NEXT_TIME,
            early,
        ),
        lock(
            "a coin of this very block, locked for 0",
            2,
            0,
            100,
            NEXT_TIME,
            Ok(0),
        ),
        signed(
            "no lock at all",
            vec![output(1, script(2))],
            Ok(999),
            as_it_is,
        ),
    ]
}
