//! A template from a chain's tip and the transactions that wait.

use super::coinbase::{commitment_script, witness_commitment};
use super::template::{BlockTemplate, TemplateTransaction};
use crate::params::NetworkParams;
use crate::primitives::{BlockHeight, U256, UnixTime, target_from_bits};
use bitcoin::consensus::encode::serialize_hex;
use bitcoin::hashes::{Hash, sha256};
use bitcoin::{BlockHash, Transaction, Txid};
use std::collections::{BTreeMap, BTreeSet};

/// BIP9's version with no bit set.
const VERSION: i32 = 0x2000_0000;
/// Weight that is kept for what a miner adds: the header, the count, and a coinbase with a script of
/// 100 bytes and two outputs, with room to spare.
pub(super) const RESERVED_WEIGHT: u64 = 2_000;

/// The block that a template builds on, and what its child must carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TemplateParent {
    /// Its hash.
    pub hash: BlockHash,
    /// Its height.
    pub height: BlockHeight,
    /// The median time of the eleven headers up to it.
    pub median_time_past: UnixTime,
    /// The compact target that its child must have, with the time of the template.
    pub bits: u32,
}

impl BlockTemplate {
    /// Proposes these transactions with their fees, parents before children, as far as they fit into
    /// a block. That they are valid on this parent is for the caller to know.
    #[must_use]
    pub fn make(
        params: &NetworkParams,
        parent: &TemplateParent,
        transactions: &[(Transaction, u64)],
        now: UnixTime,
    ) -> BlockTemplate {
        let height = parent.height.saturating_add(1);
        let chosen = choose(params, transactions);
        let commitment = witness_commitment(chosen.iter().map(|chosen| chosen.transaction));
        let fees = chosen.iter().map(|chosen| chosen.fee);
        let mintime = parent.median_time_past.saturating_add(1);
        let target = target_from_bits(parent.bits).unwrap_or(U256::ZERO);
        BlockTemplate {
            version: VERSION,
            previousblockhash: parent.hash.to_string(),
            coinbasevalue: fees.fold(params.subsidy.at(height), u64::saturating_add),
            target: format!("{target:064x}"),
            mintime,
            curtime: now.max(mintime),
            mutable: mutable(params),
            noncerange: "00000000ffffffff".to_owned(),
            sizelimit: params.max_block_weight,
            weightlimit: params.max_block_weight,
            bits: format!("{:08x}", parent.bits),
            height,
            default_witness_commitment: commitment_script(commitment).to_hex_string(),
            longpollid: long_poll_id(parent, &chosen),
            transactions: chosen.into_iter().map(Chosen::into_template).collect(),
        }
    }
}

/// What may be changed (BIP23). With another time the header may need another target.
fn mutable(params: &NetworkParams) -> Vec<String> {
    let time = (!params.retarget.follows_header_time()).then_some("time");
    let changes = time.into_iter().chain(["transactions", "prevblock"]);
    changes.map(str::to_owned).collect()
}

/// A transaction that fits.
struct Chosen<'a> {
    transaction: &'a Transaction,
    txid: Txid,
    fee: u64,
    weight: u64,
    depends: Vec<u32>,
}

impl Chosen<'_> {
    fn into_template(self) -> TemplateTransaction {
        TemplateTransaction {
            data: serialize_hex(self.transaction),
            txid: self.txid.to_string(),
            hash: self.transaction.compute_wtxid().to_string(),
            fee: self.fee,
            weight: self.weight,
            depends: self.depends,
        }
    }
}

/// Those that fit, without the children of those that do not.
fn choose<'a>(params: &NetworkParams, transactions: &'a [(Transaction, u64)]) -> Vec<Chosen<'a>> {
    let mut room = params.max_block_weight.saturating_sub(RESERVED_WEIGHT);
    let mut chosen: Vec<Chosen<'a>> = Vec::new();
    let mut places: BTreeMap<Txid, u32> = BTreeMap::new();
    let mut left_out: BTreeSet<Txid> = BTreeSet::new();
    for (transaction, fee) in transactions {
        let txid = transaction.compute_txid();
        let weight = transaction.weight().to_wu();
        let parents = || transaction.input.iter().map(|i| i.previous_output.txid);
        let rest = room.checked_sub(weight);
        let Some(rest) = rest.filter(|_| !parents().any(|parent| left_out.contains(&parent)))
        else {
            left_out.insert(txid);
            continue;
        };
        room = rest;
        let depends: BTreeSet<u32> = parents()
            .filter_map(|parent| places.get(&parent).copied())
            .collect();
        // At most one for each 240 units of weight.
        places.insert(txid, chosen.len() as u32 + 1);
        chosen.push(Chosen {
            transaction,
            txid,
            fee: *fee,
            weight,
            depends: depends.into_iter().collect(),
        });
    }
    chosen
}

/// Differs as soon as the parent, the target or the transactions do: who waits takes up what is
/// easier, and leaves alone what differs by its time only.
fn long_poll_id(parent: &TemplateParent, chosen: &[Chosen<'_>]) -> String {
    let ids: Vec<u8> = chosen
        .iter()
        .flat_map(|chosen| chosen.txid.to_byte_array())
        .collect();
    let digest = sha256::Hash::hash(&ids).to_byte_array();
    let TemplateParent { hash, bits, .. } = parent;
    format!("{hash}-{bits:08x}-{}", hex::encode(&digest[..8]))
}
