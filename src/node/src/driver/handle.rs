//! What the rest of the program has of the node: it may ask, and bring connections.

use crate::stream::{Ended, Incoming, Listener, Outbox, Outgoing, outbox, run};
use farthing_core::client::PeerId;
use farthing_core::node::{Input, Request, RequestError, Response};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio::time::timeout;
use tracing::debug;

/// Peers at the same time, both ways: descriptors are bounded. The machine keeps fewer of those that
/// come, so that one more can always come and be compared with them.
const PLACES: usize = 160;
/// The most bytes that wait for a peer: two of the longest messages. The machine serves a peer no
/// more before what it served has left, so that only a peer that does not read comes here.
const MOST: usize = 8 << 20;
/// Events that wait for the machine; each holds at most one frame.
pub(super) const QUEUE: usize = 64;

/// What the machine's task is told.
#[derive(Debug)]
pub(super) enum Event {
    /// Anything that the driver has nothing to add to.
    Input(Input),
    /// Somebody came.
    Accepted {
        peer: PeerId,
        address: String,
        outbox: Outbox,
    },
    /// One who was dialled answered.
    Connected { peer: PeerId, outbox: Outbox },
    /// A question, and where its answer goes.
    Ask(Request, oneshot::Sender<Result<Response, RequestError>>),
    /// Come to an end.
    Stop,
}

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AskError {
    #[error(transparent)]
    Refused(#[from] RequestError),
    #[error("the node does not answer")]
    Gone,
}

/// Counted since the start.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    /// Bytes from peers.
    pub(crate) received: AtomicU64,
    /// Bytes to peers.
    pub(crate) sent: AtomicU64,
    /// Connections that came.
    pub(crate) accepted: AtomicU64,
    /// Connections that came when no place was free.
    pub(crate) refused: AtomicU64,
    /// Peers that were left because they did not read.
    pub(crate) slow: AtomicU64,
}

/// A cheap copy of the way to the node.
#[derive(Debug, Clone)]
pub(crate) struct NodeHandle {
    events: mpsc::Sender<Event>,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    next_inbound: AtomicU32,
    places: Arc<Semaphore>,
    counters: Counters,
}

impl NodeHandle {
    pub(super) fn new() -> (Self, mpsc::Receiver<Event>) {
        let (events, received) = mpsc::channel(QUEUE);
        let shared = Shared {
            next_inbound: AtomicU32::new(1 << 31),
            places: Arc::new(Semaphore::new(PLACES)),
            counters: Counters::default(),
        };
        let shared = Arc::new(shared);
        (Self { events, shared }, received)
    }

    pub(crate) fn counters(&self) -> &Counters {
        &self.shared.counters
    }

    /// Asks the node.
    pub(crate) async fn ask(&self, request: Request) -> Result<Response, AskError> {
        let (answer, answered) = oneshot::channel();
        let event = Event::Ask(request, answer);
        self.events.send(event).await.map_err(|_| AskError::Gone)?;
        Ok(answered.await.map_err(|_| AskError::Gone)??)
    }

    /// Tells the node to end; its task returns once the store is closed.
    pub(crate) async fn stop(&self) {
        self.events.send(Event::Stop).await.ok();
    }

    /// Waits until the connections are closed, not for long.
    pub(crate) async fn closed(&self) {
        let all = self.shared.places.acquire_many(PLACES as u32);
        timeout(Duration::from_secs(3), all).await.ok();
    }

    /// False when the node has ended.
    pub(super) async fn input(&self, input: Input) -> bool {
        self.events.send(Event::Input(input)).await.is_ok()
    }

    /// A place for one more peer.
    pub(super) fn place(&self) -> Option<OwnedSemaphorePermit> {
        let place = Arc::clone(&self.shared.places).try_acquire_owned().ok();
        if place.is_none() {
            self.shared.counters.refused.fetch_add(1, Ordering::Relaxed);
        }
        place
    }

    /// Carries the bytes of one who came, until the connection ends.
    pub(super) async fn accepted(
        &self,
        from: impl Incoming,
        to: &mut impl Outgoing,
        address: String,
    ) -> Ended {
        self.shared
            .counters
            .accepted
            .fetch_add(1, Ordering::Relaxed);
        let number = self.shared.next_inbound.fetch_add(1, Ordering::Relaxed);
        if number < 1 << 31 {
            // Two thousand million connections came: no number is used twice.
            return Ended::Stopping;
        }
        let (outbox, inbox) = outbox(MOST);
        let peer = PeerId(number);
        let event = Event::Accepted {
            peer,
            address,
            outbox,
        };
        if self.events.send(event).await.is_err() {
            return Ended::Stopping;
        }
        let ended = run(from, to, inbox, &PeerOf { node: self, peer }).await;
        self.ended(peer, ended).await
    }

    /// Carries the bytes of one who was dialled.
    pub(super) async fn connected(
        &self,
        from: impl Incoming,
        to: &mut impl Outgoing,
        peer: PeerId,
    ) {
        let (outbox, inbox) = outbox(MOST);
        if self
            .events
            .send(Event::Connected { peer, outbox })
            .await
            .is_err()
        {
            return;
        }
        let ended = run(from, to, inbox, &PeerOf { node: self, peer }).await;
        self.ended(peer, ended).await;
    }

    async fn ended(&self, peer: PeerId, ended: Ended) -> Ended {
        debug!("peer {peer:?}: {ended}");
        self.input(Input::Disconnected(peer)).await;
        ended
    }
}

/// One peer, whose bytes the node is told.
struct PeerOf<'a> {
    node: &'a NodeHandle,
    peer: PeerId,
}

impl Listener for PeerOf<'_> {
    async fn received(&self, bytes: Vec<u8>) -> bool {
        let (peer, count) = (self.peer, bytes.len() as u64);
        let counters = self.node.counters();
        counters.received.fetch_add(count, Ordering::Relaxed);
        self.node.input(Input::Received { peer, bytes }).await
    }

    async fn sent(&self, count: usize, last: bool) {
        let counters = self.node.counters();
        counters.sent.fetch_add(count as u64, Ordering::Relaxed);
        if last {
            self.node.input(Input::Drained(self.peer)).await;
        }
    }
}
