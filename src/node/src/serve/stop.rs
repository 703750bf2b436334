//! Ctrl-C, and what a service manager sends: SIGTERM.

use std::io;
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Listens from its making on: nothing that is asked later is lost.
#[derive(Debug)]
pub(super) struct Stop {
    #[cfg(unix)]
    signals: [Signal; 2],
}

impl Stop {
    #[cfg(unix)]
    pub(super) fn listen() -> io::Result<Self> {
        let signals = [
            signal(SignalKind::interrupt())?,
            signal(SignalKind::terminate())?,
        ];
        Ok(Self { signals })
    }

    /// Returns when it is asked to stop, once for each time.
    #[cfg(unix)]
    pub(super) async fn asked(&mut self) {
        let [interrupt, terminate] = &mut self.signals;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    }

    #[cfg(not(unix))]
    pub(super) fn listen() -> io::Result<Self> {
        Ok(Self {})
    }

    /// Returns when it is asked to stop.
    #[cfg(not(unix))]
    pub(super) async fn asked(&mut self) {
        tokio::signal::ctrl_c().await.ok();
    }
}
