//! Carries bytes until an end leaves, breaks the connection or is left.

use super::outbox::Inbox;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// The most bytes that are read, or written, at once.
pub(crate) const PIECE: usize = 65_536;
/// Until the other end takes one piece.
const STALLED: Duration = Duration::from_secs(30);
/// What waits for an end that is to be left may still be sent for so long.
pub(crate) const FAREWELL: Duration = Duration::from_secs(5);

/// How a connection ended.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Ended {
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

/// What comes from the other end.
pub(crate) trait Incoming: Send {
    /// The next bytes; none at the end.
    fn receive(&mut self) -> impl Future<Output = Result<Option<Vec<u8>>, Ended>> + Send;
}

/// What goes to the other end.
pub(crate) trait Outgoing: Send {
    /// Returns when the bytes were taken.
    fn deliver(&mut self, bytes: &[u8]) -> impl Future<Output = Result<(), Ended>> + Send;
}

/// Who is told what a connection brings.
pub(crate) trait Listener: Sync {
    /// Bytes came. Returns when they were taken; false when nobody takes any more.
    fn received(&self, bytes: Vec<u8>) -> impl Future<Output = bool> + Send;
    /// So many bytes have left, and whether they were the last that waited.
    fn sent(&self, count: usize, last: bool) -> impl Future<Output = ()> + Send;
}

/// Carries bytes until the other end leaves, breaks the connection or is left. Reads no faster than
/// the listener takes.
pub(crate) async fn run(
    mut from: impl Incoming,
    to: &mut impl Outgoing,
    inbox: Inbox,
    listener: &impl Listener,
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
            if !listener.received(bytes).await {
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
            let last = waiting.fetch_sub(count, Ordering::Relaxed) == count;
            listener.sent(count, last).await;
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
