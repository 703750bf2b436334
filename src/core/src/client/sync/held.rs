//! Headers whose time is ahead of our clock: held, and tried again when their time has come.
//! Nobody is blamed for them: the clock that is wrong may be ours.

use crate::client::{PeerId, limits};
use crate::primitives::UnixTime;
use bitcoin::block::Header;

/// Held headers, few enough to look through.
#[derive(Debug, Default)]
pub(crate) struct Held(Vec<HeldHeader>);

#[derive(Debug)]
struct HeldHeader {
    header: Header,
    from: PeerId,
    at: UnixTime,
}

impl Held {
    /// Holds a header until `at`. The oldest gives way where there are too many.
    pub(super) fn hold(&mut self, header: Header, from: PeerId, at: UnixTime) {
        if self.0.iter().any(|held| held.header == header) {
            return;
        }
        let of_peer = self.0.iter().filter(|held| held.from == from).count();
        if of_peer >= limits::HELD_HEADERS_PER_PEER
            && let Some(oldest) = self.0.iter().position(|held| held.from == from)
        {
            self.0.remove(oldest);
        }
        if self.0.len() >= limits::HELD_HEADERS {
            self.0.remove(0);
        }
        self.0.push(HeldHeader { header, from, at });
    }

    /// Takes out the headers whose time has come.
    pub(super) fn take_due(&mut self, now: UnixTime) -> Vec<(Header, PeerId)> {
        let (due, kept): (Vec<_>, Vec<_>) = std::mem::take(&mut self.0)
            .into_iter()
            .partition(|held| held.at <= now);
        self.0 = kept;
        due.into_iter()
            .map(|held| (held.header, held.from))
            .collect()
    }

    pub(super) fn forget(&mut self, peer: PeerId) {
        self.0.retain(|held| held.from != peer);
    }

    /// When the next one is due.
    pub(super) fn next(&self) -> Option<UnixTime> {
        self.0.iter().map(|held| held.at).min()
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}
