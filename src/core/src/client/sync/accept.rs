//! A header goes into the tree, and everything that rests on the best chain follows.

use crate::client::{Client, NoticeKind};
use crate::headers::{Accepted, HeaderError, Reorganisation, RuleError};
use crate::primitives::BlockHeight;
use bitcoin::block::Header;

/// A reorganisation deeper than this is said to the page.
const TOLD_DEPTH: usize = 1;

impl Client {
    /// Puts one header into the tree. True: it was not known before.
    pub(crate) fn accept_header(&mut self, header: Header) -> Result<bool, HeaderError> {
        match self.tree.accept(header, self.now.unix())? {
            Accepted::Known => return Ok(false),
            Accepted::Extended => {
                self.storage.headers_from(self.tree.tip().height);
                self.tip_changed();
            }
            Accepted::Branch => self.views.chain_changed(),
            Accepted::Reorganised(reorganisation) => self.on_reorganisation(&reorganisation),
        }
        Ok(true)
    }

    fn on_reorganisation(&mut self, reorganisation: &Reorganisation) {
        let fork = reorganisation.fork_height;
        self.storage.headers_from(fork + 1);
        self.scan_reorganised(fork, &reorganisation.disconnected);
        if reorganisation.disconnected.len() >= TOLD_DEPTH {
            self.notice(NoticeKind::Reorganisation, told(fork, reorganisation));
        }
        self.tip_changed();
    }

    /// A branch that begins below what is kept in full cannot be followed, whatever work it has: a
    /// person should know that some node shows one. Said once, for such headers cost little.
    pub(super) fn refused(&mut self, error: &HeaderError) {
        if matches!(error.rule, RuleError::TooDeep { .. }) && !self.sync.too_deep_told {
            self.sync.too_deep_told = true;
            self.notice(
                NoticeKind::Reorganisation,
                format!(
                    "A node shows another chain that leaves this one too far back to be followed: \
                     {error}."
                ),
            );
        }
    }

    fn tip_changed(&mut self) {
        self.sync.tip_seen = Some(self.now.unix());
        self.sync.fresh_ms = self.now.monotonic_ms;
        self.till.invoices_changed();
        self.views.chain_changed();
        self.views.wallet_changed();
        self.works_stale();
    }

    /// Tries again the headers that came too early.
    pub(crate) fn held_due(&mut self) {
        for (header, from) in self.sync.held.take_due(self.now.unix()) {
            self.take_headers(from, &[header]);
            // What was built on it was not kept.
            self.ask_all_headers();
        }
    }

    pub(crate) fn held_deadline(&self) -> Option<u64> {
        self.sync.held.next().map(|at| self.monotonic_of(at))
    }
}

fn told(fork: BlockHeight, reorganisation: &Reorganisation) -> String {
    let (gone, new) = (
        reorganisation.disconnected.len(),
        reorganisation.connected.len(),
    );
    let s = if gone == 1 { "" } else { "s" };
    format!(
        "The network left {gone} block{s} after height {fork} for {new} other{} with more work.",
        if new == 1 { "" } else { "s" }
    )
}
