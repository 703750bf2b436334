//! Templates in, blocks out, a line for each.

use super::search::{Board, Found};
use super::site::{Site, SiteError};
use crate::log;
use bitcoin::Block;
use bitcoin::consensus::encode::serialize_hex;
use clap::Args;
use farthing_core::mining::{BlockTemplate, TemplateError};
use farthing_core::params::{AddressError, NetworkParams, UnknownNetworkError};
use std::num::{NonZeroU64, NonZeroUsize};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

/// For an answer that comes at once.
const SOON: Duration = Duration::from_secs(15);
/// For one that comes when there is something better to mine: the node waits a minute.
const LONG: Duration = Duration::from_secs(90);
/// Before a node that did not answer is asked again.
const PAUSE: Duration = Duration::from_secs(1);

/// Mine blocks for an address, with a node's templates.
#[derive(Debug, Args)]
pub(crate) struct MineOptions {
    /// The address that is paid.
    #[arg(long, value_name = "ADDRESS")]
    to: String,
    /// Stop after so many blocks; without it, never.
    #[arg(long, value_name = "N")]
    blocks: Option<NonZeroU64>,
    /// The node.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8420")]
    node: Site,
    /// Threads that search; without it one for each processor.
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
}

/// Why nothing is mined.
#[derive(Debug, thiserror::Error)]
enum MineError {
    #[error(transparent)]
    Site(#[from] SiteError),
    #[error(transparent)]
    Network(#[from] UnknownNetworkError),
    #[error("the node's network is {network}: {source}")]
    Address {
        network: String,
        source: AddressError,
    },
    #[error("the node proposes what cannot become a block: {0}")]
    Template(#[from] TemplateError),
    #[error("this machine gives no random numbers: {0}")]
    Random(getrandom::Error),
}

impl MineOptions {
    /// Mines until it is enough.
    pub(crate) fn run(&self) -> ExitCode {
        match self.mine() {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                log::last_words(&error);
                ExitCode::FAILURE
            }
        }
    }

    fn mine(&self) -> Result<(), MineError> {
        let params = self.network()?;
        let address = params.script_from_address(&self.to);
        let payout = address.map_err(|source| MineError::Address {
            network: params.name.clone(),
            source,
        })?;
        let mut random = [0; 8];
        getrandom::fill(&mut random).map_err(MineError::Random)?;
        let board = Board::new(u64::from_le_bytes(random));
        let processors = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let threads = self.threads.unwrap_or(processors);
        println!(
            "Mining on {} for {} with {threads} threads",
            params.name, self.to
        );
        let (found, finds) = channel();
        let board = Arc::new(board);
        // They end with the process: a node's answer may be a minute away.
        for _ in 0..threads.get() {
            let (board, params) = (Arc::clone(&board), params.clone());
            let (payout, found) = (payout.clone(), found.clone());
            thread::spawn(move || board.search(&params, &payout, &found));
        }
        drop(found);
        self.propose(&board)?;
        let (follower, site) = (Arc::clone(&board), self.node.clone());
        thread::spawn(move || follow(&site, &follower));
        self.collect(&board, &finds)
    }

    /// The network is the node's.
    fn network(&self) -> Result<NetworkParams, MineError> {
        let health = self.node.get("/health", SOON)?;
        let name = health["network"].as_str().unwrap_or_default();
        Ok(NetworkParams::by_name(name)?)
    }

    /// Searches what the node proposes now.
    fn propose(&self, board: &Board) -> Result<(), MineError> {
        let template = template(&self.node, "/api/template", SOON)?;
        if !board.searches(&template.longpollid) {
            board.publish(Some(Arc::new(template)));
        }
        Ok(())
    }

    /// Hands in what is found, until it is enough.
    fn collect(&self, board: &Board, finds: &Receiver<Found>) -> Result<(), MineError> {
        let (mut taken, mut since) = (0, (Instant::now(), board.hashes()));
        while let Ok(found) = finds.recv() {
            let (generation, block) = match found {
                Found::Block { generation, block } => (generation, block),
                Found::Bad(error) => return Err(error.into()),
            };
            if generation != board.generation() {
                // Another thread found one for the same parent, or somebody else did.
                continue;
            }
            board.publish(None);
            match self.hand_in(&block) {
                Ok(None) => {
                    taken += 1;
                    tell(taken, &block, since, board.hashes());
                    since = (Instant::now(), board.hashes());
                    if self.blocks.is_some_and(|blocks| taken >= blocks.get()) {
                        return Ok(());
                    }
                }
                Ok(Some(reason)) => println!("{} was refused: {reason}", block.block_hash()),
                Err(error) => println!("{} is lost: {error}", block.block_hash()),
            }
            if let Err(error) = self.propose(board) {
                // The follower goes on asking.
                println!("waiting: {error}");
            }
        }
        Ok(())
    }

    /// None when the node took it.
    fn hand_in(&self, block: &Block) -> Result<Option<String>, SiteError> {
        let answer = self.node.post("/api/block", &serialize_hex(block), SOON)?;
        Ok(answer["result"]
            .as_str()
            .map(|code| match answer["message"].as_str() {
                Some(message) => format!("{code}: {message}"),
                None => code.to_owned(),
            }))
    }
}

/// Keeps the board up to date: the node answers when it has something better.
fn follow(site: &Site, board: &Board) {
    let mut known = String::new();
    loop {
        match template(site, &format!("/api/template?longpollid={known}"), LONG) {
            Ok(template) => {
                known.clone_from(&template.longpollid);
                if !board.searches(&known) {
                    board.publish(Some(Arc::new(template)));
                }
            }
            Err(_) => {
                // What was proposed is of no use while nobody takes it.
                board.publish(None);
                known.clear();
                thread::sleep(PAUSE);
            }
        }
    }
}

fn template(site: &Site, path: &str, patience: Duration) -> Result<BlockTemplate, SiteError> {
    let value = site.get(path, patience)?;
    serde_json::from_value(value).map_err(|_| site.odd())
}

fn tell(count: u64, block: &Block, (since, before): (Instant, u64), hashes: u64) {
    let seconds = since.elapsed().as_secs_f64();
    let rate = (hashes - before) as f64 / seconds.max(0.001) / 1e6;
    let height = block.bip34_block_height().unwrap_or_default();
    let hash = block.block_hash();
    println!("block {count}: height {height}, {hash}, {seconds:.1} s, {rate:.1} MH/s");
}
