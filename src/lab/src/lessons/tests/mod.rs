//! The lessons: what they measure agrees with what is known, a run is a function of its setup, and
//! going back is a replay.

mod known;
mod network;
mod race;
mod run;
