//! Our own announcements of transactions: a few at a time, a little late.
//!
//! A short wait of random length gathers several into one message and hides a little from whom we had
//! each. What a peer announced is not announced back, nor what pays less than it wants to hear of.

use super::fetch::TransactionKey;
use crate::chain::Store;
use crate::client::PeerId;
use crate::mempool::Waiting;
use crate::node::limits;
use crate::node::machine::Node;
use crate::node::rolling::Rolling;
use bitcoin::Txid;
use bitcoin::p2p::message::NetworkMessage;
use bitcoin::p2p::message_blockdata::Inventory;
use std::collections::VecDeque;

/// What one peer is to hear.
#[derive(Debug)]
pub(in crate::node) struct Announcements {
    waiting: VecDeque<Txid>,
    due_ms: Option<u64>,
    known: Rolling<TransactionKey>,
    /// When it was last told all that waits.
    told_all_ms: Option<u64>,
}

impl Default for Announcements {
    fn default() -> Self {
        Self {
            waiting: VecDeque::new(),
            due_ms: None,
            known: Rolling::new(limits::KNOWN_TO_PEER),
            told_all_ms: None,
        }
    }
}

impl Announcements {
    /// The peer has it.
    pub(in crate::node) fn heard(&mut self, key: TransactionKey) {
        self.known.insert(key);
    }
}

impl<S: Store> Node<S> {
    /// A peer became ready: it hears of what waits, since nobody will announce that again.
    pub(in crate::node) fn begin_transactions(&mut self, peer: PeerId) {
        self.tell_fee(peer);
        let waiting: Vec<_> = self.mempool.parents_first();
        for txid in waiting.into_iter().take(limits::UNANNOUNCED) {
            self.announce_to(peer, txid);
        }
    }

    /// A transaction entered the mempool: everyone shall hear of it.
    pub(in crate::node) fn announce_transaction(&mut self, txid: Txid) {
        for peer in self.ready_peers() {
            self.announce_to(peer, txid);
        }
    }

    fn announce_to(&mut self, peer: PeerId, txid: Txid) {
        let now = self.now.monotonic_ms;
        let late = limits::TRICKLE_MS + self.random.below(limits::TRICKLE_JITTER_MS);
        let Some(ready) = self.ready_mut(peer) else {
            return;
        };
        if !ready.facts.relay {
            return;
        }
        let announcements = &mut ready.transactions.announcements;
        if announcements.waiting.len() >= limits::UNANNOUNCED {
            announcements.waiting.pop_front();
        }
        announcements.waiting.push_back(txid);
        let due = *announcements.due_ms.get_or_insert(now + late);
        let next = self.transactions.trickle_ms.unwrap_or(due);
        self.transactions.trickle_ms = Some(next.min(due));
    }

    /// Announcements whose time has come.
    pub(in crate::node) fn trickle_due(&mut self) {
        let now = self.now.monotonic_ms;
        if self.transactions.trickle_ms.is_none_or(|due| due > now) {
            return;
        }
        let mut next = None;
        for peer in self.ready_peers() {
            let Some(connection) = self.peers.get(&peer) else {
                continue;
            };
            let full = connection.is_full();
            let due = connection
                .ready()
                .and_then(|ready| ready.transactions.announcements.due_ms);
            let due = match due {
                Some(due) if due > now => Some(due),
                // It takes nothing now: later.
                Some(_) if full => Some(now + limits::LOOK_EVERY_MS),
                Some(_) => self.trickle(peer),
                None => None,
            };
            if let Some(ready) = self.ready_mut(peer) {
                ready.transactions.announcements.due_ms = due;
            }
            next = [next, due].into_iter().flatten().min();
        }
        self.transactions.trickle_ms = next;
    }

    /// One announcement; when the next is due, if more waits.
    fn trickle(&mut self, peer: PeerId) -> Option<u64> {
        let late = limits::TRICKLE_MS + self.random.below(limits::TRICKLE_JITTER_MS);
        let mut items = Vec::new();
        let ready = self.peers.get_mut(&peer)?.ready_mut()?;
        let least = ready.transactions.fee_filter;
        let by_wtxid = ready.facts.wtxid_relay;
        let announcements = &mut ready.transactions.announcements;
        while items.len() < limits::ANNOUNCED {
            let Some(txid) = announcements.waiting.pop_front() else {
                break;
            };
            let Some(waiting) = self.mempool.waiting(&txid) else {
                continue;
            };
            let (key, item) = name(&waiting, by_wtxid);
            if waiting.rate >= least && announcements.known.insert(key) {
                items.push(item);
            }
        }
        let more = !announcements.waiting.is_empty();
        if !items.is_empty() {
            self.send(peer, NetworkMessage::Inv(items));
        }
        more.then_some(self.now.monotonic_ms + late)
    }

    pub(in crate::node) fn trickle_deadline(&self) -> Option<u64> {
        self.transactions.trickle_ms
    }

    /// BIP35: what waits, all at once. A short question with a long answer: once a minute.
    pub(in crate::node) fn on_mempool(&mut self, peer: PeerId) {
        let now = self.now.monotonic_ms;
        let Some(ready) = self.ready_mut(peer) else {
            return;
        };
        let told = &mut ready.transactions.announcements.told_all_ms;
        if told.is_some_and(|told| now < told + limits::TOLD_ALL_EVERY_MS) {
            return;
        }
        *told = Some(now);
        let least = ready.transactions.fee_filter;
        let by_wtxid = ready.facts.wtxid_relay;
        let items: Vec<_> = self
            .mempool
            .all_waiting()
            .filter(|waiting| waiting.rate >= least)
            .map(|waiting| name(&waiting, by_wtxid).1)
            .take(crate::protocol::MAX_INVENTORY as usize)
            .collect();
        if !items.is_empty() {
            self.send(peer, NetworkMessage::Inv(items));
        }
    }
}

fn name(waiting: &Waiting, by_wtxid: bool) -> (TransactionKey, Inventory) {
    if by_wtxid {
        let wtxid = waiting.wtxid;
        (TransactionKey::Wtxid(wtxid), Inventory::WTx(wtxid))
    } else {
        let txid = waiting.txid;
        (TransactionKey::Txid(txid), Inventory::Transaction(txid))
    }
}
