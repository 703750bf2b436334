//! Connections: a visitor who sends its request slowly, or opens many, keeps nobody else out.
//!
//! Where the site has TLS, one port serves both: the first byte tells a handshake from a request. On
//! this machine itself plain http is as safe, so a request from it is answered; whoever comes from
//! elsewhere without TLS is sent to https.

use super::patient::Patient;
use crate::bridge::{Quota, Share};
use crate::tls::Tls;
use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};
use tracing::{debug, warn};

/// How long a visitor may take, and how many there may be. WebSockets are the bridge's and the node's
/// to bound: what becomes one leaves its place here.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// Until the head of a request is there, the first one or the next one; and until a TLS handshake
    /// is done.
    pub(super) head: Duration,
    /// Until a visitor takes more of an answer.
    pub(super) stalled: Duration,
    /// A connection takes no further request after so long, and after as long again it is left. The
    /// longest answer to wait for is a template's: a minute.
    pub(super) age: Duration,
    /// Connections at the same time. Whoever comes then is not kept waiting.
    pub(super) most: usize,
    /// Connections at the same time from one address that is not this machine's own. A browser opens
    /// six.
    pub(super) each: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(15),
            stalled: Duration::from_secs(30),
            age: Duration::from_secs(180),
            most: 512,
            each: 64,
        }
    }
}

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

/// Places for visitors who are no WebSocket yet.
struct Places {
    all: Arc<Semaphore>,
    quota: Quota,
}

impl Places {
    fn new(bounds: Bounds) -> Self {
        Self {
            all: Arc::new(Semaphore::new(bounds.most)),
            quota: Quota::new(bounds.each),
        }
    }

    fn take(&self, visitor: IpAddr) -> Option<(OwnedSemaphorePermit, Share)> {
        let place = Arc::clone(&self.all).try_acquire_owned().ok()?;
        Some((place, self.quota.take(visitor)?))
    }
}

/// Serves for ever.
pub(super) async fn accept(listener: TcpListener, door: Door, bounds: Bounds) {
    let places = Places::new(bounds);
    loop {
        let (stream, address) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                warn!("a connection could not be accepted: {error}");
                sleep(PAUSE).await;
                continue;
            }
        };
        let Some(place) = places.take(address.ip()) else {
            debug!("no place for {address}");
            continue;
        };
        let door = door.clone();
        tokio::spawn(async move {
            if let Err(error) = visit(stream, address, door, bounds).await {
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
    bounds: Bounds,
) -> io::Result<()> {
    let local = stream.local_addr()?.ip();
    let mut first = [0];
    if door.tls.is_some() {
        timeout(bounds.head, stream.peek(&mut first)).await??;
    }
    let stream = Patient::new(stream, bounds.stalled);
    let free = stream.free();
    match door.tls {
        Some(tls) if first == [HANDSHAKE] => {
            let acceptor = tls.acceptor(local).map_err(io::Error::other)?;
            let stream = timeout(bounds.head, acceptor.accept(stream)).await??;
            serve(stream, address, door.site, bounds).await?;
        }
        Some(_) if !address.ip().to_canonical().is_loopback() => {
            serve(stream, address, door.without_tls, bounds).await?;
        }
        _ => serve(stream, address, door.site, bounds).await?,
    }
    // It ended, or it is a WebSocket from now on.
    free.store(true, Ordering::Relaxed);
    Ok(())
}

async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    address: SocketAddr,
    router: Router,
    bounds: Bounds,
) -> io::Result<()> {
    let router = router.layer(Extension(Visitor(address)));
    let mut serving = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(bounds.head)
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router))
            .with_upgrades()
    );
    let served = match timeout(bounds.age, serving.as_mut()).await {
        Ok(served) => served,
        Err(_) => {
            serving.as_mut().graceful_shutdown();
            timeout(bounds.age, serving).await?
        }
    };
    served.map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Bytes;
    use axum::routing::{get, post};
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    const SOON: Duration = Duration::from_secs(10);
    const BOUNDS: Bounds = Bounds {
        head: Duration::from_millis(500),
        stalled: Duration::from_secs(600),
        age: Duration::from_secs(600),
        most: 1,
        each: 1,
    };

    async fn opened(bounds: Bounds) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let site = Router::new()
            .route("/", get(|| async { "here" }))
            .route("/much", get(|| async { vec![0; 64 << 20] }))
            .route("/", post(|_: Bytes| async { "taken" }));
        let door = Door {
            site,
            without_tls: Router::new(),
            tls: None,
        };
        tokio::spawn(accept(listener, door, bounds));
        address
    }

    async fn begin(address: SocketAddr, request: &str) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        stream
    }

    /// What a visitor is answered who comes now; empty when it is left.
    async fn next(address: SocketAddr) -> String {
        let request = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        let mut answer = Vec::new();
        let mut stream = begin(address, request).await;
        let read = timeout(SOON, stream.read_to_end(&mut answer)).await;
        // A reset is an end too.
        read.expect("whoever comes is not kept waiting").ok();
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Whoever comes is left at once while the only place is taken, and served once it is free.
    async fn is_left_in_time(address: SocketAddr) {
        assert_eq!(next(address).await, "", "the only place is taken");
        let served = async { while !next(address).await.ends_with("here") {} };
        timeout(SOON, served).await.expect("the slow one is left");
    }

    #[tokio::test]
    async fn leaves_a_visitor_that_never_ends_its_request_and_serves_the_next() {
        let address = opened(BOUNDS).await;
        let _slow = begin(address, "GET / HTTP/1.1\r\nHost: ").await;
        is_left_in_time(address).await;
    }

    #[tokio::test]
    async fn leaves_a_visitor_that_never_reads_its_answer() {
        let stalled = Duration::from_millis(500);
        let address = opened(Bounds { stalled, ..BOUNDS }).await;
        let _slow = begin(address, "GET /much HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
        is_left_in_time(address).await;
    }

    #[tokio::test]
    async fn leaves_a_visitor_that_always_does_a_little() {
        let age = Duration::from_millis(500);
        let address = opened(Bounds { age, ..BOUNDS }).await;
        let head = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n";
        let mut slow = begin(address, head).await;
        let dripping = tokio::spawn(async move {
            while slow.write_all(b"0").await.is_ok() {
                sleep(Duration::from_millis(20)).await;
            }
        });
        is_left_in_time(address).await;
        timeout(SOON, dripping).await.expect("it is left").unwrap();
    }

    #[test]
    fn one_visitor_takes_his_share_of_the_places_and_no_more() {
        let (most, each) = (4, 2);
        let places = Places::new(Bounds {
            most,
            each,
            ..BOUNDS
        });
        let take = |address: &str| places.take(address.parse().unwrap());
        let his = [take("192.168.1.7"), take("192.168.1.7")];
        assert!(his.iter().all(Option::is_some));
        assert!(take("192.168.1.7").is_none());
        let others = [take("192.168.1.8"), take("127.0.0.1")];
        assert!(others.iter().all(Option::is_some));
        assert!(take("127.0.0.1").is_none(), "all are taken");
        drop(his);
        assert!(take("192.168.1.7").is_some());
    }
}
