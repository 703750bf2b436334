//! A pool that lies: each lie is survived, and told in plain words.

use super::world::{
    COINBASE1, COINBASE2, Miner, notify, notify_of, options, set_difficulty, solve,
};
use crate::stratum::client::{Event, Input, Link, Share};
use bitcoin::block::Header;
use bitcoin::consensus::encode::{deserialize, serialize_hex};

const EASY: &str = "207fffff";
const BITCOIN: &str = "1d00ffff";

fn told(miner: &Miner, words: &str) {
    let problems = miner.problems();
    assert!(
        problems.iter().any(|problem| problem.contains(words)),
        "expected {words:?} in {problems:?}"
    );
}

/// Left, and told why.
fn left(miner: &Miner, words: &str) {
    told(miner, words);
    assert_eq!(miner.closed.len(), 1, "{:?}", miner.events);
    assert!(matches!(
        miner.events.last(),
        Some(Event::Link {
            link: Link::Waiting { .. }
        })
    ));
}

#[test]
fn a_silent_pool_is_left_and_tried_again() {
    let mut miner = Miner::ready();
    miner.pass(299_000);
    assert!(miner.closed.is_empty());
    miner.pass(2_000);
    left(&miner, "the pool is silent: no job for 5 minutes");
    miner.pass(5_000);
    assert_eq!(miner.connects, 2);
}

#[test]
fn a_pool_that_talks_without_jobs_is_silent_too() {
    let mut miner = Miner::ready();
    for _ in 0..5 {
        miner.pass(60_000);
        miner.hear(r#"{"id":null,"method":"client.show_message","params":["soon"]}"#);
    }
    left(&miner, "the pool is silent");
}

#[test]
fn a_pool_that_never_lets_us_in_is_left() {
    let mut miner = Miner::new(options());
    miner.connect();
    miner.pass(31_000);
    left(&miner, "did not let us in within 30 s");
}

#[test]
fn a_pool_that_cannot_be_reached_is_tried_less_and_less_often() {
    let mut miner = Miner::new(options());
    miner.handle(Input::Tick);
    let mut waits = Vec::new();
    for _ in 0..12 {
        miner.handle(Input::Disconnected);
        let Some(Event::Link {
            link: Link::Waiting { retry_ms },
        }) = miner.events.last()
        else {
            panic!("{:?}", miner.events.last());
        };
        waits.push(*retry_ms);
        miner.pass(retry_ms + 1);
    }
    assert_eq!(miner.connects, 13);
    assert!((1_000..=1_250).contains(&waits[0]), "{waits:?}");
    assert!((4_000..=5_000).contains(&waits[2]), "{waits:?}");
    assert!((300_000..=375_000).contains(&waits[11]), "{waits:?}");
}

#[test]
fn an_impossible_difficulty_changes_nothing() {
    let mut miner = Miner::ready();
    miner.hear(&set_difficulty(0.5));
    for number in [
        "0", "-1", "1e300", "\"nan\"", "\"inf\"", "1e999", "null", "[]",
    ] {
        miner.events.clear();
        let line = format!(r#"{{"id":null,"method":"mining.set_difficulty","params":[{number}]}}"#);
        miner.hear(&line);
        assert_eq!(miner.problems().len(), 1, "{number}: {:?}", miner.events);
        assert_eq!(miner.events.len(), 1, "{number}");
    }
    miner.hear(&notify("1", BITCOIN, true));
    let work = miner.client.work(0).unwrap();
    assert!(work.target.starts_with("00000001fffe"), "{}", work.target);
}

#[test]
fn a_difficulty_that_every_hash_meets_does_not_make_us_flood() {
    let mut miner = Miner::ready();
    miner.hear(&set_difficulty(1e-12));
    miner.hear(&notify("1", BITCOIN, true));
    let work = miner.client.work(0).unwrap();
    assert_eq!(work.target, "f".repeat(64));
    let mut header: Header = deserialize(&hex::decode(&work.header).unwrap()).unwrap();
    let mut sent = 0;
    for second in 1..=3 {
        for share in 0..1_000 {
            header.nonce += 1;
            miner.handle(Input::Submit(Share {
                share,
                work: work.id,
                header: serialize_hex(&header),
            }));
        }
        sent += miner.sent.len();
        // The pool answers all of them.
        for line in std::mem::take(&mut miner.sent) {
            let line: serde_json::Value = serde_json::from_slice(&line).unwrap();
            miner.hear(&format!(
                r#"{{"id":{},"result":true,"error":null}}"#,
                line["id"]
            ));
        }
        miner.ms = 1_000 * second;
    }
    assert!((60..=120).contains(&sent), "{sent}");
    told(&miner, "the pool's difficulty is too easy");
}

#[test]
fn shares_that_wait_for_an_answer_are_bounded() {
    let mut miner = Miner::ready();
    miner.hear(&notify("1", EASY, true));
    let work = miner.client.work(0).unwrap();
    for share in 0..200 {
        miner.ms += 100;
        let header = solve(&work, share * 1_000);
        miner.handle(Input::Submit(Share {
            share,
            work: work.id,
            header,
        }));
    }
    assert_eq!(miner.sent.len(), 64);
    told(&miner, "it does not answer");
}

#[test]
fn a_pool_that_does_not_answer_shares_is_left_and_they_are_stale() {
    let mut miner = Miner::ready();
    miner.hear(&notify("1", EASY, true));
    let work = miner.client.work(0).unwrap();
    let header = solve(&work, 0);
    miner.handle(Input::Submit(Share {
        share: 3,
        work: work.id,
        header,
    }));
    miner.pass(61_000);
    left(&miner, "did not answer a share within 60 s");
    let stale = |event: &Event| matches!(event, Event::Stale { share: 3, .. });
    assert!(miner.events.iter().any(stale));
}

#[test]
fn a_difficulty_harder_than_a_block_loses_no_block() {
    let mut miner = Miner::ready();
    miner.hear(&set_difficulty(1e60));
    miner.hear(&notify("1", EASY, true));
    told(&miner, "harder than a block");
    let work = miner.client.work(0).unwrap();
    assert!(work.target.starts_with("7fffff"), "{}", work.target);
}

#[test]
fn a_coinbase_that_is_none_is_not_searched() {
    let output = "0100f2052a01000000015100000000";
    let long = format!("ffffffff{}", "00".repeat(100_000));
    let spends = COINBASE1
        .replacen("00000001", "00000101", 1)
        .replacen("ffffffff", "00000000", 1);
    let witness = COINBASE1.replacen("0100000001", "01000000000101", 1);
    let script_101 = COINBASE1.replace("0a5100", &format!("65{}", "51".repeat(93)));
    for (one, two, words) in [
        ("", "", "bytes that are no transaction"),
        (COINBASE1, "ffffffff", "bytes that are no transaction"),
        (COINBASE1, &long, "expected at most 100000 bytes of coinb2"),
        (
            COINBASE1,
            &format!("{COINBASE2}00"),
            "bytes that are no transaction",
        ),
        (&spends, COINBASE2, "a transaction that spends a coin"),
        (
            &witness,
            &format!("ffffffff0100f2052a010000000151{}00000000", "0100"),
            "with its witness",
        ),
        (&script_101, COINBASE2, "a script of 101 bytes"),
        // The extra nonces are an output's script, and the sequence.
        (
            &format!("{}025100ffffffff0100f2052a0100000008", &COINBASE1[..82]),
            "00000000",
            "within the coinbase's script",
        ),
        (
            &COINBASE1[..80],
            &format!("025100{output}"),
            "bytes that are no transaction",
        ),
        ("zz", COINBASE2, "bytes in hex"),
    ] {
        let mut miner = Miner::ready();
        miner.hear(&notify_of("1", one, two, BITCOIN, true));
        told(&miner, words);
        assert_eq!(miner.client.work(0), None, "{words}");
        assert!(miner.closed.is_empty());
        // The pool comes to its senses.
        miner.hear(&notify("2", BITCOIN, true));
        assert!(miner.client.work(0).is_some());
    }
}

#[test]
fn a_block_target_that_is_none_is_not_searched() {
    let mut miner = Miner::ready();
    for bits in ["00000000", "1d80ffff", "ff123456"] {
        miner.events.clear();
        miner.hear(&notify("1", bits, true));
        told(&miner, "expected a block's target");
    }
    assert_eq!(miner.client.work(0), None);
}

#[test]
fn a_branch_that_no_block_has_is_not_searched() {
    let mut miner = Miner::ready();
    let branch = serde_json::json!(vec!["00".repeat(32); 16]).to_string();
    miner.hear(&notify("1", BITCOIN, true).replace("[],", &format!("{branch},")));
    told(&miner, "as many hashes as the largest block has levels");
    miner.hear(&notify("1", BITCOIN, true).replace("[],", "[\"00\"],"));
    told(&miner, "hashes of 64 hex digits");
    assert_eq!(miner.client.work(0), None);
}

#[test]
fn jobs_without_end_are_not_taken() {
    let mut miner = Miner::ready();
    for number in 0..100 {
        miner.hear(&notify(&number.to_string(), BITCOIN, true));
    }
    left(&miner, "jobs without end");
    let jobs = miner
        .events
        .iter()
        .filter(|event| matches!(event, Event::Job { .. }));
    assert_eq!(jobs.count(), 60);
}

#[test]
fn a_line_without_end_is_left_before_it_fills_the_memory() {
    let mut miner = Miner::ready();
    for _ in 0..100 {
        miner.handle(Input::Received {
            bytes: vec![b'x'; 10_000],
        });
    }
    left(&miner, "lines without end");
    assert_eq!(miner.client.work(0), None);
}

#[test]
fn messages_without_end_are_left() {
    let mut miner = Miner::ready();
    for _ in 0..1_000 {
        miner.hear(r#"{"id":1,"method":"mining.ping"}"#);
    }
    left(&miner, "more messages than any pool needs");
    assert!(miner.sent.len() <= 600);
}

#[test]
fn wrong_messages_are_told_but_not_without_end() {
    let mut miner = Miner::ready();
    for _ in 0..100 {
        miner.hear("nonsense");
    }
    assert_eq!(miner.problems().len(), 20);
    told(
        &miner,
        "the pool's message is wrong: expected a line of JSON",
    );
    assert!(miner.closed.is_empty());
}

#[test]
fn extra_nonces_of_no_good_size_are_refused() {
    for (one, size) in [
        ("\"00\"", "0"),
        ("\"00\"", "17"),
        ("\"00\"", "4.5"),
        ("\"00\"", "-1"),
        ("\"00\"", "1e9"),
        ("\"00\"", "null"),
        ("\"0\"", "4"),
        ("5", "4"),
    ] {
        let mut miner = Miner::new(options());
        miner.connect();
        miner.hear(&format!(
            r#"{{"id":2,"result":[[],{one},{size}],"error":null}}"#
        ));
        left(&miner, "the pool's subscription is wrong");
    }
    // No byte of ours would make every worker search the same.
    let mut miner = Miner::new(options());
    miner.connect();
    miner.hear(r#"{"id":2,"result":[[],"00",0],"error":null}"#);
    left(
        &miner,
        "expected a number of bytes from 1 to 16 as extranonce2's size, found 0",
    );
    let mut miner = Miner::new(options());
    miner.connect();
    let long = "00".repeat(17);
    miner.hear(&format!(
        r#"{{"id":2,"result":[[],"{long}",4],"error":null}}"#
    ));
    left(&miner, "expected at most 16 bytes of extranonce1, found 17");
}

#[test]
fn extra_nonces_that_do_not_fit_the_coinbase_are_no_job() {
    let mut miner = Miner::ready();
    miner.hear(r#"{"id":null,"method":"mining.set_extranonce","params":["00",16]}"#);
    miner.hear(&notify("1", BITCOIN, true));
    told(&miner, "can lead to no block");
    assert_eq!(miner.client.work(0), None);
}

#[test]
fn a_pool_cannot_send_us_elsewhere() {
    for params in [
        r#"["evil.example",3333,0]"#,
        r#"["pool.example",25,0]"#,
        r#"["pool.example.evil.example","3333"]"#,
        r#"["169.254.169.254"]"#,
    ] {
        let mut miner = Miner::ready();
        miner.hear(&format!(
            r#"{{"id":null,"method":"client.reconnect","params":{params}}}"#
        ));
        told(&miner, "we stay at pool.example:3333");
        assert!(miner.closed.is_empty(), "{params}");
        assert!(miner.client.is_ready());
    }
}

#[test]
fn a_pool_that_does_not_know_us_is_not_asked_again_at_once() {
    let mut miner = Miner::new(options());
    miner.connect();
    miner.hear(r#"{"id":2,"result":[[],"00",4],"error":null}"#);
    miner.hear(r#"{"id":3,"result":null,"error":[24,"who?\u001b[31m",null]}"#);
    left(&miner, "does not know the user");
    told(&miner, "who??[31m");
    miner.pass(29_000);
    assert_eq!(miner.connects, 1);
    miner.pass(9_000);
    assert_eq!(miner.connects, 2);
}
