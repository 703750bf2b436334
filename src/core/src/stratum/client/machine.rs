//! The machine itself: inputs in, outputs out, deadlines.

use super::io::{Event, Input, Link, Options, Output};
use super::retry::Leaving;
use super::session::{Session, Stage};
use super::work::Works;
use crate::primitives::Now;
use crate::stratum::limits;
use crate::stratum::rate::Bucket;
use std::collections::VecDeque;

/// How the connection is.
#[derive(Debug)]
pub(super) enum State {
    /// There is none until then.
    Waiting { until_ms: u64 },
    /// It was asked for.
    Opening { since_ms: u64 },
    /// It is open.
    Open(Box<Session>),
}

/// A miner for one pool.
#[derive(Debug)]
pub struct Client {
    pub(super) options: Options,
    pub(super) now_ms: u64,
    pub(super) state: State,
    pub(super) works: Works,
    /// Connections that ended without having been steady, in a row.
    pub(super) failures: u32,
    pub(super) seed: u64,
    /// Jobs so far: numbers for them that no pool chooses.
    pub(super) jobs: u64,
    problems: Bucket,
    wake: Option<u64>,
    outputs: VecDeque<Output>,
}

impl Client {
    /// For this pool, not yet connected. `seed` is fresh randomness: it spreads the retries of many
    /// miners, and nothing else comes of it.
    #[must_use]
    pub fn new(options: Options, seed: u64) -> Self {
        Self {
            options,
            now_ms: 0,
            state: State::Waiting { until_ms: 0 },
            works: Works::default(),
            failures: 0,
            seed,
            jobs: 0,
            problems: Bucket::per_minute(limits::PROBLEMS, 0),
            wake: None,
            outputs: VecDeque::new(),
        }
    }

    /// Takes in what happened at `now`. Call [`poll_output`](Self::poll_output) until it has nothing
    /// more before the next input. The first input is [`Input::Tick`].
    pub fn handle(&mut self, now: Now, input: Input) {
        self.now_ms = self.now_ms.max(now.monotonic_ms);
        match input {
            Input::Connected => self.on_connected(),
            Input::Received { bytes } => self.on_received(&bytes),
            Input::Disconnected => self.on_disconnected(),
            Input::Submit(share) => self.on_submit(&share),
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

    /// Whether the pool knows us: [`work`](Self::work) has something as soon as there is a job.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        matches!(&self.state, State::Open(session) if session.is_ready())
    }

    fn on_connected(&mut self) {
        if !matches!(self.state, State::Opening { .. }) {
            return;
        }
        let mut session = Session::new(self.now_ms);
        for line in session.greet(&self.options) {
            self.output(Output::Send { bytes: line });
        }
        self.state = State::Open(Box::new(session));
    }

    fn on_disconnected(&mut self) {
        let reason = match &self.state {
            State::Waiting { .. } => return,
            State::Opening { .. } => "the pool cannot be reached",
            State::Open(session) if session.is_ready() => "the pool closed the connection",
            State::Open(_) => "the pool closed the connection before it knew us",
        };
        self.closed(reason.to_owned());
    }

    fn deadlines(&mut self) {
        let now = self.now_ms;
        let over = |since: u64, patience: u64| now >= since.saturating_add(patience);
        let seconds = |ms: u64| ms / 1_000;
        match &self.state {
            State::Waiting { until_ms } if now >= *until_ms => {
                self.state = State::Opening { since_ms: now };
                self.event(Event::Link {
                    link: Link::Connecting,
                });
                self.output(Output::Connect);
            }
            State::Opening { since_ms } if over(*since_ms, limits::CONNECT_MS) => {
                let reason = format!(
                    "the pool cannot be reached: no connection within {} s",
                    seconds(limits::CONNECT_MS)
                );
                self.leave(Leaving::Failed, reason);
            }
            State::Open(session) => {
                let late = match session.stage {
                    Stage::Subscribing | Stage::Authorizing => {
                        over(session.since_ms, limits::HANDSHAKE_MS).then(|| {
                            format!(
                                "the pool did not let us in within {} s",
                                seconds(limits::HANDSHAKE_MS)
                            )
                        })
                    }
                    Stage::Ready { .. } => None,
                };
                let unanswered = session
                    .oldest_share_ms()
                    .is_some_and(|since| over(since, limits::ANSWER_MS));
                let late = late.or_else(|| {
                    unanswered.then(|| {
                        format!(
                            "the pool did not answer a share within {} s",
                            seconds(limits::ANSWER_MS)
                        )
                    })
                });
                let late = late.or_else(|| {
                    over(session.last_job_ms, limits::SILENCE_MS).then(|| {
                        format!(
                            "the pool is silent: no job for {} minutes",
                            limits::SILENCE_MS / 60_000
                        )
                    })
                });
                if let Some(reason) = late {
                    self.leave(Leaving::Failed, reason);
                }
            }
            State::Waiting { .. } | State::Opening { .. } => {}
        }
    }

    fn wake_at(&mut self) {
        let now = self.now_ms;
        let wish = match &self.state {
            State::Waiting { until_ms } => *until_ms,
            State::Opening { since_ms } => since_ms.saturating_add(limits::CONNECT_MS),
            State::Open(session) => session.next_deadline_ms(),
        };
        let wish = wish.max(now + 1);
        // An earlier wish stands: the driver calls, and a later one follows.
        if self.wake.is_none_or(|held| wish < held || held <= now) {
            self.wake = Some(wish);
            self.output(Output::WakeAt { monotonic_ms: wish });
        }
    }

    pub(super) fn output(&mut self, output: Output) {
        self.outputs.push_back(output);
    }

    pub(super) fn event(&mut self, event: Event) {
        self.output(Output::Event { event });
    }

    /// Something is wrong: told, but not without end.
    pub(super) fn problem(&mut self, text: String) {
        if self.problems.take(1, self.now_ms) {
            self.event(Event::Problem { text });
        }
    }
}
