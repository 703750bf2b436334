//! The handshake, and what else a miner may ask.

use super::io::{ConnectionId, Output};
use super::jobs::EXTRA_NONCE;
use super::machine::Server;
use crate::primitives::U256;
use crate::stratum::error::printable;
use crate::stratum::message::{self, Id, Message, RemoteError};
use crate::stratum::words::{number_from_hex, number_to_hex};
use crate::stratum::{Difficulty, MessageError, Refusal, RefusalCode, limits};
use serde_json::{Map, Value, json};

impl Server {
    pub(super) fn on_received(&mut self, conn: ConnectionId, bytes: &[u8]) {
        let now = self.now.monotonic_ms;
        let Some(connection) = self.connections.get_mut(&conn) else {
            return;
        };
        if !connection.bytes.take(bytes.len() as u64, now) {
            return self.misbehaved(conn, "it sends more bytes than any miner needs to".into());
        }
        connection.lines.push(bytes);
        // What a line leads to may end the connection: then what follows it is nobody's.
        while let Some(connection) = self.connections.get_mut(&conn) {
            let Some(line) = connection.lines.next_line() else {
                break;
            };
            if !connection.messages.take(1, now) {
                let reason = "it sends more messages than any miner needs to";
                return self.misbehaved(conn, reason.to_owned());
            }
            match line {
                Ok(line) => self.on_line(conn, &line),
                Err(error) => return self.misbehaved(conn, error.to_string()),
            }
        }
    }

    fn on_line(&mut self, conn: ConnectionId, line: &[u8]) {
        let (id, result) = match Message::read(line) {
            Ok(Message::Request { id, method, params }) => {
                if let Some(connection) = self.connections.get_mut(&conn) {
                    connection.heard_ms = self.now.monotonic_ms;
                }
                let result = self.on_request(conn, &method, &params);
                (id, result)
            }
            // We ask nothing.
            Ok(Message::Response { .. }) => return,
            Err(unread) => {
                let refusal = RefusalCode::Other.with(unread.error.to_string());
                self.answer(conn, unread.id, Err(refusal));
                return self.strike(conn, &unread.error);
            }
        };
        let refused = result.is_err();
        self.answer(conn, id, result);
        self.after(conn, refused);
    }

    fn answer(&mut self, conn: ConnectionId, id: Id, result: Result<Value, Refusal>) {
        let result = result.map_err(|refusal| RemoteError {
            code: Some(refusal.code.number()),
            message: refusal.message,
        });
        let bytes = Message::Response { id, result }.to_line();
        self.output(Output::Send { conn, bytes });
    }

    /// What follows the answer: the first job, or the end of the connection.
    fn after(&mut self, conn: ConnectionId, refused: bool) {
        let Some(connection) = self.connections.get(&conn) else {
            return;
        };
        if refused && connection.refused_in_row >= limits::REFUSED_IN_ROW {
            let reason = format!("none of its last {} shares counted", limits::REFUSED_IN_ROW);
            return self.misbehaved(conn, reason);
        }
        if connection.is_miner() && connection.told.is_none() {
            self.send_job(conn, true);
        } else if connection.is_miner() {
            self.retarget(conn);
        }
    }

    fn strike(&mut self, conn: ConnectionId, error: &MessageError) {
        let Some(connection) = self.connections.get_mut(&conn) else {
            return;
        };
        connection.strikes += 1;
        if connection.strikes >= limits::STRIKES {
            self.misbehaved(conn, format!("its lines are no messages: {error}"));
        }
    }

    fn on_request(
        &mut self,
        conn: ConnectionId,
        method: &str,
        params: &[Value],
    ) -> Result<Value, Refusal> {
        match method {
            "mining.configure" => Ok(self.on_configure(conn, params)),
            "mining.subscribe" => Ok(self.on_subscribe(conn)),
            "mining.authorize" => self.on_authorize(conn, params),
            "mining.submit" => self.on_share(conn, params),
            "mining.suggest_difficulty" => {
                let number = message::number(params, 0, "difficulty").map_err(malformed)?;
                self.suggest(conn, number);
                Ok(Value::Bool(true))
            }
            "mining.suggest_target" => {
                let text = message::text(params, 0, "target").map_err(malformed)?;
                let target = U256::from_str_radix(text, 16).ok();
                let difficulty = target.and_then(|target| Difficulty::of_target(target).ok());
                let difficulty = difficulty.ok_or_else(|| {
                    malformed(MessageError::field(
                        "target",
                        "a number in hex above zero",
                        text,
                    ))
                })?;
                self.suggest(conn, difficulty.number());
                Ok(Value::Bool(true))
            }
            // It never changes here, so nothing has to be sent.
            "mining.extranonce.subscribe" => Ok(Value::Bool(true)),
            "mining.ping" => Ok(json!("pong")),
            "mining.get_transactions" => Ok(json!([])),
            _ => {
                let named = printable(method, limits::JOB_ID);
                Err(RefusalCode::Other.with(format!("expected a method of Stratum, found {named}")))
            }
        }
    }

    fn suggest(&mut self, conn: ConnectionId, difficulty: f64) {
        if let Some(connection) = self.connections.get_mut(&conn) {
            connection.pace.suggest(difficulty);
        }
    }

    /// BIP310. What is not known is answered with false.
    fn on_configure(&mut self, conn: ConnectionId, params: &[Value]) -> Value {
        let offered = self.options.version_mask;
        let mut answer = Map::new();
        let (Some(connection), Some(Value::Array(wanted))) =
            (self.connections.get_mut(&conn), params.first())
        else {
            return Value::Object(answer);
        };
        let of = |name: &str| params.get(1).and_then(|all| all.get(name));
        // A list of extensions is short; what is longer is cut.
        for name in wanted.iter().take(16).filter_map(Value::as_str) {
            let done = match name {
                "version-rolling" => {
                    let wanted = of("version-rolling.mask").and_then(Value::as_str);
                    let wanted = wanted.map(|mask| number_from_hex("mask", mask));
                    let wanted = wanted.unwrap_or(Ok(u32::MAX)).unwrap_or(0);
                    let mask = wanted & offered;
                    connection.mask = mask;
                    let mask_name = "version-rolling.mask".to_owned();
                    answer.insert(mask_name, json!(number_to_hex(mask)));
                    mask != 0
                }
                "minimum-difficulty" => {
                    let least = of("minimum-difficulty.value").and_then(Value::as_f64);
                    if let Some(least) = least {
                        connection.pace.at_least(least);
                    }
                    least.is_some()
                }
                "subscribe-extranonce" => true,
                _ => false,
            };
            answer.insert(printable(name, limits::JOB_ID), Value::Bool(done));
        }
        Value::Object(answer)
    }

    fn on_subscribe(&mut self, conn: ConnectionId) -> Value {
        let Some(connection) = self.connections.get_mut(&conn) else {
            return Value::Null;
        };
        connection.subscribed = true;
        let extranonce1 = hex::encode(connection.extranonce1);
        let size = EXTRA_NONCE - connection.extranonce1.len();
        // A subscription has a name; it is good for nothing here.
        let subscriptions = json!([
            ["mining.set_difficulty", extranonce1],
            ["mining.notify", extranonce1],
        ]);
        json!([subscriptions, extranonce1, size])
    }

    /// The user is the address that is paid, and maybe a name for the machine after a point.
    fn on_authorize(&mut self, conn: ConnectionId, params: &[Value]) -> Result<Value, Refusal> {
        let user = message::text(params, 0, "user").map_err(malformed)?;
        let unauthorized = |said: String| RefusalCode::Unauthorized.with(said);
        if user.len() > limits::TEXT {
            let most = limits::TEXT;
            return Err(unauthorized(format!(
                "expected a user of at most {most} bytes, found a longer one"
            )));
        }
        let address = user.split('.').next().unwrap_or_default();
        let payout = self.params.script_from_address(address).map_err(|error| {
            unauthorized(format!(
                "expected the address to pay to as the user, ADDRESS or ADDRESS.worker: {error}"
            ))
        })?;
        let Some(connection) = self.connections.get_mut(&conn) else {
            return Ok(Value::Bool(false));
        };
        if connection.payout.as_ref().is_some_and(|own| *own != payout) {
            let said = "expected the address that this connection mines for, found another";
            return Err(unauthorized(said.to_owned()));
        }
        if connection.users.len() >= limits::USERS && !connection.users.contains(user) {
            let most = limits::USERS;
            return Err(unauthorized(format!(
                "expected at most {most} users of a connection, found more"
            )));
        }
        connection.payout = Some(payout);
        connection.users.insert(user.to_owned());
        Ok(Value::Bool(true))
    }
}

fn malformed(error: MessageError) -> Refusal {
    RefusalCode::Other.with(error.to_string())
}
