//! The lab: a seeded network of the real client and node machines on one event queue.
//!
//! ```text
//! let mut lab = Lab::new(LabOptions::practice(42));
//! let a = lab.add_node("a", &["b"]);
//! let b = lab.add_node("b", &[]);
//! let till = lab.add_client("till", &["a", "b"]);
//! lab.set_miner(a, 1);
//! lab.run_until(600_000);
//! assert_eq!(lab.tip(till), lab.tip(b));
//! ```
//!
//! The machines are `farthing_core`'s own; the lab is their driver: it has their clocks, their disks,
//! their sockets and their miners. Like the core it has no clock, no thread and no randomness of its
//! own, and it counts with integers and `libm`: one seed gives one run, natively and in a worker.
//!
//! | module | its job |
//! |---|---|
//! | `lab` | [`Lab`]: members, time, steps |
//! | `life` | crashes and restarts |
//! | `look` | what may be looked at |
//! | `link` | [`Link`]: what the network does to messages, and what is not modelled |
//! | `network`, `send`, `wire` | connections: dialled, spoken over, held up by partitions, broken |
//! | `member` | a machine with its clocks, its disk and its connections |
//! | `perform` | what a driver does with what machines give out |
//! | `mining` | blocks found by hash power, through the node's own templates |
//! | `pay` | miners pay with what they found |
//! | `liar` | [`Habit`]: peers that do not play fair |
//! | `disk` | what outlasts a crash |
//! | `event` | what the lab tells |
//! | `lessons` | experiments that a page plays, steps through and plays back |
//! | [`trace`] | what one machine was told, recorded and replayed alone |
//! | [`scenario`] | whole stories with what must be true at their end |
//! | `queue`, `dice`, `hash` | the order of things, chance from a seed, the hash of a run |
//! | [`retarget`] | the retarget rule alone: hash power that comes and goes, lies about the time |

// The tests may read files and print; clippy.toml's list is for the lab itself.
#![cfg_attr(
    test,
    allow(
        clippy::disallowed_macros,
        clippy::disallowed_methods,
        clippy::disallowed_types
    )
)]

mod dice;
mod disk;
mod event;
mod hash;
mod lab;
pub mod lessons;
mod liar;
mod life;
mod link;
mod look;
mod member;
mod mining;
mod network;
mod pay;
mod perform;
mod queue;
pub mod retarget;
pub mod scenario;
mod send;
pub mod trace;
mod wire;

pub use dice::Dice;
pub use disk::{ClientDisk, NodeDisk};
pub use event::{Counters, LabEvent, Step, StepKind};
pub use lab::{Lab, LabOptions, MemberId};
pub use liar::Habit;
pub use link::Link;
pub use member::{Tip, Told};
