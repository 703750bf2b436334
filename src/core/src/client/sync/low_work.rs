//! Headers at the easiest target cost next to nothing: a chain that shows less work than is wanted
//! goes through [`Presync`] first, which stores nothing until the work is there.

use crate::client::{Client, Ending, PeerId, limits};
use crate::headers::{HeaderError, Presync, PresyncStep};
use bitcoin::block::Header;

/// What becomes of headers in sequence whose parent is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gate {
    /// They may go into the tree.
    Open,
    /// Too little work, and nothing follows: let pass.
    Closed,
    /// They went into the presync.
    Presync,
}

impl Client {
    /// Judges headers by the work that they show by their own account.
    pub(super) fn low_work_gate(&mut self, peer: PeerId, headers: &[Header]) -> Gate {
        let (Some(first), Some(last)) = (headers.first(), headers.last()) else {
            return Gate::Closed;
        };
        // Headers that are here already cost nothing more.
        if self.knows_header(&last.block_hash()) || self.tree.shows_enough_work(headers) {
            return Gate::Open;
        }
        if headers.len() < limits::HEADERS_IN_MESSAGE {
            return Gate::Closed;
        }
        if self.sync.long.is_some_and(|(long, _)| long != peer) {
            return Gate::Closed;
        }
        let seed = self.random.next_bytes();
        match Presync::new(&self.tree, &first.prev_blockhash, seed, self.now.unix()) {
            Ok(presync) => {
                self.headers_long(peer);
                if let Some(ready) = self.ready_mut(peer) {
                    ready.headers.presync = Some(Box::new(presync));
                }
                self.presync_continues(peer, headers);
                Gate::Presync
            }
            // It forks off where no branch may.
            Err(error) => {
                if error.is_misbehaviour() {
                    self.close(peer, Ending::Misbehaved(error.to_string()));
                } else {
                    self.refused(&error);
                }
                Gate::Closed
            }
        }
    }

    /// Gives headers to the peer's presync. False: there is none.
    pub(super) fn presync_continues(&mut self, peer: PeerId, headers: &[Header]) -> bool {
        let more = headers.len() >= limits::HEADERS_IN_MESSAGE;
        let now = self.now.unix();
        let Some(ready) = self.ready_mut(peer) else {
            return false;
        };
        let Some(mut presync) = ready.headers.presync.take() else {
            return false;
        };
        // An announcement in between is no part of the chain that was asked for.
        if !presync_expects(&presync, headers) {
            ready.headers.presync = Some(presync);
            return true;
        }
        ready.headers.asked = None;
        ready.headers.unconnected = 0;
        match presync.process(headers, more, now) {
            Ok(PresyncStep::Continue { headers }) => {
                let locator = presync.locator();
                if let Some(ready) = self.ready_mut(peer) {
                    ready.headers.presync = Some(presync);
                    ready.headers.again = false;
                }
                if self.take_headers(peer, &headers) {
                    self.ask_headers(peer, Some(locator));
                }
                self.views.chain_changed();
            }
            Ok(PresyncStep::Done { headers }) => {
                if self.take_headers(peer, &headers) {
                    self.headers_continue(peer, &headers, more);
                }
            }
            Ok(PresyncStep::TooLittleWork { .. }) => self.headers_done(peer),
            Err(error) => self.presync_failed(peer, &error),
        }
        true
    }

    fn presync_failed(&mut self, peer: PeerId, error: &HeaderError) {
        if error.is_misbehaviour() {
            self.close(peer, Ending::Misbehaved(error.to_string()));
        } else {
            // A reorganisation during the download looks the same as a lie.
            self.close(peer, Ending::Stalled(error.to_string()));
        }
    }
}

/// Whether these headers follow where the pass stands.
fn presync_expects(presync: &Presync, headers: &[Header]) -> bool {
    headers.first().map(|first| first.prev_blockhash) == presync.locator().first().copied()
}
