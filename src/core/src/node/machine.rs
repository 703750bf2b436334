//! The machine itself: inputs in, outputs out, and what has its turn when.

use super::limits;
use super::options::NodeOptions;
use super::peers::{Dial, Peer};
use super::relay::Transactions;
use super::requests::LongPolls;
use super::sync::{CaughtUp, Download};
use super::{Input, NodeLog, Output};
use crate::chain::{Chain, Store, StoreError};
use crate::client::{PeerId, Random};
use crate::mempool::{Mempool, Orphans};
use crate::params::NetworkParams;
use crate::primitives::Now;
use std::collections::{BTreeMap, VecDeque};

/// What follows from an input: nothing to say, or the storage broke.
pub(super) type Done = Result<(), StoreError>;

/// A full node of one network.
#[derive(Debug)]
pub struct Node<S> {
    pub(super) params: NetworkParams,
    pub(super) options: NodeOptions,
    pub(super) now: Now,
    pub(super) random: Random,
    /// In every `version` of ours: it comes back when we dialled ourselves.
    pub(super) nonce: u64,
    pub(super) chain: Chain<S>,
    pub(super) mempool: Mempool,
    pub(super) orphans: Orphans<PeerId>,
    pub(super) peers: BTreeMap<PeerId, Peer>,
    pub(super) dials: Vec<Dial>,
    pub(super) next_peer: u32,
    /// Addresses that broke the protocol, and until when they are unwelcome.
    pub(super) discouraged: BTreeMap<String, u64>,
    pub(super) download: Download,
    pub(super) caught_up: CaughtUp,
    pub(super) transactions: Transactions,
    pub(super) long_polls: LongPolls,
    pub(super) counts: Counts,
    /// The tip is to be announced.
    pub(super) announce: bool,
    /// Blocks may be missing of whom somebody has them.
    pub(super) fetch: bool,
    log: LogLimit,
    /// When deadlines are looked at next.
    due_ms: u64,
    wake: Option<u64>,
    before: Option<Now>,
    halted: bool,
    outputs: VecDeque<Output>,
}

/// What happened since the start.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) connected: u64,
    pub(super) disconnected: u64,
    pub(super) misbehaving: u64,
    /// The height of the last block that got a line of the log while catching up.
    pub(super) told: u32,
}

/// How many lines of the log peers have caused lately.
#[derive(Debug, Clone, Copy, Default)]
struct LogLimit {
    since_ms: u64,
    lines: u32,
    left_out: u32,
}

impl<S: Store> Node<S> {
    /// A node over this chain. `seed` is fresh randomness: it makes nonces and jitter, never keys.
    #[must_use]
    pub fn new(
        params: NetworkParams,
        seed: [u8; 32],
        chain: Chain<S>,
        options: NodeOptions,
    ) -> Self {
        let mut random = Random::new(seed);
        Self {
            nonce: random.next_u64(),
            random,
            now: Now {
                unix_ms: 0,
                monotonic_ms: 0,
            },
            chain,
            mempool: Mempool::new(params.clone(), options.mempool),
            orphans: Orphans::new(options.orphans),
            peers: BTreeMap::new(),
            dials: options.peers.iter().cloned().map(Dial::new).collect(),
            next_peer: 1,
            discouraged: BTreeMap::new(),
            download: Download::default(),
            caught_up: CaughtUp::default(),
            transactions: Transactions::default(),
            long_polls: LongPolls::default(),
            counts: Counts::default(),
            announce: false,
            fetch: true,
            log: LogLimit::default(),
            due_ms: 0,
            wake: None,
            before: None,
            halted: false,
            outputs: VecDeque::new(),
            params,
            options,
        }
    }

    /// Takes in what happened at `now`. Call [`poll_output`](Self::poll_output) until it has nothing
    /// more before the next input. The first input is [`Input::Tick`].
    pub fn handle(&mut self, now: Now, input: Input) {
        if self.halted {
            return;
        }
        self.clock(now);
        if let Err(error) = self.take(input).and_then(|()| self.advance()) {
            self.halted = true;
            self.outputs.push_back(Output::Halt {
                reason: error.message,
            });
        }
    }

    /// What is to be done, in order; none: nothing until the next input.
    #[must_use]
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// The chain.
    #[must_use]
    pub fn chain(&self) -> &Chain<S> {
        &self.chain
    }

    /// Gives the chain away: what outlasts the node.
    #[must_use]
    pub fn into_chain(self) -> Chain<S> {
        self.chain
    }

    /// The transactions that wait.
    #[must_use]
    pub fn mempool(&self) -> &Mempool {
        &self.mempool
    }

    fn take(&mut self, input: Input) -> Done {
        match input {
            Input::Accepted { peer, address } => self.on_accepted(peer, address),
            Input::Connected(peer) => self.on_connected(peer),
            Input::Received { peer, bytes } => return self.on_received(peer, &bytes),
            Input::Drained(peer) => return self.on_drained(peer),
            Input::Disconnected(peer) => self.on_disconnected(peer),
            Input::Request { id, request } => return self.on_request(id, request),
            Input::Tick => self.wake = None,
        }
        Ok(())
    }

    /// Deadlines, then what follows from what came.
    fn advance(&mut self) -> Done {
        let now = self.now.monotonic_ms;
        if now >= self.due_ms {
            self.due_ms = now + limits::LOOK_EVERY_MS;
            self.dials_due();
            self.peers_due();
            self.headers_due();
            self.blocks_due();
            self.transactions_due();
            self.left_out_due();
        }
        self.look_whether_caught_up();
        self.trickle_due();
        if self.announce {
            self.announce_tip()?;
        }
        if self.fetch {
            self.fetch_blocks();
        }
        self.long_polls_due();
        self.wake_at();
        Ok(())
    }

    fn clock(&mut self, now: Now) {
        let before = self.before.replace(now);
        self.now = now;
        // The machine slept: nobody is to blame for what did not come.
        if before.is_some_and(|before| {
            now.monotonic_ms.saturating_sub(before.monotonic_ms) > limits::PAUSE_MS
        }) {
            self.patience_anew();
            self.caught_up.moved();
        }
    }

    fn wake_at(&mut self) {
        let now = self.now.monotonic_ms;
        let wish = [Some(self.due_ms), self.trickle_deadline()];
        let wish = wish.into_iter().flatten().min().unwrap_or(now);
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

    /// A line of the log.
    pub(super) fn log(&mut self, text: String) {
        self.output(Output::Log(NodeLog {
            warning: false,
            text,
        }));
    }

    /// A warning.
    pub(super) fn warn(&mut self, text: String) {
        self.output(Output::Log(NodeLog {
            warning: true,
            text,
        }));
    }

    /// A line that a peer caused: only so many in a minute, so that no peer fills a disk.
    pub(super) fn log_of_peer(&mut self, warning: bool, text: String) {
        self.left_out_due();
        if self.log.lines >= limits::LOG_LINES {
            self.log.left_out = self.log.left_out.saturating_add(1);
            return;
        }
        self.log.lines += 1;
        self.output(Output::Log(NodeLog { warning, text }));
    }

    fn left_out_due(&mut self) {
        let now = self.now.monotonic_ms;
        if now < self.log.since_ms + limits::LOG_MS {
            return;
        }
        let left_out = self.log.left_out;
        self.log = LogLimit {
            since_ms: now,
            lines: 0,
            left_out: 0,
        };
        if left_out > 0 {
            self.log(format!("{left_out} more lines about peers were left out"));
        }
    }
}
