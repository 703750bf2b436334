//! What the page asks of a lesson, and what it is told. The TypeScript is made from these types.

use super::network::{NetworkSetup, NetworkView};
use super::race::{RaceSetup, RaceView};
use serde::{Deserialize, Serialize};

/// From where to where a control goes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Range {
    /// The least.
    pub least: f64,
    /// The most.
    pub most: f64,
}

impl Range {
    const fn new(least: f64, most: f64) -> Self {
        Self { least, most }
    }

    /// The value, if it lies within.
    pub(crate) fn check(&self, what: &'static str, found: f64) -> Result<(), LessonError> {
        if found >= self.least && found <= self.most {
            return Ok(());
        }
        let Range { least, most } = *self;
        Err(LessonError::Range {
            what,
            least,
            most,
            found,
        })
    }
}

/// The limits of every control, for the page and for what a link may ask.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    /// The attacker's share of all hash power, in per cent.
    pub share: Range,
    /// Blocks that the merchant waits for.
    pub depth: Range,
    /// Blocks of all races of a run.
    pub race_end: Range,
    /// Nodes of the network.
    pub nodes: Range,
    /// Seconds until a block has reached another node.
    pub delay: Range,
    /// Seconds between two blocks, on average.
    pub spacing: Range,
    /// Seconds of a run.
    pub network_end: Range,
}

/// What they are.
pub const LIMITS: Limits = Limits {
    share: Range::new(1.0, 60.0),
    depth: Range::new(1.0, 50.0),
    race_end: Range::new(0.0, 200_000_000.0),
    nodes: Range::new(2.0, 32.0),
    delay: Range::new(0.0, 120.0),
    spacing: Range::new(60.0, 1_800.0),
    network_end: Range::new(0.0, 6_000_000.0),
};

/// What a run is a function of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum Setup {
    /// Chapter 11.
    Race(RaceSetup),
    /// Chapter 10.
    Network(NetworkSetup),
}

/// Where a run is to go.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum Goal {
    /// To this position; one before the present is reached by a replay from the seed.
    To {
        /// Blocks (chapter 11), seconds (chapter 10).
        position: f64,
    },
    /// Nowhere: it rests where it is.
    Here,
    /// Past the next thing that can be seen.
    Next,
    /// Before the last one.
    Back,
}

/// What the page asks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum LessonCommand {
    /// A new run, at its beginning.
    Open {
        /// What it is a function of.
        setup: Setup,
    },
    /// Towards a goal. The answer comes after a slice of time, with `arrived` where it was reached.
    Go {
        /// None: on towards the last one.
        goal: Option<Goal>,
    },
}

/// How a run stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct LessonView {
    /// Where it is: blocks (chapter 11), seconds (chapter 10).
    pub position: f64,
    /// Where it ends.
    pub end: f64,
    /// Whether it has reached its goal.
    pub arrived: bool,
    /// A hash over all that happened.
    pub trace: String,
    /// What is to be drawn and measured.
    pub scene: Scene,
}

/// What is to be drawn and measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum Scene {
    /// Chapter 11.
    Race(RaceView),
    /// Chapter 10.
    Network(NetworkView),
}

/// Why something was not done.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum LessonError {
    /// A setting is out of its range.
    #[error("expected {what} from {least} to {most}, found {found}")]
    Range {
        /// Which.
        what: &'static str,
        /// The least.
        least: f64,
        /// The most.
        most: f64,
        /// What was found.
        found: f64,
    },
    /// A command came before a run was opened.
    #[error("expected a run to be opened first, found a goal")]
    NoRun,
}
