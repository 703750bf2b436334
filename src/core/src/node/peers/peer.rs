//! One connection, and one address that is to be kept connected.

use super::ping::Ping;
use crate::client::PeerId;
use crate::node::relay::Talk as TransactionTalk;
use crate::node::serve::Job;
use crate::node::sync::{BlockTalk, HeaderTalk};
use crate::node::{Direction, limits};
use crate::protocol::{FrameDecoder, Handshake, PeerFacts};
use std::collections::VecDeque;

/// A connection.
#[derive(Debug)]
pub(in crate::node) struct Peer {
    pub(in crate::node) id: PeerId,
    /// As the driver wrote it; untrusted text where it came in.
    pub(in crate::node) address: String,
    pub(in crate::node) direction: Direction,
    pub(in crate::node) since_ms: u64,
    pub(in crate::node) decoder: FrameDecoder,
    pub(in crate::node) received: u64,
    /// When bytes last came.
    pub(in crate::node) received_ms: u64,
    pub(in crate::node) sent: u64,
    /// Bytes handed to the driver since it last said that all had left.
    pub(in crate::node) unsent: usize,
    pub(in crate::node) unsent_since_ms: u64,
    /// It was not told of a new tip, since it took nothing.
    pub(in crate::node) missed_tip: bool,
    /// What it asked for and has not been sent; until that is done nothing more of it is read.
    pub(in crate::node) jobs: VecDeque<Job>,
    pub(in crate::node) phase: Phase,
}

/// How far a connection is.
#[derive(Debug)]
pub(in crate::node) enum Phase {
    Connecting { deadline_ms: u64 },
    Handshaking(Box<Handshake>),
    Ready(Box<Ready>),
}

/// A peer that shook hands.
#[derive(Debug)]
pub(in crate::node) struct Ready {
    pub(in crate::node) facts: PeerFacts,
    pub(in crate::node) ping: Ping,
    pub(in crate::node) round_trip_ms: Option<u64>,
    pub(in crate::node) headers: HeaderTalk,
    pub(in crate::node) blocks: BlockTalk,
    pub(in crate::node) transactions: TransactionTalk,
    /// It was told addresses once.
    pub(in crate::node) told_addresses: bool,
    /// When it last brought a block that was new and good.
    pub(in crate::node) brought_block_ms: u64,
    /// The same for a transaction.
    pub(in crate::node) brought_transaction_ms: u64,
}

impl Peer {
    pub(in crate::node) fn ready(&self) -> Option<&Ready> {
        match &self.phase {
            Phase::Ready(ready) => Some(ready),
            _ => None,
        }
    }

    pub(in crate::node) fn ready_mut(&mut self) -> Option<&mut Ready> {
        match &mut self.phase {
            Phase::Ready(ready) => Some(ready),
            _ => None,
        }
    }

    /// Whether as much was handed to the driver as may wait.
    pub(in crate::node) fn is_full(&self) -> bool {
        self.unsent >= limits::SEND_WINDOW
    }

    /// The address without its port.
    pub(in crate::node) fn host(&self) -> &str {
        host(&self.address)
    }

    /// As people read it in the log.
    pub(in crate::node) fn name(&self) -> String {
        let address: String = self
            .address
            .chars()
            .filter(char::is_ascii_graphic)
            .take(80)
            .collect();
        format!("peer {} ({address})", self.id.0)
    }
}

/// An address without its port.
pub(in crate::node) fn host(address: &str) -> &str {
    match address.rsplit_once(':') {
        // An IPv6 address without brackets has no port.
        Some((host, _)) if !host.contains(':') || host.ends_with(']') => host,
        _ => address,
    }
}

/// An address that is to be kept connected, for ever.
#[derive(Debug)]
pub(in crate::node) struct Dial {
    pub(in crate::node) address: String,
    pub(in crate::node) state: DialState,
    pub(in crate::node) failures: u32,
}

#[derive(Debug)]
pub(in crate::node) enum DialState {
    Waiting { retry_ms: u64 },
    Open(PeerId),
}

impl Dial {
    pub(in crate::node) fn new(address: String) -> Self {
        Self {
            address,
            state: DialState::Waiting { retry_ms: 0 },
            failures: 0,
        }
    }
}
