//! `WatchWallet` and `ForgetWallet`.

use super::{Failure, Pending, Watched};
use crate::client::{Client, CommandError, Event, Output, Reply, RequestId, StoreId};
use crate::primitives::BlockHeight;
use crate::wallet::{Scanned, Wallet, WalletKey};
use std::collections::BTreeSet;

impl Client {
    /// Watches the keys. None: it is answered when it is stored.
    pub(crate) fn watch_wallet(
        &mut self,
        request: RequestId,
        keys: &[WalletKey],
        birth: Option<BlockHeight>,
    ) -> Option<Result<Reply, CommandError>> {
        match self.take_keys(keys, birth) {
            Err(error) => Some(Err(error)),
            Ok(writes) => {
                self.views.wallet_changed();
                self.answer_stored(request, writes, Reply::Done, Failure::Refuse)
            }
        }
    }

    fn take_keys(
        &mut self,
        keys: &[WalletKey],
        birth: Option<BlockHeight>,
    ) -> Result<BTreeSet<StoreId>, CommandError> {
        let refused = |error: crate::wallet::WatchError| CommandError::new(error.to_string());
        let made = Wallet::new(self.params.clone(), keys).map_err(refused)?;
        let same = self
            .purse
            .watched
            .as_mut()
            .filter(|watched| watched.wallet.name() == made.name());
        let Some(watched) = same else {
            // A wallet that was watched before is no one's business any more.
            let mut writes = self.remove_wallet();
            let mut watched = Watched::new(made);
            watched.from = birth;
            self.purse.watched = Some(watched);
            self.purse.next_send_ms = 0;
            writes.extend(self.store_wallet_keys());
            writes.extend(self.store_wallet());
            return Ok(writes);
        };
        let more = watched.wallet.watch(keys).map_err(refused)?;
        if let Some(birth) = birth {
            let earlier = watched.from.is_none_or(|from| birth < from);
            if more || earlier {
                // All is looked at again from there: a block that is told twice changes nothing.
                let from = watched.from.map_or(birth, |from| from.min(birth));
                watched.from = Some(from);
                watched.to = watched
                    .to
                    .map(|to| to.min(birth.saturating_sub(1)))
                    .filter(|to| *to >= from);
                watched.scan_changed = true;
            }
        }
        let mut writes = BTreeSet::new();
        // Also where the write before failed.
        if more || !watched.keys_stored {
            writes.extend(self.store_wallet_keys());
        }
        writes.extend(self.store_wallet());
        Ok(writes)
    }

    /// Stops watching, and removes what was stored. None: it is answered when that is done.
    pub(crate) fn forget_wallet(
        &mut self,
        request: RequestId,
    ) -> Option<Result<Reply, CommandError>> {
        let writes = self.remove_wallet();
        self.answer_stored(request, writes, Reply::Done, Failure::Refuse)
    }

    /// Answers when these writes are durable; at once where there is none.
    pub(super) fn answer_stored(
        &mut self,
        request: RequestId,
        writes: BTreeSet<StoreId>,
        reply: Reply,
        failure: Failure,
    ) -> Option<Result<Reply, CommandError>> {
        if writes.is_empty() {
            return Some(Ok(reply));
        }
        self.purse.pending.push(Pending {
            request,
            writes,
            reply,
            failure,
        });
        None
    }

    /// The wallet as it is now, if one is watched.
    pub(crate) fn tell_wallet(&mut self) {
        let tip = self.tree.tip().height;
        let Ok(watched) = self.purse.known() else {
            return;
        };
        let from = watched.from.unwrap_or(tip.saturating_add(1));
        let scanned = Scanned {
            from,
            to: watched.to.unwrap_or(from.saturating_sub(1)),
            tip,
        };
        let wallet = Box::new(watched.wallet.view(scanned));
        self.output(Output::Event(Event::Wallet { wallet }));
    }
}
