//! Opening and closing connections: retry with back-off for who fails, 24 hours alone for who
//! broke the protocol.

use super::connection::{Connection, Phase, Ready};
use super::node::{Link, Node};
use super::ping::Ping;
use crate::client::{
    Client, CommandError, NodeAddress, NoticeKind, Output, PeerId, blocks, limits, relay, sync,
};
use crate::protocol::{FrameDecoder, Handshake, LocalNode, PeerFacts};
use bitcoin::p2p::ServiceFlags;
use std::collections::BTreeSet;

/// What we call ourselves (BIP14).
const USER_AGENT: &str = concat!("/farthing:", env!("CARGO_PKG_VERSION"), "/");

/// Why a connection ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ending {
    /// It broke, or was too slow: tried again after a while.
    Failed(String),
    /// It let us wait for what it had promised: tried again, after others.
    Stalled(String),
    /// It broke the protocol.
    Misbehaved(String),
}

impl Client {
    /// Talk to these nodes, and to no other.
    pub(crate) fn set_nodes(&mut self, nodes: Vec<NodeAddress>) -> Result<(), CommandError> {
        check_nodes(&nodes)?;
        let mut before = std::mem::take(&mut self.nodes);
        let mut gone = Vec::new();
        for address in nodes {
            match before.iter().position(|node| node.address == address) {
                Some(at) => self.nodes.push(before.remove(at)),
                None => {
                    let mut node = Node::new(address, self.now);
                    if let Some(ban) = self.bans.get(&node.address.url)
                        && ban.until > self.now.unix()
                    {
                        node.link = Link::Banned {
                            reason: ban.reason.clone(),
                            until: ban.until,
                        };
                    }
                    self.nodes.push(node);
                }
            }
        }
        for node in before {
            if let Link::Open(connection) = node.link {
                self.output(Output::Disconnect(connection.id));
                gone.push(*connection);
            }
        }
        for connection in gone {
            self.lost(connection);
        }
        self.views.peers_changed();
        Ok(())
    }

    /// Opens every connection whose time has come.
    pub(crate) fn connects_due(&mut self) {
        let (unix, now) = (self.now.unix(), self.now.monotonic_ms);
        for at in 0..self.nodes.len() {
            let node = &mut self.nodes[at];
            let due = match &node.link {
                Link::Waiting { retry_ms, .. } => *retry_ms <= now,
                Link::Banned { until, .. } => *until <= unix,
                Link::Open(_) => false,
            };
            if !due {
                continue;
            }
            self.bans.remove(&node.address.url);
            let id = PeerId(self.next_peer);
            self.next_peer = self.next_peer.wrapping_add(1);
            node.link = Link::Open(Box::new(Connection {
                id,
                heard_ms: now,
                decoder: FrameDecoder::new(self.params.magic),
                phase: Phase::Connecting {
                    deadline_ms: now + limits::HANDSHAKE_MS,
                },
            }));
            let url = node.address.url.clone();
            self.output(Output::Connect { peer: id, url });
            self.views.peers_changed();
        }
    }

    /// Tries every waiting node now: the network may be back. Bans stay.
    pub(crate) fn retry_now(&mut self) {
        let now = self.now.monotonic_ms;
        for node in &mut self.nodes {
            if let Link::Waiting { retry_ms, .. } = &mut node.link {
                *retry_ms = now.min(*retry_ms);
            }
        }
    }

    /// The driver opened the WebSocket: we speak first.
    pub(crate) fn on_connected(&mut self, peer: PeerId) {
        let height = self.tree.tip().height;
        let (now, nonce) = (self.now, self.random.next_u64());
        let Some(connection) = self.connection_mut(peer) else {
            return;
        };
        let Phase::Connecting { deadline_ms } = connection.phase else {
            return;
        };
        let local = LocalNode {
            nonce,
            services: ServiceFlags::NONE,
            user_agent: USER_AGENT.to_owned(),
            start_height: height,
            relay: true,
        };
        let (handshake, version) =
            Handshake::start(&local, ServiceFlags::NONE, now.unix(), deadline_ms);
        connection.phase = Phase::Handshaking {
            handshake: Box::new(handshake),
            deadline_ms,
        };
        self.send(peer, version);
        self.views.peers_changed();
    }

    /// The handshake is over.
    pub(crate) fn on_ready(&mut self, peer: PeerId, facts: PeerFacts) {
        let now = self.now.monotonic_ms;
        let offset = facts.clock_offset;
        let offset = i32::try_from(offset).unwrap_or(if offset < 0 { i32::MIN } else { i32::MAX });
        if let Some(node) = self.node_mut(peer) {
            node.clock_offset = Some(offset);
        }
        let Some(connection) = self.connection_mut(peer) else {
            return;
        };
        connection.phase = Phase::Ready(Box::new(Ready {
            facts,
            since_ms: now,
            ping: Ping::Quiet {
                next_ms: now + limits::PING_EVERY_MS,
            },
            round_trip_ms: None,
            fee_filter: None,
            wants_headers: false,
            headers: sync::Talk::default(),
            transactions: relay::Queue::default(),
            blocks: blocks::Asked::default(),
        }));
        self.views.peers_changed();
        self.till.invoices_changed();
        self.clock_heard();
        self.headers_begin(peer);
        self.offer_own(peer);
        self.announce_found(peer);
    }

    /// The driver says that a connection failed or closed.
    pub(crate) fn on_disconnected(&mut self, peer: PeerId) {
        let Some(connection) = self.connection(peer) else {
            return;
        };
        let reason = match connection.phase {
            Phase::Connecting { .. } => "the connection could not be opened",
            Phase::Handshaking { .. } => "the node closed the connection during the handshake",
            Phase::Ready(_) => "the connection was closed",
        };
        self.end(peer, Ending::Failed(reason.to_owned()));
    }

    /// Ends a connection from our side.
    pub(crate) fn close(&mut self, peer: PeerId, ending: Ending) {
        if self.connection(peer).is_some() {
            self.output(Output::Disconnect(peer));
            self.end(peer, ending);
        }
    }

    /// Connections that did not come to be in time.
    pub(crate) fn handshakes_due(&mut self) {
        let now = self.now.monotonic_ms;
        let late: Vec<_> = self
            .nodes
            .iter()
            .filter_map(Node::connection)
            .filter_map(|connection| match connection.phase {
                Phase::Connecting { deadline_ms } if deadline_ms <= now => {
                    Some((connection.id, "an open connection"))
                }
                Phase::Handshaking { deadline_ms, .. } if deadline_ms <= now => {
                    Some((connection.id, "version and verack"))
                }
                _ => None,
            })
            .collect();
        for (peer, expected) in late {
            let seconds = limits::HANDSHAKE_MS / 1000;
            let reason = format!("expected {expected} within {seconds} s, found nothing");
            self.close(peer, Ending::Failed(reason));
        }
    }

    fn end(&mut self, peer: PeerId, ending: Ending) {
        let now = self.now;
        let jitter = self.random.below(1000);
        let Some(node) = self.nodes.iter_mut().find(|node| node.peer() == Some(peer)) else {
            return;
        };
        let steady = node
            .connection()
            .and_then(Connection::ready)
            .is_some_and(|ready| now.monotonic_ms >= ready.since_ms + limits::STEADY_MS);
        if steady {
            node.failures = 0;
        }
        let operator = node.address.operator.clone();
        let url = node.address.url.clone();
        let link = match ending {
            Ending::Failed(reason) => Link::Waiting {
                reason: Some(reason),
                retry_ms: now.monotonic_ms + back_off(node.failures, jitter),
            },
            Ending::Stalled(reason) => {
                node.stalls = node.stalls.saturating_add(1);
                Link::Waiting {
                    reason: Some(reason),
                    retry_ms: now.monotonic_ms + back_off(node.failures, jitter),
                }
            }
            Ending::Misbehaved(reason) => {
                let until = now.unix().saturating_add(limits::BAN_SECONDS);
                Link::Banned { reason, until }
            }
        };
        node.failures = node.failures.saturating_add(1);
        let before = std::mem::replace(&mut node.link, link);
        if let Link::Banned { reason, until } = &node.link {
            let (reason, until) = (reason.clone(), *until);
            self.notice(
                NoticeKind::Misbehaviour,
                format!("{operator} broke the protocol and is left alone for 24 hours: {reason}"),
            );
            self.bans.insert(url, Ban { reason, until });
            self.storage.bans_changed();
        }
        self.views.peers_changed();
        if let Link::Open(connection) = before {
            self.lost(*connection);
        }
    }

    /// A connection is gone: others take over what it was asked for.
    fn lost(&mut self, connection: Connection) {
        let Phase::Ready(ready) = connection.phase else {
            return;
        };
        self.till.invoices_changed();
        self.transactions_released(connection.id, ready.transactions);
        self.headers_released(connection.id);
    }
}

/// A ban, as stored.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Ban {
    pub(crate) reason: String,
    pub(crate) until: crate::primitives::UnixTime,
}

fn back_off(failures: u32, jitter: u64) -> u64 {
    let doubled = limits::RETRY_FIRST_MS
        .saturating_mul(1 << failures.min(10))
        .min(limits::RETRY_LONGEST_MS);
    // Up to a quarter more, so that tabs which lost the same bridge do not return in one moment.
    doubled + doubled / 4 * jitter / 1000
}

fn check_nodes(nodes: &[NodeAddress]) -> Result<(), CommandError> {
    if nodes.len() > limits::NODES {
        return Err(CommandError::new(format!(
            "expected at most {} nodes, found {}",
            limits::NODES,
            nodes.len()
        )));
    }
    let mut urls = BTreeSet::new();
    for node in nodes {
        let url = node.url.as_str();
        if !(url.starts_with("ws://") || url.starts_with("wss://")) || url.len() > 2_000 {
            return Err(CommandError::new(format!(
                "expected a node's address to begin with ws:// or wss://, found {url:?}"
            )));
        }
        if node.operator.is_empty() || node.operator.len() > 200 {
            return Err(CommandError::new(format!(
                "expected an operator's name of 1 to 200 bytes for {url:?}, found {}",
                node.operator.len()
            )));
        }
        if !urls.insert(url) {
            return Err(CommandError::new(format!(
                "expected each node once, found {url:?} twice"
            )));
        }
    }
    Ok(())
}

impl Client {
    /// After sleep: what was to come by now gets its whole time again.
    pub(crate) fn patience_anew(&mut self) {
        let now = self.now.monotonic_ms;
        for node in &mut self.nodes {
            let Some(connection) = node.connection_mut() else {
                continue;
            };
            connection.heard_ms = now;
            match &mut connection.phase {
                Phase::Connecting { deadline_ms } | Phase::Handshaking { deadline_ms, .. } => {
                    *deadline_ms = now + limits::HANDSHAKE_MS;
                }
                Phase::Ready(ready) => {
                    if let Some(asked) = &mut ready.headers.asked {
                        *asked = sync::Waiting::new(now, true);
                    }
                    for asked in ready.transactions.asked.values_mut() {
                        *asked = now + limits::TRANSACTION_ANSWER_MS;
                    }
                    for since in ready.blocks.coming.values_mut() {
                        *since = now;
                    }
                }
            }
        }
        if let Some((_, until)) = &mut self.sync.long {
            *until = now + limits::SYNC_BASE_MS;
        }
    }

    /// The next time at which a connection has something to do.
    pub(crate) fn connections_deadline(&self) -> Option<u64> {
        self.nodes
            .iter()
            .map(|node| match &node.link {
                Link::Waiting { retry_ms, .. } => *retry_ms,
                Link::Banned { until, .. } => self.monotonic_of(*until),
                Link::Open(connection) => match &connection.phase {
                    Phase::Connecting { deadline_ms } | Phase::Handshaking { deadline_ms, .. } => {
                        *deadline_ms
                    }
                    Phase::Ready(ready) => ready.ping.due_ms(connection.heard_ms),
                },
            })
            .min()
    }
}
