//! What a peer's `headers` mean: an answer or an announcement, a chain to follow or to leave.

use super::low_work::Gate;
use crate::client::{Client, Ending, PeerId, limits};
use crate::headers::first_gap;
use bitcoin::BlockHash;
use bitcoin::block::Header;

impl Client {
    /// A `headers` message.
    pub(crate) fn on_headers(&mut self, peer: PeerId, headers: &[Header]) {
        if let Some(gap) = first_gap(headers) {
            let reason = format!(
                "expected headers that follow each other, found a gap after number {}",
                gap + 1
            );
            self.close(peer, Ending::Misbehaved(reason));
            return;
        }
        let Some(first) = headers.first() else {
            self.headers_nothing(peer);
            return;
        };
        if self.presync_continues(peer, headers) {
            return;
        }
        if let Some(ready) = self.ready_mut(peer) {
            ready.headers.asked = None;
        }
        if !self.knows_header(&first.prev_blockhash) && !self.knows_header(&first.block_hash()) {
            self.headers_unconnected(peer);
            return;
        }
        match self.low_work_gate(peer, headers) {
            Gate::Open => {}
            Gate::Closed => {
                self.headers_done(peer);
                return;
            }
            Gate::Presync => return,
        }
        if self.take_headers(peer, headers) {
            let more = headers.len() >= limits::HEADERS_IN_MESSAGE;
            self.headers_continue(peer, headers, more);
        }
    }

    /// Whether a header is in the tree, in full or by its hash.
    pub(crate) fn knows_header(&self, hash: &BlockHash) -> bool {
        self.height_of_any(hash).is_some()
    }

    /// An announcement whose parent is unknown: one `getheaders` tells what lies between, and
    /// whoever goes on like that is left for a while: what it has may be another chain, or ours too
    /// far ahead. While another peer holds the long sync it is not asked, so it is not to blame.
    fn headers_unconnected(&mut self, peer: PeerId) {
        if self.sync.long.is_some_and(|(long, _)| long != peer) {
            self.ask_headers(peer, None);
            return;
        }
        let Some(ready) = self.ready_mut(peer) else {
            return;
        };
        ready.headers.unconnected += 1;
        ready.headers.again = false;
        if ready.headers.unconnected > limits::UNCONNECTED_IN_ROW {
            let reason = format!(
                "expected headers that connect to ours, found {} messages that do not",
                ready.headers.unconnected
            );
            self.close(peer, Ending::Stalled(reason));
        } else {
            self.ask_headers(peer, None);
        }
    }

    /// Puts headers into the tree, in sequence. False: the peer is to be asked no further now.
    pub(super) fn take_headers(&mut self, peer: PeerId, headers: &[Header]) -> bool {
        let mut complete = true;
        let mut newest = None;
        for (number, header) in headers.iter().enumerate() {
            // The tree keeps only the newest in full: they are written before they settle.
            if number % limits::HEADERS_IN_MESSAGE == limits::HEADERS_IN_MESSAGE - 1 {
                self.flush_headers();
            }
            match self.accept_header(*header) {
                Ok(_) => newest = Some(header),
                Err(error) if error.is_misbehaviour() => {
                    self.close(peer, Ending::Misbehaved(error.to_string()));
                    return false;
                }
                Err(error) => {
                    if let Some(at) = error.retry_at() {
                        self.sync.held.hold(*header, peer, at);
                    }
                    self.refused(&error);
                    // What follows rests on the one that was not taken.
                    complete = false;
                    break;
                }
            }
        }
        let work_of =
            |client: &Self, hash: &BlockHash| client.tree.get(hash).map(|entry| entry.work);
        if let Some(newest) = newest.map(Header::block_hash) {
            let shown = self.ready(peer).and_then(|ready| ready.headers.shown);
            let before = shown.and_then(|hash| work_of(self, &hash));
            let better = work_of(self, &newest) > before;
            if let Some(ready) = self.ready_mut(peer) {
                ready.headers.unconnected = 0;
                if better {
                    ready.headers.shown = Some(newest);
                }
            }
            self.views.peers_changed();
        }
        if !complete && self.ready(peer).is_some() {
            self.headers_done(peer);
        }
        complete
    }

    /// After a full message there is more, if it led further than the one before. It may lead back
    /// once: the peer changed to another branch, and finds nothing of the old one in our locator
    /// but what lies far behind.
    pub(super) fn headers_continue(&mut self, peer: PeerId, headers: &[Header], more: bool) {
        let last = headers.last().map(Header::block_hash);
        let entry = last.and_then(|hash| self.tree.get(&hash));
        let Some(ready) = self.ready_mut(peer) else {
            return;
        };
        let talk = &mut ready.headers;
        let Some(entry) = entry else {
            self.headers_done(peer);
            return;
        };
        let further = talk.reached.is_none_or(|reached| entry.height > reached);
        let turns = !further && !talk.turned;
        if !more || !(further || turns) {
            self.headers_done(peer);
            return;
        }
        talk.turned |= turns;
        talk.reached = Some(entry.height);
        // The question that waited is answered by going on.
        talk.again = false;
        self.headers_long(peer);
        let mut locator = vec![entry.hash];
        locator.extend(self.tree.locator());
        self.ask_headers(peer, Some(locator));
    }
}
