//! The machine itself: inputs in, outputs out, and the order in which the rooms have their turn.

use super::blocks::{Fetch, Scan};
use super::page::Views;
use super::peers::{Ban, Node};
use super::random::Random;
use super::relay::Relay;
use super::storage::Storage;
use super::sync::Sync;
use super::till::Till;
use super::wallet::Purse;
use super::work::Works;
use super::{CommandError, Event, Input, NoticeKind, Output, limits};
use crate::headers::HeaderTree;
use crate::params::NetworkParams;
use crate::payments::Ledger;
use crate::primitives::{Now, UnixTime};
use std::collections::{BTreeMap, VecDeque};

/// A light client of one network.
#[derive(Debug)]
pub struct Client {
    pub(crate) params: NetworkParams,
    pub(crate) now: Now,
    pub(crate) random: Random,
    pub(crate) tree: HeaderTree,
    pub(crate) ledger: Ledger,
    pub(crate) nodes: Vec<Node>,
    pub(crate) next_peer: u32,
    /// By address, over restarts.
    pub(crate) bans: BTreeMap<String, Ban>,
    pub(crate) sync: Sync,
    pub(crate) relay: Relay,
    pub(crate) blocks: Fetch,
    pub(crate) scan: Scan,
    /// A reorganisation took payments out of their blocks.
    pub(crate) rebroadcast: bool,
    pub(crate) till: Till,
    pub(crate) purse: Purse,
    pub(crate) works: Works,
    pub(crate) storage: Storage,
    pub(crate) views: Views,
    /// When the input before came.
    before: Option<Now>,
    /// The wish to be woken that the driver holds.
    wake: Option<u64>,
    outputs: VecDeque<Output>,
}

impl Client {
    /// A client that knows nothing yet. `seed` is fresh randomness: it makes nonces and jitter,
    /// never keys.
    #[must_use]
    pub fn new(params: NetworkParams, seed: [u8; 32]) -> Self {
        Self {
            tree: HeaderTree::new(params.clone()),
            params,
            now: Now {
                unix_ms: 0,
                monotonic_ms: 0,
            },
            random: Random::new(seed),
            ledger: Ledger::new(),
            nodes: Vec::new(),
            next_peer: 1,
            bans: BTreeMap::new(),
            sync: Sync::default(),
            relay: Relay::default(),
            blocks: Fetch::default(),
            scan: Scan::default(),
            rebroadcast: false,
            till: Till::default(),
            purse: Purse::default(),
            works: Works::default(),
            storage: Storage::default(),
            views: Views::default(),
            before: None,
            wake: None,
            outputs: VecDeque::new(),
        }
    }

    /// Takes in what happened at `now`. Call [`poll_output`](Self::poll_output) until it has
    /// nothing more before the next input. [`Input::Restored`] comes first, or the headers before it.
    pub fn handle(&mut self, now: Now, input: Input) {
        let slept = self.clock(now);
        match input {
            Input::StoredHeaders { headers } => self.on_stored_headers(&headers),
            Input::Restored {
                headers,
                records,
                storage,
            } => self.on_restored(&headers, &records, storage),
            Input::Command { id, command } => self.on_command(id, command),
            Input::Connected(peer) => self.on_connected(peer),
            Input::Received { peer, bytes } => self.on_received(peer, &bytes),
            Input::Disconnected(peer) => self.on_disconnected(peer),
            Input::Stored { id, error } => self.on_stored(id, error),
            Input::Tick => self.wake = None,
        }
        // After the input: who is gone is not asked.
        if slept {
            self.on_slept();
        }
        if self.storage.started {
            self.advance();
        }
    }

    /// What is to be done, in order; none: nothing until the next input.
    #[must_use]
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// Every header that it knows.
    #[must_use]
    pub fn headers(&self) -> &HeaderTree {
        &self.tree
    }

    /// Every room's turn: deadlines first, then what follows from what came.
    fn advance(&mut self) {
        self.handshakes_due();
        self.pings_due();
        self.headers_due();
        self.held_due();
        self.strangers_due();
        self.transactions_due();
        self.blocks_due();
        self.questions_due();
        self.stale_due();
        self.connects_due();
        self.blocks_next();
        self.rebroadcast_due();
        self.wallet_due();
        self.invoices_due();
        self.flush();
        self.views_due();
        self.wake_at();
    }

    /// Sets the clocks; whether the machine slept since the input before.
    fn clock(&mut self, now: Now) -> bool {
        self.now = now;
        self.before
            .replace(now)
            .is_some_and(|before| slept(before, now))
    }

    /// The machine slept, or the browser held us back: nobody is to blame for what did not come.
    /// Connections may have outlived it, with news waiting in them; a ping tells.
    fn on_slept(&mut self) {
        self.patience_anew();
        self.retry_now();
        self.ping_all_now();
        self.ask_all_headers();
        self.till.invoices_changed();
    }

    fn wake_at(&mut self) {
        let now = self.now.monotonic_ms;
        let wish = [
            Some(now + limits::LONGEST_SLEEP_MS),
            self.connections_deadline(),
            self.headers_deadline(),
            self.held_deadline(),
            self.transactions_deadline(),
            self.blocks_deadline(),
            self.questions_deadline(),
            self.stale_deadline(),
            self.wallet_deadline(),
            self.invoices_deadline(),
            self.flush_deadline(),
            self.views_deadline(),
        ]
        .into_iter()
        .flatten()
        .min()
        .unwrap_or(now)
        // Never at once: what was due now had its turn.
        .max(now + 1);
        // An earlier wish stands: the driver calls, and a later one follows.
        if self.wake.is_none_or(|held| wish < held || held <= now) {
            self.wake = Some(wish);
            self.output(Output::WakeAt { monotonic_ms: wish });
        }
    }

    pub(crate) fn output(&mut self, output: Output) {
        self.outputs.push_back(output);
    }

    pub(crate) fn notice(&mut self, kind: NoticeKind, text: String) {
        self.output(Output::Event(Event::Notice { kind, text }));
    }

    /// When the monotonic clock will show what the other clock calls `time`.
    pub(crate) fn monotonic_of(&self, time: UnixTime) -> u64 {
        let ahead = (u64::from(time) * 1000).saturating_sub(self.now.unix_ms);
        self.now.monotonic_ms.saturating_add(ahead)
    }
}

/// Whether more time passed between two inputs than we would have slept of our own accord, by
/// either clock. A clock that was set back is no sleep.
fn slept(before: Now, now: Now) -> bool {
    let monotonic = now.monotonic_ms.saturating_sub(before.monotonic_ms);
    let unix = now.unix_ms.saturating_sub(before.unix_ms);
    monotonic > limits::PAUSE_MS || unix > monotonic.saturating_add(limits::DRIFT_MS)
}

impl CommandError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
        }
    }
}
