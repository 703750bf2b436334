//! The small traces that lie in the repository.

use super::{RecordError, Trace};
use crate::lab::{Lab, LabOptions};
use crate::liar::Habit;
use crate::link::Link;

/// Records them: a client among an honest node, a forger and a peer that answers nothing, and the node
/// that serves it, over a partition and a reorganisation.
///
/// # Errors
/// Never, as long as the practice network is in the table.
pub fn samples() -> Result<Vec<(&'static str, Trace)>, RecordError> {
    let mut lab = Lab::new(LabOptions::practice(10));
    lab.set_default_link(Link {
        jitter_ms: 30,
        slice_ppm: 200_000,
        ..Link::default()
    });
    let a = lab.add_node("a", &["b"]);
    let b = lab.add_node("b", &[]);
    lab.add_liar("forger", &["a"], Habit::ForgeHeaders);
    lab.add_liar("staller", &["a"], Habit::Stall);
    let till = lab.add_client("till", &["a", "forger", "staller"]);
    lab.record(a)?;
    lab.record(till)?;
    lab.set_miner(a, 1);
    lab.set_miner(b, 2);
    lab.set_spacing_ms(4_000);
    lab.run_until(20_000);
    lab.partition(&[&[a], &[b]]);
    lab.run_for(20_000);
    lab.heal();
    lab.run_for(20_000);
    let taken = [("node", a), ("client", till)];
    let taken = taken.map(|(name, member)| lab.trace(member).cloned().map(|trace| (name, trace)));
    Ok(taken.into_iter().flatten().collect())
}
