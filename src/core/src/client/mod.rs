//! The light client: a state machine that a driver feeds with [`Input`]s and empties of
//! [`Output`]s.
//!
//! ```text
//! client.handle(now, Input::Received { peer, bytes });
//! while let Some(output) = client.poll_output() { /* perform it */ }
//! ```
//!
//! | file or folder | its job |
//! |---|---|
//! | `io`, `api`, `view` | what a driver and the page say to it, and what it says |
//! | `machine` | [`Client`]: inputs, outputs, whose turn it is |
//! | `limits` | every bound and every patience |
//! | `peers` | connections, handshake, ping, back-off, bans, what was said |
//! | `sync` | headers: whom to ask, what to believe |
//! | `relay` | transactions: announced, fetched, looked at |
//! | `blocks` | whole blocks: fetched, verified, told to the payments in order |
//! | `wallet` | one's own coins: scanned for, prepared for a payment, sent until mined |
//! | `work` | headers for workers to search, and the blocks that come of them |
//! | `till` | invoices: stored before they are shown, computed again on every event |
//! | `storage` | what is kept over a restart |
//! | `page` | commands, views, notices |
//! | `random` | nonces and jitter from a seed |

mod api;
mod blocks;
mod io;
mod limits;
mod machine;
mod page;
mod peers;
mod random;
mod relay;
mod storage;
mod sync;
#[cfg(test)]
mod tests;
mod till;
mod view;
mod wallet;
mod work;

pub use api::{Command, CommandError, Event, NodeAddress, NoticeKind, Reply};
pub use io::{Input, Output, PeerId, Record, RequestId, StoreId, StoreRequest};
pub use machine::Client;
pub(crate) use peers::Ending;
pub(crate) use random::Random;
pub(crate) use storage::{COUNTER_KEY, INVOICE_PREFIX};
pub use view::{
    BlockView, BranchView, ChainView, HeaderView, PeerState, PeerView, Progress, Said,
    TransactionOutputView, TransactionView, WorkView,
};
