//! Headers: whom to ask, what to believe.
//!
//! Every peer that serves a chain is asked. Headers that show less work than our own chain of 144
//! blocks ago go through [`Presync`] first, so that a flood of cheap ones is not kept. A header that
//! our clock calls early is asked for again when its time has come; nobody is blamed for it.

use super::super::peers::Ending;
use crate::chain::Store;
use crate::client::PeerId;
use crate::headers::{HeaderError, Presync, PresyncStep, first_gap};
use crate::node::limits;
use crate::node::machine::Node;
use crate::primitives::UnixTime;
use crate::protocol::{MAX_LOCATOR, PROTOCOL_VERSION};
use bitcoin::BlockHash;
use bitcoin::block::Header;
use bitcoin::hashes::Hash;
use bitcoin::p2p::ServiceFlags;
use bitcoin::p2p::message::NetworkMessage;
use bitcoin::p2p::message_blockdata::GetHeadersMessage;

/// The conversation about headers with one peer.
#[derive(Debug, Default)]
pub(in crate::node) struct HeaderTalk {
    /// When the answer to our `getheaders` must be here.
    asked: Option<u64>,
    /// Something happened meanwhile: ask again after the answer.
    again: bool,
    /// When a header that came too early may be asked for again, on the wall's clock.
    retry_at: Option<UnixTime>,
    /// Messages with an unknown parent in a row.
    unconnected: u32,
    /// It sends a chain that must first show its work.
    presync: Option<Box<Presync>>,
    /// The header with the most work that it is known to have.
    pub(in crate::node) known: Option<BlockHash>,
    /// The last header that we announced to it.
    pub(in crate::node) told: Option<BlockHash>,
    /// It wants blocks announced by their headers (BIP130).
    pub(in crate::node) wants_headers: bool,
}

impl HeaderTalk {
    pub(in crate::node) fn patience_anew(&mut self, now: u64) {
        if let Some(asked) = &mut self.asked {
            *asked = now + limits::HEADERS_ANSWER_MS;
        }
    }
}

impl<S: Store> Node<S> {
    /// A peer became ready.
    pub(in crate::node) fn begin_headers(&mut self, peer: PeerId) {
        if self.serves_chain(peer) {
            self.ask_headers(peer, None);
        }
    }

    pub(in crate::node) fn serves_chain(&self, peer: PeerId) -> bool {
        self.ready(peer).is_some_and(|ready| {
            let services = ready.facts.services;
            services.has(ServiceFlags::NETWORK) || services.has(ServiceFlags::NETWORK_LIMITED)
        })
    }

    pub(in crate::node) fn on_send_headers(&mut self, peer: PeerId) {
        if let Some(ready) = self.ready_mut(peer) {
            ready.headers.wants_headers = true;
        }
    }

    /// Asks what follows the locator, or the best chain of ours.
    pub(in crate::node) fn ask_headers(&mut self, peer: PeerId, locator: Option<Vec<BlockHash>>) {
        let now = self.now.monotonic_ms;
        let own = || {
            let mut locator = self.chain.headers().locator();
            // From the tip's parent on, so that a peer with the same tip says so.
            if locator.len() > 1 {
                locator.remove(0);
            }
            locator
        };
        let locator = locator.unwrap_or_else(own);
        let Some(ready) = self.ready_mut(peer) else {
            return;
        };
        if ready.headers.asked.is_some() {
            ready.headers.again = true;
            return;
        }
        ready.headers.asked = Some(now + limits::HEADERS_ANSWER_MS);
        ready.headers.again = false;
        let mut locator_hashes = locator;
        locator_hashes.truncate(MAX_LOCATOR as usize);
        let ask = GetHeadersMessage {
            version: PROTOCOL_VERSION,
            locator_hashes,
            stop_hash: BlockHash::all_zeros(),
        };
        self.send(peer, NetworkMessage::GetHeaders(ask));
    }

    /// Answers that did not come, and early headers whose time has come.
    pub(in crate::node) fn headers_due(&mut self) {
        let (now, unix) = (self.now.monotonic_ms, self.now.unix());
        for peer in self.ready_peers() {
            let Some(ready) = self.ready_mut(peer) else {
                continue;
            };
            let talk = &mut ready.headers;
            if talk.asked.is_some_and(|until| until <= now) {
                let seconds = limits::HEADERS_ANSWER_MS / 1_000;
                let reason = format!("expected headers within {seconds} s, found nothing");
                self.close(peer, Ending::Left(reason));
            } else if talk.retry_at.is_some_and(|at| at <= unix) {
                talk.retry_at = None;
                self.ask_headers(peer, None);
            }
        }
    }

    pub(in crate::node) fn on_headers(&mut self, peer: PeerId, headers: &[Header]) {
        let Some(ready) = self.ready_mut(peer) else {
            return;
        };
        let asked = ready.headers.asked.take().is_some();
        let again = std::mem::take(&mut ready.headers.again);
        if first_gap(headers).is_some() {
            let reason = "expected headers that follow each other, found a gap".to_owned();
            self.misbehaved(peer, reason);
            return;
        }
        if let Some(first) = headers.first() {
            self.take_headers(peer, first, headers, asked);
        } else if let Some(ready) = self.ready_mut(peer) {
            ready.headers.presync = None;
        }
        if again {
            self.ask_headers(peer, None);
        }
        self.fetch = true;
    }

    fn take_headers(&mut self, peer: PeerId, first: &Header, headers: &[Header], asked: bool) {
        let more = headers.len() >= limits::HEADERS_IN_MESSAGE;
        if self
            .ready(peer)
            .is_some_and(|ready| ready.headers.presync.is_some())
        {
            self.presync_continues(peer, headers, more);
            return;
        }
        let tree = self.chain.headers();
        let parent = &first.prev_blockhash;
        let known = tree.height_of(parent).is_some() || tree.get(parent).is_some();
        // What follows an invalid block is refused below, and whoever sends it left.
        if !known && !tree.is_invalid(parent) {
            self.unconnected(peer);
            return;
        }
        if let Some(ready) = self.ready_mut(peer) {
            ready.headers.unconnected = 0;
        }
        let tree = self.chain.headers();
        let known = headers
            .last()
            .is_some_and(|last| tree.get(&last.block_hash()).is_some());
        if !known && !tree.shows_enough_work(headers) {
            // Few headers of little work: a branch that nobody needs.
            if more {
                self.presync_begins(peer, first, headers);
            }
            return;
        }
        if self.accept_headers(peer, headers) && more && asked {
            self.ask_more(peer, headers);
        }
    }

    fn ask_more(&mut self, peer: PeerId, headers: &[Header]) {
        let mut locator: Vec<_> = headers.last().map(Header::block_hash).into_iter().collect();
        locator.extend(self.chain.headers().locator());
        self.ask_headers(peer, Some(locator));
    }

    /// An announcement whose parent is missing here: ask for what is between, a few times.
    fn unconnected(&mut self, peer: PeerId) {
        // A tab serves no headers, and may mine on a chain that has not reached us: what it told of
        // is forgotten, and nobody is blamed.
        if !self.serves_chain(peer) {
            return;
        }
        let Some(ready) = self.ready_mut(peer) else {
            return;
        };
        ready.headers.unconnected += 1;
        if ready.headers.unconnected > limits::UNCONNECTED_IN_ROW {
            let found = ready.headers.unconnected;
            self.misbehaved(
                peer,
                format!(
                    "expected headers that connect, found {found} messages in a row that do not"
                ),
            );
        } else {
            self.ask_headers(peer, None);
        }
    }

    /// Puts headers into the tree. Whether all of them are there now.
    fn accept_headers(&mut self, peer: PeerId, headers: &[Header]) -> bool {
        let now = self.now.unix();
        for header in headers {
            match self.chain.accept_header(*header, now) {
                Ok(_) => self.peer_has(peer, header.block_hash()),
                Err(error) => {
                    self.header_refused(peer, &error);
                    return false;
                }
            }
        }
        true
    }

    /// A header was refused: too early, out of our bounds, or wrong.
    pub(in crate::node) fn header_refused(&mut self, peer: PeerId, error: &HeaderError) {
        if let Some(at) = error.retry_at() {
            if let Some(ready) = self.ready_mut(peer) {
                let before = ready.headers.retry_at.unwrap_or(at);
                ready.headers.retry_at = Some(before.min(at));
            }
        } else if error.is_misbehaviour() {
            self.misbehaved(peer, error.to_string());
        }
    }

    fn presync_begins(&mut self, peer: PeerId, first: &Header, headers: &[Header]) {
        let seed = self.random.next_bytes();
        let now = self.now.unix();
        match Presync::new(self.chain.headers(), &first.prev_blockhash, seed, now) {
            Ok(presync) => {
                if let Some(ready) = self.ready_mut(peer) {
                    ready.headers.presync = Some(Box::new(presync));
                }
                self.presync_continues(peer, headers, true);
            }
            // It forks off where no branch may.
            Err(error) => self.header_refused(peer, &error),
        }
    }

    fn presync_continues(&mut self, peer: PeerId, headers: &[Header], more: bool) {
        let now = self.now.unix();
        let presync = self
            .ready_mut(peer)
            .and_then(|ready| ready.headers.presync.take());
        let Some(mut presync) = presync else {
            return;
        };
        // An announcement in between is no part of the chain that was asked for.
        let expected = presync.locator().first().copied();
        if headers.first().map(|first| first.prev_blockhash) != expected {
            self.keep_presync(peer, presync);
            return;
        }
        match presync.process(headers, more, now) {
            Ok(PresyncStep::Continue { headers }) => {
                let locator = presync.locator();
                self.keep_presync(peer, presync);
                if self.accept_headers(peer, &headers) {
                    self.ask_headers(peer, Some(locator));
                }
            }
            Ok(PresyncStep::Done { headers }) => {
                if self.accept_headers(peer, &headers) && more {
                    self.ask_more(peer, &headers);
                }
            }
            Ok(PresyncStep::TooLittleWork { .. }) => {}
            Err(error) if error.is_misbehaviour() => self.misbehaved(peer, error.to_string()),
            // A reorganisation during the download looks the same as a lie.
            Err(error) => self.close(peer, Ending::Left(error.to_string())),
        }
    }

    fn keep_presync(&mut self, peer: PeerId, presync: Box<Presync>) {
        if let Some(ready) = self.ready_mut(peer) {
            ready.headers.presync = Some(presync);
        }
    }
}
