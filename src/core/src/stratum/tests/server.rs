//! What the server answers.

use super::world::{Pool, address, params, template};
use crate::stratum::Message;
use crate::stratum::server::{Input, Options};
use serde_json::json;

/// With something to mine, and one connection.
fn pool() -> Pool {
    let params = params();
    let mut pool = Pool::new(params.clone(), Options::default());
    pool.handle(Input::Template(Box::new(template(&params, &[], 0))));
    pool.accept(1);
    pool
}

#[test]
fn a_miner_gets_its_first_job_once_it_has_subscribed_and_authorized() {
    let mut pool = pool();
    let subscribed = pool.ask(1, "mining.subscribe", &json!(["cpu/1"])).unwrap();
    assert_eq!(subscribed[1], "0000fa27");
    assert_eq!(subscribed[2], 4);
    assert_eq!(pool.heard(), []);
    let user = json!([address(1), "x"]);
    pool.say(
        1,
        &json!({"id": 1, "method": "mining.authorize", "params": user}).to_string(),
    );
    let methods: Vec<_> = pool
        .heard()
        .into_iter()
        .map(|message| match message {
            Message::Request { method, .. } => method,
            Message::Response { result, .. } => result.unwrap().to_string(),
        })
        .collect();
    assert_eq!(methods, ["true", "mining.set_difficulty", "mining.notify"]);
    pool.pass(601_000);
    assert_eq!(pool.closed.len(), 1, "it was silent");
}
