//! Why there is no site, or none any more.

use super::site::SiteError;
use crate::bridge::NodeError;
use crate::driver::Halted;
use crate::rpc::LoginError;
use crate::store::{DataDirectory, DirectoryError, DiskError};
use crate::tls::TlsError;
use farthing_core::chain::OpenError;
use std::io;
use std::net::SocketAddr;

/// Why the site is not served.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ServeError {
    #[error(transparent)]
    Site(#[from] SiteError),
    #[error(transparent)]
    Node(#[from] NodeError),
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    #[error(transparent)]
    Disk(#[from] DiskError),
    #[error(transparent)]
    Tls(#[from] TlsError),
    #[error(transparent)]
    Login(#[from] LoginError),
    #[error(transparent)]
    Halted(#[from] Halted),
    #[error(
        "{listen} is taken by another program, perhaps by another farthing: stop that one, or take \
         another port: {option} {}", SocketAddr::new(listen.ip(), another(listen.port()))
    )]
    Taken {
        listen: SocketAddr,
        option: &'static str,
    },
    #[error("{listen} cannot be listened on: {source}")]
    Listen {
        listen: SocketAddr,
        source: io::Error,
    },
    #[error("this machine gives no random numbers: {0}")]
    Random(getrandom::Error),
    #[error("the runtime does not start: {0}")]
    Runtime(io::Error),
    #[error("the server broke: {0}")]
    Server(io::Error),
}

impl ServeError {
    /// What is stored does not make a chain.
    pub(super) fn chain(data: &DataDirectory, error: &OpenError) -> Self {
        DiskError::corrupt(&data.chain().join("store.redb"), error.to_string()).into()
    }
}

fn another(port: u16) -> u16 {
    port.checked_add(1).unwrap_or(8420)
}
