//! How long blocks take while hash power comes and goes, and what lies about the time bring.
//!
//! The question is the rule of `farthing_core::headers` alone, so nothing else of a network is here:
//! blocks are found as a Poisson process, their headers get the targets that the verifier asks for,
//! and every time that is written would pass the verifier. `docs/retarget.md` has what came of it.
//!
//! | file | its job |
//! |---|---|
//! | `blocks` | the tree of blocks of a run |
//! | `rule` | the network's own rule, called in the core, and what it was chosen from |
//! | `miner` | power, clock and presence of a miner |
//! | `run` | blocks found at random until an end |
//! | `scenario` | the questions |
//! | `branch` | the cheapest private branch |
//! | `figures` | medians over seeds |

mod blocks;
mod branch;
mod figures;
mod miner;
mod rule;
mod run;
mod scenario;

pub use blocks::{Block, DAY, HOUR, MINUTE, Micros, SECOND, START};
pub use branch::cheapest;
pub use figures::{Band, mean};
pub use miner::{Clock, Miner, Presence, unix};
pub use rule::{Rule, bits_of_hashes, hashes, numbers};
pub use run::Run;
pub use scenario::{
    CALM, Gain, POWER, Stall, VISIT, WORK, Yield, alternation, change, found, hopper, liar,
    liar_in_a_stall, silence, spacings, stall,
};
