//! Farthing's closed list of rules: what a transaction and a block may be. Pure functions; whatever
//! the list does not allow is invalid. Written down for people in `docs/consensus.md`.
