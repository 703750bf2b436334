//! The task that owns the machine. It works on a thread of its own, since the machine writes to the
//! disk and waits for it.

use super::handle::{Event, NodeHandle};
use super::tcp::dial;
use crate::stream::{Outbox, TooSlow};
use farthing_core::chain::Store;
use farthing_core::client::{PeerId, RequestId};
use farthing_core::node::{Input, Node, Output, RequestError, Response};
use farthing_core::primitives::Now;
use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};
use tokio::task::{AbortHandle, JoinHandle, spawn_blocking};
use tokio::time::{Duration, sleep_until};
use tracing::{info, warn};

/// The node's machine, or a test's.
pub(crate) trait Machine: Send + 'static {
    /// Something happened.
    fn handle(&mut self, now: Now, input: Input);
    /// What is to be done next.
    fn poll_output(&mut self) -> Option<Output>;
}

impl<S: Store + Send + 'static> Machine for Node<S> {
    fn handle(&mut self, now: Now, input: Input) {
        Node::handle(self, now, input);
    }

    fn poll_output(&mut self) -> Option<Output> {
        Node::poll_output(self)
    }
}

/// The node stopped by itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Halted {
    #[error("the node stopped: {0}")]
    Store(String),
    #[error("the node broke: {0}. What it kept is whole; please tell how this came about")]
    Panicked(String),
}

/// Starts the task. It ends after [`NodeHandle::stop`], or when the storage broke; then the store is
/// closed.
pub(crate) fn start(machine: impl Machine) -> (NodeHandle, JoinHandle<Result<(), Halted>>) {
    let (handle, events) = NodeHandle::new();
    let node = handle.clone();
    let runtime = Handle::current();
    let task = spawn_blocking(move || runtime.block_on(Task::new(machine, node).run(events)));
    (handle, task)
}

/// A connection as the task knows it.
#[derive(Debug)]
enum Peer {
    Dialling(AbortHandle),
    Open(Outbox),
}

type Answer = oneshot::Sender<Result<Response, RequestError>>;

struct Task<M> {
    machine: M,
    node: NodeHandle,
    started: Instant,
    wake: Option<Instant>,
    peers: BTreeMap<PeerId, Peer>,
    asked: BTreeMap<RequestId, Answer>,
    next_request: u32,
}

impl<M: Machine> Task<M> {
    fn new(machine: M, node: NodeHandle) -> Self {
        Self {
            machine,
            node,
            started: Instant::now(),
            wake: None,
            peers: BTreeMap::new(),
            asked: BTreeMap::new(),
            next_request: 0,
        }
    }

    async fn run(mut self, mut events: mpsc::Receiver<Event>) -> Result<(), Halted> {
        self.handle(Input::Tick)?;
        loop {
            // Without a wish an hour does no harm.
            let wake = self
                .wake
                .unwrap_or_else(|| Instant::now() + Duration::from_secs(3600));
            let event = tokio::select! {
                biased;
                () = sleep_until(wake.into()) => Event::Input(Input::Tick),
                event = events.recv() => event.unwrap_or(Event::Stop),
            };
            if self.take(event)? {
                return Ok(());
            }
        }
    }

    /// True when it is to end.
    fn take(&mut self, event: Event) -> Result<bool, Halted> {
        match event {
            Event::Stop => return Ok(true),
            Event::Input(Input::Tick) => {
                self.wake = None;
                self.handle(Input::Tick)?;
            }
            Event::Input(Input::Disconnected(peer)) => {
                // The machine hears nothing more of a peer that it left.
                if self.peers.remove(&peer).is_some() {
                    self.handle(Input::Disconnected(peer))?;
                }
            }
            Event::Input(input) => {
                if self.is_of_interest(&input) {
                    self.handle(input)?;
                }
            }
            Event::Accepted {
                peer,
                address,
                outbox,
            } => {
                self.peers.insert(peer, Peer::Open(outbox));
                self.handle(Input::Accepted { peer, address })?;
            }
            Event::Connected { peer, outbox } => {
                // It may have been left meanwhile; then dropping the outbox closes it.
                if let Some(known) = self.peers.get_mut(&peer) {
                    *known = Peer::Open(outbox);
                    self.handle(Input::Connected(peer))?;
                }
            }
            Event::Ask(request, answer) => {
                let id = RequestId(self.next_request);
                self.next_request = self.next_request.wrapping_add(1);
                self.asked.insert(id, answer);
                self.handle(Input::Request { id, request })?;
            }
        }
        Ok(false)
    }

    fn is_of_interest(&self, input: &Input) -> bool {
        match input {
            Input::Received { peer, .. } | Input::Drained(peer) => self.peers.contains_key(peer),
            _ => true,
        }
    }

    /// Hands an input over and does what comes of it.
    fn handle(&mut self, input: Input) -> Result<(), Halted> {
        let now = self.now();
        self.machine.handle(now, input);
        while let Some(output) = self.machine.poll_output() {
            match output {
                Output::Connect { peer, address } => {
                    let dialling = tokio::spawn(dial(self.node.clone(), peer, address));
                    self.peers
                        .insert(peer, Peer::Dialling(dialling.abort_handle()));
                }
                Output::Send { peer, bytes } => self.send(peer, bytes),
                Output::Disconnect(peer) => {
                    if let Some(Peer::Dialling(dialling)) = self.peers.remove(&peer) {
                        dialling.abort();
                    }
                }
                Output::Reply { id, result } => {
                    if let Some(answer) = self.asked.remove(&id) {
                        // Who asked may have gone.
                        answer.send(result).ok();
                    }
                }
                Output::WakeAt { monotonic_ms } => {
                    self.wake = Some(self.started + Duration::from_millis(monotonic_ms));
                }
                Output::Log(log) if log.warning => warn!("{}", log.text),
                Output::Log(log) => info!("{}", log.text),
                Output::Halt { reason } => return Err(Halted::Store(reason)),
            }
        }
        Ok(())
    }

    fn send(&mut self, peer: PeerId, bytes: Vec<u8>) {
        let Some(Peer::Open(outbox)) = self.peers.get(&peer) else {
            return;
        };
        if outbox.push(bytes) == Err(TooSlow)
            && let Some(Peer::Open(outbox)) = self.peers.remove(&peer)
        {
            self.node.counters().slow.fetch_add(1, Ordering::Relaxed);
            outbox.leave();
            // The outputs that are still to come may speak of it: they find nobody.
            let now = self.now();
            self.machine.handle(now, Input::Disconnected(peer));
        }
    }

    fn now(&self) -> Now {
        let unix = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let milliseconds = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        Now {
            unix_ms: milliseconds(unix),
            monotonic_ms: milliseconds(self.started.elapsed()),
        }
    }
}
