//! Whole stories, one for each seed, with what must be true at their end.
//!
//! Every story has the same acts: nodes find one another and mine; the network parts in two, and both
//! sides go on; it heals; mining stops, and everybody must stand on the chain with the most work. What
//! differs is who is there: rough lines and skewed clocks, members that crash in the middle of a write,
//! and clients of which all peers but one are hostile.
//!
//! | module | its job |
//! |---|---|
//! | `cast` | who is there, and how they are connected |
//! | `play` | the acts |
//! | `judge` | what must be true, and a sentence where it is not |

mod cast;
mod judge;
mod play;

pub use judge::Verdicts;

use crate::dice::Dice;
use crate::lab::{Lab, LabOptions};

/// A kind of story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scenario {
    /// Its name, for the command that plays one seed alone.
    pub name: &'static str,
    /// Honest nodes, all of which mine.
    pub nodes: usize,
    /// Light clients.
    pub clients: usize,
    /// All peers of each client but one are hostile.
    pub besieged: bool,
    /// Lines lose segments, are slow, and peers repeat themselves and answer out of order.
    pub rough: bool,
    /// Nodes and clients crash, some of them in the middle of a write, and start again.
    pub crashes: bool,
}

/// Fifty nodes and twenty clients: partition and heal.
pub const CROWD: Scenario = Scenario {
    name: "crowd",
    nodes: 50,
    clients: 20,
    besieged: false,
    rough: false,
    crashes: false,
};

/// The same, and of each client's eight peers seven are hostile.
pub const SIEGE: Scenario = Scenario {
    name: "siege",
    besieged: true,
    ..CROWD
};

/// A dozen nodes on lossy and slow lines, and members that crash.
pub const STORM: Scenario = Scenario {
    name: "storm",
    nodes: 12,
    clients: 6,
    besieged: false,
    rough: true,
    crashes: true,
};

/// Few of everything: for the comparison of a native run with one in a browser.
pub const SMALL: Scenario = Scenario {
    name: "small",
    nodes: 5,
    clients: 2,
    besieged: true,
    rough: true,
    crashes: true,
};

/// Every scenario.
pub const ALL: [Scenario; 4] = [CROWD, SIEGE, STORM, SMALL];

/// How a story ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Played {
    /// The hash of all that any machine gave out.
    pub hash: String,
    /// The height of the chain with the most work.
    pub height: u32,
    /// Blocks that were found, and did not stay on it.
    pub stale: usize,
    /// The deepest reorganisation of any member.
    pub deepest: u32,
    /// Crashes.
    pub crashes: usize,
    /// Events that were taken.
    pub steps: u64,
}

impl Scenario {
    /// Plays the story of a seed.
    ///
    /// # Errors
    /// A sentence: what had to be true, and what was found.
    pub fn play(&self, seed: u64) -> Result<Played, String> {
        let mut options = LabOptions::practice(seed);
        options.write_ms = if self.crashes { 150 } else { 1 };
        // The story's own chance: who is where, when what happens.
        let mut dice = Dice::new(seed ^ 0x5ce_0a210);
        let mut lab = Lab::new(options);
        let cast = cast::enter(self, &mut lab, &mut dice);
        play::acts(self, &mut lab, &cast, &mut dice)
    }

    /// The scenario of this name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Scenario> {
        ALL.into_iter().find(|scenario| scenario.name == name)
    }
}

/// The hash of a small story of this seed: the same on every platform. An error is in its place, for
/// whoever compares.
#[must_use]
pub fn scenario_hash(seed: u64) -> String {
    match SMALL.play(seed) {
        Ok(played) => played.hash,
        Err(error) => error,
    }
}
