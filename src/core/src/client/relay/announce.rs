//! `inv`, `getdata`, `notfound`: from an announcement to a transaction.

use super::known::{Announced, Name, Place, Queue};
use crate::client::{Client, PeerId, limits};
use bitcoin::p2p::message::NetworkMessage;
use bitcoin::p2p::message_blockdata::Inventory;

impl Client {
    /// An `inv`: transactions are queued; a block makes us ask for headers, whatever else we know.
    pub(crate) fn on_inv(&mut self, peer: PeerId, inventory: &[Inventory]) {
        let mut block = false;
        for item in inventory {
            match item {
                Inventory::Block(_) | Inventory::WitnessBlock(_) | Inventory::CompactBlock(_) => {
                    block = true;
                }
                _ => {
                    if let Some(name) = Name::of(item) {
                        self.transaction_announced(peer, name);
                    }
                }
            }
        }
        if block {
            self.ask_headers(peer, None);
        }
        self.transactions_next(peer);
    }

    fn transaction_announced(&mut self, peer: PeerId, name: Name) {
        let Some(operator) = self.node(peer).map(|node| node.address.operator.clone()) else {
            return;
        };
        let bit = self.relay.bit(&operator);
        // What came, and was pushed out of the payments' memory since, is asked for again: or its
        // first sender's flood would make this word for it unheard.
        if let Some(Place::Here { txid }) = self.relay.get(name).map(|known| &known.place)
            && !self.ledger.knows(txid)
        {
            self.relay.forget(name);
        }
        let sooner = self.is_sooner_from(peer, name);
        let ready = self.ready_peers();
        if let Some(announced) = self.relay.get_mut(name) {
            announced.operators |= bit;
            match &mut announced.place {
                Place::Coming { from, others } => {
                    if *from == peer || others.contains(&peer) {
                        return;
                    }
                    // Who left must not take the place of who is here.
                    others.retain(|other| ready.contains(other));
                    if others.len() >= limits::NODES {
                        return;
                    }
                    match sooner {
                        true => others.push(std::mem::replace(from, peer)),
                        false => others.push(peer),
                    }
                    if sooner && let Some(ready) = self.ready_mut(peer) {
                        ready.transactions.waiting.push_back(name);
                    }
                }
                Place::Here { txid } => {
                    // Each operator's newest word counts, also about what is not ours: it may be
                    // in conflict with what is.
                    let txid = *txid;
                    if self.ledger.announced(&txid, &operator) {
                        self.payments_changed();
                    }
                }
            }
            return;
        }
        let Some(ready) = self.ready_mut(peer) else {
            return;
        };
        if ready.transactions.waiting.len() >= limits::ANNOUNCED_PER_PEER {
            return;
        }
        ready.transactions.waiting.push_back(name);
        let place = Place::Coming {
            from: peer,
            others: Vec::new(),
        };
        self.relay.put(
            name,
            Announced {
                place,
                operators: bit,
            },
        );
    }

    /// Whether a transaction waits to be asked of another peer, and would be asked of this one
    /// sooner: who announces first and thousands of inventions before it must not hold it up.
    fn is_sooner_from(&self, peer: PeerId, name: Name) -> bool {
        let Some(Place::Coming { from, .. }) = self.relay.get(name).map(|known| &known.place)
        else {
            return false;
        };
        let queue = |peer: &PeerId| self.ready(*peer).map(|ready| &ready.transactions);
        match (queue(from), queue(&peer)) {
            (Some(theirs), Some(ours)) => {
                !theirs.asked.contains_key(&name) && ours.waiting.len() < theirs.waiting.len()
            }
            _ => false,
        }
    }

    /// Asks a peer for as much as may be on its way.
    fn transactions_next(&mut self, peer: PeerId) {
        let deadline = self.now.monotonic_ms + limits::TRANSACTION_ANSWER_MS;
        let mut items = Vec::new();
        loop {
            let Some(queue) = self.ready_mut(peer).map(|ready| &mut ready.transactions) else {
                return;
            };
            if queue.asked.len() >= limits::ASKED_PER_PEER {
                break;
            }
            let Some(name) = queue.waiting.pop_front() else {
                break;
            };
            // It may have come from elsewhere meanwhile, or be forgotten.
            let ours = self.relay.get(name).is_some_and(
                |known| matches!(known.place, Place::Coming { from, .. } if from == peer),
            );
            if ours
                && let Some(ready) = self.ready_mut(peer)
                && !ready.transactions.asked.contains_key(&name)
            {
                ready.transactions.asked.insert(name, deadline);
                items.push(name.request());
            }
        }
        if !items.is_empty() {
            self.send(peer, NetworkMessage::GetData(items));
        }
    }

    /// A `notfound`: no fault, the transaction may have been mined or replaced.
    pub(crate) fn on_not_found(&mut self, peer: PeerId, inventory: &[Inventory]) {
        for item in inventory {
            match item {
                Inventory::Block(hash) | Inventory::WitnessBlock(hash) => {
                    self.block_not_found(peer, *hash);
                }
                _ => {
                    if let Some(name) = Name::of(item)
                        && let Some(ready) = self.ready_mut(peer)
                        && ready.transactions.asked.remove(&name).is_some()
                    {
                        self.transaction_elsewhere(peer, name);
                    }
                }
            }
        }
        self.transactions_next(peer);
    }

    /// A peer did not give a transaction: the next one that announced it is asked. Where that one's
    /// queue is full its last goes elsewhere in turn; each step uses up an announcement.
    fn transaction_elsewhere(&mut self, peer: PeerId, name: Name) {
        let mut moving = Some((peer, name));
        while let Some((peer, name)) = moving {
            moving = self.transaction_moves(peer, name);
        }
    }

    /// Moves a transaction to the next peer that announced it. What that one has no room for.
    fn transaction_moves(&mut self, peer: PeerId, name: Name) -> Option<(PeerId, Name)> {
        let ready = self.ready_peers();
        let Place::Coming { from, others } = &mut self.relay.get_mut(name)?.place else {
            return None;
        };
        if *from != peer {
            return None;
        }
        others.retain(|other| *other != peer && ready.contains(other));
        if others.is_empty() {
            self.relay.forget(name);
            return None;
        }
        let next = others.remove(0);
        *from = next;
        let waiting = &mut self.ready_mut(next)?.transactions.waiting;
        // At the front: it has waited long enough.
        waiting.push_front(name);
        let last = match waiting.len() > limits::ANNOUNCED_PER_PEER {
            true => waiting.pop_back(),
            false => None,
        };
        // It may stand there twice, where it was moved away and back.
        let last = last.filter(|last| !waiting.contains(last));
        self.transactions_next(next);
        last.map(|last| (next, last))
    }

    /// A connection ended: others are asked for what it was to bring.
    pub(crate) fn transactions_released(&mut self, peer: PeerId, queue: Queue) {
        for name in queue.asked.into_keys().chain(queue.waiting) {
            self.transaction_elsewhere(peer, name);
        }
    }

    /// Requests that were not answered.
    pub(crate) fn transactions_due(&mut self) {
        let now = self.now.monotonic_ms;
        for peer in self.ready_peers() {
            let Some(ready) = self.ready_mut(peer) else {
                continue;
            };
            let asked = &mut ready.transactions.asked;
            let late: Vec<Name> = asked
                .iter()
                .filter(|(_, deadline)| **deadline <= now)
                .map(|(name, _)| *name)
                .collect();
            if late.is_empty() {
                continue;
            }
            asked.retain(|_, deadline| *deadline > now);
            for name in late {
                self.transaction_elsewhere(peer, name);
            }
            self.transactions_next(peer);
        }
    }

    pub(crate) fn transactions_deadline(&self) -> Option<u64> {
        self.nodes
            .iter()
            .filter_map(|node| node.connection()?.ready())
            .filter_map(|ready| ready.transactions.asked.values().min().copied())
            .min()
    }

    /// A transaction came: it is on its way from nobody any more.
    pub(super) fn transaction_arrived(&mut self, peer: PeerId, names: [Name; 2]) {
        if let Some(ready) = self.ready_mut(peer) {
            for name in names {
                ready.transactions.asked.remove(&name);
            }
        }
        self.transactions_next(peer);
    }
}
