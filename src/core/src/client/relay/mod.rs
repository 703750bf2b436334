//! Transactions, by the whole stream: every one that is announced is fetched and looked at here,
//! so that no peer learns which of them matter. Announcements by several operators are counted,
//! the transaction is fetched once.

mod announce;
mod known;
mod offer;
mod transaction;

pub(crate) use known::{Queue, Relay};
