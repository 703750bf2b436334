//! What a run of races is a function of, and what is shown of it.

use serde::{Deserialize, Serialize};

/// What a run of races is a function of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct RaceSetup {
    /// The same seed, the same races.
    pub seed: u32,
    /// The attacker's share of all hash power, in per cent.
    pub share: u32,
    /// Honest blocks that the merchant waits for, the payment's own among them.
    pub depth: u32,
}

/// How a race ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum Outcome {
    /// The attacker was level when the goods were handed over, or after.
    Won,
    /// He fell so far behind that his odds are below one in a billion.
    Lost,
    /// Neither, after a million blocks: with half of the hash power a race may take for ever.
    Undecided,
}

/// One race.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Contest {
    /// Blocks of the honest chain since the fork.
    pub honest: u32,
    /// Blocks of the attacker's branch.
    pub attacker: u32,
    /// After which block of the race the goods were handed over.
    pub handed_over: Option<u32>,
    /// How it ended, if it did.
    pub outcome: Option<Outcome>,
    /// By how many blocks the honest chain leads: after block `lead_from`, and each after it.
    pub lead: Vec<i32>,
    /// 0, unless the race is too long to be kept whole.
    pub lead_from: u32,
}

/// The odds at one depth.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Odds {
    /// Honest blocks that are waited for.
    pub depth: u32,
    /// Rosenfeld's exact form.
    pub exact: f64,
    /// The Bitcoin paper's, for the same race.
    pub paper: f64,
}

/// A run of races.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct RaceView {
    /// Races that are over.
    pub races: u32,
    /// Of these, won by the attacker.
    pub won: u32,
    /// Of these, without an end.
    pub undecided: u32,
    /// The share that was won; none before the first race is over.
    pub rate: Option<f64>,
    /// Where the true share lies in 95 of 100 such runs (Wilson's interval).
    pub low: f64,
    /// Its other end.
    pub high: f64,
    /// The odds for the depth of this run.
    pub odds: Odds,
    /// The odds for every depth, for the curve.
    pub curve: Vec<Odds>,
    /// The race that is on, or the last one.
    pub contest: Contest,
}
