//! What waits to be sent to one end: bounded in bytes. Dropping the outbox closes the connection
//! once all of it has left, or after [`FAREWELL`](super::connection::FAREWELL).

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::{mpsc, oneshot};

/// The machine's end.
#[derive(Debug)]
pub(crate) struct Outbox {
    messages: mpsc::UnboundedSender<Vec<u8>>,
    waiting: Arc<AtomicUsize>,
    most: usize,
    /// Something sent here: close at once.
    leave: oneshot::Sender<()>,
}

/// The connection's end.
#[derive(Debug)]
pub(crate) struct Inbox {
    pub(crate) messages: mpsc::UnboundedReceiver<Vec<u8>>,
    /// Their bytes; whoever sends one takes it off.
    pub(crate) waiting: Arc<AtomicUsize>,
    pub(crate) leave: oneshot::Receiver<()>,
}

/// The other end does not read what it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooSlow;

pub(crate) fn outbox(most: usize) -> (Outbox, Inbox) {
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
    pub(crate) fn push(&self, bytes: Vec<u8>) -> Result<(), TooSlow> {
        let before = self.waiting.fetch_add(bytes.len(), Ordering::Relaxed);
        if before + bytes.len() > self.most {
            return Err(TooSlow);
        }
        // A connection that ended tells of it itself.
        self.messages.send(bytes).ok();
        Ok(())
    }

    /// Closes the connection without sending what waits.
    pub(crate) fn leave(self) {
        self.leave.send(()).ok();
    }
}
