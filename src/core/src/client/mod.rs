//! The light client: a state machine that a driver feeds with [`Input`]s and empties of
//! [`Output`]s.
//!
//! ```text
//! client.handle(now, Input::Received { peer, bytes });
//! while let Some(output) = client.poll_output() { /* perform it */ }
//! ```

mod api;
mod io;
mod machine;
mod view;

pub use api::{Command, CommandError, Event, NodeAddress, NoticeKind, Reply};
pub use io::{Input, Output, PeerId, Record, RequestId, StoreId, StoreRequest};
pub use machine::Client;
pub use view::{
    BlockView, BranchView, ChainView, HeaderView, PeerState, PeerView, Progress, Said,
    TransactionOutputView, TransactionView,
};
