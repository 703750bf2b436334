//! Blocks of the bare practice network, made here and connected by the full chain: empty ones, and
//! full ones of payments with one signature, two outputs each.

use crate::Failure;
use crate::practice;
use bitcoin::absolute::LockTime;
use bitcoin::block::{Header, Version};
use bitcoin::hashes::Hash;
use bitcoin::{
    Amount, Block, OutPoint, ScriptBuf, Sequence, Transaction, TxIn, TxMerkleNode, TxOut, Witness,
    transaction,
};
use farthing_core::chain::{Chain, MemoryStore};
use farthing_core::consensus::{script_of_key, sighash};
use farthing_core::keys::{PublicKey, SecretKey, verify};
use farthing_core::mining::{coinbase, witness_commitment};
use farthing_core::params::NetworkParams;

/// Payments in one block: as many as its weight holds, less a tenth.
pub const PAYMENTS_IN_BLOCK: usize = 550;
/// Later than every header made here.
const LATER: u32 = 4_000_000_000;

/// Blocks in order: those that are only there to be spent from, and those that are measured.
#[derive(Debug, Clone)]
pub struct Blocks {
    /// The network.
    pub params: NetworkParams,
    /// Connected before the clock runs.
    pub before: Vec<Block>,
    /// Connected while it runs.
    pub measured: Vec<Block>,
}

impl Blocks {
    /// So many blocks without a payment.
    ///
    /// # Errors
    /// The network's table is not as expected.
    pub fn empty(count: usize) -> Result<Self, Failure> {
        let mut maker = Maker::new()?;
        let measured = (0..count)
            .map(|_| maker.block(Vec::new()))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            params: maker.params,
            before: Vec::new(),
            measured,
        })
    }

    /// So many full ones.
    ///
    /// # Errors
    /// As [`empty`](Self::empty).
    pub fn full(count: usize) -> Result<Self, Failure> {
        let mut maker = Maker::new()?;
        let first = maker.block(Vec::new())?;
        let earned = first.txdata[0].output[0].value;
        let outpoint = OutPoint::new(first.txdata[0].compute_txid(), 0);
        let share = earned / PAYMENTS_IN_BLOCK as u64;
        let fan = maker.spend(outpoint, earned, &[share; PAYMENTS_IN_BLOCK])?;
        let mut coins = outputs(&fan, PAYMENTS_IN_BLOCK);
        let before = vec![first, maker.block(vec![fan])?];
        let mut measured = Vec::new();
        for _ in 0..count {
            let mut payments = Vec::new();
            for (outpoint, amount) in coins {
                let paid = Amount::from_sat(1);
                payments.push(maker.spend(outpoint, amount, &[amount - paid, paid])?);
            }
            coins = payments.iter().flat_map(|paid| outputs(paid, 1)).collect();
            measured.push(maker.block(payments)?);
        }
        Ok(Self {
            params: maker.params,
            before,
            measured,
        })
    }

    /// A chain over the memory store, up to the first measured block.
    ///
    /// # Errors
    /// A block is refused.
    pub fn chain(&self) -> Result<Chain<MemoryStore>, Failure> {
        let mut chain = Chain::open(self.params.clone(), MemoryStore::new())?;
        connect(&mut chain, &self.before)?;
        Ok(chain)
    }

    /// Connects the measured blocks to it.
    ///
    /// # Errors
    /// A block is refused.
    pub fn connect_measured(&self, chain: &mut Chain<MemoryStore>) -> Result<(), Failure> {
        connect(chain, &self.measured)
    }
}

fn connect(chain: &mut Chain<MemoryStore>, blocks: &[Block]) -> Result<(), Failure> {
    for block in blocks {
        let outcome = chain.accept_block(block.clone(), LATER)?;
        if chain.tip().hash != block.block_hash() {
            return Err(format!("expected the block to be connected, found {outcome:?}").into());
        }
    }
    Ok(())
}

/// The first outputs of a transaction, with their amounts.
fn outputs(paid: &Transaction, count: usize) -> Vec<(OutPoint, Amount)> {
    let txid = paid.compute_txid();
    (0..)
        .zip(&paid.output)
        .take(count)
        .map(|(vout, output)| (OutPoint { txid, vout }, output.value))
        .collect()
}

/// A key and the chain that it makes.
struct Maker {
    params: NetworkParams,
    key: SecretKey,
    script: ScriptBuf,
    tip: Header,
    height: u32,
}

impl Maker {
    fn new() -> Result<Self, Failure> {
        let params = practice::params()?;
        let key = SecretKey::from_seed(&[7; 32]);
        Ok(Self {
            tip: params.genesis,
            script: script_of_key(&key.public()),
            height: 0,
            params,
            key,
        })
    }

    fn spend(
        &self,
        outpoint: OutPoint,
        amount: Amount,
        paid: &[Amount],
    ) -> Result<Transaction, Failure> {
        let coin = TxOut {
            value: amount,
            script_pubkey: self.script.clone(),
        };
        let mut transaction = Transaction {
            version: transaction::Version::TWO,
            lock_time: LockTime::ZERO,
            input: vec![TxIn {
                previous_output: outpoint,
                script_sig: ScriptBuf::new(),
                sequence: Sequence::MAX,
                witness: Witness::new(),
            }],
            output: paid
                .iter()
                .map(|value| TxOut {
                    value: *value,
                    script_pubkey: self.script.clone(),
                })
                .collect(),
        };
        let message = sighash(&self.params, &transaction, &[coin], 0)?;
        transaction.input[0].witness = Witness::from_slice(&[self.key.sign(&message)]);
        Ok(transaction)
    }

    fn block(&mut self, payments: Vec<Transaction>) -> Result<Block, Failure> {
        self.height += 1;
        let value = self.params.subsidy.at(self.height);
        let commitment = witness_commitment(&payments);
        let mut txdata = vec![coinbase(
            self.height,
            self.script.clone(),
            value,
            0,
            commitment,
        )];
        txdata.extend(payments);
        let mut block = Block {
            header: Header {
                version: Version::from_consensus(0x2000_0000),
                prev_blockhash: self.tip.block_hash(),
                merkle_root: TxMerkleNode::all_zeros(),
                time: self.tip.time + 1,
                bits: self.tip.bits,
                nonce: 0,
            },
            txdata,
        };
        block.header.merkle_root = block
            .compute_merkle_root()
            .ok_or("expected a Merkle root of a block with a coinbase, found none")?;
        practice::seal(&mut block.header);
        self.tip = block.header;
        Ok(block)
    }
}

/// Signatures of one key, to be verified alone: what connecting a payment cannot do without.
pub struct Signatures {
    key: PublicKey,
    signed: Vec<([u8; 32], [u8; 64])>,
}

impl Signatures {
    /// So many.
    #[must_use]
    pub fn new(count: usize) -> Self {
        let secret = SecretKey::from_seed(&[9; 32]);
        let signed = (0..count)
            .map(|number| {
                let mut message = [0; 32];
                message[..8].copy_from_slice(&(number as u64).to_le_bytes());
                (message, secret.sign(&message))
            })
            .collect();
        Self {
            key: secret.public(),
            signed,
        }
    }

    /// Verifies all with ed25519-dalek's `verify_strict`.
    ///
    /// # Errors
    /// One is refused.
    pub fn verify(&self) -> Result<(), Failure> {
        let good =
            |(message, signature): &([u8; 32], [u8; 64])| verify(&self.key, message, signature);
        match self.signed.iter().all(good) {
            true => Ok(()),
            false => Err("expected every signature to be good, found one that is not".into()),
        }
    }
}
