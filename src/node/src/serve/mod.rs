//! The local web site: its pages, the list of nodes, and the bridge to them.
//!
//! | module | its job |
//! |---|---|
//! | [`accept`] | connections, and how long and how many they may be |
//! | [`options`] | the command line of `farthing` without a command |
//! | [`server`] | from the options to a site that runs, and to its end |
//! | [`site`] | the files |
//! | [`headers`] | the security headers of every answer |
//! | [`origin`] | who may ask |

mod accept;
mod headers;
mod options;
mod origin;
mod server;
mod site;

pub(crate) use options::ServeOptions;
pub(crate) use origin::{OriginError, check_origin};
