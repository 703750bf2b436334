//! Deadlines of connections: handshake, ping, and what was sent and never left.

use super::connect::Ending;
use super::peer::{Peer, Phase};
use crate::chain::Store;
use crate::client::PeerId;
use crate::node::limits;
use crate::node::machine::Node;
use bitcoin::p2p::message::NetworkMessage;

/// Whether the peer is there.
#[derive(Debug, Clone, Copy)]
pub(in crate::node) enum Ping {
    Quiet {
        next_ms: u64,
    },
    Waiting {
        nonce: u64,
        since_ms: u64,
        deadline_ms: u64,
    },
}

impl<S: Store> Node<S> {
    /// What is due of all connections.
    pub(in crate::node) fn peers_due(&mut self) {
        let now = self.now.monotonic_ms;
        for peer in self.peers.values_mut() {
            patience_while_busy(peer, now);
        }
        let late: Vec<_> = self
            .peers
            .values()
            .filter_map(|peer| Some((peer.id, overdue(peer, now)?)))
            .collect();
        for (peer, reason) in late {
            self.close(peer, Ending::Left(reason));
        }
        let quiet: Vec<_> = self
            .peers
            .values()
            .filter(|peer| {
                let ping = peer.ready().map(|ready| ready.ping);
                matches!(ping, Some(Ping::Quiet { next_ms }) if next_ms <= now) && !peer.is_full()
            })
            .map(|peer| peer.id)
            .collect();
        for peer in quiet {
            // BIP31: 0 is a nonce like any other.
            let nonce = self.random.next_u64();
            if let Some(ready) = self.ready_mut(peer) {
                ready.ping = Ping::Waiting {
                    nonce,
                    since_ms: now,
                    deadline_ms: now + limits::PONG_MS,
                };
            }
            self.send(peer, NetworkMessage::Ping(nonce));
        }
    }

    pub(in crate::node) fn on_pong(&mut self, peer: PeerId, found: u64) {
        let now = self.now.monotonic_ms;
        let Some(ready) = self.ready_mut(peer) else {
            return;
        };
        if let Ping::Waiting {
            nonce, since_ms, ..
        } = ready.ping
            && nonce == found
        {
            let took = now.saturating_sub(since_ms);
            ready.round_trip_ms = Some(ready.round_trip_ms.map_or(took, |best| best.min(took)));
            ready.ping = Ping::Quiet {
                next_ms: now + limits::PING_EVERY_MS,
            };
        }
    }

    /// After sleep: what was to come by now gets its whole time again.
    pub(in crate::node) fn patience_anew(&mut self) {
        let now = self.now.monotonic_ms;
        for peer in self.peers.values_mut() {
            peer.unsent_since_ms = now;
            match &mut peer.phase {
                Phase::Connecting { deadline_ms } => *deadline_ms = now + limits::HANDSHAKE_MS,
                Phase::Handshaking(_) => {}
                Phase::Ready(ready) => {
                    ready.ping = Ping::Quiet { next_ms: now };
                    ready.headers.patience_anew(now);
                    ready.blocks.patience_anew(now);
                }
            }
        }
    }
}

/// Our ping waits behind what the peer has not taken yet, its pong behind what it is sending or what
/// we have not read: its time begins when nothing is between. Who takes nothing at all is left for
/// that, and who sends nothing more of a message that it began gets no more time for it.
fn patience_while_busy(peer: &mut Peer, now: u64) {
    let sending = peer.decoder.waiting() > 0 && now < peer.received_ms + limits::PONG_MS;
    let busy = peer.unsent > 0 || !peer.jobs.is_empty() || sending;
    if busy
        && let Some(ready) = peer.ready_mut()
        && let Ping::Waiting { deadline_ms, .. } = &mut ready.ping
    {
        *deadline_ms = now + limits::PONG_MS;
    }
}

/// Why a connection is not waited for any longer.
fn overdue(peer: &Peer, now: u64) -> Option<String> {
    let seconds = limits::HANDSHAKE_MS / 1_000;
    match &peer.phase {
        Phase::Connecting { deadline_ms } if *deadline_ms <= now => {
            return Some(format!("it could not be reached within {seconds} s"));
        }
        Phase::Handshaking(handshake) => {
            if let Err(error) = handshake.check_deadline(now) {
                return Some(error.to_string());
            }
        }
        Phase::Ready(ready) => {
            if let Ping::Waiting { deadline_ms, .. } = ready.ping
                && now >= deadline_ms
            {
                let seconds = limits::PONG_MS / 1_000;
                return Some(format!("expected pong within {seconds} s, found nothing"));
            }
        }
        Phase::Connecting { .. } => {}
    }
    if peer.unsent > 0 && now >= peer.unsent_since_ms + limits::DRAIN_MS {
        let (unsent, seconds) = (peer.unsent, limits::DRAIN_MS / 1_000);
        return Some(format!(
            "expected what was sent to leave within {seconds} s, found {unsent} bytes waiting"
        ));
    }
    None
}
