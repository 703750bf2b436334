//! The machine itself: inputs in, outputs out, deadlines, the log.

use super::connection::Connection;
use super::io::{ConnectionId, Input, Options, Output, Status};
use super::jobs::Current;
use crate::params::NetworkParams;
use crate::primitives::Now;
use crate::stratum::limits;
use crate::stratum::rate::Bucket;
use std::collections::{BTreeMap, VecDeque};

/// A pool for miners who mine alone.
#[derive(Debug)]
pub struct Server {
    pub(super) params: NetworkParams,
    pub(super) options: Options,
    pub(super) now: Now,
    pub(super) connections: BTreeMap<ConnectionId, Connection>,
    pub(super) current: Option<Current>,
    /// Templates that jobs were made of, so far.
    pub(super) next_job: u64,
    pub(super) status: Status,
    next_extranonce1: u32,
    log: Bucket,
    wake: Option<u64>,
    outputs: VecDeque<Output>,
}

impl Server {
    /// For miners of this network. `seed` is fresh randomness: the first `extranonce1`, so that a
    /// server that starts again does not let miners search what they searched before.
    #[must_use]
    pub fn new(params: NetworkParams, options: Options, seed: u32) -> Self {
        Self {
            params,
            options,
            now: Now {
                unix_ms: 0,
                monotonic_ms: 0,
            },
            connections: BTreeMap::new(),
            current: None,
            next_job: 0,
            status: Status {
                connections: 0,
                miners: 0,
                accepted: 0,
                rejected: 0,
                stale: 0,
                blocks: 0,
                misbehaving: 0,
                hashes: 0.0,
            },
            next_extranonce1: seed,
            log: Bucket::per_minute(limits::LOG_LINES, 0),
            wake: None,
            outputs: VecDeque::new(),
        }
    }

    /// Takes in what happened at `now`. Call [`poll_output`](Self::poll_output) until it has nothing
    /// more before the next input.
    pub fn handle(&mut self, now: Now, input: Input) {
        self.now = Now {
            monotonic_ms: self.now.monotonic_ms.max(now.monotonic_ms),
            ..now
        };
        match input {
            Input::Accepted {
                conn,
                address,
                local,
            } => self.on_accepted(conn, address, local),
            Input::Received { conn, bytes } => self.on_received(conn, &bytes),
            Input::Disconnected(conn) => {
                self.connections.remove(&conn);
            }
            Input::Template(template) => self.on_template(&template),
            Input::NoTemplate => self.on_no_template(),
            Input::Tick => self.wake = None,
        }
        self.deadlines();
        self.wake_at();
    }

    /// What is to be done, in order; none: nothing until the next input.
    #[must_use]
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// How it is.
    #[must_use]
    pub fn status(&self) -> Status {
        Status {
            connections: self.connections.len() as u32,
            miners: self.miners().count() as u32,
            ..self.status.clone()
        }
    }

    /// Connections that mine.
    pub(super) fn miners(&self) -> impl Iterator<Item = ConnectionId> {
        let miners = self.connections.iter().filter(|(_, one)| one.is_miner());
        miners.map(|(conn, _)| *conn)
    }

    fn on_accepted(&mut self, conn: ConnectionId, address: String, local: bool) {
        let same = |one: &&Connection| one.address == address;
        let of_address = self.connections.values().filter(same).count();
        let full = if self.connections.len() >= self.options.max_connections {
            Some("there are as many miners as this server takes")
        } else if !local && of_address >= self.options.max_per_address {
            Some("there are as many miners of this address as this server takes")
        } else {
            None
        };
        if let Some(reason) = full {
            let reason = reason.to_owned();
            return self.output(Output::Disconnect { conn, reason });
        }
        let extranonce1 = self.free_extranonce1();
        let now = self.now.monotonic_ms;
        let connection = Connection::new(&self.options, address, extranonce1, now);
        self.connections.insert(conn, connection);
    }

    /// One that no connection has.
    fn free_extranonce1(&mut self) -> u32 {
        loop {
            let one = self.next_extranonce1;
            self.next_extranonce1 = one.wrapping_add(1);
            let taken = |c: &Connection| c.extranonce1 == one.to_be_bytes();
            if !self.connections.values().any(taken) {
                return one;
            }
        }
    }

    /// Ends a connection that broke a rule.
    pub(super) fn misbehaved(&mut self, conn: ConnectionId, reason: String) {
        if let Some(connection) = self.connections.remove(&conn) {
            self.status.misbehaving += 1;
            let who = connection.address;
            self.log_of_miner(true, format!("a miner at {who} was left: {reason}"));
            self.output(Output::Disconnect { conn, reason });
        }
    }

    fn deadlines(&mut self) {
        let now = self.now.monotonic_ms;
        let due: Vec<ConnectionId> = self
            .connections
            .iter()
            .filter(|(_, one)| now >= one.next_deadline_ms())
            .map(|(conn, _)| *conn)
            .collect();
        for conn in due {
            let Some(connection) = self.connections.get(&conn) else {
                continue;
            };
            let unauthorized = connection.payout.is_none();
            let reason = if unauthorized && now >= connection.since_ms + limits::AUTHORIZE_MS {
                let seconds = limits::AUTHORIZE_MS / 1_000;
                format!("it did not authorize within {seconds} s")
            } else if now >= connection.heard_ms + limits::MINER_SILENCE_MS {
                let minutes = limits::MINER_SILENCE_MS / 60_000;
                format!("it was silent for {minutes} minutes")
            } else {
                self.retarget(conn);
                continue;
            };
            self.connections.remove(&conn);
            self.output(Output::Disconnect { conn, reason });
        }
    }

    fn wake_at(&mut self) {
        let now = self.now.monotonic_ms;
        let deadlines = self.connections.values().map(Connection::next_deadline_ms);
        let Some(wish) = deadlines.min().map(|wish| wish.max(now + 1)) else {
            return;
        };
        // An earlier wish stands: the driver calls, and a later one follows.
        if self.wake.is_none_or(|held| wish < held || held <= now) {
            self.wake = Some(wish);
            self.output(Output::WakeAt { monotonic_ms: wish });
        }
    }

    pub(super) fn output(&mut self, output: Output) {
        self.outputs.push_back(output);
    }

    /// A line of the log that a miner caused: only so many in a minute, so that none fills a disk.
    pub(super) fn log_of_miner(&mut self, warning: bool, text: String) {
        if self.log.take(1, self.now.monotonic_ms) {
            self.output(Output::Log { warning, text });
        }
    }
}
