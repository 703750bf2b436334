//! The difficulty of jobs that were sent before it changed.

use super::server::{job, search};
use super::world::{Pool, address, params as practice, template};
use crate::params::NetworkParams;
use crate::stratum::Difficulty;
use crate::stratum::server::{Input, Options};
use serde_json::json;

/// A network whose blocks are of difficulty 1,000, so that shares are easier than blocks.
fn hard() -> NetworkParams {
    let mut params = practice();
    params.pow_limit = Difficulty::new(1_000.0).unwrap().target();
    params
}

#[test]
fn an_easier_difficulty_counts_for_the_jobs_that_were_sent_before() {
    let params = hard();
    let mut pool = Pool::new(params.clone(), Options::default());
    pool.handle(Input::Template(Box::new(template(&params, &[], 0))));
    pool.accept(1);
    pool.ask(1, "mining.subscribe", &json!([])).unwrap();
    pool.say(
        1,
        &json!({"id": 2, "method": "mining.authorize", "params": [address(1)]}).to_string(),
    );
    let told = job(&pool.heard()).unwrap();
    pool.ask(1, "mining.suggest_difficulty", &json!([1e-9]))
        .unwrap();
    let extranonce1 = hex::decode("0000fa27").unwrap();
    let mut header = told.header(&extranonce1, &[0; 4]).unwrap();
    let easy = Difficulty::new(1e-9).unwrap().target();
    search(&mut header, |hash| hash <= easy);
    let nonce = format!("{:08x}", header.nonce);
    let time = format!("{:08x}", told.time);
    let share = json!([address(1), told.job_id, "00000000", time, nonce]);
    assert_eq!(pool.ask(1, "mining.submit", &share), Ok(json!(true)));
}
