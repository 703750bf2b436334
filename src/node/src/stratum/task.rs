//! The task that owns the machine: events in, the machine's outputs out.

use super::follow::follow;
use super::handle::{Event, StratumHandle};
use crate::driver::{AskError, NodeHandle};
use crate::stream::{Outbox, TooSlow};
use farthing_core::node::Request;
use farthing_core::params::NetworkParams;
use farthing_core::primitives::Now;
use farthing_core::stratum::server::{ConnectionId, Input, Options, Output, Server};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use tokio::sync::{Semaphore, mpsc};
use tokio::time::{Duration, sleep_until};
use tracing::{debug, info, warn};

/// Blocks on their way to the node at the same time. On a network whose blocks cost nothing each
/// share is one.
const SUBMITTING: usize = 32;

/// Starts the server for this node's network. `seed` is fresh randomness.
pub(crate) fn start(
    params: NetworkParams,
    node: &NodeHandle,
    options: Options,
    seed: u32,
) -> StratumHandle {
    let (handle, events) = StratumHandle::new(&options);
    let task = Task {
        machine: Server::new(params, options, seed),
        node: node.clone(),
        handle: handle.clone(),
        started: Instant::now(),
        wake: None,
        miners: BTreeMap::new(),
        submitting: Arc::new(Semaphore::new(SUBMITTING)),
    };
    tokio::spawn(task.run(events));
    tokio::spawn(follow(node.clone(), handle.clone()));
    handle
}

struct Task {
    machine: Server,
    node: NodeHandle,
    handle: StratumHandle,
    started: Instant,
    wake: Option<Instant>,
    miners: BTreeMap<ConnectionId, Outbox>,
    submitting: Arc<Semaphore>,
}

impl Task {
    async fn run(mut self, mut events: mpsc::Receiver<Event>) {
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
            match event {
                // Whoever connects from now on finds nobody; dropping the outboxes closes the rest.
                Event::Stop => return,
                Event::Status(answer) => {
                    // Who asked may have gone.
                    answer.send(self.machine.status()).ok();
                }
                Event::Accepted {
                    conn,
                    address,
                    outbox,
                } => {
                    self.miners.insert(conn, outbox);
                    self.handle(Input::Accepted {
                        conn,
                        address: address.to_string(),
                        local: address.is_loopback(),
                    });
                }
                Event::Input(Input::Tick) => {
                    self.wake = None;
                    self.handle(Input::Tick);
                }
                Event::Input(Input::Disconnected(conn)) => {
                    // The machine hears nothing more of a miner that it left.
                    if self.miners.remove(&conn).is_some() {
                        self.handle(Input::Disconnected(conn));
                    }
                }
                Event::Input(Input::Received { conn, bytes }) => {
                    if self.miners.contains_key(&conn) {
                        self.handle(Input::Received { conn, bytes });
                    }
                }
                Event::Input(input) => self.handle(input),
            }
        }
    }

    /// Hands an input over and does what comes of it.
    fn handle(&mut self, input: Input) {
        self.machine.handle(self.now(), input);
        while let Some(output) = self.machine.poll_output() {
            match output {
                Output::Send { conn, bytes } => self.send(conn, bytes),
                Output::Disconnect { conn, reason } => {
                    debug!("miner {conn:?} is left: {reason}");
                    self.miners.remove(&conn);
                }
                Output::Submit { block, hash, .. } => self.submit(block, hash),
                Output::WakeAt { monotonic_ms } => {
                    self.wake = Some(self.started + Duration::from_millis(monotonic_ms));
                }
                Output::Log {
                    warning: true,
                    text,
                } => warn!("{text}"),
                Output::Log { text, .. } => info!("{text}"),
            }
        }
    }

    fn send(&mut self, conn: ConnectionId, bytes: Vec<u8>) {
        let Some(outbox) = self.miners.get(&conn) else {
            return;
        };
        if outbox.push(bytes) == Err(TooSlow)
            && let Some(outbox) = self.miners.remove(&conn)
        {
            self.handle.counters().slow.fetch_add(1, Ordering::Relaxed);
            outbox.leave();
            // The outputs that are still to come may speak of it: they find nobody.
            self.machine.handle(self.now(), Input::Disconnected(conn));
        }
    }

    /// Hands a block to the node. Others go on meanwhile.
    fn submit(&self, block: Vec<u8>, hash: String) {
        let Ok(place) = Arc::clone(&self.submitting).try_acquire_owned() else {
            warn!("block {hash} is lost: the node has not yet taken those before it");
            return;
        };
        let (node, handle) = (self.node.clone(), self.handle.clone());
        tokio::spawn(async move {
            match node.ask(Request::SubmitBlock { block }).await {
                Ok(_) => {
                    handle.counters().taken.fetch_add(1, Ordering::Relaxed);
                    info!("block {hash} of a miner was taken");
                }
                // Two miners find one for the same parent.
                Err(AskError::Refused(refused)) if refused.code == "inconclusive" => {
                    info!("block {hash} of a miner came second: {refused}");
                }
                Err(error) => warn!("block {hash} of a miner is lost: {error}"),
            }
            drop(place);
        });
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
