//! What the pool says.

use super::io::{Event, Link, Output};
use super::machine::{Client, State};
use super::retry::Leaving;
use super::session::{Asked, Extranonce, Job, Stage};
use crate::primitives::U256;
use crate::stratum::error::printable;
use crate::stratum::message::{self, Id, Message, RemoteError};
use crate::stratum::notify::Notify;
use crate::stratum::words::{bytes_from_hex, number_from_hex};
use crate::stratum::{Difficulty, MessageError, VERSION_MASK, limits};
use serde_json::{Value, json};

/// Code of a share whose job is over.
const JOB_NOT_FOUND: i64 = 21;

impl Client {
    pub(super) fn on_received(&mut self, bytes: &[u8]) {
        let State::Open(session) = &mut self.state else {
            return;
        };
        session.lines.push(bytes);
        // What a line leads to may end the connection: then what follows it is nobody's.
        while let State::Open(session) = &mut self.state {
            let Some(line) = session.lines.next_line() else {
                break;
            };
            if !session.messages.take(1, self.now_ms) {
                let reason = "the pool sends more messages than any pool needs to";
                return self.leave(Leaving::Refused, reason.to_owned());
            }
            match line {
                Ok(line) => self.on_line(&line),
                Err(error) => {
                    let reason = format!("the pool sends lines without end: {error}");
                    return self.leave(Leaving::Refused, reason);
                }
            }
        }
    }

    fn on_line(&mut self, line: &[u8]) {
        match Message::read(line) {
            Ok(Message::Request { id, method, params }) => {
                if let Err(error) = self.on_request(&id, &method, &params) {
                    self.problem(format!("the pool's {} is wrong: {error}", named(&method)));
                }
            }
            Ok(Message::Response { id, result }) => self.on_response(&id, result),
            Err(unread) => self.problem(format!("the pool's message is wrong: {}", unread.error)),
        }
    }

    fn on_request(&mut self, id: &Id, method: &str, params: &[Value]) -> Result<(), MessageError> {
        match method {
            "mining.notify" => self.on_notify(Notify::read(params)?),
            "mining.set_difficulty" => {
                self.on_difficulty(message::number(params, 0, "difficulty")?);
            }
            "mining.set_extranonce" => self.on_extranonce(extranonce(params)?),
            "mining.set_version_mask" => {
                let mask = number_from_hex("mask", message::text(params, 0, "mask")?)?;
                self.on_mask(mask);
            }
            "client.reconnect" => self.on_reconnect(params),
            "client.show_message" => {
                let text = printable(message::text(params, 0, "message")?, limits::TEXT);
                self.event(Event::Message { text });
            }
            "client.get_version" => {
                let agent = json!(self.options.agent);
                self.answer(id, Ok(agent));
            }
            "mining.ping" => self.answer(id, Ok(json!("pong"))),
            _ => {
                let error = RemoteError {
                    code: Some(-3),
                    message: "unknown method".to_owned(),
                };
                self.answer(id, Err(error));
            }
        }
        Ok(())
    }

    fn answer(&mut self, id: &Id, result: Result<Value, RemoteError>) {
        if *id != Id::Null {
            let id = id.clone();
            let bytes = Message::Response { id, result }.to_line();
            self.output(Output::Send { bytes });
        }
    }

    fn on_notify(&mut self, notify: Notify) {
        let State::Open(session) = &mut self.state else {
            return;
        };
        if !session.job_rate.take(1, self.now_ms) {
            let reason = "the pool sends jobs without end, faster than they can be mined";
            return self.leave(Leaving::Refused, reason.to_owned());
        }
        let Some(extranonce) = session.extranonce.clone() else {
            return self.problem("the pool sent a job before it let us subscribe".to_owned());
        };
        let checked = notify
            .check(&extranonce.one, extranonce.size)
            .and_then(|()| notify.block_target());
        let block_target = match checked {
            Ok(target) => target,
            Err(error) => {
                return self.problem(format!("the pool's job can lead to no block: {error}"));
            }
        };
        let clean = notify.clean;
        if clean {
            session.jobs.clear();
        }
        // A name that is used again means the newer one.
        session
            .jobs
            .retain(|job| job.notify.job_id != notify.job_id);
        if session.jobs.len() >= limits::JOBS {
            session.jobs.pop_front();
        }
        self.jobs += 1;
        let target = session.difficulty.target();
        session.jobs.push_back(Job {
            number: self.jobs,
            notify,
            extranonce,
            target,
            block_target,
        });
        session.last_job_ms = self.now_ms;
        let ready = session.is_ready();
        if target < block_target && !std::mem::replace(&mut session.told_hard, true) {
            let asked = session.difficulty.number();
            self.problem(format!(
                "the pool asks for shares of difficulty {asked:e}, harder than a block: blocks are sent all \
                 the same"
            ));
        }
        if ready {
            self.job_event(clean);
        }
    }

    fn job_event(&mut self, clean: bool) {
        let State::Open(session) = &self.state else {
            return;
        };
        let Some(job) = session.job() else {
            return;
        };
        let number = |target: U256| {
            let difficulty = Difficulty::of_target(target);
            difficulty.map_or(0.0, Difficulty::number)
        };
        let event = Event::Job {
            job: printable(&job.notify.job_id, limits::JOB_ID),
            clean,
            difficulty: number(session.target_of(job)),
            block_difficulty: number(job.block_target),
        };
        self.event(event);
    }

    fn on_difficulty(&mut self, number: f64) {
        let State::Open(session) = &mut self.state else {
            return;
        };
        match Difficulty::new(number) {
            Ok(difficulty) if difficulty == session.difficulty => {}
            Ok(difficulty) => {
                session.difficulty = difficulty;
                session.told_hard = false;
                self.event(Event::Difficulty { difficulty: number });
            }
            Err(error) => {
                let kept = session.difficulty.number();
                self.problem(format!(
                    "the pool asks for a difficulty that is none, so {kept} stays: {error}"
                ));
            }
        }
    }

    /// For the jobs to come.
    fn on_extranonce(&mut self, extranonce: Extranonce) {
        if let State::Open(session) = &mut self.state {
            session.extranonce = Some(extranonce);
        }
    }

    /// At once (BIP310): what was rolled with a bit that is gone is worth nothing.
    fn on_mask(&mut self, mask: u32) {
        let wanted = self.options.version_mask & VERSION_MASK;
        let State::Open(session) = &mut self.state else {
            return;
        };
        let mask = mask & wanted;
        let before = std::mem::replace(&mut session.mask, mask);
        if before != mask && session.is_ready() {
            self.job_event(before & !mask != 0);
        }
    }

    /// To the same host and port, after a wait. Whoever controls a pool's connection for a moment
    /// would else own its miners for good.
    fn on_reconnect(&mut self, params: &[Value]) {
        let said = |at: usize| match params.get(at) {
            Some(Value::String(text)) => Some(text.clone()),
            Some(Value::Number(number)) => Some(number.to_string()),
            _ => None,
        };
        let own = self.options.address.rsplit_once(':');
        let (own_host, own_port) = own.unwrap_or((&self.options.address, ""));
        let host = said(0).filter(|host| !host.is_empty());
        let port = said(1).filter(|port| !port.is_empty() && port != "0");
        let same_host = host
            .as_ref()
            .is_none_or(|host| host.eq_ignore_ascii_case(own_host));
        let same_port = port.as_ref().is_none_or(|port| port == own_port);
        if !same_host || !same_port {
            let elsewhere = format!(
                "{}:{}",
                host.unwrap_or_else(|| own_host.to_owned()),
                port.unwrap_or_else(|| own_port.to_owned())
            );
            let elsewhere = printable(&elsewhere, limits::TEXT);
            let stays = format!("{own_host}:{own_port}");
            return self.problem(format!(
                "the pool wants to send us to {elsewhere}: we stay at {stays}"
            ));
        }
        let wait = said(2).and_then(|wait| wait.parse().ok()).unwrap_or(0_u64);
        let wait_ms = wait.min(limits::RECONNECT_WAIT_S) * 1_000;
        let reason = "the pool asked us to connect again".to_owned();
        self.leave(Leaving::Asked { wait_ms }, reason);
    }

    fn on_response(&mut self, id: &Id, result: Result<Value, RemoteError>) {
        let State::Open(session) = &mut self.state else {
            return;
        };
        // An answer to nothing is left out of account: some pools repeat themselves.
        let Some(asked) = id.as_u64().and_then(|id| session.asked.remove(&id)) else {
            return;
        };
        match asked {
            Asked::Configure => {
                // A pool that does not know it rolls nothing.
                let mask = result.ok().and_then(|result| rolling(&result)).unwrap_or(0);
                self.on_mask(mask);
            }
            Asked::Subscribe => self.on_subscribed(result),
            Asked::Authorize => self.on_authorized(result),
            Asked::ExtranonceSubscribe => {}
            Asked::Submit {
                share, difficulty, ..
            } => self.event(match result {
                Ok(Value::Bool(false)) => Event::Rejected {
                    share,
                    reason: "the pool gave no reason".to_owned(),
                },
                Ok(_) => Event::Accepted { share, difficulty },
                Err(error) if is_stale(&error) => Event::Stale {
                    share,
                    reason: error.message,
                },
                Err(error) => Event::Rejected {
                    share,
                    reason: error.message,
                },
            }),
        }
    }

    fn on_subscribed(&mut self, result: Result<Value, RemoteError>) {
        let extranonce = result
            .map_err(|error| format!("the pool does not let us subscribe: {}", error.message))
            .and_then(|result| {
                let parts = result.as_array().map(Vec::as_slice).unwrap_or_default();
                // Before them stands what was subscribed to, in as many forms as there are pools.
                extranonce(parts.get(1..).unwrap_or_default())
                    .map_err(|error| format!("the pool's subscription is wrong: {error}"))
            });
        let extranonce = match extranonce {
            Ok(extranonce) => extranonce,
            Err(reason) => return self.leave(Leaving::Refused, reason),
        };
        let State::Open(session) = &mut self.state else {
            return;
        };
        session.extranonce = Some(extranonce);
        session.stage = Stage::Authorizing;
        let who = vec![json!(self.options.user), json!(self.options.password)];
        let bytes = session.ask(Asked::Authorize, "mining.authorize", who);
        self.output(Output::Send { bytes });
    }

    fn on_authorized(&mut self, result: Result<Value, RemoteError>) {
        let user = printable(&self.options.user, limits::TEXT);
        let refused = match result {
            Ok(Value::Bool(true)) => None,
            Ok(_) => Some("no reason given".to_owned()),
            Err(error) => Some(error.message),
        };
        if let Some(why) = refused {
            let reason = format!("the pool does not know the user {user}: {why}");
            return self.leave(Leaving::Refused, reason);
        }
        let State::Open(session) = &mut self.state else {
            return;
        };
        session.stage = Stage::Ready {
            since_ms: self.now_ms,
        };
        let extranonce2_size = session.extranonce.as_ref().map_or(0, |e| e.size) as u32;
        let bytes = session.ask(
            Asked::ExtranonceSubscribe,
            "mining.extranonce.subscribe",
            Vec::new(),
        );
        self.output(Output::Send { bytes });
        self.event(Event::Link {
            link: Link::Ready { extranonce2_size },
        });
        self.job_event(true);
    }
}

/// `extranonce1` and the size of `extranonce2`, in this order.
fn extranonce(params: &[Value]) -> Result<Extranonce, MessageError> {
    let one = bytes_from_hex(
        "extranonce1",
        message::text(params, 0, "extranonce1")?,
        limits::EXTRANONCE,
    )?;
    let what = "extranonce2's size";
    let size = message::number(params, 1, what)?;
    let sizes = 1..=limits::EXTRANONCE;
    let whole = sizes.into_iter().find(|whole| *whole as f64 == size);
    let size = whole.ok_or_else(|| MessageError::Field {
        what,
        expected: "a number of bytes from 1 to 16",
        found: size.to_string(),
    })?;
    Ok(Extranonce { one, size })
}

/// The mask of an answer to `mining.configure`.
fn rolling(result: &Value) -> Option<u32> {
    if result.get("version-rolling") != Some(&Value::Bool(true)) {
        return None;
    }
    let mask = result.get("version-rolling.mask")?.as_str()?;
    number_from_hex("mask", mask).ok()
}

fn is_stale(error: &RemoteError) -> bool {
    error.code == Some(JOB_NOT_FOUND) || error.message.to_ascii_lowercase().contains("stale")
}

/// A method's name, for people.
fn named(method: &str) -> String {
    printable(method, limits::JOB_ID)
}
