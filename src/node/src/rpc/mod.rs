//! JSON-RPC as Bitcoin Core speaks it, on a port of its own, for the programs that mine: templates
//! (BIP22, BIP23, BIP145), blocks, and the few questions that such programs ask beside them.
//!
//! Threats: whoever reaches the port (a password on every request, compared in constant time), a
//! page in a browser of this machine (whatever a browser says of itself is refused, and so is a name
//! that came to point here), a long or slow request (bounded in bytes and in time).
//!
//! | module | its job |
//! |---|---|
//! | [`login`] | the passwords: the cookie file, and one of the operator's own |
//! | [`http`] | the one route: who may ask, and how much |
//! | [`envelope`] | JSON-RPC 1.0 and 2.0: a call in, an answer out |
//! | [`params`] | the arguments of a call, by place or by name |
//! | [`methods`] | which name is answered by what |
//! | [`mining`] | `getblocktemplate`, `submitblock`, `getmininginfo` |
//! | [`facts`] | the chain, the network, addresses |
//! | [`error`] | Bitcoin Core's codes |

mod envelope;
mod error;
mod facts;
mod http;
mod login;
mod methods;
mod mining;
mod params;

use crate::driver::NodeHandle;
use farthing_core::params::NetworkParams;
use std::sync::Arc;
use std::time::Instant;

pub(crate) use http::router;
pub(crate) use login::{Login, LoginError};

/// What the answers are made from.
#[derive(Debug)]
pub(crate) struct Rpc {
    node: NodeHandle,
    params: NetworkParams,
    login: Login,
    /// Names that this machine is reached under.
    names: Vec<String>,
    started: Instant,
}

impl Rpc {
    pub(crate) fn new(
        node: NodeHandle,
        params: NetworkParams,
        login: Login,
        names: Vec<String>,
    ) -> Arc<Self> {
        Arc::new(Self {
            node,
            params,
            login,
            names,
            started: Instant::now(),
        })
    }

    pub(crate) fn login(&self) -> &Login {
        &self.login
    }
}
