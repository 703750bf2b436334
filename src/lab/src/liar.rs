//! Peers that do not play fair.
//!
//! A liar runs a real node, so that it knows all that there is to know, and changes what the node says.
//! None of them has hash power of its own: a branch with more work is no lie. (A rival network that
//! mines a branch with less is made of ordinary nodes that know one another alone.)

use crate::dice::Dice;
use farthing_core::bitcoin::absolute::LockTime;
use farthing_core::bitcoin::block::Header;
use farthing_core::bitcoin::consensus::encode::deserialize;
use farthing_core::bitcoin::hashes::{Hash, sha256d};
use farthing_core::bitcoin::p2p::message::{NetworkMessage, RawNetworkMessage};
use farthing_core::bitcoin::p2p::message_blockdata::Inventory;
use farthing_core::bitcoin::{
    Amount, BlockHash, OutPoint, ScriptBuf, Sequence, Transaction, TxIn, TxOut, Txid, Witness,
    Wtxid, transaction,
};
use farthing_core::primitives::{hash_value, target_from_bits};
use farthing_core::protocol::{HEADER_SIZE, encode};

/// Announcements in one flood.
const FLOOD: usize = 1_000;
/// Units of an invented payment.
const INVENTED: u64 = 1_000_000;

/// How a peer lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Habit {
    /// Takes connections and never says a word.
    Mute,
    /// Shakes hands and answers pings, and nothing else.
    Stall,
    /// Knows of no block above this height.
    Stale(u32),
    /// Answers for headers and never brings a block.
    Withhold,
    /// Says bytes that are no messages.
    Garbage,
    /// Adds a header without work to those that it shows.
    ForgeHeaders,
    /// Changes the blocks that it brings.
    MutateBlocks,
    /// Announces payments to this script that spend nothing.
    Invent(ScriptBuf),
    /// Announces a thousand transactions at a time that do not exist.
    Flood,
}

/// A liar's state.
#[derive(Debug, Clone)]
pub(crate) struct Liar {
    habit: Habit,
    magic: [u8; 4],
    /// Invented payments that somebody may ask for.
    invented: Vec<Transaction>,
}

impl Liar {
    pub(crate) fn new(habit: Habit, magic: [u8; 4]) -> Self {
        Self {
            habit,
            magic,
            invented: Vec::new(),
        }
    }

    /// What is said in the place of a message of the honest node.
    pub(crate) fn instead_of(
        &mut self,
        bytes: Vec<u8>,
        height: impl Fn(&BlockHash) -> Option<u32>,
        tip: Header,
        dice: &mut Dice,
    ) -> Vec<Vec<u8>> {
        if self.habit == Habit::Mute {
            return Vec::new();
        }
        if self.habit == Habit::Garbage {
            return vec![garbage(bytes, dice)];
        }
        let Ok(message) = deserialize::<RawNetworkMessage>(&bytes) else {
            return vec![bytes];
        };
        let said = self.lie(message.into_payload(), height, tip, dice);
        let magic = self.magic;
        said.into_iter().map(|said| encode(magic, said)).collect()
    }

    fn lie(
        &mut self,
        message: NetworkMessage,
        height: impl Fn(&BlockHash) -> Option<u32>,
        tip: Header,
        dice: &mut Dice,
    ) -> Vec<NetworkMessage> {
        use NetworkMessage as Said;
        match (&self.habit, message) {
            (Habit::Stall, message) => {
                let polite = matches!(
                    message,
                    Said::Version(_)
                        | Said::Verack
                        | Said::WtxidRelay
                        | Said::Ping(_)
                        | Said::Pong(_)
                );
                if polite { vec![message] } else { Vec::new() }
            }
            (Habit::Stale(limit), Said::Headers(mut headers)) => {
                headers.retain(|header| height(&header.block_hash()).is_none_or(|at| at <= *limit));
                vec![Said::Headers(headers)]
            }
            (Habit::Stale(limit), Said::Inv(mut items)) => {
                items.retain(|item| match item {
                    Inventory::Block(hash) => height(hash).is_none_or(|at| at <= *limit),
                    _ => true,
                });
                vec![Said::Inv(items)]
            }
            (Habit::Withhold, Said::Block(_)) => Vec::new(),
            (Habit::ForgeHeaders, Said::Headers(mut headers)) => {
                let last = headers.last().copied().unwrap_or(tip);
                headers.truncate(1_999);
                headers.extend(without_work(&last));
                vec![Said::Headers(headers)]
            }
            (Habit::MutateBlocks, Said::Block(mut block)) => {
                if dice.happens(500_000) {
                    // CVE-2012-2459 where the count is odd.
                    block.txdata.extend(block.txdata.last().cloned());
                } else if let Some(output) = block.txdata[0].output.first_mut() {
                    output.value = Amount::from_sat(output.value.to_sat() ^ 1);
                }
                vec![Said::Block(block)]
            }
            (Habit::Flood, Said::Ping(nonce)) => {
                let nothing = (0..FLOOD).map(|_| {
                    let hash = sha256d::Hash::from_byte_array(dice.seed());
                    Inventory::WTx(Wtxid::from_raw_hash(hash))
                });
                vec![Said::Ping(nonce), Said::Inv(nothing.collect())]
            }
            (Habit::Invent(script), Said::Ping(nonce)) => {
                let payment = payment_of_nothing(script.clone(), dice);
                let announced = Inventory::WTx(payment.compute_wtxid());
                self.invented.push(payment);
                vec![Said::Ping(nonce), Said::Inv(vec![announced])]
            }
            (Habit::Invent(_), Said::NotFound(items)) => {
                let asked = |payment: &&Transaction| {
                    items.iter().any(|item| match item {
                        Inventory::WTx(id) => *id == payment.compute_wtxid(),
                        Inventory::WitnessTransaction(id) | Inventory::Transaction(id) => {
                            *id == payment.compute_txid()
                        }
                        _ => false,
                    })
                };
                let found = self.invented.iter().filter(asked).cloned();
                let mut said: Vec<_> = found.map(Said::Tx).collect();
                if said.is_empty() {
                    said.push(Said::NotFound(items));
                }
                said
            }
            (_, message) => vec![message],
        }
    }
}

/// The message with something wrong with it: its magic, its length, its checksum, or all of it. The
/// handshake is left alone, or nobody would hear the rest.
fn garbage(mut bytes: Vec<u8>, dice: &mut Dice) -> Vec<u8> {
    let handshake = [&b"version"[..], b"verack", b"wtxidrelay"];
    if bytes.len() < HEADER_SIZE
        || handshake
            .iter()
            .any(|command| bytes[4..].starts_with(command))
        || dice.happens(750_000)
    {
        return bytes;
    }
    match dice.below(4) {
        0 => bytes[dice.below(4) as usize] ^= 0x55,
        1 => bytes[16..20].copy_from_slice(&u32::MAX.to_le_bytes()),
        2 => bytes[20] ^= 1,
        _ => {
            for byte in &mut bytes {
                *byte = dice.below(256) as u8;
            }
        }
    }
    bytes
}

/// A header that follows another one and whose hash is above its target.
fn without_work(last: &Header) -> Option<Header> {
    let target = target_from_bits(last.bits.to_consensus()).ok()?;
    let mut header = Header {
        prev_blockhash: last.block_hash(),
        time: last.time + 1,
        nonce: 0,
        ..*last
    };
    while hash_value(&header.block_hash()) <= target {
        header.nonce += 1;
    }
    Some(header)
}

/// A payment of a coin that never was.
fn payment_of_nothing(script: ScriptBuf, dice: &mut Dice) -> Transaction {
    let coin = Txid::from_raw_hash(sha256d::Hash::from_byte_array(dice.seed()));
    let mut signature = [0; 64];
    signature[..32].copy_from_slice(&dice.seed());
    Transaction {
        version: transaction::Version::TWO,
        lock_time: LockTime::ZERO,
        input: vec![TxIn {
            previous_output: OutPoint::new(coin, 0),
            script_sig: ScriptBuf::new(),
            sequence: Sequence::MAX,
            witness: Witness::from_slice(&[signature]),
        }],
        output: vec![TxOut {
            value: Amount::from_sat(INVENTED),
            script_pubkey: script,
        }],
    }
}
