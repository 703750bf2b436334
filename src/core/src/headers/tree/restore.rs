//! A tree from stored headers, which come in pieces: a million of them are 80 MB, more than a browser's
//! worker should hold beside the tree itself.

use super::HeaderTree;
use crate::headers::HEADER_SIZE;
use crate::headers::error::{HeaderError, RuleError};
use crate::headers::hashes::{BATCH, hashes_of_bytes};
use crate::headers::trail::parse;
use crate::params::NetworkParams;
use crate::primitives::BlockHeight;
use bitcoin::BlockHash;

/// A tree that is being made from stored headers. Each is linked and verified anew; what follows the
/// first bad one is left out.
///
/// The clock is not asked: these headers were not too early when they came, and a clock that was set
/// back must not throw a chain away.
#[derive(Debug, Clone)]
pub struct HeaderRestore {
    tree: HeaderTree,
    next: BlockHeight,
    problem: Option<HeaderError>,
}

impl HeaderRestore {
    /// Before the first header.
    #[must_use]
    pub fn new(params: NetworkParams) -> Self {
        Self {
            tree: HeaderTree::new(params),
            next: 0,
            problem: None,
        }
    }

    /// The next headers, 80 bytes each. Only the last piece may end with fewer bytes, which is a bad
    /// header.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.problem.is_some() {
            return;
        }
        let (headers, rest) = bytes.as_chunks::<HEADER_SIZE>();
        for batch in headers.chunks(BATCH) {
            for (header, hash) in batch.iter().zip(hashes_of_bytes(batch)) {
                if let Err(error) = self.push_one(header, hash) {
                    return self.end(error);
                }
                self.next += 1;
            }
        }
        if !rest.is_empty()
            && let Err(error) = parse(rest)
        {
            self.end(error);
        }
    }

    fn end(&mut self, mut error: HeaderError) {
        error.height.get_or_insert(self.next);
        self.problem = Some(error);
    }

    /// The tree, and what was wrong with the first header that is not in it.
    #[must_use]
    pub fn finish(self) -> (HeaderTree, Option<HeaderError>) {
        (self.tree, self.problem)
    }

    fn push_one(&mut self, bytes: &[u8; HEADER_SIZE], hash: BlockHash) -> Result<(), HeaderError> {
        let header = parse(bytes)?;
        let link = |rule| HeaderError {
            height: Some(self.next),
            hash,
            rule,
        };
        let expected = self.tree.best.tip().hash;
        if self.next == 0 {
            return match hash == expected {
                true => Ok(()),
                false => Err(link(RuleError::NotGenesis {
                    expected,
                    found: hash,
                })),
            };
        }
        if header.prev_blockhash != expected {
            return Err(link(RuleError::NotLinked {
                expected,
                found: header.prev_blockhash,
            }));
        }
        self.tree.add(header, hash, None).map(|_| ())
    }
}
