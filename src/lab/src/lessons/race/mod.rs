//! Chapter 11, "global crime fighting": an attacker with a share q of all hash power mines a branch
//! of his own, from before the block that holds his payment, while a merchant waits for z blocks of
//! the honest chain. Who wins, how often?
//!
//! Each block is the attacker's with probability q: the memoryless search leaves nothing else of all
//! the machines. The race is Rosenfeld's ("Analysis of Hashrate-Based Double Spending", 2014): the
//! merchant hands over when the honest chain has z blocks since the fork, and the attacker has won if
//! he is level then or ever after. (He says it with one block mined ahead and a branch that must be
//! the longer one: the same race.) So z is a count of confirmations, the payment's own block among
//! them.
//!
//! The Bitcoin paper's form weighs the same race, to z honest blocks, but sets the attacker's blocks
//! in that time as if the honest ones took exactly their average time (a Poisson law); really that
//! time varies too, and the law is a negative binomial one. So what is simulated here agrees with the
//! exact form, not with the paper's. The paper's *text* counts z from after the payment's own block:
//! there, z blocks on top are z + 1 confirmations.
//!
//! | file | its job |
//! |---|---|
//! | `play` | `Race`: block by block, race after race |
//! | `measure` | the share of races won, its error, the exact forms |
//! | `published` | the tables that were printed |

mod measure;
mod play;
pub mod published;
mod view;

pub use measure::interval;
pub(crate) use play::Race;
pub use view::{Contest, Odds, Outcome, RaceSetup, RaceView};
