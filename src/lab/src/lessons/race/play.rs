//! The races, block by block.

use super::measure::{hopeless, interval, odds};
use super::view::{Contest, Odds, Outcome, RaceSetup, RaceView};
use crate::dice::Dice;
use crate::lessons::trace::Trace;
use crate::lessons::{LIMITS, LessonError};

/// Of a race so many leads are kept for the picture.
const KEPT: usize = 400;
/// Blocks after which a race is left undecided.
const LONGEST: u32 = 1_000_000;
/// Blocks in one piece of work.
const PIECE: u32 = 1_000;

/// Races one after the other. The position is the count of blocks.
#[derive(Debug)]
pub(crate) struct Race {
    setup: RaceSetup,
    dice: Dice,
    trace: Trace,
    hopeless: Option<u32>,
    blocks: u32,
    races: u32,
    won: u32,
    undecided: u32,
    contest: Contest,
    curve: Vec<Odds>,
}

impl Race {
    pub(crate) fn new(setup: RaceSetup) -> Result<Self, LessonError> {
        let RaceSetup { seed, share, depth } = setup;
        LIMITS.share.check("a share in per cent", share.into())?;
        LIMITS.depth.check("a depth", depth.into())?;
        let mut trace = Trace::default();
        for setting in [seed, share, depth] {
            trace.note(&setting.to_le_bytes());
        }
        let deepest = LIMITS.depth.most as u32;
        Ok(Self {
            dice: Dice::new(u64::from(seed)),
            trace,
            hopeless: hopeless(share),
            blocks: 0,
            races: 0,
            won: 0,
            undecided: 0,
            contest: Contest::at_the_fork(),
            curve: (1..=deepest).map(|depth| odds(share, depth)).collect(),
            setup,
        })
    }

    pub(crate) fn position(&self) -> f64 {
        f64::from(self.blocks)
    }

    pub(crate) fn end(&self) -> f64 {
        LIMITS.race_end.most
    }

    /// A piece of blocks, at most up to this position.
    pub(crate) fn towards(&mut self, position: f64) -> bool {
        for _ in 0..PIECE {
            if self.position() >= position {
                return true;
            }
            self.block();
        }
        self.position() >= position
    }

    /// One block: all of it can be seen.
    pub(crate) fn next(&mut self) -> bool {
        self.block();
        true
    }

    pub(crate) fn before(&self) -> f64 {
        f64::from(self.blocks.saturating_sub(1))
    }

    pub(crate) fn trace(&self) -> String {
        let mut trace = self.trace.clone();
        trace.note(&self.blocks.to_le_bytes());
        trace.note(&self.contest.honest.to_le_bytes());
        trace.note(&self.contest.attacker.to_le_bytes());
        trace.hex()
    }

    /// Somebody finds a block; the first after a race begins another.
    fn block(&mut self) {
        if self.contest.outcome.is_some() {
            self.contest = Contest::at_the_fork();
        }
        self.blocks += 1;
        let attackers = self.dice.below(100) < u64::from(self.setup.share);
        self.contest.found(attackers, self.setup.depth);
        self.contest.outcome = self.judge();
        let Some(outcome) = self.contest.outcome else {
            return;
        };
        self.races += 1;
        self.won += u32::from(outcome == Outcome::Won);
        self.undecided += u32::from(outcome == Outcome::Undecided);
        self.trace.note(&[outcome as u8]);
        self.trace.note(&self.contest.blocks().to_le_bytes());
    }

    fn judge(&self) -> Option<Outcome> {
        let Contest {
            honest, attacker, ..
        } = self.contest;
        if honest < self.setup.depth {
            return None;
        }
        if attacker >= honest {
            return Some(Outcome::Won);
        }
        if self.hopeless.is_some_and(|far| honest - attacker >= far) {
            return Some(Outcome::Lost);
        }
        (self.contest.blocks() >= LONGEST).then_some(Outcome::Undecided)
    }

    pub(crate) fn view(&self) -> RaceView {
        let RaceSetup { share, depth, .. } = self.setup;
        let (low, high) = interval(self.won, self.races);
        RaceView {
            races: self.races,
            won: self.won,
            undecided: self.undecided,
            rate: (self.races > 0).then(|| f64::from(self.won) / f64::from(self.races)),
            low,
            high,
            odds: odds(share, depth),
            curve: self.curve.clone(),
            contest: self.contest.clone(),
        }
    }
}

impl Contest {
    fn at_the_fork() -> Self {
        Self {
            honest: 0,
            attacker: 0,
            handed_over: None,
            outcome: None,
            lead: vec![0],
            lead_from: 0,
        }
    }

    fn blocks(&self) -> u32 {
        self.honest + self.attacker
    }

    fn found(&mut self, attackers: bool, depth: u32) {
        if attackers {
            self.attacker += 1;
        } else {
            self.honest += 1;
        }
        if self.honest >= depth && self.handed_over.is_none() {
            self.handed_over = Some(self.blocks());
        }
        if self.lead.len() >= 2 * KEPT {
            self.lead.drain(..KEPT);
            self.lead_from += KEPT as u32;
        }
        self.lead.push(self.honest as i32 - self.attacker as i32);
    }
}
