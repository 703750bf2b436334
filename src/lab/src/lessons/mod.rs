//! Lessons: experiments on the lab's own machines that a page plays, steps through and plays back.
//!
//! A run is a function of its [`Setup`] and of nothing else: the same one shows the same run natively
//! and in a browser, which the trace (a hash over all that happened) proves. Going back is a replay
//! from the seed.
//!
//! | file or folder | its job |
//! |---|---|
//! | `api` | what the page asks and is told; the limits of every control |
//! | `run` | [`Run`]: towards a goal in slices, forwards and back |
//! | `trace` | the hash over all that happened |
//! | `network` | chapter 10, steps in the network: nodes that mine, and a block takes time to travel |
//! | `race` | chapter 11, global crime fighting: an attacker's race against the honest chain |

mod api;
pub mod network;
pub mod race;
mod run;
#[cfg(test)]
mod tests;
mod trace;

pub use api::{Goal, LIMITS, LessonCommand, LessonError, LessonView, Limits, Range, Scene, Setup};
pub use run::Run;
