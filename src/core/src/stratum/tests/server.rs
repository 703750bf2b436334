//! What the server answers to a miner that does what miners do.

use super::world::{Pool, address, params, template};
use crate::primitives::{U256, bits_from_target, hash_value, target_from_bits};
use crate::stratum::server::{Input, Options};
use crate::stratum::{Difficulty, Message, Notify, Submission};
use bitcoin::block::{Header, Version};
use serde_json::{Value, json};

/// With something to mine, and one connection.
pub(super) fn pool() -> Pool {
    let params = params();
    let mut pool = Pool::new(params.clone(), Options::default());
    pool.handle(Input::Template(Box::new(template(&params, &[], 0))));
    pool.accept(1);
    pool
}

/// A miner that was let in, and what it was told.
pub(super) struct Told {
    pub(super) extranonce1: Vec<u8>,
    pub(super) job: Notify,
}

pub(super) fn join(pool: &mut Pool, conn: u32) -> Told {
    let subscribed = pool
        .ask(conn, "mining.subscribe", &json!(["cpu/1"]))
        .unwrap();
    let user = json!([user(), "x"]);
    let line = json!({ "id": 1, "method": "mining.authorize", "params": user });
    pool.say(conn, &line.to_string());
    Told {
        extranonce1: hex::decode(subscribed[1].as_str().unwrap()).unwrap(),
        job: job(&pool.heard()).expect("the first job"),
    }
}

pub(super) fn user() -> String {
    format!("{}.phone", address(1))
}

/// The last job among these.
pub(super) fn job(heard: &[Message]) -> Option<Notify> {
    heard.iter().rev().find_map(|message| match message {
        Message::Request { method, params, .. } if method == "mining.notify" => {
            Some(Notify::read(params).unwrap())
        }
        _ => None,
    })
}

/// A share of this job that is a block; `rolled` are bits of its version.
pub(super) fn share(told: &Told, extranonce2: u8, rolled: Option<u32>) -> Submission {
    let extranonce2 = vec![0, 0, 0, extranonce2];
    let mut header = told.job.header(&told.extranonce1, &extranonce2).unwrap();
    if let Some(rolled) = rolled {
        header.version = Version::from_consensus((told.job.version | rolled).cast_signed());
    }
    let target = told.job.block_target().unwrap();
    search(&mut header, |hash| hash <= target);
    Submission {
        user: user(),
        job_id: told.job.job_id.clone(),
        extranonce2,
        time: header.time,
        nonce: header.nonce,
        version_bits: rolled,
    }
}

pub(super) fn search(header: &mut Header, good: impl Fn(U256) -> bool) {
    while !good(hash_value(&header.block_hash())) {
        header.nonce += 1;
    }
}

pub(super) fn submit(pool: &mut Pool, conn: u32, share: &Submission) -> Result<Value, i64> {
    pool.ask(conn, "mining.submit", &json!(share.to_params()))
}

#[test]
fn a_miner_gets_its_first_job_once_it_has_subscribed_and_authorized() {
    let mut pool = pool();
    let subscribed = pool.ask(1, "mining.subscribe", &json!(["cpu/1"])).unwrap();
    assert_eq!(subscribed[1], "0000fa27");
    assert_eq!(subscribed[2], 4);
    assert_eq!(pool.heard(), []);
    let user = json!([address(1), "x"]);
    let line = json!({ "id": 1, "method": "mining.authorize", "params": user });
    pool.say(1, &line.to_string());
    let methods: Vec<_> = pool
        .heard()
        .into_iter()
        .map(|message| match message {
            Message::Request { method, .. } => method,
            Message::Response { result, .. } => result.unwrap().to_string(),
        })
        .collect();
    assert_eq!(methods, ["true", "mining.set_difficulty", "mining.notify"]);
}

#[test]
fn either_order_will_do_and_the_payout_is_the_address() {
    let mut pool = pool();
    let user = json!([address(2), "x"]);
    assert_eq!(pool.ask(1, "mining.authorize", &user), Ok(json!(true)));
    let line = json!({ "id": 1, "method": "mining.subscribe", "params": [] });
    pool.say(1, &line.to_string());
    let job = job(&pool.heard()).unwrap();
    let script = params().script_from_address(&address(2)).unwrap();
    let coinbase = hex::encode(&job.coinbase2);
    assert!(coinbase.contains(&script.to_hex_string()), "{coinbase}");
    // Another machine of the same owner may follow, another owner may not.
    let other = json!([format!("{}.laptop", address(2)), "x"]);
    assert_eq!(pool.ask(1, "mining.authorize", &other), Ok(json!(true)));
    assert_eq!(
        pool.ask(1, "mining.authorize", &json!([address(3)])),
        Err(24)
    );
}

#[test]
fn a_user_that_is_no_address_of_the_network_is_refused() {
    let mut pool = pool();
    for user in [
        "",
        "somebody",
        ".worker",
        "1BoatSLRHtKNngkdXEeobR76b53LETtpyT",
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
    ] {
        assert_eq!(
            pool.ask(1, "mining.authorize", &json!([user, "x"])),
            Err(24),
            "{user}"
        );
    }
    assert_eq!(pool.ask(1, "mining.authorize", &json!([])), Err(20));
    let long = format!("{}.{}", address(1), "x".repeat(200));
    assert_eq!(pool.ask(1, "mining.authorize", &json!([long])), Err(24));
}

#[test]
fn no_two_connections_search_the_same_headers() {
    let mut pool = pool();
    pool.accept(2);
    let (one, two) = (join(&mut pool, 1), join(&mut pool, 2));
    assert_ne!(one.extranonce1, two.extranonce1);
    assert_eq!(one.extranonce1.len(), 4);
    assert_eq!(one.job, two.job);
}

#[test]
fn a_share_of_a_miner_that_rolls_versions_is_a_block() {
    let mut pool = pool();
    let wanted = json!([["version-rolling", "info"], {"version-rolling.mask": "00ffffff"}]);
    let answer = pool.ask(1, "mining.configure", &wanted).unwrap();
    assert_eq!(
        answer,
        json!({"version-rolling": true, "version-rolling.mask": "00ffe000", "info": false})
    );
    let told = join(&mut pool, 1);
    let rolled = share(&told, 1, Some(0x00a0_2000));
    assert_eq!(submit(&mut pool, 1, &rolled), Ok(json!(true)));
    assert_eq!(pool.blocks.len(), 1);
    assert_eq!(hex::encode(&pool.blocks[0][..4]), "0020a020");
    for bits in [0x1000_0000, 1] {
        let outside = Submission {
            version_bits: Some(bits),
            ..rolled.clone()
        };
        assert_eq!(submit(&mut pool, 1, &outside), Err(20), "{bits:08x}");
    }
    // Without the bits it is another header.
    let plain = Submission {
        version_bits: None,
        ..share(&told, 2, None)
    };
    assert_eq!(submit(&mut pool, 1, &plain), Ok(json!(true)));
}

#[test]
fn a_version_does_not_roll_where_it_was_not_agreed_on() {
    let mut pool = pool();
    let told = join(&mut pool, 1);
    let rolled = share(&told, 1, Some(0x0000_2000));
    assert_eq!(submit(&mut pool, 1, &rolled), Err(20));
}

#[test]
fn an_ordinary_miner_may_ask_for_what_we_lack() {
    let mut pool = pool();
    let none = json!([]);
    assert_eq!(
        pool.ask(1, "mining.extranonce.subscribe", &none),
        Ok(json!(true))
    );
    assert_eq!(pool.ask(1, "mining.ping", &none), Ok(json!("pong")));
    assert_eq!(
        pool.ask(1, "mining.get_transactions", &json!(["1"])),
        Ok(json!([]))
    );
    assert_eq!(pool.ask(1, "mining.dance", &none), Err(20));
    assert_eq!(pool.ask(1, "mining.configure", &none), Ok(json!({})));
}

#[test]
fn new_templates_become_jobs_and_a_new_parent_makes_the_old_ones_stale() {
    let params = params();
    let mut pool = pool();
    let told = join(&mut pool, 1);
    // The same again, and one that differs by some seconds: nothing worth a line.
    pool.ms = 5_000;
    pool.handle(Input::Template(Box::new(template(&params, &[], 0))));
    pool.handle(Input::Template(Box::new(template(&params, &[], 5_000))));
    assert_eq!(pool.heard(), []);
    pool.ms = 20_000;
    pool.handle(Input::Template(Box::new(template(&params, &[], 0))));
    assert_eq!(pool.heard(), [], "its headers were searched already");
    pool.handle(Input::Template(Box::new(template(&params, &[], 20_000))));
    let second = job(&pool.heard()).unwrap();
    assert!(!second.clean);
    assert_eq!(second.time, told.job.time + 20);
    assert_eq!(
        submit(&mut pool, 1, &share(&told, 1, None)),
        Ok(json!(true))
    );

    let mut other = template(&params, &[], 20_000);
    other.previousblockhash = "11".repeat(32);
    other.longpollid = "other".to_owned();
    other.height = 2;
    pool.handle(Input::Template(Box::new(other)));
    let third = job(&pool.heard()).unwrap();
    assert!(third.clean);
    assert_eq!(submit(&mut pool, 1, &share(&told, 2, None)), Err(21));
    let told = Told { job: third, ..told };
    assert_eq!(
        submit(&mut pool, 1, &share(&told, 2, None)),
        Ok(json!(true))
    );
    assert_eq!(pool.server.status().stale, 1);

    pool.handle(Input::NoTemplate);
    assert_eq!(submit(&mut pool, 1, &share(&told, 3, None)), Err(21));
}

#[test]
fn only_the_last_jobs_of_a_parent_count() {
    let params = params();
    let mut pool = pool();
    let told = join(&mut pool, 1);
    for number in 1..=8_u64 {
        pool.ms = number * 20_000;
        pool.handle(Input::Template(Box::new(template(&params, &[], pool.ms))));
    }
    pool.heard();
    assert_eq!(submit(&mut pool, 1, &share(&told, 1, None)), Err(21));
}

#[test]
fn a_template_that_leads_to_no_block_is_logged_and_the_old_job_stays() {
    let params = params();
    let mut pool = pool();
    let told = join(&mut pool, 1);
    let mut bad = template(&params, &[], 30_000);
    bad.coinbasevalue += 1;
    bad.longpollid.clear();
    pool.handle(Input::Template(Box::new(bad)));
    assert!(
        pool.log[0].contains("no job comes of the template"),
        "{:?}",
        pool.log
    );
    assert_eq!(
        submit(&mut pool, 1, &share(&told, 1, None)),
        Ok(json!(true))
    );
}

#[test]
fn a_suggested_difficulty_is_honoured_within_bounds() {
    // Real difficulties: a named network's blocks are of 2^-10 or so.
    let params = crate::params::NetworkParams::by_name("practice:wren").unwrap();
    let limit = target_from_bits(bits_from_target(params.pow_limit)).unwrap();
    let block = Difficulty::of_target(limit).unwrap().number();
    let start = |method: &str, wanted: Value| {
        let mut pool = Pool::new(params.clone(), Options::default());
        pool.handle(Input::Template(Box::new(template(&params, &[], 0))));
        pool.accept(1);
        pool.ask(1, method, &wanted).unwrap();
        pool.ask(1, "mining.subscribe", &json!([])).unwrap();
        let user = json!([params.address_from_script(&script()).unwrap()]);
        pool.say(
            1,
            &json!({"id": 1, "method": "mining.authorize", "params": user}).to_string(),
        );
        let told = pool.heard().into_iter().find_map(|message| match message {
            Message::Request { method, params, .. } if method == "mining.set_difficulty" => {
                params[0].as_f64()
            }
            _ => None,
        });
        told.unwrap()
    };
    let suggest = "mining.suggest_difficulty";
    assert_eq!(start(suggest, json!([1e-5])), 1e-5);
    assert_eq!(start(suggest, json!([1e9])), block);
    assert_eq!(start(suggest, json!([1e-30])), 1.0 / 4_294_967_296.0);
    assert_eq!(start(suggest, json!([-1])), block.min(0.001));
    let target = format!("{:064x}", Difficulty::new(1e-5).unwrap().target());
    assert_eq!(start("mining.suggest_target", json!([target])), 1e-5);
    let least = json!([["minimum-difficulty"], {"minimum-difficulty.value": 1e9}]);
    assert_eq!(start("mining.configure", least), block);
}

fn script() -> bitcoin::ScriptBuf {
    params().script_from_address(&address(1)).unwrap()
}
