//! `version` to `verack`, as a state machine of either side.
//!
//! Who dialled speaks first; who listens says its `version` only after the peer's. The peer's
//! `version` is answered with what must come before `verack` (`wtxidrelay`, BIP339; `sendaddrv2`,
//! BIP155: after `verack` a node disconnects for them) and with `verack`. It is done when the peer's
//! `version` and `verack` are both there. Whatever else comes before is ignored, as nodes do. A peer
//! that never finishes is met by the deadline.

use bitcoin::p2p::message::NetworkMessage;
use bitcoin::p2p::message_network::VersionMessage;
use bitcoin::p2p::{Address, ServiceFlags};

/// The version that we say: the first that has `wtxidrelay`.
pub const PROTOCOL_VERSION: u32 = 70_016;
/// The oldest version that we talk to: BIP37's flag, which asks for relay, came with it.
pub const MIN_PROTOCOL_VERSION: u32 = 70_001;
/// From this version on a peer takes `wtxidrelay` and `sendaddrv2`.
const WTXID_RELAY_VERSION: u32 = 70_016;
/// BIP14's user agent may be this long, in bytes.
const MAX_USER_AGENT: usize = 256;

/// What we say of ourselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalNode {
    /// A random number, which comes back when we dialled ourselves: new for each connection, or,
    /// where one also listens, one for all of them.
    pub nonce: u64,
    /// What we offer.
    pub services: ServiceFlags,
    /// BIP14: `/farthing:0.1.0/`.
    pub user_agent: String,
    /// The height of our best chain.
    pub start_height: u32,
    /// Whether transactions shall be announced to us.
    pub relay: bool,
}

/// What the peer said of itself; nothing of it is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerFacts {
    /// Its protocol version.
    pub protocol_version: u32,
    /// What it offers.
    pub services: ServiceFlags,
    /// What it calls itself, printable ASCII only; untrusted text.
    pub user_agent: String,
    /// The height that it says it has; 0 when it says a negative one.
    pub start_height: u32,
    /// Its clock minus ours, in seconds.
    pub clock_offset: i64,
    /// Whether it wants transactions announced.
    pub relay: bool,
    /// Both sides sent `wtxidrelay`: transactions are announced by wtxid (inv type 5).
    pub wtxid_relay: bool,
}

/// What came of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HandshakeStep {
    /// Send these, in order; then wait for more.
    Continue(Vec<NetworkMessage>),
    /// The connection is ready.
    Done(PeerFacts),
}

/// Why the peer is left.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HandshakeError {
    /// It is us.
    #[error("expected another node, found our own nonce: we dialled ourselves")]
    SelfConnection,
    /// It is too old.
    #[error("expected protocol version {MIN_PROTOCOL_VERSION} or later, found {found}")]
    ProtocolVersion {
        /// Its version; it is signed on the wire.
        found: i32,
    },
    /// It does not offer what we need.
    #[error("expected services {required}, found {found}")]
    Services {
        /// What we need.
        required: ServiceFlags,
        /// What it offers.
        found: ServiceFlags,
    },
    /// Its name is too long.
    #[error("expected a user agent of at most {MAX_USER_AGENT} bytes, found {found}")]
    UserAgent {
        /// Its length in bytes.
        found: usize,
    },
    /// It introduced itself twice.
    #[error("expected one version message, found a second")]
    SecondVersion,
    /// It agreed to what it has not heard.
    #[error("expected version, found verack")]
    VerackBeforeVersion,
    /// It took too long.
    #[error("expected {waiting_for} by the deadline, found nothing")]
    Deadline {
        /// `version` or `verack`.
        waiting_for: &'static str,
    },
}

/// The handshake of one connection.
#[derive(Debug, Clone)]
pub struct Handshake {
    nonce: u64,
    required: ServiceFlags,
    deadline_ms: u64,
    /// Who listens has not said this yet.
    unsaid: Option<Box<VersionMessage>>,
    peer: Option<PeerFacts>,
    peer_wtxid_relay: bool,
}

impl Handshake {
    /// Starts it: send the returned `version` first. `required` are the services without which
    /// the peer is of no use ([`ServiceFlags::NETWORK`] for a light client); `now` is the time in
    /// seconds since 1970; `deadline_ms` is on the monotonic clock, 60 s from now for instance.
    #[must_use]
    pub fn start(
        local: &LocalNode,
        required: ServiceFlags,
        now: u32,
        deadline_ms: u64,
    ) -> (Handshake, NetworkMessage) {
        let handshake = Handshake::new(local, required, deadline_ms, None);
        (handshake, NetworkMessage::Version(our_version(local, now)))
    }

    /// The side that listens: it waits for the peer's `version`, and says its own in the answer.
    #[must_use]
    pub fn listen(local: &LocalNode, now: u32, deadline_ms: u64) -> Handshake {
        let unsaid = Box::new(our_version(local, now));
        Handshake::new(local, ServiceFlags::NONE, deadline_ms, Some(unsaid))
    }

    fn new(
        local: &LocalNode,
        required: ServiceFlags,
        deadline_ms: u64,
        unsaid: Option<Box<VersionMessage>>,
    ) -> Handshake {
        Handshake {
            nonce: local.nonce,
            required,
            deadline_ms,
            unsaid,
            peer: None,
            peer_wtxid_relay: false,
        }
    }

    /// Takes a message of the peer; `now` is the time in seconds since 1970.
    ///
    /// # Errors
    /// When the peer must be left.
    pub fn handle(
        &mut self,
        now: u32,
        message: &NetworkMessage,
    ) -> Result<HandshakeStep, HandshakeError> {
        match message {
            NetworkMessage::Version(version) => self.version(now, version),
            NetworkMessage::WtxidRelay => {
                self.peer_wtxid_relay = true;
                Ok(HandshakeStep::Continue(Vec::new()))
            }
            NetworkMessage::Verack => match self.peer.take() {
                Some(mut facts) => {
                    facts.wtxid_relay = self.peer_wtxid_relay && says_wtxid(&facts);
                    Ok(HandshakeStep::Done(facts))
                }
                None => Err(HandshakeError::VerackBeforeVersion),
            },
            _ => Ok(HandshakeStep::Continue(Vec::new())),
        }
    }

    /// When it must be done, in milliseconds of the monotonic clock.
    #[must_use]
    pub fn deadline_ms(&self) -> u64 {
        self.deadline_ms
    }

    /// Call it at the deadline, or whenever time has passed.
    ///
    /// # Errors
    /// When the deadline has come.
    pub fn check_deadline(&self, monotonic_ms: u64) -> Result<(), HandshakeError> {
        if monotonic_ms < self.deadline_ms {
            return Ok(());
        }
        Err(HandshakeError::Deadline {
            waiting_for: match self.peer {
                Some(_) => "verack",
                None => "version",
            },
        })
    }

    fn version(
        &mut self,
        now: u32,
        version: &VersionMessage,
    ) -> Result<HandshakeStep, HandshakeError> {
        if self.peer.is_some() {
            return Err(HandshakeError::SecondVersion);
        }
        // A node that draws no nonce sends 0, and so may a driver without randomness.
        if version.nonce == self.nonce && self.nonce != 0 {
            return Err(HandshakeError::SelfConnection);
        }
        let signed = version.version.cast_signed();
        if signed < MIN_PROTOCOL_VERSION.cast_signed() {
            return Err(HandshakeError::ProtocolVersion { found: signed });
        }
        if !version.services.has(self.required) {
            return Err(HandshakeError::Services {
                required: self.required,
                found: version.services,
            });
        }
        if version.user_agent.len() > MAX_USER_AGENT {
            return Err(HandshakeError::UserAgent {
                found: version.user_agent.len(),
            });
        }
        let facts = PeerFacts {
            protocol_version: version.version,
            services: version.services,
            user_agent: printable(&version.user_agent),
            start_height: u32::try_from(version.start_height).unwrap_or(0),
            clock_offset: version.timestamp.saturating_sub(i64::from(now)),
            relay: version.relay,
            wtxid_relay: false,
        };
        let mut answer = Vec::new();
        answer.extend(self.unsaid.take().map(|own| NetworkMessage::Version(*own)));
        if says_wtxid(&facts) {
            answer.push(NetworkMessage::WtxidRelay);
            answer.push(NetworkMessage::SendAddrV2);
        }
        answer.push(NetworkMessage::Verack);
        self.peer = Some(facts);
        Ok(HandshakeStep::Continue(answer))
    }
}

/// What we introduce ourselves with.
fn our_version(local: &LocalNode, now: u32) -> VersionMessage {
    // Nobody dials a browser, and no node needs to know where it is.
    let nowhere = Address {
        services: ServiceFlags::NONE,
        address: [0; 8],
        port: 0,
    };
    VersionMessage {
        version: PROTOCOL_VERSION,
        services: local.services,
        timestamp: i64::from(now),
        receiver: nowhere.clone(),
        sender: nowhere,
        nonce: local.nonce,
        user_agent: local.user_agent.clone(),
        start_height: i32::try_from(local.start_height).unwrap_or(i32::MAX),
        relay: local.relay,
    }
}

/// Whether `wtxidrelay` was ours to send to this peer.
fn says_wtxid(facts: &PeerFacts) -> bool {
    facts.protocol_version >= WTXID_RELAY_VERSION
}

/// Control and bidirectional characters could move text about on a page or a terminal.
fn printable(text: &str) -> String {
    text.chars()
        .filter(|character| character.is_ascii_graphic() || *character == ' ')
        .collect()
}
