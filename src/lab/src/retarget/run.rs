//! One run: blocks found at random, one after the other, until an end.
//!
//! Finding a block is a Poisson process whose rate is hash power over work. Both are constant
//! between two events (a block found, a held block shown, power that changes, a target that changes
//! while one waits), so a draw is used up piece by piece and no time step is chosen. Messages take
//! no time here: what delay does is another question than what the rule does.

use super::blocks::{Block, Blocks, Micros, SECOND, START, Window};
use super::miner::{Miner, Presence, unix};
use super::rule::{Difficulty, Rule, bits_of_hashes, hashes};
use crate::dice::Dice;
use farthing_core::headers::{Past, median_time};
use farthing_core::params::NetworkParams;
use farthing_core::primitives::UnixTime;

/// Miners on one chain.
#[derive(Debug, Clone)]
pub struct Run {
    difficulty: Difficulty,
    miners: Vec<Miner>,
    minds: Vec<Mind>,
    blocks: Blocks,
    /// Blocks whose time is not allowed yet.
    held: Vec<usize>,
    dice: Dice,
    now: Micros,
    /// What is left of the draw for the next block, as a share of its mean.
    left: f64,
}

/// What a miner knows and did.
#[derive(Debug, Clone)]
struct Mind {
    tip: usize,
    window: Window,
    median: UnixTime,
    own: u32,
    present: bool,
    spent: f64,
    goal: Option<Goal>,
}

/// A target on a miner's tip, and the header times that have it.
#[derive(Debug, Clone, Copy)]
struct Goal {
    bits: u32,
    from: UnixTime,
    until: Option<UnixTime>,
}

/// What a miner does now: blocks a second, and until when at this rate.
struct Search {
    rate: f64,
    until: Option<Micros>,
}

impl Run {
    /// Miners on a chain that was steady so far at `work` hashes a block.
    #[must_use]
    pub fn new(
        network: &NetworkParams,
        rule: Rule,
        work: u64,
        miners: Vec<Miner>,
        seed: u64,
    ) -> Self {
        let blocks = Blocks::steady(bits_of_hashes(work), network.spacing);
        let tip = blocks.first_tip();
        let window = blocks.window(tip);
        let mind = Mind {
            tip,
            median: median(&window),
            window: window.clone(),
            own: 0,
            present: true,
            spent: 0.0,
            goal: None,
        };
        let mut dice = Dice::new(seed);
        Self {
            difficulty: Difficulty::new(network, rule, &window),
            minds: vec![mind; miners.len()],
            miners,
            blocks,
            held: Vec::new(),
            left: dice.exponential(1.0),
            dice,
            now: 0,
        }
    }

    /// Goes on until this time.
    pub fn until(&mut self, end: Micros) {
        while self.now < end {
            self.step(end);
        }
    }

    /// Goes on until the next event, or this time. Says whether a block was found.
    pub fn step(&mut self, end: Micros) -> bool {
        let searches: Vec<Search> = (0..self.miners.len()).map(|at| self.search(at)).collect();
        let total: f64 = searches.iter().map(|search| search.rate).sum();
        let next = self.next_event(&searches, end);
        let expected = total * seconds(self.now, next);
        if expected < self.left {
            self.left -= expected;
            self.pass(next);
            return false;
        }
        // At least a millionth of a second, so that time goes on.
        let wait = (self.left / total * SECOND as f64) as Micros;
        self.pass((self.now + wait.max(1)).min(next));
        self.left = self.dice.exponential(1.0);
        let mut lot = self.dice.below(1 << 53) as f64 / (1_u64 << 53) as f64 * total;
        let finder = searches.iter().position(|search| {
            lot -= search.rate;
            lot < 0.0
        });
        // Rounding may leave a crumb: the last one who searches.
        let last = || searches.iter().rposition(|search| search.rate > 0.0);
        let Some(finder) = finder.or_else(last) else {
            return false;
        };
        self.found(finder);
        true
    }

    /// Goes on until a block is found after which the next one is expected within so many seconds,
    /// or until this time. Says whether there was such a block.
    pub fn until_calm(&mut self, seconds: f64, end: Micros) -> bool {
        while self.now < end {
            // Just after a block: while none comes, an emergency rule makes the wait look short.
            if self.step(end) && self.expected() <= seconds {
                return true;
            }
        }
        false
    }

    /// The true time.
    #[must_use]
    pub fn now(&self) -> Micros {
        self.now
    }

    /// The best chain that everybody may see, from the beginning of the run.
    #[must_use]
    pub fn chain(&self) -> Vec<&Block> {
        let tips = self.minds.iter().map(|mind| mind.tip);
        let shown = tips.filter(|tip| self.blocks.at(*tip).shown <= self.now);
        let best = shown.max_by_key(|tip| self.blocks.at(*tip).chainwork);
        self.blocks.chain(best.unwrap_or(self.minds[0].tip))
    }

    /// The seconds that the next block takes on average, with the power that searches now.
    #[must_use]
    pub fn expected(&mut self) -> f64 {
        let rate: f64 = (0..self.miners.len()).map(|at| self.search(at).rate).sum();
        1.0 / rate
    }

    /// The hashes that a miner has spent.
    #[must_use]
    pub fn spent(&self, miner: usize) -> f64 {
        self.minds[miner].spent
    }

    /// The header that a miner searches now, and until which header time its target stays.
    fn goal(&mut self, at: usize) -> (Past, Option<UnixTime>) {
        let mind = &mut self.minds[at];
        let now = unix(self.now);
        let ahead = self.difficulty.params.max_future;
        let time = self.miners[at]
            .clock
            .time(now, mind.median, ahead, mind.own);
        let known = mind
            .goal
            .filter(|goal| goal.from <= time && goal.until.is_none_or(|until| time < until));
        let goal = known.unwrap_or_else(|| Goal {
            bits: self.difficulty.bits(&mind.window, time),
            from: time,
            until: self.difficulty.stays_until(&mind.window, time),
        });
        mind.goal = Some(goal);
        let bits = goal.bits;
        (Past { time, bits }, goal.until)
    }

    fn search(&mut self, at: usize) -> Search {
        let (header, until) = self.goal(at);
        let power = match self.minds[at].present {
            true => self.miners[at].power_at(self.now),
            false => 0.0,
        };
        Search {
            rate: power / hashes(header.bits),
            // The miner's clock says so when true time has gone on by as much.
            until: until.map(|until| {
                let wait = Micros::from(until - header.time) * SECOND;
                self.now / SECOND * SECOND + wait
            }),
        }
    }

    fn next_event(&self, searches: &[Search], end: Micros) -> Micros {
        let powers = self.miners.iter().map(|m| m.power_changes_after(self.now));
        let targets = searches.iter().map(|search| search.until);
        let shown = self.held.iter().map(|at| Some(self.blocks.at(*at).shown));
        let events = powers.chain(targets).chain(shown).flatten();
        let next = events.filter(|at| *at > self.now).min();
        next.unwrap_or(end).min(end)
    }

    /// Time goes on to `next`; held blocks whose time has come are followed.
    fn pass(&mut self, next: Micros) {
        let seconds = seconds(self.now, next);
        for (miner, mind) in self.miners.iter().zip(&mut self.minds) {
            if mind.present {
                mind.spent += miner.power_at(self.now) * seconds;
            }
        }
        self.now = next;
        let (ripe, held) = std::mem::take(&mut self.held)
            .into_iter()
            .partition::<Vec<_>, _>(|at| self.blocks.at(*at).shown <= next);
        self.held = held;
        for block in ripe {
            for miner in 0..self.miners.len() {
                self.offer(miner, block);
            }
        }
    }

    fn found(&mut self, finder: usize) {
        let (header, _) = self.goal(finder);
        let allowed = header
            .time
            .saturating_sub(self.difficulty.params.max_future);
        let shown = Micros::from(allowed.saturating_sub(START)) * SECOND;
        let tip = self.minds[finder].tip;
        let block = self.blocks.add(tip, header, self.now, shown, finder);
        self.minds[finder].own += 1;
        self.offer(finder, block);
        if shown <= self.now {
            for miner in 0..self.miners.len() {
                self.offer(miner, block);
            }
        } else {
            self.held.push(block);
        }
    }

    /// A miner follows a block that has more work than the one it is on.
    fn offer(&mut self, miner: usize, block: usize) {
        let mind = &mut self.minds[miner];
        if self.blocks.at(block).chainwork <= self.blocks.at(mind.tip).chainwork {
            return;
        }
        mind.window = self.blocks.window(block);
        mind.tip = block;
        mind.median = median(&mind.window);
        mind.goal = None;
        if let Presence::Hops { below, above } = self.miners[miner].presence {
            let work = hashes(self.goal(miner).0.bits);
            let mind = &mut self.minds[miner];
            mind.present = work <= if mind.present { above } else { below };
        }
    }
}

fn seconds(from: Micros, to: Micros) -> f64 {
    (to - from) as f64 / SECOND as f64
}

fn median(window: &Window) -> UnixTime {
    median_time(window, window.next()).expect("a window holds eleven headers")
}
