//! Peers over TCP.

use super::connection::{Ended, Incoming, Outgoing, PIECE};
use super::handle::NodeHandle;
use farthing_core::client::PeerId;
use farthing_core::node::Input;
use std::io;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};
use tracing::{debug, warn};

/// Until a peer that is dialled answers.
const DIAL: Duration = Duration::from_secs(10);
/// After a failed accept: no descriptor may be free for a while.
const PAUSE: Duration = Duration::from_millis(200);

/// Takes peers in, for ever.
pub(crate) async fn listen(listener: TcpListener, node: NodeHandle) {
    loop {
        let (stream, address) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                warn!("a peer could not be accepted: {error}");
                sleep(PAUSE).await;
                continue;
            }
        };
        let Some(place) = node.place() else {
            debug!("no place for {address}");
            continue;
        };
        let node = node.clone();
        tokio::spawn(async move {
            let Ok((from, mut to)) = halves(stream) else {
                return;
            };
            node.accepted(from, &mut to, address.to_string()).await;
            drop(place);
        });
    }
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

fn halves(stream: TcpStream) -> io::Result<(OwnedReadHalf, OwnedWriteHalf)> {
    // A verack is 24 bytes and should not wait for more.
    stream.set_nodelay(true)?;
    Ok(stream.into_split())
}

impl Incoming for OwnedReadHalf {
    async fn receive(&mut self) -> Result<Option<Vec<u8>>, Ended> {
        let mut buffer = vec![0; PIECE];
        match self.read(&mut buffer).await {
            Ok(0) => Ok(None),
            Ok(count) => {
                buffer.truncate(count);
                // A short message would else keep all of it while it waits.
                buffer.shrink_to_fit();
                Ok(Some(buffer))
            }
            Err(error) => Err(Ended::Broke(error.to_string())),
        }
    }
}

impl Outgoing for OwnedWriteHalf {
    async fn deliver(&mut self, bytes: &[u8]) -> Result<(), Ended> {
        let written = self.write_all(bytes).await;
        written.map_err(|error| Ended::Broke(error.to_string()))
    }
}
