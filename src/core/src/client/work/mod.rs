//! Work for the workers of a page: a header to search, made from a node's template or from what this
//! client knows alone; and the block that comes of it, told to the nodes.
//!
//! A light client validates no chain, so what it can say of a block that it proposes is less than a
//! node can. It says all of that: the parent is the best header that it verified, target and times
//! are what its own headers ask for, every transaction has the network's form, the commitment is
//! computed anew. Whether the coins of a template's transactions exist is the node's word; a node
//! that lies costs its miner the block.

mod open;
mod prepare;
mod serve;
mod submit;

pub(crate) use open::Works;
