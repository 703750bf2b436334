//! Whom to ask for headers, and for how long to wait.

use super::held::Held;
use crate::client::{Client, Ending, PeerId, limits};
use crate::headers::Presync;
use crate::primitives::{BlockHeight, UnixTime};
use crate::protocol::{MAX_LOCATOR, PROTOCOL_VERSION};
use bitcoin::BlockHash;
use bitcoin::hashes::Hash;
use bitcoin::p2p::message::NetworkMessage;
use bitcoin::p2p::message_blockdata::GetHeadersMessage;

/// A `getheaders` whose answer is not there yet.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Waiting {
    /// When it was sent.
    since_ms: u64,
    /// When its answer must be here.
    until_ms: u64,
}

impl Waiting {
    /// From now on. Who claims no more blocks than we have may have nothing to say.
    pub(crate) fn new(now_ms: u64, expects_more: bool) -> Self {
        let patience = match expects_more {
            true => limits::HEADERS_ANSWER_MS,
            false => limits::HEADERS_NOTHING_MS,
        };
        Self {
            since_ms: now_ms,
            until_ms: now_ms + patience,
        }
    }
}

/// The conversation about headers with one peer.
#[derive(Debug, Default)]
pub(crate) struct Talk {
    /// One `getheaders` at a time.
    pub(crate) asked: Option<Waiting>,
    /// Something happened meanwhile: ask again after the answer.
    pub(crate) again: bool,
    /// It was asked since it connected, and had nothing more.
    pub(crate) done: bool,
    /// Messages with an unknown parent in a row.
    pub(crate) unconnected: u32,
    /// The last header of the last full message: the next one must lead further.
    pub(crate) reached: Option<BlockHeight>,
    /// One led less far since: the peer changed to another branch.
    pub(crate) turned: bool,
    /// The header with the most work that it has shown.
    pub(crate) shown: Option<BlockHash>,
    /// It sends a chain that must first show its work.
    pub(crate) presync: Option<Box<Presync>>,
}

impl Talk {
    /// Whether a full message came, so that more must follow.
    fn is_midway(&self) -> bool {
        self.reached.is_some() || self.presync.is_some()
    }
}

/// What is shared between the conversations.
#[derive(Debug, Default)]
pub(crate) struct Sync {
    /// The peer of the long sync, and when it must be through.
    pub(crate) long: Option<(PeerId, u64)>,
    /// One peer had nothing more, since the start: the tip is what the network has.
    pub(crate) caught_up: bool,
    pub(crate) held: Held,
    /// When the newest header came.
    pub(crate) tip_seen: Option<UnixTime>,
    /// When something new last came, or the others were last asked because nothing did.
    pub(super) fresh_ms: u64,
    /// The notice of a stale tip is out.
    pub(super) stale_told: bool,
    /// Whether the page was shown a stale tip.
    pub(super) stale_shown: bool,
    /// The notice of a branch that begins too far back is out.
    pub(super) too_deep_told: bool,
}

impl Client {
    /// A peer became ready: tell it that headers announce blocks better than an inv, and ask.
    pub(crate) fn headers_begin(&mut self, peer: PeerId) {
        self.send(peer, NetworkMessage::SendHeaders);
        self.headers_next();
    }

    /// A connection ended.
    pub(crate) fn headers_released(&mut self, peer: PeerId) {
        self.sync.held.forget(peer);
        if self.sync.long.is_some_and(|(long, _)| long == peer) {
            self.sync.long = None;
            self.views.chain_changed();
        }
        self.headers_next();
    }

    /// Asks whoever is to be asked now: one peer while the chain is far behind, else all.
    pub(super) fn headers_next(&mut self) {
        let mut waiting: Vec<(u32, PeerId)> = self
            .nodes
            .iter()
            .filter_map(|node| {
                let connection = node.connection()?;
                let talk = &connection.ready()?.headers;
                (!talk.done && talk.asked.is_none()).then_some((node.stalls, connection.id))
            })
            .collect();
        // Who made us wait before comes last.
        waiting.sort_by_key(|(stalls, _)| *stalls);
        for (_, peer) in waiting {
            if self.sync.long.is_some() {
                return;
            }
            if self.is_far_behind() && !self.sync.caught_up {
                self.headers_long(peer);
            }
            self.ask_headers(peer, None);
        }
    }

    /// Makes this peer the one of the long sync, if there is none.
    pub(super) fn headers_long(&mut self, peer: PeerId) {
        if self.sync.long.is_some() {
            return;
        }
        let claimed = self.ready(peer).map_or(0, |ready| ready.facts.start_height);
        let missing = u64::from(claimed.saturating_sub(self.tree.tip().height));
        let patience =
            limits::SYNC_BASE_MS + limits::SYNC_PER_HEADER_MS * missing.min(limits::SYNC_CLAIM);
        self.sync.long = Some((peer, self.now.monotonic_ms + patience));
        self.views.chain_changed();
    }

    /// Asks every peer that answers: something is new, or nothing has been for too long.
    pub(crate) fn ask_all_headers(&mut self) {
        for peer in self.ready_peers() {
            self.ask_headers(peer, None);
        }
    }

    /// Sends `getheaders`, unless one is on its way: then once more after it. `from` is the
    /// locator of a chain that is not ours yet.
    pub(crate) fn ask_headers(&mut self, peer: PeerId, from: Option<Vec<BlockHash>>) {
        let now = self.now.monotonic_ms;
        let ours = self.tree.tip().height;
        let other_syncs = self.sync.long.is_some_and(|(long, _)| long != peer);
        let Some(ready) = self.ready_mut(peer) else {
            return;
        };
        let midway = ready.headers.is_midway();
        let expects_more = ready.facts.start_height > ours || midway;
        if let Some(asked) = ready.headers.asked {
            // Some nodes answer nothing where they have nothing to add: what is new since is not
            // to wait for that.
            let overdue = asked.since_ms + limits::HEADERS_AGAIN_MS <= now;
            if !overdue || midway {
                ready.headers.again = true;
                return;
            }
        }
        if other_syncs {
            // It is asked when the long sync is over.
            ready.headers.done = false;
            return;
        }
        ready.headers.asked = Some(Waiting::new(now, expects_more));
        let mut locator_hashes = from.unwrap_or_else(|| {
            let mut locator = self.tree.locator();
            // From the tip's parent on: who has our tip shows it, who has not shows nothing.
            if locator.len() > 1 {
                locator.remove(0);
            }
            locator
        });
        locator_hashes.truncate(MAX_LOCATOR as usize);
        let message = GetHeadersMessage {
            version: PROTOCOL_VERSION,
            locator_hashes,
            stop_hash: BlockHash::all_zeros(),
        };
        self.send(peer, NetworkMessage::GetHeaders(message));
    }

    /// Answers that did not come.
    pub(crate) fn headers_due(&mut self) {
        let now = self.now.monotonic_ms;
        if let Some((peer, until)) = self.sync.long
            && until <= now
        {
            let reason = "expected all headers in time, found the sync unfinished".to_owned();
            self.close(peer, Ending::Stalled(reason));
        }
        let ours = self.tree.tip().height;
        for peer in self.ready_peers() {
            let Some(ready) = self.ready(peer) else {
                continue;
            };
            if ready.headers.asked.is_none_or(|asked| asked.until_ms > now) {
                continue;
            }
            if ready.facts.start_height > ours || ready.headers.is_midway() {
                let seconds = limits::HEADERS_ANSWER_MS / 1000;
                let reason = format!("expected headers within {seconds} s, found nothing");
                self.close(peer, Ending::Stalled(reason));
            } else {
                // Some nodes answer nothing where they have nothing to add.
                self.headers_nothing(peer);
            }
        }
    }

    /// The peer has nothing to add to our locator: it ends at one of those headers, and says how high
    /// it is. A peer that is behind us has blocks too, and may be the only one there is.
    pub(super) fn headers_nothing(&mut self, peer: PeerId) {
        let nothing = self
            .ready(peer)
            .filter(|ready| ready.headers.shown.is_none() && !ready.headers.is_midway());
        if let Some(claimed) = nothing.map(|ready| ready.facts.start_height) {
            let mut behind = self.tree.locator().into_iter();
            let shown =
                behind.find(|hash| self.tree.height_of(hash).is_some_and(|at| at <= claimed));
            if let Some(ready) = self.ready_mut(peer) {
                ready.headers.shown = shown;
            }
            self.views.peers_changed();
        }
        self.headers_done(peer);
    }

    /// The peer has nothing more.
    pub(super) fn headers_done(&mut self, peer: PeerId) {
        let Some(ready) = self.ready_mut(peer) else {
            return;
        };
        let talk = &mut ready.headers;
        talk.asked = None;
        talk.done = true;
        talk.reached = None;
        talk.turned = false;
        talk.presync = None;
        let again = std::mem::take(&mut talk.again);
        if self.sync.long.is_some_and(|(long, _)| long == peer) {
            self.sync.long = None;
        }
        self.sync.caught_up = true;
        self.views.chain_changed();
        if again {
            self.ask_headers(peer, None);
        }
        self.headers_next();
    }

    /// Whether the tip is so old that many headers are missing.
    fn is_far_behind(&self) -> bool {
        let day = self.params.spacing.saturating_mul(144);
        self.tree.tip().header.time.saturating_add(day) < self.now.unix()
    }

    /// The next time at which [`headers_due`](Self::headers_due) has something to do.
    pub(crate) fn headers_deadline(&self) -> Option<u64> {
        self.nodes
            .iter()
            .filter_map(|node| node.connection()?.ready()?.headers.asked)
            .map(|asked| asked.until_ms)
            .chain(self.sync.long.map(|(_, until)| until))
            .min()
    }
}
