//! A configured node: where it is, how the connection to it stands, what was said.

use super::connection::Connection;
use crate::client::limits;
use crate::client::{NodeAddress, PeerId, Said};
use crate::primitives::{Now, UnixTime};
use std::collections::VecDeque;

/// A node that the page configured.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) address: NodeAddress,
    pub(crate) link: Link,
    /// Failures in a row: the exponent of the back-off.
    pub(crate) failures: u32,
    /// Blocks or headers that it let us wait for: other nodes are asked first.
    pub(crate) stalls: u32,
    pub(crate) said: VecDeque<Said>,
    pub(crate) bytes_received: u64,
    pub(crate) bytes_sent: u64,
    /// Transactions of it that were looked at.
    pub(crate) transactions: u32,
    pub(crate) last_heard: Option<UnixTime>,
    /// Its clock minus ours, when it last connected.
    pub(crate) clock_offset: Option<i32>,
}

/// How the connection to a node stands.
#[derive(Debug)]
pub(crate) enum Link {
    /// None: to be tried at this time of the monotonic clock.
    Waiting {
        reason: Option<String>,
        retry_ms: u64,
    },
    /// It broke the protocol.
    Banned { reason: String, until: UnixTime },
    /// A connection, at whatever stage.
    Open(Box<Connection>),
}

impl Node {
    pub(crate) fn new(address: NodeAddress, now: Now) -> Self {
        Self {
            address,
            link: Link::Waiting {
                reason: None,
                retry_ms: now.monotonic_ms,
            },
            failures: 0,
            stalls: 0,
            said: VecDeque::new(),
            bytes_received: 0,
            bytes_sent: 0,
            transactions: 0,
            last_heard: None,
            clock_offset: None,
        }
    }

    pub(crate) fn connection(&self) -> Option<&Connection> {
        match &self.link {
            Link::Open(connection) => Some(connection),
            Link::Waiting { .. } | Link::Banned { .. } => None,
        }
    }

    pub(crate) fn connection_mut(&mut self) -> Option<&mut Connection> {
        match &mut self.link {
            Link::Open(connection) => Some(connection),
            Link::Waiting { .. } | Link::Banned { .. } => None,
        }
    }

    pub(crate) fn peer(&self) -> Option<PeerId> {
        self.connection().map(|connection| connection.id)
    }

    pub(crate) fn is_ready(&self) -> bool {
        self.connection()
            .is_some_and(|connection| connection.ready().is_some())
    }

    /// Keeps one more message of the conversation, and forgets the oldest.
    pub(crate) fn note(&mut self, said: Said) {
        if self.said.len() >= limits::SAID {
            self.said.pop_front();
        }
        self.said.push_back(said);
    }
}
