//! Connections: a visitor who sends its request slowly, or opens many, keeps nobody else out.
//!
//! Where the site has TLS, one port serves both: the first byte tells a handshake from a request. On
//! this machine itself plain http is as safe, so a request from it is answered; whoever comes from
//! elsewhere without TLS is sent to https.

use crate::tls::Tls;
use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tracing::{debug, warn};

/// Until the head of a request is there, the first one or the next one; and until a TLS handshake is
/// done.
pub(super) const HEAD: Duration = Duration::from_secs(15);
/// Connections that are no WebSocket yet; those are the bridge's and the node's to bound.
pub(super) const REQUESTS: usize = 512;
/// After a failed accept: no descriptor may be free for a while.
const PAUSE: Duration = Duration::from_millis(200);
/// The first byte of a TLS record that begins a handshake (RFC 8446, section 5.1).
const HANDSHAKE: u8 = 22;

/// Where a request came from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Visitor(pub(crate) SocketAddr);

/// What is served, and to whom.
#[derive(Clone)]
pub(super) struct Door {
    /// The site.
    pub(super) site: Router,
    /// What those are told who come without TLS from elsewhere, where there is TLS.
    pub(super) without_tls: Router,
    /// How TLS is spoken, where it is.
    pub(super) tls: Option<Arc<Tls>>,
}

/// Serves for ever.
pub(super) async fn accept(listener: TcpListener, door: Door, head: Duration, most: usize) {
    let places = Arc::new(Semaphore::new(most));
    // Closed never: it is ours.
    while let Ok(place) = Arc::clone(&places).acquire_owned().await {
        let (stream, address) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                warn!("a connection could not be accepted: {error}");
                sleep(PAUSE).await;
                continue;
            }
        };
        let door = door.clone();
        tokio::spawn(async move {
            if let Err(error) = visit(stream, address, door, head).await {
                debug!("a connection ended: {error}");
            }
            drop(place);
        });
    }
}

async fn visit(
    stream: TcpStream,
    address: SocketAddr,
    door: Door,
    head: Duration,
) -> io::Result<()> {
    let Some(tls) = door.tls else {
        return serve(stream, address, door.site, head).await;
    };
    let mut first = [0];
    timeout(head, stream.peek(&mut first)).await??;
    if first == [HANDSHAKE] {
        let acceptor = tls
            .acceptor(stream.local_addr()?.ip())
            .map_err(io::Error::other)?;
        let stream = timeout(head, acceptor.accept(stream)).await??;
        return serve(stream, address, door.site, head).await;
    }
    let router = match address.ip().to_canonical().is_loopback() {
        true => door.site,
        false => door.without_tls,
    };
    serve(stream, address, router, head).await
}

async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    address: SocketAddr,
    router: Router,
    head: Duration,
) -> io::Result<()> {
    let router = router.layer(Extension(Visitor(address)));
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router))
        .with_upgrades()
        .await
        .map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    #[tokio::test]
    async fn leaves_a_visitor_that_never_ends_its_request_and_serves_the_next() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/", get(|| async { "here" }));
        let door = Door {
            site: router,
            without_tls: Router::new(),
            tls: None,
        };
        tokio::spawn(accept(listener, door, Duration::from_millis(300), 1));
        let mut slow = TcpStream::connect(address).await.unwrap();
        slow.write_all(b"GET / HTTP/1.1\r\nHost: ").await.unwrap();
        let mut next = TcpStream::connect(address).await.unwrap();
        let request = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        next.write_all(request).await.unwrap();
        let mut answer = String::new();
        let early = timeout(Duration::from_millis(100), next.read_to_string(&mut answer)).await;
        assert!(early.is_err(), "one at a time: {answer:?}");
        let read = timeout(Duration::from_secs(5), next.read_to_string(&mut answer)).await;
        read.expect("the slow one is left").unwrap();
        assert!(answer.ends_with("here"), "{answer:?}");
    }
}
