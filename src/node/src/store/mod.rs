//! Where a node keeps its chain: a folder with a database and a file of blocks.
//!
//! | module | its job |
//! |---|---|
//! | [`disk`] | what all of it asks of a disk |
//! | [`directory`] | the data directory: one network, one farthing at a time |
//! | [`names`] | names for networks that nobody named |
//! | [`database`] | everything but the blocks themselves, in redb: one batch, one transaction |
//! | [`blocks`] | the blocks, one after the other, as Bitcoin Core's own files have them |
//! | [`encode`] | the keys of coins as bytes |
//! | [`error`] | what can be wrong with a store, each with the sentence that says what to do |
//! | [`mod@rebuild`] | a corrupt store made anew from its blocks |

mod blocks;
mod database;
mod directory;
mod disk;
mod encode;
mod error;
mod names;
mod rebuild;
#[cfg(test)]
mod tests;

pub(crate) use database::DiskStore;
pub(crate) use directory::{DataDirectory, DirectoryError, default_folder, write_whole};
pub(crate) use error::DiskError;
pub(crate) use rebuild::{RebuildError, rebuild};
