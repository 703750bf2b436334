//! Chain, peers and wallet as the page sees them: at most four times a second, however much happens.

use crate::client::peers::{Link, Phase};
use crate::client::{Client, Event, Output, PeerState, PeerView, limits};
use bitcoin::p2p::ServiceFlags;

/// What is to be told, and when it was told last.
#[derive(Debug, Default)]
pub(crate) struct Views {
    chain: Throttle,
    peers: Throttle,
    wallet: Throttle,
    pub(super) clock_told: bool,
}

#[derive(Debug, Default)]
struct Throttle {
    changed: bool,
    told_ms: Option<u64>,
}

impl Throttle {
    fn due_ms(&self) -> Option<u64> {
        self.changed
            .then(|| self.told_ms.map_or(0, |told| told + limits::VIEW_EVERY_MS))
    }

    /// Whether to tell now; then it is told.
    fn take(&mut self, now: u64) -> bool {
        let due = self.due_ms().is_some_and(|due| due <= now);
        if due {
            self.changed = false;
            self.told_ms = Some(now);
        }
        due
    }
}

impl Views {
    pub(crate) fn chain_changed(&mut self) {
        self.chain.changed = true;
    }

    pub(crate) fn peers_changed(&mut self) {
        self.peers.changed = true;
    }

    pub(crate) fn wallet_changed(&mut self) {
        self.wallet.changed = true;
    }
}

impl Client {
    pub(crate) fn views_due(&mut self) {
        let now = self.now.monotonic_ms;
        if self.views.chain.take(now) {
            let chain = Box::new(self.chain_view());
            self.output(Output::Event(Event::Chain { chain }));
        }
        if self.views.peers.take(now) {
            let peers = self.peer_views();
            self.output(Output::Event(Event::Peers { peers }));
        }
        if self.views.wallet.take(now) {
            self.tell_wallet();
        }
    }

    pub(crate) fn views_deadline(&self) -> Option<u64> {
        let views = [&self.views.chain, &self.views.peers, &self.views.wallet];
        views.into_iter().filter_map(|view| view.due_ms()).min()
    }

    fn peer_views(&self) -> Vec<PeerView> {
        self.nodes
            .iter()
            .map(|node| {
                let ready = node.connection().and_then(|connection| connection.ready());
                let state = match &node.link {
                    Link::Waiting { reason: None, .. } => PeerState::Connecting,
                    Link::Waiting {
                        reason: Some(reason),
                        retry_ms,
                    } => {
                        let wait = retry_ms.saturating_sub(self.now.monotonic_ms);
                        let seconds = u32::try_from(wait.div_ceil(1000)).unwrap_or(u32::MAX);
                        PeerState::Waiting {
                            reason: reason.clone(),
                            retry_at: self.now.unix().saturating_add(seconds),
                        }
                    }
                    Link::Banned { reason, until } => PeerState::Banned {
                        reason: reason.clone(),
                        until: *until,
                    },
                    Link::Open(connection) => match connection.phase {
                        Phase::Connecting { .. } => PeerState::Connecting,
                        Phase::Handshaking { .. } => PeerState::Handshaking,
                        Phase::Ready(_) => PeerState::Ready,
                    },
                };
                PeerView {
                    url: node.address.url.clone(),
                    operator: node.address.operator.clone(),
                    state,
                    user_agent: ready.map(|ready| ready.facts.user_agent.clone()),
                    protocol_version: ready.map(|ready| ready.facts.protocol_version),
                    services: ready.map_or_else(Vec::new, |ready| services(ready.facts.services)),
                    height: ready
                        .and_then(|ready| ready.headers.shown)
                        .and_then(|hash| self.height_of_any(&hash)),
                    ping_ms: ready.and_then(|ready| ready.round_trip_ms),
                    clock_offset: node.clock_offset,
                    last_heard: node.last_heard,
                    bytes_received: node.bytes_received,
                    bytes_sent: node.bytes_sent,
                    transactions: node.transactions,
                    said: node.said.iter().cloned().collect(),
                }
            })
            .collect()
    }
}

fn services(flags: ServiceFlags) -> Vec<String> {
    let names = [
        (ServiceFlags::NETWORK, "NETWORK"),
        (ServiceFlags::BLOOM, "BLOOM"),
        (ServiceFlags::WITNESS, "WITNESS"),
        (ServiceFlags::COMPACT_FILTERS, "COMPACT_FILTERS"),
        (ServiceFlags::NETWORK_LIMITED, "NETWORK_LIMITED"),
        (ServiceFlags::P2P_V2, "P2P_V2"),
    ];
    names
        .into_iter()
        .filter(|(flag, _)| flags.has(*flag))
        .map(|(_, name)| name.to_owned())
        .collect()
}
