//! A connection whose other end has to take what is sent to it. Without this an answer that is
//! never read would hold its place for ever.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// Ends a stream that takes nothing for so long, until it is told to leave it alone.
#[derive(Debug)]
pub(super) struct Patient<S> {
    stream: S,
    stalled: Duration,
    /// Runs since the stream took nothing any more.
    waiting: Option<Pin<Box<Sleep>>>,
    free: Arc<AtomicBool>,
}

impl<S> Patient<S> {
    pub(super) fn new(stream: S, stalled: Duration) -> Self {
        Self {
            stream,
            stalled,
            waiting: None,
            free: Arc::default(),
        }
    }

    /// Set to true where others watch over the stream from now on, as over a WebSocket.
    pub(super) fn free(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.free)
    }

    fn watch<T>(
        &mut self,
        taken: Poll<io::Result<T>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<T>> {
        if taken.is_ready() || self.free.load(Ordering::Relaxed) {
            self.waiting = None;
            return taken;
        }
        let stalled = self.stalled;
        let waiting = self.waiting.get_or_insert_with(|| Box::pin(sleep(stalled)));
        match waiting.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let taken = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.watch(taken, context)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let taken = Pin::new(&mut self.stream).poll_flush(context);
        self.watch(taken, context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let taken = Pin::new(&mut self.stream).poll_shutdown(context);
        self.watch(taken, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let taken = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.watch(taken, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncWriteExt as _;
    use tokio::time::timeout;

    const STALLED: Duration = Duration::from_millis(100);
    const LONG: Duration = Duration::from_secs(5);

    #[tokio::test]
    async fn leaves_whoever_takes_nothing() {
        let (here, _there) = tokio::io::duplex(16);
        let mut patient = Patient::new(here, STALLED);
        let written = timeout(LONG, patient.write_all(&[0; 64])).await;
        let error = written.expect("it is left in time").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn leaves_a_websocket_to_those_who_watch_over_it() {
        let (here, _there) = tokio::io::duplex(16);
        let mut patient = Patient::new(here, STALLED);
        patient.free().store(true, Ordering::Relaxed);
        let written = timeout(4 * STALLED, patient.write_all(&[0; 64])).await;
        assert!(written.is_err(), "it waits");
    }
}
