//! What the rules ask of the header that follows one of the tree's.

use super::HeaderTree;
use super::best::BestChain;
use super::branches::BranchAncestry;
use crate::headers::ancestry::{Ancestry, Past, median_time};
use crate::headers::error::{HeaderError, RuleError};
use crate::headers::retarget::required_bits;
use crate::headers::rules::check_in_context;
use crate::primitives::{BlockHeight, UnixTime};
use bitcoin::BlockHash;
use bitcoin::block::Header;

/// The headers up to one of the tree's.
enum Behind<'a> {
    Best(&'a BestChain),
    Branch(Box<BranchAncestry<'a>>),
}

impl Ancestry for Behind<'_> {
    fn past(&self, height: BlockHeight) -> Result<Past, RuleError> {
        match self {
            Behind::Best(best) => best.past(height),
            Behind::Branch(branch) => branch.past(height),
        }
    }
}

impl HeaderTree {
    /// The median of the times of the eleven headers up to `parent`: the next header's time must
    /// exceed it, and lock times are compared with it (BIP113).
    ///
    /// # Errors
    /// The parent is unknown, or headers before it are too old to be at hand.
    pub fn median_time_past(&self, parent: &BlockHash) -> Result<UnixTime, HeaderError> {
        let (behind, height) = self.behind(parent)?;
        median_time(&behind, height).map_err(|rule| HeaderError {
            height: Some(height),
            hash: *parent,
            rule,
        })
    }

    /// The compact target that a header after `parent` must carry when it has this time.
    ///
    /// # Errors
    /// The parent is unknown, or headers before it are too old to be at hand.
    pub fn required_bits(&self, parent: &BlockHash, time: UnixTime) -> Result<u32, HeaderError> {
        let (behind, height) = self.behind(parent)?;
        required_bits(&self.params, &behind, height, time).map_err(|rule| HeaderError {
            height: Some(height),
            hash: *parent,
            rule,
        })
    }

    /// Checks a header that is still to be searched: every rule but that its hash meets its target.
    ///
    /// # Errors
    /// The rule that it breaks; or the parent is unknown, or too old.
    pub fn check_unsearched(&self, header: &Header, now: UnixTime) -> Result<(), HeaderError> {
        let hash = header.block_hash();
        let (behind, height) = self.behind(&header.prev_blockhash)?;
        check_in_context(&self.params, &behind, height, header, &hash, Some(now)).map_err(|rule| {
            HeaderError {
                height: Some(height),
                hash,
                rule,
            }
        })
    }

    /// The ancestors of the header that follows `parent`, and its height.
    fn behind(&self, parent: &BlockHash) -> Result<(Behind<'_>, BlockHeight), HeaderError> {
        if let Some(node) = self.branches.get(parent) {
            let branch = BranchAncestry::new(&self.best, &self.branches, *node);
            return Ok((
                Behind::Branch(Box::new(branch)),
                node.height.saturating_add(1),
            ));
        }
        match self.best.height_of(parent) {
            Some(height) => Ok((Behind::Best(&self.best), height.saturating_add(1))),
            None => Err(HeaderError {
                height: None,
                hash: *parent,
                rule: RuleError::UnknownParent { parent: *parent },
            }),
        }
    }
}
