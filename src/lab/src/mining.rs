//! Miners: whoever has hash power finds blocks as a Poisson process, on its own tip.
//!
//! The search itself is real but trivial: the lab draws *when* a block is found, and then asks the
//! node for a template, makes the candidate and hands the block in, as a miner beside it would.

use crate::dice::Dice;
use crate::event::{LabEvent, StepKind};
use crate::lab::{Lab, MemberId};
use crate::queue::Happening;
use farthing_core::bitcoin::{Block, OutPoint, consensus};
use farthing_core::mining::Candidate;
use farthing_core::node::{Request, Response};
use std::collections::BTreeMap;

/// Who mines, and how often a block is found.
#[derive(Debug)]
pub(crate) struct Mining {
    powers: BTreeMap<MemberId, u64>,
    spacing_ms: u64,
    /// When the last block was found, or the draw was made anew: with its fraction, so that rounding
    /// does not make the mean longer.
    clock_ms: f64,
    /// The number of the draw that counts.
    draw: u64,
    extra_nonce: u64,
    /// Where the rewards of blocks are that nobody has spent.
    pub(crate) rewards: Vec<(MemberId, OutPoint)>,
}

impl Default for Mining {
    fn default() -> Self {
        Self {
            powers: BTreeMap::new(),
            spacing_ms: 30_000,
            clock_ms: 0.0,
            draw: 0,
            extra_nonce: 0,
            rewards: Vec::new(),
        }
    }
}

impl Mining {
    fn total(&self) -> u64 {
        self.powers.values().sum()
    }

    /// Who finds the next block.
    fn lot(&self, dice: &mut Dice) -> Option<MemberId> {
        let mut at = dice.below(self.total());
        for (member, power) in &self.powers {
            if at < *power {
                return Some(*member);
            }
            at -= power;
        }
        None
    }
}

impl Lab {
    /// Gives a node hash power, in any unit; 0: it does not mine.
    pub fn set_miner(&mut self, member: MemberId, power: u64) {
        self.mining.powers.insert(member, power);
        self.draw_anew();
    }

    /// Sets the mean time between two blocks of all miners together; 0: nobody mines.
    pub fn set_spacing_ms(&mut self, spacing_ms: u64) {
        self.mining.spacing_ms = spacing_ms;
        self.draw_anew();
    }

    /// A Poisson process has no memory: the time to the next block may be drawn anew at any moment.
    fn draw_anew(&mut self) {
        self.mining.clock_ms = self.now_ms as f64;
        self.draw();
    }

    fn draw(&mut self) {
        let mining = &mut self.mining;
        mining.draw += 1;
        if mining.spacing_ms == 0 || mining.total() == 0 {
            return;
        }
        mining.clock_ms += self.dice.exponential(mining.spacing_ms as f64);
        let draw = mining.draw;
        self.queue
            .put(mining.clock_ms as u64, Happening::Find { draw });
    }

    pub(crate) fn find(&mut self, draw: u64) -> (MemberId, StepKind) {
        let none = (MemberId(0), StepKind::Nothing);
        if self.mining.draw != draw {
            return none;
        }
        let miner = self.mining.lot(&mut self.dice);
        self.draw();
        let Some(miner) = miner else {
            return none;
        };
        match self.mine(miner) {
            Some(_) => (miner, StepKind::Found),
            None => (miner, StepKind::Nothing),
        }
    }

    /// A node finds a block now. None: it is down, or has no template to give.
    pub fn mine(&mut self, miner: MemberId) -> Option<Block> {
        let template = match self.ask(miner, Request::Template { longpollid: None })? {
            Ok(Response::Template(template)) => template,
            _ => return None,
        };
        self.mining.extra_nonce += 1;
        let payout = self.members[miner.0 as usize].payout.clone();
        let extra_nonce = self.mining.extra_nonce;
        let params = &self.options.network;
        let candidate = Candidate::from_template(params, &template, payout, extra_nonce).ok()?;
        let block = search(&candidate)?;
        let hash = block.block_hash();
        self.events.push(LabEvent::Found {
            by: miner,
            hash,
            parent: block.header.prev_blockhash,
            height: candidate.height(),
            at: self.now_ms,
        });
        let coinbase = block.txdata[0].compute_txid();
        self.mining
            .rewards
            .push((miner, OutPoint::new(coinbase, 0)));
        let block_bytes = consensus::serialize(&block);
        self.ask(miner, Request::SubmitBlock { block: block_bytes });
        if self.has_block(miner, &hash) {
            self.events.push(LabEvent::Arrived {
                member: miner,
                hash,
                at: self.now_ms,
            });
        }
        Some(block)
    }
}

/// Finds a nonce.
fn search(candidate: &Candidate) -> Option<Block> {
    let mut header = candidate.header();
    loop {
        if let Ok(block) = candidate.block_with(header) {
            return Some(block);
        }
        header.nonce = header.nonce.checked_add(1)?;
    }
}
