//! The client with a pool that does what pools do.

use super::world::{Miner, notify, options, set_difficulty, solve};
use crate::stratum::client::{Event, Input, Link, Share, Work};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const EASY: &str = "207fffff";

fn lines(miner: &mut Miner) -> Vec<Value> {
    let sent = std::mem::take(&mut miner.sent);
    let read = |line: &Vec<u8>| serde_json::from_slice(line).unwrap();
    sent.iter().map(read).collect()
}

fn submit(miner: &mut Miner, share: u32, work: &Work) {
    let header = solve(work, share * 10_000);
    let work = work.id;
    miner.handle(Input::Submit(Share {
        share,
        work,
        header,
    }));
}

/// With a job on which every other hash is a block.
fn mining() -> Miner {
    let mut miner = Miner::ready();
    miner.hear(&notify("a", EASY, true));
    miner.events.clear();
    miner
}

#[test]
fn the_handshake_says_who_mines_and_what_may_roll() {
    let mut miner = Miner::new(options());
    miner.connect();
    let said = lines(&mut miner);
    assert_eq!(said[0]["method"], "mining.configure");
    assert_eq!(said[0]["params"][1]["version-rolling.mask"], "1fffe000");
    assert_eq!(said[1]["method"], "mining.subscribe");
    assert_eq!(said[1]["params"], json!(["farthing/test"]));
    // The pool knows nothing of BIP310, and answers with text for ids.
    miner.hear(r#"{"id":"1","result":null,"error":[-3,"unknown method",null]}"#);
    miner.hear(r#"{"id":"2","result":[[],"0000aa0b0c0d",2],"error":null}"#);
    let said = lines(&mut miner);
    assert_eq!(said[0]["method"], "mining.authorize");
    assert_eq!(said[0]["params"], json!([options().user, "x"]));
    miner.hear(&notify("a", EASY, true));
    assert_eq!(miner.client.work(0), None, "the pool does not know us yet");
    miner.hear(r#"{"id":"3","result":true,"error":null}"#);
    assert_eq!(
        lines(&mut miner)[0]["method"],
        "mining.extranonce.subscribe"
    );
    let work = miner.client.work(0).unwrap();
    assert_eq!(work.version_mask, 0);
    let ready = Link::Ready {
        extranonce2_size: 2,
    };
    assert!(miner.events.contains(&Event::Link { link: ready }));
    assert!(matches!(
        miner.events.last(),
        Some(Event::Job { clean: true, .. })
    ));
    assert_eq!(
        miner.client.work(65_535).map(|work| work.job),
        Some("a".to_owned())
    );
    let [first, round] = [0, 65_536].map(|number| miner.client.work(number).unwrap().header);
    assert_eq!(first, round, "it has no third byte");
}

#[test]
fn workers_search_different_headers() {
    let mut miner = mining();
    let mut headers: Vec<_> = (0..300)
        .map(|number| miner.client.work(number).unwrap().header)
        .collect();
    headers.sort();
    headers.dedup();
    assert_eq!(headers.len(), 300);
}

#[test]
fn accepted_rejected_and_stale_are_told_apart() {
    let mut miner = mining();
    let work = miner.client.work(7).unwrap();
    for share in 0..5 {
        submit(&mut miner, share, &work);
    }
    let said = lines(&mut miner);
    assert_eq!(said.len(), 5);
    assert_eq!(said[0]["params"][2], "00000007");
    assert_eq!(said[0]["params"][5], "00000000", "no bit was rolled");
    for (said, answer) in said.iter().zip([
        r#""result":true,"error":null"#,
        r#""result":null,"error":[21,"Job not found",null]"#,
        r#""result":null,"error":[23,"Low difficulty share",null]"#,
        r#""result":false,"error":null"#,
        r#""result":null,"error":{"code":20,"message":"Stale share"}"#,
    ]) {
        miner.hear(&format!(r#"{{"id":{},{answer}}}"#, said["id"]));
    }
    let kinds: Vec<_> = miner
        .events
        .iter()
        .map(|event| match event {
            Event::Accepted { share, .. } => format!("accepted {share}"),
            Event::Rejected { share, reason } => format!("rejected {share}: {reason}"),
            Event::Stale { share, reason } => format!("stale {share}: {reason}"),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        kinds,
        [
            "accepted 0",
            "stale 1: Job not found",
            "rejected 2: Low difficulty share",
            "rejected 3: the pool gave no reason",
            "stale 4: Stale share",
        ]
    );
}

#[test]
fn clean_jobs_make_earlier_work_stale_and_others_do_not() {
    let mut miner = mining();
    let first = miner.client.work(0).unwrap();
    miner.hear(&notify("b", EASY, false));
    submit(&mut miner, 1, &first);
    assert_eq!(
        lines(&mut miner)[0]["params"][1],
        "a",
        "it may be searched to its end"
    );
    miner.hear(&notify("c", EASY, true));
    submit(&mut miner, 2, &first);
    assert!(lines(&mut miner).is_empty());
    assert!(matches!(
        miner.events.last(),
        Some(Event::Stale { share: 2, .. })
    ));
    // A name that is used again is another job.
    let old = miner.client.work(0).unwrap();
    miner.hear(&notify("c", EASY, false));
    submit(&mut miner, 3, &old);
    assert!(matches!(
        miner.events.last(),
        Some(Event::Stale { share: 3, .. })
    ));
}

#[test]
fn the_end_of_a_connection_makes_all_of_its_shares_stale() {
    let mut miner = mining();
    let work = miner.client.work(0).unwrap();
    submit(&mut miner, 1, &work);
    miner.handle(Input::Disconnected);
    submit(&mut miner, 2, &work);
    let stale: Vec<u32> = miner
        .events
        .iter()
        .filter_map(|event| match event {
            Event::Stale { share, .. } => Some(*share),
            _ => None,
        })
        .collect();
    assert_eq!(stale, [1, 2]);
    assert_eq!(miner.client.work(0), None);
}

#[test]
fn what_is_no_share_is_not_sent() {
    let mut miner = mining();
    miner.hear(&set_difficulty(1e-9));
    miner.hear(&notify("b", "1d00ffff", true));
    let work = miner.client.work(0).unwrap();
    let good = solve(&work, 0);
    let mut bytes = hex::decode(&good).unwrap();
    bytes[40] ^= 1;
    let other_root = hex::encode(&bytes);
    bytes[40] ^= 1;
    // Bit 0 of the version is under no mask.
    bytes[0] ^= 1;
    let other_version = hex::encode(&bytes);
    miner.events.clear();
    for (share, header, words) in [
        (0, "00", "160 hex digits"),
        (1, &other_root, "another header"),
        (2, &other_version, "another header"),
        (3, &work.header, "a hash of at most"),
    ] {
        let header = header.to_owned();
        miner.handle(Input::Submit(Share {
            share,
            work: work.id,
            header,
        }));
        match miner.events.last() {
            Some(Event::Rejected {
                share: told,
                reason,
            }) if *told == share => {
                assert!(reason.contains(words), "{reason}");
            }
            other => panic!("{share}: {other:?}"),
        }
    }
    assert!(lines(&mut miner).is_empty());
    submit(&mut miner, 4, &work);
    assert_eq!(lines(&mut miner).len(), 1);
}

#[test]
fn rolled_bits_are_sent_and_a_smaller_mask_makes_them_stale() {
    let mut miner = mining();
    let work = miner.client.work(0).unwrap();
    assert_eq!(work.version_mask, 0x1fff_e000);
    // 0x20000000 with bits 13 and 28.
    let rolled = Work {
        header: work.header.replacen("00000020", "00200030", 1),
        ..work.clone()
    };
    submit(&mut miner, 1, &rolled);
    assert_eq!(lines(&mut miner)[0]["params"][5], "10002000");
    miner.hear(r#"{"id":null,"method":"mining.set_version_mask","params":["00ffe000"]}"#);
    assert!(matches!(
        miner.events.last(),
        Some(Event::Job { clean: true, .. })
    ));
    submit(&mut miner, 2, &rolled);
    assert!(matches!(
        miner.events.last(),
        Some(Event::Stale { share: 2, .. })
    ));
    assert_eq!(miner.client.work(0).unwrap().version_mask, 0x00ff_e000);
}

#[test]
fn a_harder_difficulty_counts_at_once_and_an_easier_one_from_the_next_job_on() {
    let mut miner = Miner::ready();
    let target = |miner: &mut Miner| miner.client.work(0).unwrap().target[..12].to_owned();
    miner.hear(&set_difficulty(0.25));
    miner.hear(&notify("a", "1d00ffff", true));
    assert_eq!(target(&mut miner), "00000003fffc");
    miner.hear(&set_difficulty(0.5));
    assert_eq!(target(&mut miner), "00000001fffe");
    miner.hear(&set_difficulty(0.125));
    assert_eq!(target(&mut miner), "00000003fffc");
    miner.hear(&notify("b", "1d00ffff", false));
    assert_eq!(target(&mut miner), "00000007fff8");
}

#[test]
fn another_extranonce_counts_from_the_next_job_on() {
    let mut miner = mining();
    let before = miner.client.work(0).unwrap();
    miner.hear(r#"{"id":null,"method":"mining.set_extranonce","params":["0000aa02",4]}"#);
    assert_eq!(miner.client.work(0).unwrap().header, before.header);
    submit(&mut miner, 1, &before);
    assert_eq!(lines(&mut miner).len(), 1);
    miner.hear(&notify("b", EASY, false));
    assert_ne!(miner.client.work(0).unwrap().header, before.header);
}

#[test]
fn the_pool_may_ask_us_to_connect_again() {
    let mut miner = mining();
    miner.hear(r#"{"id":null,"method":"client.reconnect","params":["pool.example","3333",20]}"#);
    assert_eq!(miner.closed.len(), 1);
    miner.pass(19_000);
    assert_eq!(miner.connects, 1);
    miner.pass(7_000);
    assert_eq!(miner.connects, 2);
}

#[test]
fn what_a_pool_asks_is_answered() {
    let mut miner = mining();
    for (line, answer) in [
        (
            r#"{"id":9,"method":"mining.ping"}"#,
            json!({"id": 9, "result": "pong", "error": null}),
        ),
        (
            r#"{"id":"v","method":"client.get_version","params":[]}"#,
            json!({"id": "v", "result": "farthing/test", "error": null}),
        ),
        (
            r#"{"id":10,"method":"mining.dance","params":[]}"#,
            json!({"id": 10, "result": null, "error": [-3, "unknown method", null]}),
        ),
    ] {
        miner.hear(line);
        assert_eq!(lines(&mut miner), [answer]);
    }
    miner.hear(r#"{"id":null,"method":"mining.dance"}"#);
    assert!(lines(&mut miner).is_empty());
    miner.hear(r#"{"id":null,"method":"client.show_message","params":["hello\n<b>you</b>"]}"#);
    let text = "hello?<b>you</b>".to_owned();
    assert_eq!(miner.events.last(), Some(&Event::Message { text }));
}

#[test]
fn a_steady_connection_starts_the_back_off_again() {
    let mut miner = mining();
    let mut retry = || {
        miner.handle(Input::Disconnected);
        let Some(Event::Link {
            link: Link::Waiting { retry_ms },
        }) = miner.events.last()
        else {
            panic!("{:?}", miner.events.last());
        };
        let retry_ms = *retry_ms;
        miner.pass(retry_ms + 1);
        miner.handle(Input::Connected);
        retry_ms
    };
    let waits: Vec<u64> = (0..5).map(|_| retry()).collect();
    assert!(waits[4] >= 16_000, "{waits:?}");
    // The ids go on from the handshake of each connection.
    miner.hear(r#"{"id":2,"result":[[],"0000aa01",4],"error":null}"#);
    miner.hear(r#"{"id":3,"result":true,"error":null}"#);
    miner.hear(&notify("z", EASY, true));
    miner.pass(61_000);
    miner.handle(Input::Disconnected);
    let Some(Event::Link {
        link: Link::Waiting { retry_ms },
    }) = miner.events.last()
    else {
        panic!("{:?}", miner.events.last());
    };
    assert!(*retry_ms <= 1_250, "{retry_ms}");
}

#[test]
fn as_many_workers_as_a_page_has_search_apart_whatever_the_pool_leaves() {
    let mut miner = Miner::ready();
    // The script has room for eight bytes: what is not the pool's is ours.
    for size in [1, 2, 4, 7, 8] {
        let one = "00".repeat(8 - size);
        miner.hear(&format!(
            r#"{{"id":null,"method":"mining.set_extranonce","params":["{one}",{size}]}}"#
        ));
        miner.hear(&notify("1", EASY, true));
        // A page begins anywhere, and goes round at the end of its 32 bits.
        for first in [0_u32, 200, u32::MAX - 3] {
            let works = (0..64).map(|n| miner.client.work(first.wrapping_add(n).into()));
            let headers: BTreeSet<_> = works.map(|work| work.unwrap().header).collect();
            assert_eq!(headers.len(), 64, "{size} bytes, from {first}");
        }
    }
}
