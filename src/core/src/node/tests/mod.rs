//! Nodes on a small network in memory.
