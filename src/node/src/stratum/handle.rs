//! What the rest of the program has of the server: it may bring connections, and ask how it is.

use crate::stream::{Ended, Incoming, Listener, Outbox, Outgoing, outbox, run};
use farthing_core::stratum::server::{ConnectionId, Input, Options, Status};
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio::time::timeout;
use tracing::debug;

/// The most bytes that wait for a miner: many jobs. Whoever reads has less, and another job makes
/// the one before worthless.
const MOST: usize = 1 << 18;
/// Events that wait for the machine; each holds at most one piece of a stream.
const QUEUE: usize = 64;

/// What the machine's task is told.
#[derive(Debug)]
pub(super) enum Event {
    /// Anything that the driver has nothing to add to.
    Input(Input),
    /// Somebody came.
    Accepted {
        conn: ConnectionId,
        address: IpAddr,
        outbox: Outbox,
    },
    /// How it is.
    Status(oneshot::Sender<Status>),
    /// Come to an end.
    Stop,
}

/// Counted since the start, beside what the machine counts.
#[derive(Debug, Default)]
pub(super) struct Counters {
    /// Connections that came when no place was free.
    pub(super) refused: AtomicU64,
    /// Miners that were left because they did not read.
    pub(super) slow: AtomicU64,
    /// Blocks that the node took.
    pub(super) taken: AtomicU64,
}

/// How the server is.
#[derive(Debug, Clone)]
pub(crate) struct Figures {
    pub(crate) status: Status,
    /// Connections that came when no place was free.
    pub(crate) refused: u64,
    /// Miners that were left because they did not read.
    pub(crate) slow: u64,
    /// Blocks that the node took.
    pub(crate) taken: u64,
}

/// A cheap copy of the way to the server.
#[derive(Debug, Clone)]
pub(crate) struct StratumHandle {
    events: mpsc::Sender<Event>,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    next: AtomicU32,
    places: Arc<Semaphore>,
    all: u32,
    counters: Counters,
}

impl StratumHandle {
    pub(super) fn new(options: &Options) -> (Self, mpsc::Receiver<Event>) {
        let (events, received) = mpsc::channel(QUEUE);
        // The machine tells those who come when it is full; beyond that descriptors are bounded.
        let all = options.max_connections + 32;
        let shared = Arc::new(Shared {
            next: AtomicU32::new(0),
            places: Arc::new(Semaphore::new(all)),
            all: u32::try_from(all).unwrap_or(u32::MAX),
            counters: Counters::default(),
        });
        (Self { events, shared }, received)
    }

    pub(super) fn counters(&self) -> &Counters {
        &self.shared.counters
    }

    /// How it is; none once it has ended.
    pub(crate) async fn figures(&self) -> Option<Figures> {
        let (answer, answered) = oneshot::channel();
        self.events.send(Event::Status(answer)).await.ok()?;
        let status = answered.await.ok()?;
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let counters = self.counters();
        Some(Figures {
            status,
            refused: read(&counters.refused),
            slow: read(&counters.slow),
            taken: read(&counters.taken),
        })
    }

    /// Ends it: every miner is left.
    pub(crate) async fn stop(&self) {
        self.events.send(Event::Stop).await.ok();
    }

    /// Waits until the connections are closed, not for long.
    pub(crate) async fn closed(&self) {
        let all = self.shared.places.acquire_many(self.shared.all);
        timeout(Duration::from_secs(3), all).await.ok();
    }

    /// False when it has ended.
    pub(super) async fn input(&self, input: Input) -> bool {
        self.events.send(Event::Input(input)).await.is_ok()
    }

    /// A place for one more connection.
    pub(super) fn place(&self) -> Option<OwnedSemaphorePermit> {
        let place = Arc::clone(&self.shared.places).try_acquire_owned().ok();
        if place.is_none() {
            self.counters().refused.fetch_add(1, Ordering::Relaxed);
        }
        place
    }

    /// Carries the bytes of one who came, until the connection ends.
    pub(super) async fn accepted(
        &self,
        from: impl Incoming,
        to: &mut impl Outgoing,
        address: IpAddr,
    ) -> Ended {
        let number = self.shared.next.fetch_add(1, Ordering::Relaxed);
        if number == u32::MAX {
            // Four thousand million connections came: no number is used twice.
            self.shared.next.store(u32::MAX, Ordering::Relaxed);
            return Ended::Stopping;
        }
        let conn = ConnectionId(number);
        let (outbox, inbox) = outbox(MOST);
        let event = Event::Accepted {
            conn,
            address: address.to_canonical(),
            outbox,
        };
        if self.events.send(event).await.is_err() {
            return Ended::Stopping;
        }
        let ended = run(
            from,
            to,
            inbox,
            &Miner {
                stratum: self,
                conn,
            },
        )
        .await;
        debug!("miner {conn:?} at {address}: {ended}");
        self.input(Input::Disconnected(conn)).await;
        ended
    }
}

/// One miner, whose bytes the machine is told.
struct Miner<'a> {
    stratum: &'a StratumHandle,
    conn: ConnectionId,
}

impl Listener for Miner<'_> {
    async fn received(&self, bytes: Vec<u8>) -> bool {
        let conn = self.conn;
        self.stratum.input(Input::Received { conn, bytes }).await
    }

    async fn sent(&self, _count: usize, _last: bool) {}
}
