//! A recorded exchange, replayed, and what is computed of it.

use super::world::Miner;
use crate::primitives::hash_value;
use crate::stratum::client::Options;
use crate::stratum::{Difficulty, Message, Notify, Submission};
use serde_json::Value;

const EXCHANGE: &str = include_str!("exchange.txt");

/// The lines that begin so.
fn said(by: &str) -> Vec<&'static str> {
    let lines = EXCHANGE.lines();
    lines.filter_map(|line| line.strip_prefix(by)).collect()
}

fn params(line: &str) -> Vec<Value> {
    match Message::read(line.as_bytes()).unwrap() {
        Message::Request { params, .. } => params,
        Message::Response { .. } => panic!("{line} is an answer"),
    }
}

#[test]
fn the_recorded_share_is_a_share() {
    let pool = said("<");
    let job = Notify::read(&params(pool[3])).unwrap();
    let share = Submission::read(&params(said(">")[2])).unwrap();
    assert_eq!(share.version_bits, None);
    let extranonce1 = hex::decode("08000002").unwrap();
    job.check(&extranonce1, 4).unwrap();
    let mut header = job.header(&extranonce1, &share.extranonce2).unwrap();
    header.time = share.time;
    header.nonce = share.nonce;
    let hash = header.block_hash();
    assert_eq!(
        hash.to_string(),
        "000000002076870fe65a2b6eeed84fa892c0db924f1482243a6247d931dcab32"
    );
    let one = Difficulty::new(1.0).unwrap().target();
    assert!(hash_value(&hash) <= one);
    // It was more than a share.
    assert!(hash_value(&hash) <= job.block_target().unwrap());
    assert_eq!(
        job.prevhash.to_string(),
        "00000000440b921e1b77c6c0487ae5616de67f788f44ae2a5af6e2194d16b6f8"
    );
    assert_eq!(Notify::read(&job.to_params()), Ok(job));
}

#[test]
fn our_client_speaks_the_recorded_exchange() {
    let mut miner = Miner::new(Options {
        address: "stratum.example:3333".to_owned(),
        user: "slush.miner1".to_owned(),
        password: "password".to_owned(),
        agent: "farthing/test".to_owned(),
        version_mask: 0,
    });
    miner.connect();
    for line in said("<") {
        // Our answer to it is not in the record: shares are asked for by a worker.
        if !line.contains("\"id\": 4") {
            miner.hear(line);
        }
    }
    let spoken: Vec<Value> = miner
        .sent
        .iter()
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect();
    let recorded = said(">");
    for (ours, theirs) in spoken.iter().zip(&recorded[..2]) {
        let theirs: Value = serde_json::from_str(theirs).unwrap();
        assert_eq!(ours["method"], theirs["method"]);
        assert_eq!(ours["id"], theirs["id"]);
    }
    assert_eq!(spoken[1]["params"][0], "slush.miner1");
    let work = miner.client.work(1).unwrap();
    assert_eq!(
        work.header,
        "02000000f8b6164d19e2f65a2aae448f787fe66d61e57a48c0c6771b1e920b440000000032414daa9ddac879fd2c\
         62839b9ba710a3546363a5f5e22915d90dc3b1699decb9864e50afc42a1c00000000"
    );
    assert_eq!(work.target, format!("000000007fff8{}", "0".repeat(51)));
    assert_eq!(work.version_mask, 0);
    assert_eq!(miner.problems(), Vec::<&str>::new());
}
