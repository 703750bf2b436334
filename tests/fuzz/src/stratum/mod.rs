//! Stratum, both sides: what a pool says to our miner, what miners say to our server. Each script runs
//! twice and must give the same outputs.

mod client;
mod server;

pub use client::stratum_client;
pub use server::stratum_server;

use crate::script::Script;
use farthing_core::primitives::Now;
use farthing_core::stratum::{Id, Message};
use serde_json::{Value, json};

/// Steps of one script.
const MOST_STEPS: usize = 300;

/// A value as it stands in parameters, or another.
fn value(script: &mut Script<'_>) -> Value {
    match script.below(16) {
        0 => Value::Null,
        1 => json!(script.one_in(2)),
        2 => json!(script.byte()),
        3 => json!(script.number::<i64>()),
        4 => json!(f64::from_bits(script.number())),
        5 => json!(f64::from(script.byte()) / 256.0),
        6 => json!(hex::encode(script.number::<[u8; 4]>())),
        7 => json!(hex::encode(script.hash())),
        8 => json!(hex::encode(script.piece(300))),
        9 => json!(script.text()),
        10 => json!(["version-rolling", "minimum-difficulty"]),
        11 => json!({ "version-rolling": true, "version-rolling.mask": "1fffe000" }),
        12 => json!([]),
        13 => json!(format!("{:x}", script.byte())),
        14 => json!(1e-9),
        _ => json!({ "code": script.byte(), "message": script.text() }),
    }
}

/// A line of these methods with values of chance; or bytes that are nothing.
fn line(script: &mut Script<'_>, methods: &[&str]) -> Vec<u8> {
    if script.one_in(8) {
        let mut bytes = script.piece(600).to_vec();
        if !script.one_in(4) {
            bytes.push(b'\n');
        }
        return bytes;
    }
    let id = match script.below(4) {
        0 => Id::Null,
        1 => Id::Text(script.byte().to_string()),
        _ => Id::from_u64(u64::from(script.byte())),
    };
    let message = if script.one_in(4) {
        let result = Ok(value(script));
        Message::Response { id, result }
    } else {
        let method = script.one_of(methods).to_owned();
        let params = (0..script.below(11)).map(|_| value(script)).collect();
        Message::Request { id, method, params }
    };
    message.to_line()
}

/// Time goes on.
fn pass(script: &mut Script<'_>, now: &mut Now) {
    let ms = match script.below(4) {
        0 => u64::from(script.byte()),
        1 => 1_000 * u64::from(script.byte()),
        2 => 60_000,
        _ => u64::from(script.number::<u16>()),
    };
    now.unix_ms += ms;
    now.monotonic_ms += ms;
}

fn start() -> Now {
    Now {
        unix_ms: 1_800_000_000_000,
        monotonic_ms: 5_000,
    }
}

#[cfg(test)]
mod tests {
    use super::{client, server};
    use crate::seeds;

    /// The scripts mean what they should: else the fuzzer would begin with nothing.
    #[test]
    fn the_stories_come_as_far_as_shares_and_blocks() {
        assert!(client::shares(&seeds("stratum_client")[0]) >= 3);
        assert!(server::blocks(&seeds("stratum_server")[0]) >= 3);
    }
}
