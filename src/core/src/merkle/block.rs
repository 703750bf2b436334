//! A whole block whose contents are what its header commits to.
//!
//! Anybody can put other transactions below a real header, so nothing in a block counts before the
//! Merkle root was computed again. That alone is not enough: a mutated list of transactions has the
//! same root (CVE-2012-2459), and the witnesses are committed to apart (BIP141), in the coinbase,
//! which must be first and alone. Whether the header itself counts is for the header tree to say;
//! whether the spends are allowed, for a full node.
//!
//! A transaction of 64 bytes passes for a node of the tree (CVE-2017-12842) and is allowed here all
//! the same: nodes do not relay it, and the consensus lets a miner put it into a block, so refusing
//! it would refuse the chain. In a whole list no level can pose as another: all leaves are equally
//! deep, so the first of a false list would be a node above or below the coinbase, and to look like
//! a coinbase it would need a hash that is almost all zeros. Who sees a part of a tree only has no
//! such first leaf, and refuses 64 bytes.
//!
//! A false list is not accepted, then; but it is not the header's either. The nodes of a level are 64
//! bytes each, and where a few of them decode they pass for a block without coinbase under a good
//! header: [`BlockError::Nodes`]. Whoever remembers a hash as invalid must not remember it for that.

use super::parse::{ParseError, Reader};
use super::root;
use bitcoin::block::{Block, Header};
use bitcoin::hashes::{Hash, HashEngine, sha256d};
use bitcoin::{BlockHash, Transaction, TxMerkleNode, Txid, VarInt};

/// The largest weight of a block of Bitcoin (BIP141).
pub const MAX_WEIGHT: u64 = 4_000_000;

/// Two hashes.
const NODE_SIZE: usize = 64;

/// How an output that commits to the witnesses begins (BIP141).
pub(crate) const COMMITMENT_PREFIX: [u8; 6] = [0x6a, 0x24, 0xaa, 0x21, 0xa9, 0xed];

/// What is known of a block's witnesses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Witnesses {
    /// The block has none and commits to none.
    None,
    /// The block commits to witnesses and came without any, as `MSG_BLOCK` asks for it: ids and
    /// amounts are verified all the same.
    Stripped,
    /// They are what the coinbase commits to.
    Verified,
}

/// A block whose transactions are those that its header commits to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedBlock {
    block: Block,
    hash: BlockHash,
    txids: Vec<Txid>,
    witnesses: Witnesses,
    weight: u64,
}

/// A block in which nothing counts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BlockError {
    /// It does not parse.
    #[error(transparent)]
    Parse(#[from] ParseError),
    /// It has no transaction.
    #[error("expected at least a coinbase, found no transaction")]
    Empty,
    /// It is too heavy.
    #[error("expected a weight of at most {limit}, found {found}")]
    Weight {
        /// The most allowed.
        limit: u64,
        /// Its weight.
        found: u64,
    },
    /// Its transactions are not those of the header.
    #[error("expected the header's merkle root {expected}, found {found}")]
    Root {
        /// The header's.
        expected: TxMerkleNode,
        /// The transactions'.
        found: TxMerkleNode,
    },
    /// Its transactions are repeated so that the root stays.
    #[error("expected each transaction once, found the tail of the merkle tree repeated")]
    Mutated,
    /// The first transaction is none that a miner is paid with.
    #[error("expected a coinbase in first place, found the ordinary transaction {txid}")]
    NoCoinbase {
        /// The first transaction.
        txid: Txid,
    },
    /// The same, and a transaction is of a node's size: the list may be a level of the Merkle tree
    /// above the transactions, and says nothing of those.
    #[error(
        "expected a coinbase in first place, found {txid} in a list that may be nodes of the merkle tree"
    )]
    Nodes {
        /// The first transaction.
        txid: Txid,
    },
    /// There is another coinbase.
    #[error("expected one coinbase, found another, {txid}, at position {position}")]
    SecondCoinbase {
        /// The other.
        txid: Txid,
        /// Its place.
        position: usize,
    },
    /// There are witnesses and the coinbase commits to none.
    #[error(
        "expected no witness where the coinbase commits to none, found one at position {position}"
    )]
    UnexpectedWitness {
        /// The first transaction that has one.
        position: usize,
    },
    /// The coinbase's witness is not the reserved value.
    #[error("expected one witness item of 32 bytes in the coinbase, found {found:?} bytes")]
    ReservedValue {
        /// The sizes of its items.
        found: Vec<usize>,
    },
    /// The witnesses are not those of the coinbase's commitment.
    #[error("expected the witness commitment {expected}, found {found}")]
    WitnessCommitment {
        /// The coinbase's.
        expected: sha256d::Hash,
        /// The witnesses'.
        found: sha256d::Hash,
    },
}

impl BlockError {
    /// The reason in the words that BIP22's answers and Bitcoin Core use.
    ///
    /// None of them says that the header's hash is bad: others can come under the same header, since
    /// neither a mutated list of transactions nor the witnesses change it.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            BlockError::Parse(_) => "rejected",
            BlockError::Empty => "bad-blk-length",
            BlockError::Weight { .. } => "bad-blk-weight",
            BlockError::Root { .. } => "bad-txnmrklroot",
            BlockError::Mutated => "bad-txns-duplicate",
            BlockError::NoCoinbase { .. } | BlockError::Nodes { .. } => "bad-cb-missing",
            BlockError::SecondCoinbase { .. } => "bad-cb-multiple",
            BlockError::UnexpectedWitness { .. } => "unexpected-witness",
            BlockError::ReservedValue { .. } => "bad-witness-nonce-size",
            BlockError::WitnessCommitment { .. } => "bad-witness-merkle-match",
        }
    }
}

impl VerifiedBlock {
    /// Parses and checks a block of Bitcoin.
    ///
    /// # Errors
    /// When nothing in it counts.
    pub fn parse(bytes: &[u8]) -> Result<VerifiedBlock, BlockError> {
        VerifiedBlock::parse_limited(bytes, MAX_WEIGHT)
    }

    /// Parses and checks a block of a network with its own limit of weight.
    ///
    /// # Errors
    /// When nothing in it counts.
    pub fn parse_limited(bytes: &[u8], max_weight: u64) -> Result<VerifiedBlock, BlockError> {
        VerifiedBlock::check_limited(parse(bytes)?, max_weight)
    }

    /// Checks a block of Bitcoin.
    ///
    /// # Errors
    /// When nothing in it counts.
    pub fn check(block: Block) -> Result<VerifiedBlock, BlockError> {
        VerifiedBlock::check_limited(block, MAX_WEIGHT)
    }

    /// Checks a block of a network with its own limit of weight.
    ///
    /// # Errors
    /// When nothing in it counts.
    pub fn check_limited(block: Block, max_weight: u64) -> Result<VerifiedBlock, BlockError> {
        let weight = block.weight().to_wu();
        if weight > max_weight {
            return Err(BlockError::Weight {
                limit: max_weight,
                found: weight,
            });
        }
        let txids: Vec<Txid> = block.txdata.iter().map(Transaction::compute_txid).collect();
        check_root(&block.header, &txids)?;
        check_forms(&block.txdata, &txids)?;
        let witnesses = check_witnesses(&block.txdata)?;
        Ok(VerifiedBlock {
            hash: block.block_hash(),
            block,
            txids,
            witnesses,
            weight,
        })
    }

    /// Its hash.
    #[must_use]
    pub fn hash(&self) -> BlockHash {
        self.hash
    }

    /// The block.
    #[must_use]
    pub fn block(&self) -> &Block {
        &self.block
    }

    /// Gives the block away.
    #[must_use]
    pub fn into_block(self) -> Block {
        self.block
    }

    /// Its transactions with their ids, in order.
    pub fn transactions(&self) -> impl Iterator<Item = (Txid, &Transaction)> {
        self.txids.iter().copied().zip(&self.block.txdata)
    }

    /// The ids of its transactions, in order.
    #[must_use]
    pub fn txids(&self) -> &[Txid] {
        &self.txids
    }

    /// What is known of its witnesses.
    #[must_use]
    pub fn witnesses(&self) -> Witnesses {
        self.witnesses
    }

    /// Its weight (BIP141).
    #[must_use]
    pub fn weight(&self) -> u64 {
        self.weight
    }
}

fn check_root(header: &Header, txids: &[Txid]) -> Result<(), BlockError> {
    let leaves: Vec<_> = txids.iter().map(|txid| txid.to_raw_hash()).collect();
    let computed = root::compute(&leaves).ok_or(BlockError::Empty)?;
    let found = TxMerkleNode::from_raw_hash(computed.hash);
    if found != header.merkle_root {
        return Err(BlockError::Root {
            expected: header.merkle_root,
            found,
        });
    }
    if computed.mutated {
        return Err(BlockError::Mutated);
    }
    Ok(())
}

fn check_forms(transactions: &[Transaction], txids: &[Txid]) -> Result<(), BlockError> {
    for (position, (transaction, &txid)) in transactions.iter().zip(txids).enumerate() {
        match (position, transaction.is_coinbase()) {
            (0, false) if transactions.iter().any(is_sized_as_node) => {
                return Err(BlockError::Nodes { txid });
            }
            (0, false) => return Err(BlockError::NoCoinbase { txid }),
            (1.., true) => return Err(BlockError::SecondCoinbase { txid, position }),
            _ => {}
        }
    }
    Ok(())
}

/// Whether a transaction's id is the hash of as many bytes as a node's.
fn is_sized_as_node(transaction: &Transaction) -> bool {
    transaction.base_size() == NODE_SIZE
}

fn check_witnesses(transactions: &[Transaction]) -> Result<Witnesses, BlockError> {
    let first_witness = transactions.iter().position(has_witness);
    let commitment = transactions.first().and_then(commitment);
    match (commitment, first_witness) {
        (None, None) => Ok(Witnesses::None),
        (None, Some(position)) => Err(BlockError::UnexpectedWitness { position }),
        (Some(_), None) => Ok(Witnesses::Stripped),
        (Some(expected), Some(_)) => {
            let reserved = reserved_value(transactions)?;
            let found = witness_commitment(transactions.iter().skip(1), &reserved);
            if found == expected {
                Ok(Witnesses::Verified)
            } else {
                Err(BlockError::WitnessCommitment { expected, found })
            }
        }
    }
}

fn has_witness(transaction: &Transaction) -> bool {
    transaction.input.iter().any(|i| !i.witness.is_empty())
}

/// The last output of that form commits.
fn commitment(coinbase: &Transaction) -> Option<sha256d::Hash> {
    coinbase.output.iter().rev().find_map(|output| {
        let rest = output.script_pubkey.as_bytes();
        let (hash, _) = rest.strip_prefix(&COMMITMENT_PREFIX)?.split_first_chunk()?;
        Some(sha256d::Hash::from_byte_array(*hash))
    })
}

fn reserved_value(transactions: &[Transaction]) -> Result<[u8; 32], BlockError> {
    let witness = transactions
        .first()
        .and_then(|coinbase| coinbase.input.first())
        .map(|input| input.witness.to_vec())
        .unwrap_or_default();
    match witness.as_slice() {
        [item] if item.len() == 32 => {
            let mut reserved = [0; 32];
            reserved.copy_from_slice(item);
            Ok(reserved)
        }
        items => Err(BlockError::ReservedValue {
            found: items.iter().map(Vec::len).collect(),
        }),
    }
}

/// What a coinbase commits to (BIP141): the hash of the root over the wtxids and the reserved value.
/// The coinbase's own, which would have to know itself, is zero; `others` are the transactions after
/// it.
pub(crate) fn witness_commitment<'a>(
    others: impl IntoIterator<Item = &'a Transaction>,
    reserved: &[u8; 32],
) -> sha256d::Hash {
    let zero = sha256d::Hash::all_zeros();
    let others = others.into_iter();
    let leaves: Vec<_> = std::iter::once(zero)
        .chain(others.map(|transaction| transaction.compute_wtxid().to_raw_hash()))
        .collect();
    let root = root::compute(&leaves).map_or(zero, |root| root.hash);
    let mut engine = sha256d::Hash::engine();
    engine.input(root.as_byte_array());
    engine.input(reserved);
    sha256d::Hash::from_engine(engine)
}

fn parse(bytes: &[u8]) -> Result<Block, ParseError> {
    let mut reader = Reader::new(bytes);
    let header = reader.take(|| "a header of 80 bytes".to_owned())?;
    let count = reader.take::<VarInt>(|| "a count of transactions".to_owned())?;
    let mut txdata = Vec::new();
    for position in 0..count.0 {
        let what = || format!("transaction {position} of {}", count.0);
        txdata.push(reader.take(what)?);
    }
    reader.end()?;
    Ok(Block { header, txdata })
}
