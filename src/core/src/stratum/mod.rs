//! Stratum V1, both sides, as state machines that a driver feeds with inputs and empties of outputs:
//! [`client::Client`] mines for a pool, [`server::Server`] lets miners work for a node.
//!
//! There is no standard but what slush's pool began and pools and miners do: one JSON object a line;
//! `mining.subscribe`, `mining.authorize`, `mining.set_difficulty`, `mining.notify`, `mining.submit`.
//! BIP310 adds `mining.configure` and version rolling, within BIP320's bits. `docs/stratum.md` says
//! what is spoken here.
//!
//! | file or folder | its job |
//! |---|---|
//! | `client` | the miner's side |
//! | `server` | the node's side |
//! | `difficulty` | difficulty and the target that it stands for |
//! | `line`, `message` | a stream as lines, a line as a request or an answer |
//! | `notify`, `submission` | a job, a share |
//! | `words` | how numbers and hashes are written |
//! | `error` | what is wrong with a line; the codes of refusals |
//! | `limits`, `rate` | every bound and every patience; how often something may happen |

pub mod client;
mod difficulty;
mod error;
mod limits;
mod line;
mod message;
mod notify;
mod rate;
pub mod server;
mod submission;
#[cfg(test)]
mod tests;
mod words;

pub use crate::mining::VERSION_MASK;
pub use difficulty::{Difficulty, DifficultyError};
pub use error::{MessageError, Refusal, RefusalCode, Unread};
pub use line::{LineDecoder, LineError};
pub use message::{Id, Message, RemoteError};
pub use notify::{JobError, Notify};
pub use submission::Submission;
