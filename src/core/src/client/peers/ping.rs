//! `ping` and `pong` (BIP31): the only way to tell a quiet peer from a dead connection. What a
//! till says of the time that it watched rests on this.

use crate::client::{Client, Ending, PeerId, limits};
use bitcoin::p2p::message::NetworkMessage;

/// Where the exchange of `ping` and `pong` stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ping {
    /// The next one is due at this time.
    Quiet { next_ms: u64 },
    /// One is on its way.
    Awaiting { nonce: u64, since_ms: u64 },
}

impl Ping {
    /// When to look again, given when the peer last said anything.
    pub(crate) fn due_ms(self, heard_ms: u64) -> u64 {
        match self {
            Self::Quiet { next_ms } => next_ms,
            Self::Awaiting { since_ms, .. } => (since_ms.max(heard_ms) + limits::SILENCE_MS)
                .min(since_ms.saturating_add(limits::PONG_MS)),
        }
    }
}

impl Client {
    /// Pings whom it is time to ping, and leaves whoever is silent.
    pub(crate) fn pings_due(&mut self) {
        let now = self.now.monotonic_ms;
        for peer in self.ready_peers() {
            let Some(connection) = self.connection(peer) else {
                continue;
            };
            let heard = connection.heard_ms;
            let Some(ping) = connection.ready().map(|ready| ready.ping) else {
                continue;
            };
            if ping.due_ms(heard) > now {
                continue;
            }
            match ping {
                Ping::Quiet { .. } => self.send_ping(peer),
                Ping::Awaiting { since_ms, .. } => {
                    let seconds = now.saturating_sub(since_ms) / 1000;
                    let reason = format!("expected a pong, found silence for {seconds} s");
                    self.close(peer, Ending::Failed(reason));
                }
            }
        }
    }

    /// Pings every peer that was not pinged yet: after sleep, or when the browser says that the
    /// network changed.
    pub(crate) fn ping_all_now(&mut self) {
        for peer in self.ready_peers() {
            self.send_ping(peer);
        }
    }

    /// Pings every peer of which no pong is awaited: somebody wants to know whether it is there.
    pub(crate) fn ping_quiet_now(&mut self) {
        for peer in self.ready_peers() {
            let ready = self
                .connection(peer)
                .and_then(|connection| connection.ready());
            if ready.is_some_and(|ready| matches!(ready.ping, Ping::Quiet { .. })) {
                self.send_ping(peer);
            }
        }
    }

    fn send_ping(&mut self, peer: PeerId) {
        let nonce = self.random.next_u64();
        let since_ms = self.now.monotonic_ms;
        let Some(ready) = self.ready_mut(peer) else {
            return;
        };
        ready.ping = Ping::Awaiting { nonce, since_ms };
        self.send(peer, NetworkMessage::Ping(nonce));
    }

    /// A `pong`: only the nonce that was asked for counts, another is ignored.
    pub(crate) fn on_pong(&mut self, peer: PeerId, nonce: u64) {
        let now = self.now.monotonic_ms;
        let Some(ready) = self.ready_mut(peer) else {
            return;
        };
        if let Ping::Awaiting {
            nonce: asked,
            since_ms,
        } = ready.ping
            && asked == nonce
        {
            ready.round_trip_ms = u32::try_from(now.saturating_sub(since_ms)).ok();
            ready.ping = Ping::Quiet {
                next_ms: now + limits::PING_EVERY_MS,
            };
        }
    }
}
