//! Peers over TCP.

use super::handle::NodeHandle;
use crate::stream::{accept_each, halves};
use farthing_core::client::PeerId;
use farthing_core::node::Input;
use std::io;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tracing::debug;

/// Until a peer that is dialled answers.
const DIAL: Duration = Duration::from_secs(10);

/// Takes peers in, for ever.
pub(crate) async fn listen(listener: TcpListener, node: NodeHandle) {
    let carry = |from, mut to, address: std::net::SocketAddr| {
        let node = node.clone();
        async move {
            node.accepted(from, &mut to, address.to_string()).await;
        }
    };
    accept_each(listener, || node.place(), carry).await;
}

/// Connects to `host:port`; the machine learns how it went.
pub(super) async fn dial(node: NodeHandle, peer: PeerId, address: String) {
    let Some(_place) = node.place() else {
        node.input(Input::Disconnected(peer)).await;
        return;
    };
    let connected = timeout(DIAL, TcpStream::connect(&address)).await;
    let connected = connected.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
    match connected.and_then(halves) {
        Ok((from, mut to)) => node.connected(from, &mut to, peer).await,
        Err(error) => {
            debug!("{address} cannot be reached: {error}");
            node.input(Input::Disconnected(peer)).await;
        }
    }
}
