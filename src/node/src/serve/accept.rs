//! Connections: a visitor who sends its request slowly, or opens many, keeps nobody else out.

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::sleep;
use tracing::{debug, warn};

/// Until the head of a request is there, the first one or the next one.
pub(super) const HEAD: Duration = Duration::from_secs(15);
/// Connections that are no WebSocket yet; those are the bridge's to bound.
pub(super) const REQUESTS: usize = 512;
/// After a failed accept: no descriptor may be free for a while.
const PAUSE: Duration = Duration::from_millis(200);

/// Serves for ever.
pub(super) async fn accept(listener: TcpListener, router: Router, head: Duration, most: usize) {
    let places = Arc::new(Semaphore::new(most));
    // Closed never: it is ours.
    while let Ok(place) = Arc::clone(&places).acquire_owned().await {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                warn!("a connection could not be accepted: {error}");
                sleep(PAUSE).await;
                continue;
            }
        };
        let service = TowerToHyperService::new(router.clone());
        tokio::spawn(async move {
            let served = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(head)
                .serve_connection(TokioIo::new(stream), service)
                .with_upgrades()
                .await;
            if let Err(error) = served {
                debug!("a connection ended: {error}");
            }
            drop(place);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;
    use tokio::time::timeout;

    #[tokio::test]
    async fn leaves_a_visitor_that_never_ends_its_request_and_serves_the_next() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/", get(|| async { "here" }));
        tokio::spawn(accept(listener, router, Duration::from_millis(300), 1));
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
