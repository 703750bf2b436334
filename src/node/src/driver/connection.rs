//! One peer's stream of bytes, both ways, whatever carries it.

use super::handle::NodeHandle;
use super::outbox::Inbox;
use farthing_core::client::PeerId;
use farthing_core::node::Input;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// The most bytes that are read, or written, at once.
pub(super) const PIECE: usize = 65_536;
/// Until a peer takes one piece.
const STALLED: Duration = Duration::from_secs(30);
/// What waits for a peer that is to be left may still be sent for so long.
pub(super) const FAREWELL: Duration = Duration::from_secs(5);

/// How a connection ended.
#[derive(Debug, thiserror::Error)]
pub(super) enum Ended {
    #[error("it left")]
    PeerLeft,
    #[error("the connection broke: {0}")]
    Broke(String),
    #[error("it sent text, expected bytes")]
    Text,
    #[error("it takes nothing")]
    Stalled,
    #[error("too much waits for it")]
    TooSlow,
    #[error("left")]
    Left,
    #[error("farthing is stopping")]
    Stopping,
}

/// What comes from a peer.
pub(super) trait Incoming: Send {
    /// The next bytes; none at the end.
    fn receive(&mut self) -> impl Future<Output = Result<Option<Vec<u8>>, Ended>> + Send;
}

/// What goes to a peer.
pub(super) trait Outgoing: Send {
    /// Returns when the bytes were taken.
    fn deliver(&mut self, bytes: &[u8]) -> impl Future<Output = Result<(), Ended>> + Send;
}

/// Carries bytes until the peer leaves, breaks the connection or is left. The machine reads no
/// faster than it works: while its queue is full this does not read on.
pub(super) async fn run(
    mut from: impl Incoming,
    to: &mut impl Outgoing,
    peer: PeerId,
    inbox: Inbox,
    node: &NodeHandle,
) -> Ended {
    let (mut messages, leave) = (inbox.messages, inbox.leave);
    let waiting = inbox.waiting;
    let reading = async {
        loop {
            let bytes = match from.receive().await {
                Ok(Some(bytes)) => bytes,
                Ok(None) => return Ended::PeerLeft,
                Err(ended) => return ended,
            };
            let count = bytes.len() as u64;
            node.counters().received.fetch_add(count, Ordering::Relaxed);
            if !node.input(Input::Received { peer, bytes }).await {
                return Ended::Stopping;
            }
        }
    };
    let writing = async {
        while let Some(bytes) = messages.recv().await {
            for piece in bytes.chunks(PIECE) {
                match timeout(STALLED, to.deliver(piece)).await {
                    Ok(Ok(())) => {}
                    Ok(Err(ended)) => return ended,
                    Err(_) => return Ended::Stalled,
                }
            }
            let count = bytes.len();
            node.counters()
                .sent
                .fetch_add(count as u64, Ordering::Relaxed);
            if waiting.fetch_sub(count, Ordering::Relaxed) == count {
                node.input(Input::Drained(peer)).await;
            }
        }
        Ended::Left
    };
    let leaving = async {
        match leave.await {
            Ok(()) => Ended::TooSlow,
            Err(_) => {
                sleep(FAREWELL).await;
                Ended::Left
            }
        }
    };
    tokio::select! {
        ended = reading => ended,
        ended = writing => ended,
        ended = leaving => ended,
    }
}
