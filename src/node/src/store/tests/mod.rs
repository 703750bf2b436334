//! The store and its directory.
//!
//! | module | its job |
//! |---|---|
//! | `files` | on a real disk: what is kept, what is refused, each damage named |
//! | `faulty` | a disk that loses power, fails, and is full |
//! | `control` | a chain told to a node on it, and the control that it is compared with |
//! | `power` | power lost at every write |
//! | `failing` | every write, every wait and every read refused |

mod control;
mod failing;
mod faulty;
mod files;
mod power;

#[path = "../../../tests/made/mod.rs"]
mod made;
