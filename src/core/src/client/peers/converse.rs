//! Bytes become messages, messages go to the rooms that they concern. Whatever a peer says before
//! the handshake is over goes to the handshake alone; what nobody here needs is let pass.

use super::Ending;
use super::connection::{Connection, Phase, Ready};
use super::node::Node;
use super::summary::summary;
use crate::client::{Client, Output, PeerId, Said};
use crate::protocol::{Frame, HandshakeStep, encode};
use bitcoin::p2p::message::NetworkMessage;

impl Client {
    /// Any slice of a peer's stream.
    pub(crate) fn on_received(&mut self, peer: PeerId, bytes: &[u8]) {
        let now = self.now;
        let Some(node) = self.node_mut(peer) else {
            return;
        };
        node.bytes_received = node.bytes_received.saturating_add(bytes.len() as u64);
        node.last_heard = Some(now.unix());
        let Some(connection) = node.connection_mut() else {
            return;
        };
        connection.heard_ms = now.monotonic_ms;
        connection.decoder.push(bytes);
        self.views.peers_changed();
        // Each message may end the connection: look it up anew.
        while let Some(connection) = self.connection_mut(peer) {
            match connection.decoder.next() {
                Ok(Some(Frame::Message { payload, bytes })) => {
                    // By its own name, also where it is not read.
                    let command = payload.command();
                    self.note(peer, false, command.as_ref(), summary(&payload), bytes);
                    self.on_message(peer, payload);
                }
                Ok(Some(Frame::BadChecksum { command, bytes })) => {
                    // As nodes do: the one message is dropped.
                    let text = "wrong checksum: dropped".to_owned();
                    self.note(peer, false, &command, text, bytes);
                }
                Ok(None) => break,
                // Whoever never greeted us is no node of this network, and breaks none of its
                // rules: the address may be wrong today and right tomorrow.
                Err(error) if connection.ready().is_none() => {
                    self.close(peer, Ending::Failed(error.to_string()));
                }
                Err(error) => self.close(peer, Ending::Misbehaved(error.to_string())),
            }
        }
    }

    fn on_message(&mut self, peer: PeerId, message: NetworkMessage) {
        let unix = self.now.unix();
        let Some(connection) = self.connection_mut(peer) else {
            return;
        };
        match &mut connection.phase {
            Phase::Connecting { .. } => {}
            Phase::Handshaking { handshake, .. } => match handshake.handle(unix, &message) {
                Ok(HandshakeStep::Continue(answers)) => {
                    for answer in answers {
                        self.send(peer, answer);
                    }
                }
                Ok(HandshakeStep::Done(facts)) => self.on_ready(peer, facts),
                Err(error) => self.close(peer, Ending::Failed(error.to_string())),
            },
            Phase::Ready(_) => self.on_ready_message(peer, message),
        }
    }

    fn on_ready_message(&mut self, peer: PeerId, message: NetworkMessage) {
        match message {
            NetworkMessage::Ping(nonce) => self.send(peer, NetworkMessage::Pong(nonce)),
            NetworkMessage::Pong(nonce) => self.on_pong(peer, nonce),
            NetworkMessage::Headers(headers) => self.on_headers(peer, &headers),
            NetworkMessage::Inv(inventory) => self.on_inv(peer, &inventory),
            NetworkMessage::GetData(inventory) => self.on_getdata(peer, &inventory),
            NetworkMessage::Tx(transaction) => self.on_transaction(peer, &transaction),
            NetworkMessage::Block(block) => self.on_block(peer, block),
            NetworkMessage::NotFound(inventory) => self.on_not_found(peer, &inventory),
            NetworkMessage::Version(_) => {
                let reason = "expected one version, found a second".to_owned();
                self.close(peer, Ending::Misbehaved(reason));
            }
            NetworkMessage::FeeFilter(rate) => {
                if let Some(ready) = self.ready_mut(peer) {
                    ready.fee_filter = u64::try_from(rate).ok();
                }
            }
            NetworkMessage::SendHeaders => {
                if let Some(ready) = self.ready_mut(peer) {
                    ready.wants_headers = true;
                }
            }
            NetworkMessage::GetHeaders(ask) => self.on_get_headers(peer, &ask),
            // We keep no chain for others, and nodes expect no answer from a light client:
            // getaddr, mempool. Hints that we do not use: sendcmpct, addr, addrv2,
            // alert, reject, and whatever comes to be.
            _ => {}
        }
    }

    /// Sends one message to a peer that has a connection.
    pub(crate) fn send(&mut self, peer: PeerId, message: NetworkMessage) {
        let text = summary(&message);
        let command = message.cmd();
        let bytes = encode(self.params.magic, message);
        let size = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        self.note(peer, true, command, text, size);
        if let Some(node) = self.node_mut(peer) {
            node.bytes_sent = node.bytes_sent.saturating_add(u64::from(size));
            self.output(Output::Send { peer, bytes });
        }
    }

    fn note(&mut self, peer: PeerId, ours: bool, command: &str, summary: String, bytes: u32) {
        let said = Said {
            at: self.now.unix(),
            ours,
            command: printable(command),
            summary,
            bytes,
        };
        if let Some(node) = self.node_mut(peer) {
            node.note(said);
            self.views.peers_changed();
        }
    }

    /// The peers that answer, in the order of the configured nodes.
    pub(crate) fn ready_peers(&self) -> Vec<PeerId> {
        self.nodes
            .iter()
            .filter(|node| node.is_ready())
            .filter_map(Node::peer)
            .collect()
    }

    pub(crate) fn node_mut(&mut self, peer: PeerId) -> Option<&mut Node> {
        self.nodes.iter_mut().find(|node| node.peer() == Some(peer))
    }

    pub(crate) fn node(&self, peer: PeerId) -> Option<&Node> {
        self.nodes.iter().find(|node| node.peer() == Some(peer))
    }

    pub(crate) fn connection(&self, peer: PeerId) -> Option<&Connection> {
        self.node(peer).and_then(Node::connection)
    }

    pub(crate) fn connection_mut(&mut self, peer: PeerId) -> Option<&mut Connection> {
        self.node_mut(peer).and_then(Node::connection_mut)
    }

    pub(crate) fn ready(&self, peer: PeerId) -> Option<&Ready> {
        self.connection(peer).and_then(Connection::ready)
    }

    pub(crate) fn ready_mut(&mut self, peer: PeerId) -> Option<&mut Ready> {
        self.connection_mut(peer).and_then(Connection::ready_mut)
    }
}

/// A command is at most 12 bytes that a peer chose.
fn printable(command: &str) -> String {
    command
        .chars()
        .filter(char::is_ascii_graphic)
        .take(12)
        .collect()
}
