//! Connections come, are dialled, end, and are dialled again.
//!
//! Whoever is dialled was chosen by whoever runs the node, and is tried again for ever. Whoever comes
//! in is bounded: in all, for each address, and by what their address did before.

use super::evict;
use super::peer::{Dial, DialState, Peer, Phase, Ready, host};
use super::ping::Ping;
use crate::chain::Store;
use crate::client::PeerId;
use crate::node::machine::Node;
use crate::node::relay::Talk as TransactionTalk;
use crate::node::sync::{BlockTalk, HeaderTalk};
use crate::node::{Direction, Output, limits};
use crate::protocol::{FrameDecoder, Handshake, LocalNode, PeerFacts};
use bitcoin::p2p::ServiceFlags;
use bitcoin::p2p::message::NetworkMessage;
use std::collections::VecDeque;

/// The driver numbers the connections that come in from here on.
const INBOUND: u32 = 1 << 31;

/// Why a connection ended.
#[derive(Debug)]
pub(in crate::node) enum Ending {
    /// It closed, or never opened.
    Closed(&'static str),
    /// It is not needed, does not answer, or is no peer of ours.
    Left(String),
    /// It broke the protocol.
    Misbehaved(String),
}

impl<S: Store> Node<S> {
    /// Somebody connected.
    pub(in crate::node) fn on_accepted(&mut self, peer: PeerId, address: String) {
        if peer.0 < INBOUND || self.peers.contains_key(&peer) {
            return;
        }
        if let Err(reason) = self.make_room(&address) {
            self.output(Output::Disconnect(peer));
            let address = Peer::name(&self.new_peer(peer, address, Direction::Inbound));
            self.log_of_peer(false, format!("{address} is not let in: {reason}"));
            return;
        }
        let deadline_ms = self.now.monotonic_ms + limits::HANDSHAKE_MS;
        let handshake = Handshake::listen(&self.local_node(), self.now.unix(), deadline_ms);
        let mut new = self.new_peer(peer, address, Direction::Inbound);
        new.phase = Phase::Handshaking(Box::new(handshake));
        self.peers.insert(peer, new);
    }

    /// Room for one more connection from this address, or why there is none.
    fn make_room(&mut self, address: &str) -> Result<(), String> {
        let now = self.now.monotonic_ms;
        let from = host(address);
        let inbound = || self.peers.values().filter(|peer| is_inbound(peer));
        let count = inbound().count();
        let unwelcome = self.discouraged.get(from).is_some_and(|until| *until > now);
        if unwelcome && count * 2 >= self.options.max_inbound {
            return Err("its address broke the protocol before".to_owned());
        }
        let limit = self.options.max_per_address;
        if !is_loopback(from) && inbound().filter(|peer| peer.host() == from).count() >= limit {
            return Err(format!("its address holds {limit} connections"));
        }
        if count < self.options.max_inbound {
            return Ok(());
        }
        let candidates: Vec<_> = inbound().map(|peer| self.candidate(peer)).collect();
        match evict::select(&candidates) {
            Some(victim) => {
                let reason = "another connection needs its place".to_owned();
                self.close(victim, Ending::Left(reason));
                Ok(())
            }
            None => Err("every connection is taken".to_owned()),
        }
    }

    fn candidate(&self, peer: &Peer) -> evict::Candidate {
        let ready = peer.ready();
        let now = self.now.monotonic_ms;
        evict::Candidate {
            peer: peer.id,
            group: evict::group(peer.host()),
            since_ms: peer.since_ms,
            brought_block_ms: ready.map_or(0, |ready| ready.brought_block_ms),
            brought_transaction_ms: ready.map_or(0, |ready| ready.brought_transaction_ms),
            round_trip_ms: ready.and_then(|ready| ready.round_trip_ms),
            unwelcome: self
                .discouraged
                .get(peer.host())
                .is_some_and(|until| *until > now),
        }
    }

    /// Dials what is due.
    pub(in crate::node) fn dials_due(&mut self) {
        let now = self.now.monotonic_ms;
        let mut opened = Vec::new();
        for dial in &mut self.dials {
            let DialState::Waiting { retry_ms } = dial.state else {
                continue;
            };
            if retry_ms > now || self.next_peer >= INBOUND {
                continue;
            }
            let peer = PeerId(self.next_peer);
            self.next_peer += 1;
            dial.state = DialState::Open(peer);
            opened.push((peer, dial.address.clone()));
        }
        for (peer, address) in opened {
            let new = self.new_peer(peer, address.clone(), Direction::Outbound);
            self.peers.insert(peer, new);
            self.output(Output::Connect { peer, address });
        }
    }

    fn new_peer(&self, id: PeerId, address: String, direction: Direction) -> Peer {
        let now = self.now.monotonic_ms;
        Peer {
            id,
            address,
            direction,
            since_ms: now,
            decoder: FrameDecoder::new(self.params.magic),
            received: 0,
            received_ms: now,
            sent: 0,
            unsent: 0,
            unsent_since_ms: now,
            missed_tip: false,
            jobs: VecDeque::new(),
            phase: Phase::Connecting {
                deadline_ms: now + limits::HANDSHAKE_MS,
            },
        }
    }

    fn local_node(&self) -> LocalNode {
        LocalNode {
            nonce: self.nonce,
            services: ServiceFlags::NETWORK | ServiceFlags::WITNESS | ServiceFlags::COMPACT_FILTERS,
            user_agent: self.options.user_agent.clone(),
            start_height: self.chain.tip().height,
            relay: true,
        }
    }

    /// A connection that was dialled is open: we speak first.
    pub(in crate::node) fn on_connected(&mut self, peer: PeerId) {
        let deadline_ms = self.now.monotonic_ms + limits::HANDSHAKE_MS;
        let local = self.local_node();
        let Some(connection) = self.peers.get_mut(&peer) else {
            return;
        };
        if !matches!(connection.phase, Phase::Connecting { .. }) {
            return;
        }
        let (handshake, version) =
            Handshake::start(&local, ServiceFlags::NETWORK, self.now.unix(), deadline_ms);
        connection.phase = Phase::Handshaking(Box::new(handshake));
        self.send(peer, version);
    }

    /// The handshake is over.
    pub(in crate::node) fn on_ready(&mut self, peer: PeerId, facts: PeerFacts) {
        let now = self.now.monotonic_ms;
        let Some(connection) = self.peers.get_mut(&peer) else {
            return;
        };
        let name = connection.name();
        let direction = match connection.direction {
            Direction::Inbound => "came in",
            Direction::Outbound => "was dialled",
        };
        let line = format!(
            "{name} {direction}: {} at height {}",
            facts.user_agent, facts.start_height
        );
        connection.phase = Phase::Ready(Box::new(Ready {
            facts,
            ping: Ping::Quiet { next_ms: now },
            round_trip_ms: None,
            headers: HeaderTalk::default(),
            blocks: BlockTalk::default(),
            transactions: TransactionTalk::default(),
            told_addresses: false,
            brought_block_ms: 0,
            brought_transaction_ms: 0,
        }));
        self.log_of_peer(false, line);
        self.send(peer, NetworkMessage::SendHeaders);
        self.begin_transactions(peer);
        self.begin_headers(peer);
    }

    /// The driver says that a connection failed or closed.
    pub(in crate::node) fn on_disconnected(&mut self, peer: PeerId) {
        let Some(connection) = self.peers.get(&peer) else {
            return;
        };
        let reason = match connection.phase {
            Phase::Connecting { .. } => "it could not be reached",
            Phase::Handshaking(_) => "it closed the connection during the handshake",
            Phase::Ready(_) => "it closed the connection",
        };
        self.end(peer, Ending::Closed(reason));
    }

    /// Ends a connection from our side.
    pub(in crate::node) fn close(&mut self, peer: PeerId, ending: Ending) {
        if self.peers.contains_key(&peer) {
            self.output(Output::Disconnect(peer));
            self.end(peer, ending);
        }
    }

    fn end(&mut self, peer: PeerId, ending: Ending) {
        let Some(gone) = self.peers.remove(&peer) else {
            return;
        };
        let name = gone.name();
        let misbehaved = matches!(ending, Ending::Misbehaved(_));
        let steady =
            gone.ready().is_some() && self.now.monotonic_ms >= gone.since_ms + limits::STEADY_MS;
        let again = self.dial_again(peer, steady, misbehaved);
        match ending {
            // One line when it begins to fail, not one for each attempt.
            Ending::Closed(_) | Ending::Left(_) if again.is_some_and(|failures| failures > 1) => {}
            Ending::Closed(reason) => self.log_of_peer(false, format!("{name} is gone: {reason}")),
            Ending::Left(reason) => self.log_of_peer(false, format!("{name} is left: {reason}")),
            Ending::Misbehaved(reason) => {
                self.counts.misbehaving += 1;
                self.discourage(&gone);
                let line = format!("{name} broke the protocol and is left: {reason}");
                self.log_of_peer(true, line);
            }
        }
        self.orphans.forget_peer(peer);
        self.blocks_released(peer);
        if let Phase::Ready(ready) = gone.phase {
            self.transactions_released(peer, ready.transactions);
        }
    }

    /// A configured peer waits before it is dialled again; its failures in a row.
    fn dial_again(&mut self, peer: PeerId, steady: bool, misbehaved: bool) -> Option<u32> {
        let now = self.now.monotonic_ms;
        let jitter = self.random.below(1_000);
        let open = |dial: &&mut Dial| matches!(dial.state, DialState::Open(id) if id == peer);
        let dial = self.dials.iter_mut().find(open)?;
        if steady {
            dial.failures = 0;
        }
        let wait = match misbehaved {
            true => limits::RETRY_MISBEHAVED_MS,
            false => limits::RETRY_FIRST_MS
                .saturating_mul(1 << dial.failures.min(10))
                .min(limits::RETRY_LONGEST_MS),
        };
        dial.failures = dial.failures.saturating_add(1);
        // Up to a quarter more, so that nodes that lost each other do not meet in one moment.
        dial.state = DialState::Waiting {
            retry_ms: now + wait + wait / 4 * jitter / 1_000,
        };
        Some(dial.failures)
    }

    /// This address is unwelcome for a day, unless it is this machine: its tabs share it.
    fn discourage(&mut self, gone: &Peer) {
        if gone.direction == Direction::Outbound || is_loopback(gone.host()) {
            return;
        }
        let now = self.now.monotonic_ms;
        self.discouraged.retain(|_, until| *until > now);
        if self.discouraged.len() >= limits::DISCOURAGED {
            let first = self.discouraged.iter().min_by_key(|(_, until)| **until);
            if let Some(host) = first.map(|(host, _)| host.clone()) {
                self.discouraged.remove(&host);
            }
        }
        let host = gone.host().to_owned();
        self.discouraged.insert(host, now + limits::DISCOURAGE_MS);
    }
}

fn is_inbound(peer: &Peer) -> bool {
    peer.direction == Direction::Inbound
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost"
        || bare
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.to_canonical().is_loopback())
}
