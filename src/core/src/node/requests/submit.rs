//! A block that a miner found, a transaction that somebody made: the words of BIP22.

use crate::chain::{Arrival, BlockRefusal, ProposalRefusal, Store, StoreError};
use crate::mempool::MempoolError;
use crate::node::machine::Node;
use crate::node::{RequestError, Response};
use bitcoin::Transaction;
use bitcoin::block::Block;
use bitcoin::consensus::encode::deserialize;

type Answer = Result<Result<Response, RequestError>, StoreError>;

impl<S: Store> Node<S> {
    pub(super) fn submit_block(&mut self, bytes: &[u8]) -> Answer {
        let block = match read_block(bytes) {
            Ok(block) => block,
            Err(error) => return Ok(Err(error)),
        };
        let hash = block.block_hash();
        let outcome = match self.take_block(block)? {
            Ok(outcome) => outcome,
            Err(error) => {
                return Ok(Err(RequestError::new(error.code(), error.to_string())));
            }
        };
        let said =
            |code, message: &str| Err(RequestError::new(code, format!("block {hash} {message}")));
        Ok(match outcome.arrival {
            Arrival::Connected => Ok(Response::Accepted),
            Arrival::Known if self.chain.is_connected(&hash) => {
                said("duplicate", "is on the chain already")
            }
            Arrival::Known => said(
                "duplicate-inconclusive",
                "is here already, beside the chain",
            ),
            Arrival::Branch => said("inconclusive", "is kept beside a chain of as much work"),
            Arrival::Waiting => said("inconclusive", "is kept until the blocks before it come"),
            Arrival::NotKept => said("stale-prevblk", "builds on a block that is far behind"),
        })
    }

    /// What would become of a block, had it its proof of work. Nothing changes.
    pub(super) fn propose_block(&self, bytes: &[u8]) -> Answer {
        let block = match read_block(bytes) {
            Ok(block) => block,
            Err(error) => return Ok(Err(error)),
        };
        match self.chain.check_proposal(block, self.now.unix()) {
            Ok(()) => Ok(Ok(Response::Accepted)),
            Err(ProposalRefusal::Block(BlockRefusal::Store(error))) => Err(error),
            Err(error) => Ok(Err(RequestError::new(error.code(), error.to_string()))),
        }
    }

    pub(super) fn submit_transaction(&mut self, bytes: &[u8]) -> Answer {
        let transaction: Transaction = match deserialize(bytes) {
            Ok(transaction) => transaction,
            Err(error) => {
                let message = format!("expected a transaction, found bytes that are none: {error}");
                return Ok(Err(RequestError::new("rejected", message)));
            }
        };
        let txid = transaction.compute_txid();
        match self.enter(transaction) {
            Ok(()) => {
                self.parents_came(txid)?;
                Ok(Ok(Response::Accepted))
            }
            Err(MempoolError::Store(error)) => Err(error),
            Err(error) => Ok(Err(RequestError::new(&error.code(), error.to_string()))),
        }
    }
}

fn read_block(bytes: &[u8]) -> Result<Block, RequestError> {
    deserialize(bytes).map_err(|error| {
        let message = format!("expected a block, found bytes that are none: {error}");
        RequestError::new("rejected", message)
    })
}
