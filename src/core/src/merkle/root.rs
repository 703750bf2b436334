//! The root of a list of hashes, as Bitcoin builds it.
//!
//! Two flaws of that tree are met here. A level of odd length repeats its last hash, so a list and
//! the same list with its tail repeated have one root (CVE-2012-2459): two equal hashes side by side
//! show it. And a node is the hash of 64 bytes without a mark, so a transaction of 64 bytes passes
//! for a node, and a node for a transaction (CVE-2017-12842).

use bitcoin::Transaction;
use bitcoin::consensus::encode::deserialize;
use bitcoin::hashes::{Hash, HashEngine, sha256d};

/// The most transactions that fit into a block: 4,000,000 units of weight (BIP141), 240 at least
/// for each.
pub const MAX_TRANSACTIONS: u32 = 4_000_000 / 240;

/// Levels above the leaves of the deepest tree that [`MAX_TRANSACTIONS`] leaves can have.
pub const MAX_DEPTH: u32 = MAX_TRANSACTIONS.next_power_of_two().trailing_zeros();

/// Bytes of a node before it is hashed, and of the transactions that are refused.
pub const NODE_SIZE: usize = 64;

/// A root, and what was noticed on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Root {
    /// The root.
    pub hash: sha256d::Hash,
    /// Two equal hashes stood side by side, at any level: another list has the same root.
    pub mutated: bool,
}

/// The root of these leaves; none of none.
#[must_use]
pub fn compute(leaves: &[sha256d::Hash]) -> Option<Root> {
    let mut level = leaves.to_vec();
    let mut mutated = false;
    while level.len() > 1 {
        mutated |= level
            .chunks_exact(2)
            .any(|pair| matches!(pair, [left, right] if left == right));
        level = level
            .chunks(2)
            .filter_map(|pair| {
                let left = pair.first()?;
                Some(node(*left, *pair.last()?))
            })
            .collect();
    }
    level.first().map(|&hash| Root { hash, mutated })
}

/// The node over two nodes.
#[must_use]
pub fn node(left: sha256d::Hash, right: sha256d::Hash) -> sha256d::Hash {
    let mut engine = sha256d::Hash::engine();
    engine.input(left.as_byte_array());
    engine.input(right.as_byte_array());
    sha256d::Hash::from_engine(engine)
}

/// Whether the 64 bytes of this node are a transaction at once: whoever made them may present the
/// transaction as a node, and invented hashes as leaves below it. By chance it happens once in
/// thousands of millions of nodes.
#[must_use]
pub fn is_transaction(left: sha256d::Hash, right: sha256d::Hash) -> bool {
    // One input is 41 bytes at least: 64 have room for one. The codec need not see the others.
    if left.as_byte_array()[4] != 1 {
        return false;
    }
    let mut bytes = [0; NODE_SIZE];
    let (first, second) = bytes.split_at_mut(32);
    first.copy_from_slice(left.as_byte_array());
    second.copy_from_slice(right.as_byte_array());
    // With a witness the id would not be the hash of these bytes.
    deserialize::<Transaction>(&bytes).is_ok_and(|transaction| transaction.base_size() == NODE_SIZE)
}
