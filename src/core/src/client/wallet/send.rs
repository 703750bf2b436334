//! One's own payments are sent until they are in a block: to every node that answers, again and
//! again, after a restart, and to nodes that came later. A node forgets what it was told; the wallet
//! does not.

use super::Failure;
use crate::client::{Client, CommandError, PeerId, Reply, RequestId, limits};
use bitcoin::p2p::message::NetworkMessage;
use bitcoin::p2p::message_blockdata::Inventory;
use bitcoin::{Transaction, Txid, Wtxid};

impl Client {
    /// Somebody announced a transaction: the wallet looks at it.
    pub(crate) fn wallet_sees(&mut self, tx: &Transaction, operator: Option<&str>) {
        let now = self.now.unix();
        if let Some(watched) = &mut self.purse.watched
            && watched.wallet.seen(tx, operator, now)
        {
            self.views.wallet_changed();
        }
    }

    /// A payment of one's own that waits: it is answered when it is stored, for from then on it is
    /// sent until it is mined. `Err`: it is none.
    pub(crate) fn submit_own(
        &mut self,
        request: RequestId,
        txid: &Txid,
        reply: Reply,
    ) -> Result<Option<Result<Reply, CommandError>>, Reply> {
        if !self
            .own_waiting()
            .iter()
            .any(|tx| tx.compute_txid() == *txid)
        {
            return Err(reply);
        }
        let writes = self.store_wallet();
        Ok(self.answer_stored(request, writes, reply, Failure::Bear))
    }

    fn own_waiting(&self) -> Vec<&Transaction> {
        match &self.purse.watched {
            Some(watched) => watched.wallet.to_send(),
            None => Vec::new(),
        }
    }

    /// Sends everything that waits again when it is time, and gives up what waited too long.
    pub(crate) fn wallet_due(&mut self) {
        let now = self.now.monotonic_ms;
        if self.purse.next_send_ms > now || self.purse.watched.is_none() {
            return;
        }
        self.purse.next_send_ms = now + limits::SEND_AGAIN_MS;
        let unix = self.now.unix();
        if let Some(watched) = &mut self.purse.watched
            && watched.wallet.expire(unix)
        {
            self.views.wallet_changed();
        }
        for peer in self.ready_peers() {
            self.offer_own(peer);
        }
    }

    pub(crate) fn wallet_deadline(&self) -> Option<u64> {
        let watched = self.purse.watched.is_some();
        watched.then_some(self.purse.next_send_ms)
    }

    /// Offers what waits to one peer.
    pub(crate) fn offer_own(&mut self, peer: PeerId) {
        let Some(by_wtxid) = self.ready(peer).map(|ready| ready.facts.wtxid_relay) else {
            return;
        };
        let items: Vec<Inventory> = self
            .own_waiting()
            .into_iter()
            .take(limits::OWN_OFFERED)
            .map(|tx| match by_wtxid {
                true => Inventory::WTx(tx.compute_wtxid()),
                false => Inventory::Transaction(tx.compute_txid()),
            })
            .collect();
        if !items.is_empty() {
            self.send(peer, NetworkMessage::Inv(items));
        }
    }

    /// A payment of one's own that waits, by either name.
    pub(crate) fn own_offered(
        &self,
        txid: Option<Txid>,
        wtxid: Option<Wtxid>,
    ) -> Option<Transaction> {
        let waiting = self.own_waiting().into_iter().take(limits::OWN_OFFERED);
        let mut found = waiting.filter(|tx| {
            txid.is_some_and(|txid| tx.compute_txid() == txid)
                || wtxid.is_some_and(|wtxid| tx.compute_wtxid() == wtxid)
        });
        found.next().cloned()
    }
}
