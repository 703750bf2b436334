//! What waits to be sent to one peer: bounded in bytes. Dropping the outbox closes the connection
//! once all of it has left, or after [`FAREWELL`](super::connection::FAREWELL).

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::{mpsc, oneshot};

/// The most bytes that wait: two of the longest messages. The machine serves a peer no more before
/// what it served has left, so that only a peer that does not read comes here.
pub(super) const MOST: usize = 8 << 20;

/// The machine's end.
#[derive(Debug)]
pub(super) struct Outbox {
    messages: mpsc::UnboundedSender<Vec<u8>>,
    waiting: Arc<AtomicUsize>,
    most: usize,
    /// Something sent here: close at once.
    leave: oneshot::Sender<()>,
}

/// The connection's end.
#[derive(Debug)]
pub(super) struct Inbox {
    pub(super) messages: mpsc::UnboundedReceiver<Vec<u8>>,
    /// Their bytes; whoever sends one takes it off.
    pub(super) waiting: Arc<AtomicUsize>,
    pub(super) leave: oneshot::Receiver<()>,
}

/// The peer does not read what it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooSlow;

pub(super) fn outbox(most: usize) -> (Outbox, Inbox) {
    let (messages, received) = mpsc::unbounded_channel();
    let (leave, left) = oneshot::channel();
    let waiting = Arc::new(AtomicUsize::new(0));
    let inbox = Inbox {
        messages: received,
        waiting: Arc::clone(&waiting),
        leave: left,
    };
    let outbox = Outbox {
        messages,
        waiting,
        most,
        leave,
    };
    (outbox, inbox)
}

impl Outbox {
    /// Lets a message wait, if there is room for it.
    pub(super) fn push(&self, bytes: Vec<u8>) -> Result<(), TooSlow> {
        let before = self.waiting.fetch_add(bytes.len(), Ordering::Relaxed);
        if before + bytes.len() > self.most {
            return Err(TooSlow);
        }
        // A connection that ended tells of it itself.
        self.messages.send(bytes).ok();
        Ok(())
    }

    /// Closes the connection without sending what waits.
    pub(super) fn leave(self) {
        self.leave.send(()).ok();
    }
}
