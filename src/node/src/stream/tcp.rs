//! The two halves of a TCP connection, and taking connections in.

use super::connection::{Ended, Incoming, Outgoing, PIECE};
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;
use tracing::{debug, warn};

/// After a failed accept: no descriptor may be free for a while.
const PAUSE: Duration = Duration::from_millis(200);

/// Takes connections in, for ever. Whoever comes when `place` has none is left at once; `carry` has
/// the place while it lasts.
pub(crate) async fn accept_each<P: Send + 'static, F: Future<Output = ()> + Send + 'static>(
    listener: TcpListener,
    place: impl Fn() -> Option<P>,
    carry: impl Fn(OwnedReadHalf, OwnedWriteHalf, SocketAddr) -> F,
) {
    loop {
        let (stream, address) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                warn!("a connection could not be accepted: {error}");
                sleep(PAUSE).await;
                continue;
            }
        };
        let Some(place) = place() else {
            debug!("no place for {address}");
            continue;
        };
        let Ok((from, to)) = halves(stream) else {
            continue;
        };
        let carrying = carry(from, to, address);
        tokio::spawn(async move {
            carrying.await;
            drop(place);
        });
    }
}

pub(crate) fn halves(stream: TcpStream) -> io::Result<(OwnedReadHalf, OwnedWriteHalf)> {
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
