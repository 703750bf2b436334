//! Partial Merkle trees (BIP37): what `merkleblock` and `gettxoutproof` carry.
//!
//! The tree is walked from the root. Each node takes one bit: 1 for a node above a matched leaf, or
//! a matched leaf. A node of bit 0 and every leaf takes one hash; the walk goes below the others.
//! Whoever makes a proof chooses counts, bits and hashes, so each of them must be used up exactly,
//! with nothing over: otherwise one block has many proofs, some of them of transactions that were
//! never in it. A left and a right that are equal are CVE-2012-2459; a node that is a transaction
//! is CVE-2017-12842.

use super::parse::{ParseError, Reader};
use super::root::{MAX_TRANSACTIONS, is_transaction, node};
use bitcoin::block::Header;
use bitcoin::hashes::{Hash, sha256d};
use bitcoin::{BlockHash, MerkleBlock, TxMerkleNode, Txid, VarInt};

/// A partial tree as it came: nothing is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartialTree {
    /// Transactions in the block, as claimed.
    pub transactions: u32,
    /// Hashes in the order of the walk.
    pub hashes: Vec<sha256d::Hash>,
    /// Bits in the order of the walk, the lowest of each byte first.
    pub flags: Vec<u8>,
}

/// A leaf that a partial tree proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    /// The transaction's place in its block, from 0.
    pub position: u32,
    /// The transaction.
    pub txid: Txid,
}

/// A header and the transactions that it is proved to commit to. Whether the header counts is for
/// the header tree to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MerkleProof {
    /// The header.
    pub header: Header,
    /// Transactions in the block, as claimed: a neighbouring number often fits the same tree.
    pub transactions: u32,
    /// The proved ones, in the order of the block; may be none.
    pub matches: Vec<Match>,
}

/// A partial tree that proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PartialTreeError {
    /// It does not parse.
    #[error(transparent)]
    Parse(#[from] ParseError),
    /// Every block has a coinbase.
    #[error("expected at least one transaction in the block, found none")]
    NoTransactions,
    /// No block holds that many.
    #[error("expected at most {MAX_TRANSACTIONS} transactions in the block, found {found}")]
    TooManyTransactions {
        /// The claim.
        found: u32,
    },
    /// There are more hashes than leaves.
    #[error("expected at most {limit} hashes, one for each transaction, found {found}")]
    TooManyHashes {
        /// Transactions in the block.
        limit: u32,
        /// Hashes.
        found: u64,
    },
    /// There are more bits than a walk can take.
    #[error("expected at most {limit} bytes of bits, found {found}")]
    TooManyBits {
        /// The most that a tree of this size takes.
        limit: u32,
        /// Bytes of bits.
        found: u64,
    },
    /// Each hash belongs to a node, each node has a bit.
    #[error("expected at least {hashes} bits, one for each hash, found {found}")]
    FewerBitsThanHashes {
        /// Hashes.
        hashes: usize,
        /// Bits.
        found: usize,
    },
    /// The walk needs another bit.
    #[error("expected more than {found} bits")]
    BitsUsedUp {
        /// Bits.
        found: usize,
    },
    /// The walk needs another hash.
    #[error("expected more than {found} hashes")]
    HashesUsedUp {
        /// Hashes.
        found: usize,
    },
    /// The walk ended before the hashes did.
    #[error("expected {used} hashes, found {found}")]
    LeftOverHashes {
        /// Hashes taken.
        used: usize,
        /// Hashes.
        found: usize,
    },
    /// The walk ended before the last byte of bits.
    #[error("expected {used} bits in as few bytes as hold them, found {found} bits")]
    LeftOverBits {
        /// Bits taken.
        used: usize,
        /// Bits.
        found: usize,
    },
    /// The last byte is padded with something.
    #[error("expected zeros after bit {used}, found a padding that is not zero")]
    Padding {
        /// Bits taken.
        used: usize,
    },
    /// The same leaves would stand at two places.
    #[error("expected two different hashes at level {level}, found the left one repeated")]
    RepeatedLeft {
        /// Levels above the leaves.
        level: u32,
    },
    /// A node is a transaction.
    #[error("expected a node at level {level}, found a 64-byte transaction")]
    TransactionAsNode {
        /// Levels above the leaves.
        level: u32,
    },
    /// The tree is another block's.
    #[error("expected the header's merkle root {expected}, found {found}")]
    Root {
        /// The header's.
        expected: TxMerkleNode,
        /// The tree's.
        found: TxMerkleNode,
    },
}

impl MerkleProof {
    /// Parses and checks the bytes of a `merkleblock` payload or of `gettxoutproof`.
    ///
    /// # Errors
    /// When they prove nothing.
    pub fn check(bytes: &[u8]) -> Result<MerkleProof, PartialTreeError> {
        let mut reader = Reader::new(bytes);
        let header = reader.take(|| "a header of 80 bytes".to_owned())?;
        let tree = PartialTree::read(&mut reader)?;
        MerkleProof::of(header, &tree)
    }

    /// Checks a message that was parsed already.
    ///
    /// # Errors
    /// When it proves nothing.
    pub fn check_message(message: &MerkleBlock) -> Result<MerkleProof, PartialTreeError> {
        let tree = PartialTree {
            transactions: message.txn.num_transactions(),
            hashes: message
                .txn
                .hashes()
                .iter()
                .map(|h| h.to_raw_hash())
                .collect(),
            flags: message
                .txn
                .bits()
                .chunks(8)
                .map(|bits| {
                    bits.iter()
                        .rev()
                        .fold(0, |byte, &bit| byte << 1 | u8::from(bit))
                })
                .collect(),
        };
        MerkleProof::of(message.header, &tree)
    }

    /// The block.
    #[must_use]
    pub fn block(&self) -> BlockHash {
        self.header.block_hash()
    }

    fn of(header: Header, tree: &PartialTree) -> Result<MerkleProof, PartialTreeError> {
        let (found, matches) = tree.walk()?;
        if found != header.merkle_root {
            return Err(PartialTreeError::Root {
                expected: header.merkle_root,
                found,
            });
        }
        Ok(MerkleProof {
            header,
            transactions: tree.transactions,
            matches,
        })
    }
}

impl PartialTree {
    /// Parses what follows the header in a `merkleblock`.
    ///
    /// # Errors
    /// When it is cut off, claims more than a block can hold, or goes on after its end.
    pub fn parse(bytes: &[u8]) -> Result<PartialTree, PartialTreeError> {
        PartialTree::read(&mut Reader::new(bytes))
    }

    /// Walks the tree: its root, and the leaves that it proves.
    ///
    /// # Errors
    /// When counts, bits and hashes do not fit each other exactly.
    pub fn walk(&self) -> Result<(TxMerkleNode, Vec<Match>), PartialTreeError> {
        check_transactions(self.transactions)?;
        check_hashes(self.transactions, self.hashes.len() as u64)?;
        let bits = self.flags.len() * 8;
        if bits < self.hashes.len() {
            return Err(PartialTreeError::FewerBitsThanHashes {
                hashes: self.hashes.len(),
                found: bits,
            });
        }
        let mut walk = Walk {
            tree: self,
            bits_used: 0,
            hashes_used: 0,
            matches: Vec::new(),
        };
        let height = self.transactions.next_power_of_two().trailing_zeros();
        let root = walk.descend(height, 0)?;
        walk.finish()?;
        Ok((TxMerkleNode::from_raw_hash(root), walk.matches))
    }

    fn read(reader: &mut Reader<'_>) -> Result<PartialTree, PartialTreeError> {
        let transactions = reader.take(|| "a count of transactions".to_owned())?;
        check_transactions(transactions)?;
        let count = reader.take::<VarInt>(|| "a count of hashes".to_owned())?.0;
        check_hashes(transactions, count)?;
        let hashes = (0..count)
            .map(|_| {
                Ok(sha256d::Hash::from_byte_array(
                    reader.take(|| "a hash of 32 bytes".to_owned())?,
                ))
            })
            .collect::<Result<Vec<_>, PartialTreeError>>()?;
        let count = reader
            .take::<VarInt>(|| "a count of bytes of bits".to_owned())?
            .0;
        // A whole tree of n leaves has at most 2n nodes and one repeated tail a level.
        let limit = transactions / 4 + 4;
        if count > u64::from(limit) {
            return Err(PartialTreeError::TooManyBits {
                limit,
                found: count,
            });
        }
        let flags = (0..count)
            .map(|_| reader.take(|| "a byte of bits".to_owned()))
            .collect::<Result<Vec<u8>, ParseError>>()?;
        reader.end()?;
        Ok(PartialTree {
            transactions,
            hashes,
            flags,
        })
    }
}

fn check_transactions(transactions: u32) -> Result<(), PartialTreeError> {
    match transactions {
        0 => Err(PartialTreeError::NoTransactions),
        1..=MAX_TRANSACTIONS => Ok(()),
        found => Err(PartialTreeError::TooManyTransactions { found }),
    }
}

fn check_hashes(transactions: u32, found: u64) -> Result<(), PartialTreeError> {
    if found > u64::from(transactions) {
        return Err(PartialTreeError::TooManyHashes {
            limit: transactions,
            found,
        });
    }
    Ok(())
}

struct Walk<'a> {
    tree: &'a PartialTree,
    bits_used: usize,
    hashes_used: usize,
    matches: Vec<Match>,
}

impl Walk<'_> {
    /// The hash of the node at this height above the leaves; at most 15 calls deep.
    fn descend(&mut self, height: u32, position: u32) -> Result<sha256d::Hash, PartialTreeError> {
        let marked = self.bit()?;
        if height == 0 || !marked {
            let hash = self.hash()?;
            if marked {
                self.matches.push(Match {
                    position,
                    txid: Txid::from_raw_hash(hash),
                });
            }
            return Ok(hash);
        }
        let left = self.descend(height - 1, position * 2)?;
        let right = if position * 2 + 1 < self.width(height - 1) {
            let right = self.descend(height - 1, position * 2 + 1)?;
            if left == right {
                return Err(PartialTreeError::RepeatedLeft { level: height });
            }
            right
        } else {
            left
        };
        if is_transaction(left, right) {
            return Err(PartialTreeError::TransactionAsNode { level: height });
        }
        Ok(node(left, right))
    }

    /// Nodes at this height.
    fn width(&self, height: u32) -> u32 {
        self.tree.transactions.div_ceil(1 << height)
    }

    fn bit(&mut self) -> Result<bool, PartialTreeError> {
        let at = self.bits_used;
        let byte = self.tree.flags.get(at / 8);
        let byte = byte.ok_or(PartialTreeError::BitsUsedUp { found: at })?;
        self.bits_used += 1;
        Ok(byte >> (at % 8) & 1 == 1)
    }

    fn hash(&mut self) -> Result<sha256d::Hash, PartialTreeError> {
        let at = self.hashes_used;
        let hash = self.tree.hashes.get(at);
        self.hashes_used += 1;
        hash.copied()
            .ok_or(PartialTreeError::HashesUsedUp { found: at })
    }

    fn finish(&self) -> Result<(), PartialTreeError> {
        if self.hashes_used != self.tree.hashes.len() {
            return Err(PartialTreeError::LeftOverHashes {
                used: self.hashes_used,
                found: self.tree.hashes.len(),
            });
        }
        if self.bits_used.div_ceil(8) != self.tree.flags.len() {
            return Err(PartialTreeError::LeftOverBits {
                used: self.bits_used,
                found: self.tree.flags.len() * 8,
            });
        }
        let in_last = self.bits_used % 8;
        if let Some(last) = self.tree.flags.last()
            && in_last != 0
            && last >> in_last != 0
        {
            return Err(PartialTreeError::Padding {
                used: self.bits_used,
            });
        }
        Ok(())
    }
}
