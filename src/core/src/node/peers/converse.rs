//! Bytes become messages, messages go to the rooms that they concern.
//!
//! A peer that asks for more than it takes is not read until it has taken it; what it sends meanwhile
//! waits, bounded, and past the bound it is left.

use super::connect::Ending;
use super::peer::{Peer, Phase, Ready};
use crate::chain::Store;
use crate::client::PeerId;
use crate::mempool::FeeRate;
use crate::node::machine::{Done, Node};
use crate::node::{Output, limits};
use crate::protocol::{Frame, HandshakeStep, encode};
use bitcoin::p2p::message::NetworkMessage;

impl<S: Store> Node<S> {
    /// Any slice of a peer's stream.
    pub(in crate::node) fn on_received(&mut self, peer: PeerId, bytes: &[u8]) -> Done {
        let Some(connection) = self.peers.get_mut(&peer) else {
            return Ok(());
        };
        connection.received_ms = self.now.monotonic_ms;
        connection.received = connection.received.saturating_add(bytes.len() as u64);
        connection.decoder.push(bytes);
        self.read(peer)?;
        self.bound_backlogs(peer);
        Ok(())
    }

    /// All that was sent has left: it is served what it still waits for, and read again.
    pub(in crate::node) fn on_drained(&mut self, peer: PeerId) -> Done {
        let Some(connection) = self.peers.get_mut(&peer) else {
            return Ok(());
        };
        connection.unsent = 0;
        self.announce |= std::mem::take(&mut connection.missed_tip);
        self.serve(peer)?;
        self.read(peer)
    }

    /// Reads messages until nothing is left or the peer has to wait.
    fn read(&mut self, peer: PeerId) -> Done {
        // Each message may end the connection: look it up anew.
        while let Some(connection) = self.peers.get_mut(&peer) {
            if connection.is_full() || !connection.jobs.is_empty() {
                break;
            }
            match connection.decoder.next() {
                Ok(Some(Frame::Message { payload, .. })) => self.on_message(peer, payload)?,
                // As nodes do: the one message is dropped.
                Ok(Some(Frame::BadChecksum { .. })) => {}
                Ok(None) => break,
                // Whoever never greeted us is no node of this network.
                Err(error) if connection.ready().is_none() => {
                    self.close(peer, Ending::Left(error.to_string()));
                }
                Err(error) => self.misbehaved(peer, error.to_string()),
            }
        }
        Ok(())
    }

    /// What waits to be read is bounded for each peer and for all.
    fn bound_backlogs(&mut self, peer: PeerId) {
        let limit = limits::BACKLOG.max(self.longest_message());
        let waiting = |peer: &Peer| peer.decoder.waiting();
        if let Some(found) = self.peers.get(&peer).map(waiting)
            && found > limit
        {
            let reason = format!(
                "expected at most {limit} bytes that wait to be read while it does not take what it \
                 asked for, found {found}"
            );
            self.close(peer, Ending::Left(reason));
        }
        let mut all: usize = self.peers.values().map(waiting).sum();
        while all > limits::BACKLOG_ALL {
            let Some(most) = self.peers.values().max_by_key(|peer| waiting(peer)) else {
                break;
            };
            let (id, bytes) = (most.id, waiting(most));
            let reason = "it sends more than any other, and all together send too much".to_owned();
            self.close(id, Ending::Left(reason));
            all -= bytes;
        }
    }

    fn longest_message(&self) -> usize {
        usize::try_from(self.params.max_block_weight).unwrap_or(usize::MAX)
    }

    fn on_message(&mut self, peer: PeerId, message: NetworkMessage) -> Done {
        let unix = self.now.unix();
        let Some(connection) = self.peers.get_mut(&peer) else {
            return Ok(());
        };
        match &mut connection.phase {
            Phase::Connecting { .. } => {}
            Phase::Handshaking(handshake) => match handshake.handle(unix, &message) {
                Ok(HandshakeStep::Continue(answers)) => {
                    for answer in answers {
                        self.send(peer, answer);
                    }
                }
                Ok(HandshakeStep::Done(facts)) => self.on_ready(peer, facts),
                Err(error) => self.close(peer, Ending::Left(error.to_string())),
            },
            Phase::Ready(_) => return self.on_ready_message(peer, message),
        }
        Ok(())
    }

    fn on_ready_message(&mut self, peer: PeerId, message: NetworkMessage) -> Done {
        use NetworkMessage as M;
        match message {
            M::Ping(nonce) => self.send(peer, M::Pong(nonce)),
            M::Pong(nonce) => self.on_pong(peer, nonce),
            M::SendHeaders => self.on_send_headers(peer),
            M::FeeFilter(rate) => self.on_fee_filter(peer, rate),
            M::GetAddr => self.on_get_addresses(peer),
            M::MemPool => self.on_mempool(peer),
            M::Inv(inventory) => return self.on_inv(peer, &inventory),
            M::Headers(headers) => self.on_headers(peer, &headers),
            M::Block(block) => return self.on_block(peer, block),
            M::Tx(transaction) => return self.on_transaction(peer, transaction),
            M::NotFound(inventory) => self.on_not_found(peer, &inventory),
            M::GetHeaders(ask) => return self.on_get_headers(peer, &ask),
            M::GetBlocks(ask) => return self.on_get_blocks(peer, &ask),
            M::GetData(inventory) => return self.on_get_data(peer, inventory),
            M::GetCFilters(ask) => return self.on_get_filters(peer, &ask),
            M::GetCFHeaders(ask) => return self.on_get_filter_headers(peer, &ask),
            M::GetCFCheckpt(ask) => return self.on_get_filter_checkpoints(peer, &ask),
            M::Version(_) => {
                self.misbehaved(peer, "expected one version, found a second".to_owned());
            }
            M::Unknown { command, .. } if is_bloom(command.as_ref()) => {
                let reason = format!("expected no bloom filters (BIP37, BIP111), found {command}");
                self.close(peer, Ending::Left(reason));
            }
            // Hints that we do not use, and whatever comes to be: addr, addrv2, sendcmpct, reject.
            _ => {}
        }
        Ok(())
    }

    /// BIP133.
    fn on_fee_filter(&mut self, peer: PeerId, rate: i64) {
        if let (Ok(units), Some(ready)) = (u64::try_from(rate), self.ready_mut(peer)) {
            ready.transactions.fee_filter = FeeRate::per_1000_bytes(units);
        }
    }

    /// Sends one message.
    pub(in crate::node) fn send(&mut self, peer: PeerId, message: NetworkMessage) {
        let now = self.now.monotonic_ms;
        let Some(connection) = self.peers.get_mut(&peer) else {
            return;
        };
        let bytes = encode(self.params.magic, message);
        if connection.unsent == 0 {
            connection.unsent_since_ms = now;
        }
        connection.unsent += bytes.len();
        connection.sent = connection.sent.saturating_add(bytes.len() as u64);
        self.output(Output::Send { peer, bytes });
    }

    /// A peer broke the protocol.
    pub(in crate::node) fn misbehaved(&mut self, peer: PeerId, reason: String) {
        self.close(peer, Ending::Misbehaved(reason));
    }

    pub(in crate::node) fn ready(&self, peer: PeerId) -> Option<&Ready> {
        self.peers.get(&peer).and_then(Peer::ready)
    }

    pub(in crate::node) fn ready_mut(&mut self, peer: PeerId) -> Option<&mut Ready> {
        self.peers.get_mut(&peer).and_then(Peer::ready_mut)
    }

    /// The peers that shook hands.
    pub(in crate::node) fn ready_peers(&self) -> Vec<PeerId> {
        self.peers
            .values()
            .filter(|peer| peer.ready().is_some())
            .map(|peer| peer.id)
            .collect()
    }
}

fn is_bloom(command: &str) -> bool {
    matches!(command, "filterload" | "filteradd" | "filterclear")
}
