//! No block for too long: the peers may be withholding, so the others are asked, and nodes that
//! wait to be tried again are tried now. Scaled to the network's spacing: three blocks' time on
//! Bitcoin is 30 minutes, nine are 90.

use crate::client::{Client, NoticeKind};
use crate::invoice::{Freshness, freshness};
use crate::primitives::UnixTime;

const ASK_AFTER_SPACINGS: u64 = 3;
const TELL_AFTER_SPACINGS: u32 = 9;

impl Client {
    pub(crate) fn stale_due(&mut self) {
        if self
            .stale_ask_ms()
            .is_some_and(|at| at <= self.now.monotonic_ms)
        {
            self.sync.fresh_ms = self.now.monotonic_ms;
            self.retry_now();
            self.ask_all_headers();
        }
        let tip_time = self.tree.tip().header.time;
        let stale = self.is_stale();
        if std::mem::replace(&mut self.sync.stale_shown, stale) != stale {
            self.views.chain_changed();
        }
        if stale && self.sync.caught_up && !self.sync.stale_told {
            self.sync.stale_told = true;
            let minutes = self.now.unix().saturating_sub(tip_time) / 60;
            self.notice(
                NoticeKind::StaleTip,
                format!(
                    "The newest block known here is {minutes} minutes old. Either none was found, \
                     or these nodes do not show it."
                ),
            );
            self.till.invoices_changed();
        }
        if !stale {
            self.sync.stale_told = false;
        }
    }

    /// Whether no block came for so long that nothing may be called confirmed.
    pub(crate) fn is_stale(&self) -> bool {
        let tip_time = self.tree.tip().header.time;
        freshness(&self.params, tip_time, self.now.unix()) == Freshness::Stale
    }

    /// When no block will have come for so long that nothing may be called confirmed.
    fn stale_from(&self) -> UnixTime {
        let patience = self.params.spacing.saturating_mul(TELL_AFTER_SPACINGS);
        self.tree.tip().header.time.saturating_add(patience)
    }

    fn stale_ask_ms(&self) -> Option<u64> {
        let patience = u64::from(self.params.spacing) * 1000 * ASK_AFTER_SPACINGS;
        (!self.nodes.is_empty()).then(|| self.sync.fresh_ms.saturating_add(patience))
    }

    pub(crate) fn stale_deadline(&self) -> Option<u64> {
        let told = self.monotonic_of(self.stale_from());
        let told = (told > self.now.monotonic_ms).then_some(told);
        self.stale_ask_ms().into_iter().chain(told).min()
    }
}
