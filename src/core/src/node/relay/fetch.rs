//! Which transactions to ask for, and whom.
//!
//! Who announces a transaction first is asked first; the others are remembered as sources, so that
//! nobody can hold one up by announcing it and keeping it: next is whom we chose ourselves, then who
//! brought a good one last. Everything is bounded for each peer and nothing for a transaction: a flood
//! of announcements fills the flooder's own share, and never the place of an honest source. What goes
//! beyond a peer's share waits for its turn.

use super::announce::Announcements;
use crate::chain::Store;
use crate::client::PeerId;
use crate::mempool::FeeRate;
use crate::node::machine::Node;
use crate::node::rolling::Rolling;
use crate::node::{Direction, limits};
use bitcoin::p2p::message::NetworkMessage;
use bitcoin::p2p::message_blockdata::Inventory;
use bitcoin::{Transaction, Txid, Wtxid};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// How a transaction is announced: by its hash with witnesses (BIP339), or by its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::node) enum TransactionKey {
    Wtxid(Wtxid),
    Txid(Txid),
}

impl TransactionKey {
    fn question(self) -> Inventory {
        match self {
            TransactionKey::Wtxid(wtxid) => Inventory::WTx(wtxid),
            TransactionKey::Txid(txid) => Inventory::WitnessTransaction(txid),
        }
    }
}

/// The conversation about transactions with one peer.
#[derive(Debug, Default)]
pub(in crate::node) struct Talk {
    /// BIP133: the least rate that it wants to hear of.
    pub(in crate::node) fee_filter: FeeRate,
    /// The least rate that we told it.
    pub(in crate::node) told_fee: Option<FeeRate>,
    pub(in crate::node) announcements: Announcements,
    /// It is asked for these, until when.
    pub(in crate::node) asked: BTreeMap<TransactionKey, u64>,
    /// It announced these, and may be asked for them.
    pub(in crate::node) sources: BTreeSet<TransactionKey>,
    /// It announced these too, and they wait until it is a source of fewer.
    deferred: VecDeque<TransactionKey>,
}

impl Talk {
    fn interests(&self) -> usize {
        self.sources.len() + self.asked.len()
    }
}

/// What is shared between the conversations.
#[derive(Debug)]
pub(in crate::node) struct Transactions {
    wanted: BTreeMap<TransactionKey, Wanted>,
    /// Refused since the last block.
    refused: Rolling<Wtxid>,
    /// In the last blocks.
    confirmed: Rolling<Txid>,
    confirmed_wtxids: Rolling<Wtxid>,
    pub(in crate::node) fee_filters_ms: u64,
    /// When the next announcement is due.
    pub(in crate::node) trickle_ms: Option<u64>,
}

/// A transaction that somebody announced.
#[derive(Debug, Default)]
struct Wanted {
    asked: Option<PeerId>,
    /// Others who announced it, in order; each peer once, so at most as many as there are.
    sources: Vec<PeerId>,
}

impl Default for Transactions {
    fn default() -> Self {
        Self {
            wanted: BTreeMap::new(),
            refused: Rolling::new(limits::REMEMBERED),
            confirmed: Rolling::new(limits::REMEMBERED),
            confirmed_wtxids: Rolling::new(limits::REMEMBERED),
            fee_filters_ms: 0,
            trickle_ms: None,
        }
    }
}

impl Transactions {
    /// What was refused may be good on the new tip.
    pub(in crate::node) fn tip_changed(&mut self) {
        self.refused.clear();
    }

    /// Blocks left the chain: what they confirmed may be confirmed no more.
    pub(in crate::node) fn reorganised(&mut self) {
        self.confirmed.clear();
        self.confirmed_wtxids.clear();
    }

    pub(in crate::node) fn confirmed(&mut self, transaction: &Transaction) {
        self.confirmed.insert(transaction.compute_txid());
        self.confirmed_wtxids.insert(transaction.compute_wtxid());
    }

    pub(in crate::node) fn refuse(&mut self, wtxid: Wtxid) {
        self.refused.insert(wtxid);
    }

    #[cfg(test)]
    pub(in crate::node) fn wanted(&self) -> usize {
        self.wanted.len()
    }

    #[cfg(test)]
    pub(in crate::node) fn refused(&self) -> usize {
        self.refused.len()
    }
}

impl<S: Store> Node<S> {
    /// A peer has these transactions.
    pub(in crate::node) fn on_announced(&mut self, peer: PeerId, keys: &[TransactionKey]) {
        let mut ask = Vec::new();
        for key in keys {
            if let TransactionKey::Wtxid(wtxid) = key {
                self.orphans.also_from(wtxid, peer);
            }
            if let Some(ready) = self.ready_mut(peer) {
                ready.transactions.announcements.heard(*key);
            }
            if !self.has_transaction(key) && self.note_source(peer, *key) {
                ask.push(*key);
            }
        }
        self.ask_transactions(peer, ask);
    }

    fn has_transaction(&self, key: &TransactionKey) -> bool {
        match key {
            TransactionKey::Wtxid(wtxid) => {
                self.mempool.get_by_wtxid(wtxid).is_some()
                    || self.orphans.contains(wtxid)
                    || self.transactions.refused.contains(wtxid)
                    || self.transactions.confirmed_wtxids.contains(wtxid)
            }
            TransactionKey::Txid(txid) => {
                self.mempool.contains(txid) || self.transactions.confirmed.contains(txid)
            }
        }
    }

    /// Notes the peer as a source. Whether it is to be asked at once.
    fn note_source(&mut self, peer: PeerId, key: TransactionKey) -> bool {
        let asked = |wanted: &Wanted| wanted.asked == Some(peer);
        if self.transactions.wanted.get(&key).is_some_and(asked) {
            return false;
        }
        let Some(ready) = self.ready_mut(peer) else {
            return false;
        };
        let talk = &mut ready.transactions;
        if talk.sources.contains(&key) {
            return false;
        }
        if talk.interests() >= limits::INTERESTS {
            if talk.deferred.len() < limits::DEFERRED {
                talk.deferred.push_back(key);
            }
            return false;
        }
        talk.sources.insert(key);
        let free = talk.asked.len() < limits::ASKED_TRANSACTIONS;
        let wanted = self.transactions.wanted.entry(key).or_default();
        wanted.sources.push(peer);
        wanted.asked.is_none() && free
    }

    /// Asks a source for these.
    fn ask_transactions(&mut self, peer: PeerId, keys: Vec<TransactionKey>) {
        let until = self.now.monotonic_ms + limits::TRANSACTION_ANSWER_MS;
        let mut items = Vec::new();
        for key in keys {
            let Some(ready) = self.peers.get_mut(&peer).and_then(|peer| peer.ready_mut()) else {
                return;
            };
            let talk = &mut ready.transactions;
            if talk.asked.len() >= limits::ASKED_TRANSACTIONS || !talk.sources.remove(&key) {
                continue;
            }
            talk.asked.insert(key, until);
            if let Some(wanted) = self.transactions.wanted.get_mut(&key) {
                wanted.asked = Some(peer);
                wanted.sources.retain(|source| *source != peer);
            }
            items.push(key.question());
        }
        if !items.is_empty() {
            self.send(peer, NetworkMessage::GetData(items));
        }
    }

    /// A slot of this peer is free: what else it announced and nobody is asked for.
    fn ask_next(&mut self, peer: PeerId) {
        let Some(ready) = self.ready(peer) else {
            return;
        };
        let talk = &ready.transactions;
        let free = limits::ASKED_TRANSACTIONS.saturating_sub(talk.asked.len());
        let wanted = &self.transactions.wanted;
        let unasked = |key: &&TransactionKey| {
            let wanted = wanted.get(*key);
            wanted.is_some_and(|wanted| wanted.asked.is_none())
        };
        let keys = talk.sources.iter().filter(unasked).take(free).copied();
        let keys: Vec<_> = keys.collect();
        self.ask_transactions(peer, keys);
    }

    /// It is here, or not wanted any more. Whether this peer was asked for it.
    pub(in crate::node) fn settled(&mut self, key: TransactionKey, peer: Option<PeerId>) -> bool {
        let Some(wanted) = self.transactions.wanted.remove(&key) else {
            return false;
        };
        let was_asked = wanted.asked.is_some() && wanted.asked == peer;
        for source in wanted.sources.into_iter().chain(wanted.asked) {
            if let Some(ready) = self.ready_mut(source) {
                ready.transactions.sources.remove(&key);
                ready.transactions.asked.remove(&key);
            }
        }
        if let Some(asked) = wanted.asked {
            self.ask_next(asked);
        }
        was_asked
    }

    /// Whether this peer is asked for it now.
    pub(in crate::node) fn is_asked(&self, peer: PeerId, key: &TransactionKey) -> bool {
        self.ready(peer)
            .is_some_and(|ready| ready.transactions.asked.contains_key(key))
    }

    /// The peer does not bring it: the next source is asked.
    pub(in crate::node) fn transaction_lacked(&mut self, peer: PeerId, key: TransactionKey) {
        let Some(ready) = self.ready_mut(peer) else {
            return;
        };
        if ready.transactions.asked.remove(&key).is_none() {
            return;
        }
        self.source_failed(key);
        self.ask_next(peer);
    }

    fn source_failed(&mut self, key: TransactionKey) {
        let Some(wanted) = self.transactions.wanted.get_mut(&key) else {
            return;
        };
        wanted.asked = None;
        if wanted.sources.is_empty() {
            self.transactions.wanted.remove(&key);
            return;
        }
        let sources = wanted.sources.clone();
        // The first of the best.
        let next = sources.into_iter().filter_map(|source| {
            let peer = self.peers.get(&source)?;
            let ready = peer.ready()?;
            let inbound = peer.direction == Direction::Inbound;
            let free = ready.transactions.asked.len() < limits::ASKED_TRANSACTIONS;
            free.then_some((source, (inbound, Reverse(ready.brought_transaction_ms))))
        });
        let next = next.min_by_key(|(_, merit)| *merit);
        if let Some((source, _)) = next {
            self.ask_transactions(source, vec![key]);
        }
    }

    /// A connection ended: others are asked.
    pub(in crate::node) fn transactions_released(&mut self, peer: PeerId, talk: Talk) {
        for key in talk.sources {
            if let Some(wanted) = self.transactions.wanted.get_mut(&key) {
                wanted.sources.retain(|source| *source != peer);
                if wanted.sources.is_empty() && wanted.asked.is_none() {
                    self.transactions.wanted.remove(&key);
                }
            }
        }
        for key in talk.asked.into_keys() {
            self.source_failed(key);
        }
    }

    /// The peer is a source of fewer now: what else it announced has its turn.
    fn deferred_due(&mut self, peer: PeerId) {
        let Some(ready) = self.ready_mut(peer) else {
            return;
        };
        let talk = &mut ready.transactions;
        let room = limits::INTERESTS.saturating_sub(talk.interests());
        let count = room.min(talk.deferred.len());
        let keys: Vec<_> = talk.deferred.drain(..count).collect();
        self.on_announced(peer, &keys);
    }

    /// Answers that did not come; and our own `feefilter`, now and then.
    pub(in crate::node) fn transactions_due(&mut self) {
        let now = self.now.monotonic_ms;
        self.orphans.expire(now);
        self.mempool.expire(now);
        for peer in self.ready_peers() {
            let Some(ready) = self.ready(peer) else {
                continue;
            };
            let asked = ready.transactions.asked.iter();
            let late = asked.filter(|(_, until)| **until <= now);
            let late: Vec<_> = late.map(|(key, _)| *key).collect();
            for key in late {
                self.transaction_lacked(peer, key);
            }
            self.deferred_due(peer);
        }
        if now >= self.transactions.fee_filters_ms {
            self.transactions.fee_filters_ms = now + limits::FEE_FILTER_MS;
            for peer in self.ready_peers() {
                self.tell_fee(peer);
            }
        }
    }

    /// BIP133: what we do not want to hear of.
    pub(in crate::node) fn tell_fee(&mut self, peer: PeerId) {
        let least = self.mempool.least_rate(self.now.monotonic_ms);
        let Some(ready) = self.ready_mut(peer) else {
            return;
        };
        if ready.transactions.told_fee != Some(least) && ready.facts.relay {
            ready.transactions.told_fee = Some(least);
            let units = i64::try_from(least.units()).unwrap_or(i64::MAX);
            self.send(peer, NetworkMessage::FeeFilter(units));
        }
    }
}
