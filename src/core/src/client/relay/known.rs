//! What was announced, by whom, and where it is being fetched. All of it is bounded: a flood
//! makes us forget, never grow.

use super::offer::Offers;
use crate::client::{PeerId, limits};
use bitcoin::p2p::message_blockdata::Inventory;
use bitcoin::{Txid, Wtxid};
use std::collections::{BTreeMap, VecDeque};

/// The name under which a transaction is announced: by wtxid after `wtxidrelay` (BIP339).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Name {
    Txid(Txid),
    Wtxid(Wtxid),
}

impl Name {
    pub(super) fn of(item: &Inventory) -> Option<Self> {
        match item {
            Inventory::Transaction(txid) | Inventory::WitnessTransaction(txid) => {
                Some(Self::Txid(*txid))
            }
            Inventory::WTx(wtxid) => Some(Self::Wtxid(*wtxid)),
            _ => None,
        }
    }

    /// How to ask for it: always with its witness.
    pub(super) fn request(self) -> Inventory {
        match self {
            Self::Txid(txid) => Inventory::WitnessTransaction(txid),
            Self::Wtxid(wtxid) => Inventory::WTx(wtxid),
        }
    }
}

/// The requests to one peer.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    /// To be asked of it.
    pub(crate) waiting: VecDeque<Name>,
    /// Asked of it, until when.
    pub(crate) asked: BTreeMap<Name, u64>,
}

/// Where a transaction is.
#[derive(Debug, Clone)]
pub(super) enum Place {
    /// One peer is to be asked or was; these others have it too.
    Coming { from: PeerId, others: Vec<PeerId> },
    /// It was looked at.
    Here { txid: Txid },
}

#[derive(Debug, Clone)]
pub(super) struct Announced {
    pub(super) place: Place,
    /// One bit for each operator that announced it.
    pub(super) operators: u64,
}

/// What is known of announced transactions, over all peers.
#[derive(Debug, Default)]
pub(crate) struct Relay {
    /// With the number under which each stands in the order.
    known: BTreeMap<Name, (u64, Announced)>,
    /// In the order in which they were learned: the oldest is forgotten first.
    order: BTreeMap<u64, Name>,
    next: u64,
    /// The operators by bit.
    operators: Vec<String>,
    /// What we offer ourselves.
    pub(super) offers: Offers,
}

impl Relay {
    /// The bit of an operator; none after 64 different ones.
    pub(super) fn bit(&mut self, operator: &str) -> u64 {
        let at = self.operators.iter().position(|known| known == operator);
        let at = at.unwrap_or_else(|| {
            if self.operators.len() < 64 {
                self.operators.push(operator.to_owned());
            }
            self.operators.len() - 1
        });
        match self.operators.get(at) {
            Some(known) if known == operator => 1 << at,
            _ => 0,
        }
    }

    pub(super) fn names(&self, bits: u64) -> Vec<String> {
        self.operators
            .iter()
            .enumerate()
            .filter(|(at, _)| bits & (1 << at) != 0)
            .map(|(_, name)| name.clone())
            .collect()
    }

    pub(super) fn get_mut(&mut self, name: Name) -> Option<&mut Announced> {
        self.known.get_mut(&name).map(|(_, announced)| announced)
    }

    pub(super) fn get(&self, name: Name) -> Option<&Announced> {
        self.known.get(&name).map(|(_, announced)| announced)
    }

    pub(super) fn put(&mut self, name: Name, announced: Announced) {
        if let Some(known) = self.get_mut(name) {
            *known = announced;
            return;
        }
        self.known.insert(name, (self.next, announced));
        self.order.insert(self.next, name);
        self.next += 1;
        while self.order.len() > limits::KNOWN_TRANSACTIONS {
            if let Some((_, oldest)) = self.order.pop_first() {
                self.known.remove(&oldest);
            }
        }
    }

    /// Nobody has it any more: a later announcement begins anew. Its place is given back: who
    /// announces and denies one name over and over does not push out what others announced.
    pub(super) fn forget(&mut self, name: Name) {
        if let Some((number, _)) = self.known.remove(&name) {
            self.order.remove(&number);
        }
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.known.len().max(self.order.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bitcoin::hashes::Hash;

    fn name(number: usize) -> Name {
        let mut hash = [0; 32];
        hash[..8].copy_from_slice(&number.to_le_bytes());
        Name::Wtxid(Wtxid::from_byte_array(hash))
    }

    fn announced() -> Announced {
        Announced {
            place: Place::Coming {
                from: PeerId(1),
                others: Vec::new(),
            },
            operators: 1,
        }
    }

    #[test]
    fn a_name_announced_and_denied_over_and_over_pushes_out_nothing() {
        let mut relay = Relay::default();
        relay.put(name(0), announced());
        for _ in 0..=limits::KNOWN_TRANSACTIONS {
            relay.put(name(1), announced());
            relay.forget(name(1));
        }
        assert!(relay.get(name(0)).is_some());
        assert_eq!(relay.len(), 1);
    }

    #[test]
    fn a_name_that_is_announced_again_is_as_young_as_its_last_announcement() {
        let mut relay = Relay::default();
        relay.put(name(0), announced());
        relay.forget(name(0));
        for number in 1..limits::KNOWN_TRANSACTIONS {
            relay.put(name(number), announced());
        }
        relay.put(name(0), announced());
        relay.put(name(limits::KNOWN_TRANSACTIONS), announced());
        assert!(relay.get(name(0)).is_some());
        assert!(relay.get(name(1)).is_none(), "the oldest made room");
        assert_eq!(relay.len(), limits::KNOWN_TRANSACTIONS);
    }
}
