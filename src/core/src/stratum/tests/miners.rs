//! Miners that lie, flood or fall silent.

use super::server::{job, join, pool, search, share, submit, user};
use super::world::{Pool, address, params, template};
use crate::params::NetworkParams;
use crate::stratum::server::{ConnectionId, Input, Options};
use crate::stratum::{Submission, limits};
use bitcoin::Block;
use bitcoin::consensus::encode::deserialize;
use serde_json::json;

#[test]
fn a_share_counts_once() {
    let mut pool = pool();
    let told = join(&mut pool, 1);
    let good = share(&told, 1, None);
    assert_eq!(submit(&mut pool, 1, &good), Ok(json!(true)));
    assert_eq!(submit(&mut pool, 1, &good), Err(22));
    assert_eq!(pool.blocks.len(), 1);
    assert_eq!(pool.server.status().accepted, 1);
}

#[test]
fn a_share_counts_once_under_two_jobs_with_one_header() {
    // Where the time may be changed, a header of one job can be one of the next.
    let params = params();
    let mut pool = pool();
    let told = join(&mut pool, 1);
    pool.ms = 20_000;
    pool.handle(Input::Template(Box::new(template(&params, &[], 20_000))));
    let second = job(&pool.heard()).unwrap();
    let mut both = share(&told, 1, None);
    both.time = second.time;
    let mut header = second.header(&told.extranonce1, &both.extranonce2).unwrap();
    let target = second.block_target().unwrap();
    search(&mut header, |hash| hash <= target);
    both.nonce = header.nonce;
    assert_eq!(submit(&mut pool, 1, &both), Ok(json!(true)));
    both.job_id = second.job_id.clone();
    assert_eq!(submit(&mut pool, 1, &both), Err(22));
}

#[test]
fn a_hash_above_the_target_is_no_share() {
    let mut pool = pool();
    let told = join(&mut pool, 1);
    let mut low = share(&told, 1, None);
    let mut header = told
        .job
        .header(&told.extranonce1, &low.extranonce2)
        .unwrap();
    let target = told.job.block_target().unwrap();
    search(&mut header, |hash| hash > target);
    low.nonce = header.nonce;
    assert_eq!(submit(&mut pool, 1, &low), Err(23));
    assert_eq!(pool.blocks.len(), 0);
    assert_eq!(pool.server.status().rejected, 1);
}

#[test]
fn shares_before_the_handshake_or_for_strangers_are_refused() {
    let mut pool = pool();
    let params = json!(["u", "1", "00000000", "0", "0"]);
    assert_eq!(pool.ask(1, "mining.submit", &params), Err(25));
    pool.ask(1, "mining.subscribe", &json!([])).unwrap();
    assert_eq!(pool.ask(1, "mining.submit", &params), Err(24));
    let told = join(&mut pool, 1);
    let other = Submission {
        user: address(2),
        ..share(&told, 1, None)
    };
    assert_eq!(submit(&mut pool, 1, &other), Err(24));
}

#[test]
fn another_miner_s_share_is_none() {
    let mut pool = pool();
    pool.accept(2);
    let (one, two) = (join(&mut pool, 1), join(&mut pool, 2));
    // Half of all hashes are shares here: one of some is none of the other's.
    let refused = (0..64).any(|number| {
        let stolen = share(&one, number, None);
        submit(&mut pool, 2, &stolen) == Err(23)
    });
    assert!(refused);
    assert_ne!(one.extranonce1, two.extranonce1);
}

#[test]
fn malformed_shares_are_refused() {
    let mut pool = pool();
    let told = join(&mut pool, 1);
    let good = share(&told, 1, None);
    for bad in [
        Submission {
            extranonce2: vec![0; 3],
            ..good.clone()
        },
        Submission {
            extranonce2: vec![0; 5],
            ..good.clone()
        },
        Submission {
            time: told.job.time - 1_000_000_000,
            ..good.clone()
        },
        Submission {
            time: told.job.time + 10_000,
            ..good.clone()
        },
    ] {
        assert_eq!(submit(&mut pool, 1, &bad), Err(20), "{bad:?}");
    }
    assert_eq!(
        submit(
            &mut pool,
            1,
            &Submission {
                job_id: "zz".into(),
                ..good
            }
        ),
        Err(21)
    );
    for params in [
        json!([]),
        json!([user()]),
        json!([user(), "1", 5, "0", "0"]),
    ] {
        assert_eq!(pool.ask(1, "mining.submit", &params), Err(20), "{params}");
    }
    assert_eq!(pool.blocks.len(), 0);
}

#[test]
fn the_time_may_not_change_where_the_target_depends_on_it() {
    let params = NetworkParams::by_name("farthing:wren").unwrap();
    let mut pool = Pool::new(params.clone(), Options::default());
    let template = template(&params, &[], 0);
    assert!(!template.mutable.contains(&"time".to_owned()));
    pool.handle(Input::Template(Box::new(template)));
    pool.accept(1);
    pool.ask(1, "mining.subscribe", &json!([])).unwrap();
    let script = super::world::params()
        .script_from_address(&address(1))
        .unwrap();
    let user = params.address_from_script(&script).unwrap();
    pool.say(
        1,
        &json!({"id": 1, "method": "mining.authorize", "params": [user]}).to_string(),
    );
    let told = job(&pool.heard()).unwrap();
    let submit = |pool: &mut Pool, time: u32| {
        let time = format!("{time:08x}");
        let params = json!([user, told.job_id, "00000000", time, "00000000"]);
        pool.ask(1, "mining.submit", &params)
    };
    // Its hash is none, which is looked at after the time.
    assert_eq!(submit(&mut pool, told.time), Err(23));
    assert_eq!(submit(&mut pool, told.time + 1), Err(20));
    assert_eq!(submit(&mut pool, told.time - 1), Err(20));
}

#[test]
fn a_block_has_its_extra_nonces_and_its_witness() {
    let mut pool = pool();
    let told = join(&mut pool, 1);
    submit(&mut pool, 1, &share(&told, 7, None)).unwrap();
    let block: Block = deserialize(&pool.blocks[0]).unwrap();
    let input = &block.txdata[0].input[0];
    assert!(
        input
            .script_sig
            .to_hex_string()
            .ends_with("080000fa2700000007")
    );
    assert_eq!(input.witness.len(), 1);
    assert!(block.check_merkle_root());
    assert!(block.check_witness_commitment());
}

#[test]
fn a_line_without_end_is_left() {
    let mut pool = pool();
    for _ in 0..10 {
        let bytes = vec![b' '; 1_000];
        pool.handle(Input::Received {
            conn: ConnectionId(1),
            bytes,
        });
    }
    assert_eq!(pool.closed.len(), 1);
    assert!(pool.closed[0].1.contains("a line of at most 4096 bytes"));
    assert_eq!(pool.server.status().connections, 0);
    assert_eq!(pool.server.status().misbehaving, 1);
}

#[test]
fn a_flood_of_bytes_is_left() {
    let mut pool = pool();
    for _ in 0..100 {
        let bytes = b"\n".repeat(2_000);
        pool.handle(Input::Received {
            conn: ConnectionId(1),
            bytes,
        });
    }
    assert!(pool.closed[0].1.contains("more bytes"), "{:?}", pool.closed);
}

#[test]
fn a_flood_of_messages_is_left() {
    let mut pool = pool();
    for _ in 0..1_000 {
        pool.say(1, r#"{"id":1,"method":"mining.ping"}"#);
    }
    assert!(
        pool.closed[0].1.contains("more messages"),
        "{:?}",
        pool.closed
    );
    assert_eq!(pool.sent.len(), 300);
}

#[test]
fn lines_that_are_no_messages_are_answered_and_then_left() {
    let mut pool = pool();
    for _ in 0..20 {
        pool.say(1, "GET / HTTP/1.1");
    }
    assert!(
        pool.closed[0].1.contains("no messages"),
        "{:?}",
        pool.closed
    );
    assert_eq!(pool.sent.len(), 8);
}

#[test]
fn a_miner_none_of_whose_shares_count_is_left() {
    let mut pool = pool();
    let told = join(&mut pool, 1);
    let wrong = Submission {
        job_id: "zz".into(),
        ..share(&told, 1, None)
    };
    for _ in 0..300 {
        pool.ms += 100;
        let params = json!(wrong.to_params());
        pool.say(
            1,
            &json!({"id": 1, "method": "mining.submit", "params": params}).to_string(),
        );
    }
    assert!(
        pool.closed[0].1.contains("none of its last 200 shares"),
        "{:?}",
        pool.closed
    );
}

#[test]
fn a_silent_miner_is_left_and_so_is_one_that_never_authorizes() {
    let mut pool = pool();
    pool.accept(2);
    join(&mut pool, 1);
    pool.pass(29_000);
    assert!(pool.closed.is_empty());
    pool.pass(2_000);
    assert_eq!(pool.closed[0].0, ConnectionId(2));
    pool.pass(568_000);
    assert_eq!(pool.closed.len(), 1);
    pool.pass(3_000);
    assert!(
        pool.closed[1].1.contains("silent for 10 minutes"),
        "{:?}",
        pool.closed
    );
}

#[test]
fn connections_are_bounded_in_all_and_for_each_address() {
    let options = Options {
        max_connections: 4,
        max_per_address: 2,
        ..Options::default()
    };
    let mut pool = Pool::new(params(), options);
    let mut accept = |conn, address: &str, local| {
        let (conn, address) = (ConnectionId(conn), address.to_owned());
        pool.handle(Input::Accepted {
            conn,
            address,
            local,
        });
        std::mem::take(&mut pool.closed)
            .pop()
            .map(|(_, reason)| reason)
    };
    assert_eq!(accept(1, "192.0.2.1", false), None);
    assert_eq!(accept(2, "192.0.2.1", false), None);
    assert!(
        accept(3, "192.0.2.1", false)
            .unwrap()
            .contains("of this address")
    );
    assert_eq!(accept(4, "127.0.0.1", true), None);
    assert_eq!(accept(5, "127.0.0.1", true), None);
    assert!(
        accept(6, "127.0.0.1", true)
            .unwrap()
            .contains("as many miners as")
    );
    pool.handle(Input::Disconnected(ConnectionId(1)));
    assert_eq!(pool.server.status().connections, 3);
}

#[test]
fn seen_shares_and_users_are_bounded() {
    let mut pool = pool();
    let told = join(&mut pool, 1);
    for number in 0..20 {
        let user = json!([format!("{}.{number}", address(1)), "x"]);
        let result = pool.ask(1, "mining.authorize", &user);
        // One is there already.
        assert_eq!(result.is_ok(), number < 15, "{number}");
    }
    let mut header = told.job.header(&told.extranonce1, &[0; 4]).unwrap();
    let target = told.job.block_target().unwrap();
    let mut refused = None;
    for number in 0..=limits::SEEN {
        pool.ms += 20;
        header.nonce += 1;
        search(&mut header, |hash| hash <= target);
        let good = Submission {
            nonce: header.nonce,
            extranonce2: vec![0; 4],
            ..share(&told, 0, None)
        };
        if submit(&mut pool, 1, &good) == Err(20) {
            refused = Some(number);
        }
    }
    assert_eq!(refused, Some(limits::SEEN));
}
