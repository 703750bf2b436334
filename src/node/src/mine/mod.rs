//! `farthing mine`: searches blocks for an address, from a node's templates over its local API.
//!
//! | module | its job |
//! |---|---|
//! | [`site`] | the node's API over plain HTTP |
//! | [`search`] | threads that search, and stop when there is something better to search |
//! | [`run`] | templates in, blocks out, a line for each |

mod run;
mod search;
mod site;

pub(crate) use run::MineOptions;
