//! How much is kept.
//!
//! Unconfirmed payments cost nothing to invent, so each operator has a quota of its own. What one
//! brings over its quota is not kept, until another operator brings it. Payments in blocks cost work.

use super::ledger::Ledger;
use bitcoin::Txid;

/// Unconfirmed payments that one operator may bring.
pub(super) const PAYMENTS_OF_ONE: usize = 500;
/// Bytes of unconfirmed payments that one operator may bring.
pub(super) const BYTES_OF_ONE: usize = 4_000_000;
/// Payments in blocks that are kept; the deepest go first.
pub(super) const MINED: usize = 10_000;
/// Bytes of the payments in blocks that are kept.
pub(super) const MINED_BYTES: usize = 64_000_000;

impl Ledger {
    /// Holds one operator to its quota: what is dead goes first, then what it brought just now.
    /// Nothing that came before makes room, or an operator could bring an honest payment first and
    /// flood it away, and the others would not announce it again.
    pub(super) fn bound_operator(&mut self, operator: &str, newest: Txid) {
        let brought = self
            .kept
            .iter()
            .filter(|(_, kept)| kept.mined.is_none() && kept.brought_by == operator)
            .map(|(txid, kept)| {
                let rank = match kept.is_dead() {
                    true => 0,
                    false if *txid == newest => 1,
                    false => 2,
                };
                (rank, *txid, kept.tx.total_size())
            })
            .collect();
        self.bound(brought, PAYMENTS_OF_ONE, BYTES_OF_ONE);
    }

    /// Holds the payments in blocks to their bound: the deepest go first.
    pub(super) fn bound_mined(&mut self) {
        let mined = self
            .kept
            .iter()
            .filter_map(|(txid, kept)| {
                let place = kept.mined?;
                Some((u64::from(place.height), *txid, kept.tx.total_size()))
            })
            .collect();
        self.bound(mined, MINED, MINED_BYTES);
    }

    /// Forgets the first by rank until the rest is within both bounds.
    fn bound(&mut self, mut ranked: Vec<(u64, Txid, usize)>, most: usize, most_bytes: usize) {
        let mut count = ranked.len();
        let mut bytes: usize = ranked.iter().map(|(_, _, size)| size).sum();
        if count <= most && bytes <= most_bytes {
            return;
        }
        ranked.sort_unstable();
        for (_, txid, size) in ranked {
            if count <= most && bytes <= most_bytes {
                return;
            }
            self.forget(&txid);
            count -= 1;
            bytes -= size;
        }
    }
}
