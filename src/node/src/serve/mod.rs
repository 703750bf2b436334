//! `farthing` alone: the node, its site, the list of nodes, and the bridge to others.
//!
//! | module | its job |
//! |---|---|
//! | [`accept`] | connections, and how long and how many they may be; TLS |
//! | [`options`] | the command line of `farthing` without a command |
//! | [`server`] | from the options to a node and a site that run, and to their end |
//! | [`ports`] | what others connect to |
//! | [`tell`] | what whoever starts it wants to know |
//! | [`patient`] | a connection whose other end has to take what is sent |
//! | [`router`] | which path is answered by what |
//! | [`site`] | the files |
//! | [`headers`] | the security headers of every answer |
//! | [`origin`] | who may ask |
//! | [`stop`] | Ctrl-C and its like |
//! | [`error`] | why there is no site |

mod accept;
mod error;
mod headers;
mod options;
mod origin;
mod patient;
mod ports;
mod router;
mod server;
mod site;
mod stop;
mod tell;

pub(crate) use accept::Visitor;
pub(crate) use options::{DataOption, ServeOptions};
pub(crate) use origin::{OriginError, check_host, check_origin};
