//! The keys of coins as bytes: they sort as outpoints do.

use farthing_core::bitcoin::hashes::Hash as _;
use farthing_core::bitcoin::{OutPoint, Txid};

/// A transaction's id and the output's number, big-endian.
pub(super) const KEY: usize = 36;

pub(super) fn key(outpoint: &OutPoint) -> [u8; KEY] {
    let mut key = [0; KEY];
    key[..32].copy_from_slice(outpoint.txid.as_byte_array());
    key[32..].copy_from_slice(&outpoint.vout.to_be_bytes());
    key
}

pub(super) fn outpoint(key: &[u8; KEY]) -> OutPoint {
    let (txid, vout) = key.split_at(32);
    OutPoint {
        txid: Txid::from_byte_array(txid.try_into().expect("it was split there")),
        vout: u32::from_be_bytes(vout.try_into().expect("36 - 32 bytes are left")),
    }
}
