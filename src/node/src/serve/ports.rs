//! The ports that others connect to. All are opened before anything starts, so that a port that is
//! taken is told at once.

use super::ServeOptions;
use super::error::ServeError;
use std::io;
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tracing::warn;

/// Who may connect where.
#[derive(Debug)]
pub(super) struct Ports {
    /// Browsers.
    pub(super) site: TcpListener,
    /// The network's nodes.
    pub(super) peers: Option<TcpListener>,
    /// Programs that mine, by Stratum.
    pub(super) miners: Option<TcpListener>,
    /// Programs that mine, by JSON-RPC.
    pub(super) rpc: Option<TcpListener>,
}

impl Ports {
    /// Opens them; `p2p` is the network's own port.
    pub(super) async fn open(options: &ServeOptions, p2p: u16) -> Result<Self, ServeError> {
        let site = listen(options.listen(), "--listen").await?;
        let peers = match options.p2p(p2p) {
            Some(address) => Some(listen(address, "--p2p").await?),
            None => None,
        };
        let miners = match options.stratum() {
            Some((address, asked)) => miners(address, asked).await?,
            None => None,
        };
        let rpc = match options.rpc {
            Some(address) => Some(listen(address, "--rpc").await?),
            None => None,
        };
        Ok(Self {
            site,
            peers,
            miners,
            rpc,
        })
    }
}

/// Nobody asked for the usual port: where another program has it, a pool perhaps, everything else
/// still works.
async fn miners(address: SocketAddr, asked: bool) -> Result<Option<TcpListener>, ServeError> {
    match listen(address, "--stratum").await {
        Ok(listener) => Ok(Some(listener)),
        Err(error) if asked => Err(error),
        Err(error) => {
            warn!("programs that mine cannot connect: {error}");
            Ok(None)
        }
    }
}

async fn listen(listen: SocketAddr, option: &'static str) -> Result<TcpListener, ServeError> {
    TcpListener::bind(listen)
        .await
        .map_err(|source| match source.kind() {
            io::ErrorKind::AddrInUse => ServeError::Taken { listen, option },
            _ => ServeError::Listen { listen, source },
        })
}
