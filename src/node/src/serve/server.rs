//! From the options to a site that runs, and to its end.

use super::ServeOptions;
use super::accept::{HEAD, REQUESTS, accept};
use super::headers::SecurityHeaders;
use super::origin::check_host;
use super::site::{Site, SiteError};
use crate::bridge::{AllowList, Bridge, Limits, route};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::CACHE_CONTROL;
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::json;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tracing::info;

/// Why the site is not served.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ServeError {
    #[error(transparent)]
    Site(#[from] SiteError),
    #[error(transparent)]
    Node(#[from] crate::bridge::NodeError),
    #[error(
        "{listen} is taken by another program, perhaps by another farthing: stop that one, or take \
         another port: --listen {}", SocketAddr::new(listen.ip(), another(listen.port()))
    )]
    Taken { listen: SocketAddr },
    #[error("{listen} cannot be listened on: {source}")]
    Listen {
        listen: SocketAddr,
        source: io::Error,
    },
    #[error("the runtime does not start: {0}")]
    Runtime(io::Error),
    #[error("the server broke: {0}")]
    Server(io::Error),
}

fn another(port: u16) -> u16 {
    port.checked_add(1).unwrap_or(8420)
}

struct Shared {
    site: Site,
    names: Vec<String>,
    security: SecurityHeaders,
}

/// Serves until Ctrl-C or SIGTERM.
pub(super) async fn serve(options: ServeOptions) -> Result<(), ServeError> {
    let site = match &options.site {
        Some(folder) => Site::from_folder(folder)?,
        None => Site::embedded()?,
    };
    let nodes = AllowList::new(&options.bitcoin, options.network.as_deref())?;
    let listener = listen(options.listen).await?;
    let address = listener.local_addr().map_err(ServeError::Server)?;

    let bridge = Arc::new(Bridge::new(nodes, Limits::default()));
    let shared = Arc::new(Shared {
        site,
        names: options.name,
        security: SecurityHeaders::of_the_site(),
    });
    println!("Farthing is at http://{}/", reached_at(address));
    tell(&bridge, address);

    let serving = accept(
        listener,
        router(shared, Arc::clone(&bridge)),
        HEAD,
        REQUESTS,
    );
    tokio::select! {
        () = serving => {}
        () = asked_to_stop() => {}
    }
    info!("stopping; Ctrl-C again stops at once");
    tokio::select! {
        () = bridge.stop() => {}
        () = asked_to_stop() => {}
    }
    Ok(())
}

async fn listen(listen: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(listen)
        .await
        .map_err(|source| match source.kind() {
            io::ErrorKind::AddrInUse => ServeError::Taken { listen },
            _ => ServeError::Listen { listen, source },
        })
}

/// What to type into a browser: 0.0.0.0 is no address to go to.
fn reached_at(address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        format!("localhost:{}", address.port())
    } else {
        address.to_string()
    }
}

fn tell(bridge: &Bridge, address: SocketAddr) {
    for node in bridge.nodes().iter() {
        let how = if node.guessed { ", if it runs" } else { "" };
        info!("pages may reach {} ({}{how})", node.endpoint, node.network);
    }
    if !address.ip().is_loopback() {
        info!("whoever reaches {address} may reach these nodes through it");
    }
}

fn router(shared: Arc<Shared>, bridge: Arc<Bridge>) -> Router {
    Router::new()
        .route("/farthing.json", get(offers))
        .route("/bridge/{node}", get(route::bridge))
        .with_state(bridge)
        .fallback(page)
        .layer(from_fn_with_state(Arc::clone(&shared), guard))
        .with_state(shared)
}

async fn offers(State(bridge): State<Arc<Bridge>>) -> Response {
    let body = json!({ "nodes": bridge.offers().await });
    ([(CACHE_CONTROL, "no-store")], axum::Json(body)).into_response()
}

/// Any other path is a file of the site.
async fn page(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    shared.site.answer(request.uri().path(), request.headers())
}

/// Before each answer the Host is checked; onto each answer come the security headers.
async fn guard(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let headers = shared.security.of(request.uri().path());
    let mut response = match check_host(request.headers(), &shared.names) {
        Ok(()) => next.run(request).await,
        Err(error) => (StatusCode::MISDIRECTED_REQUEST, format!("{error}\n")).into_response(),
    };
    response.headers_mut().extend(headers);
    response
}

async fn asked_to_stop() {
    let interrupted = async { tokio::signal::ctrl_c().await.ok() };
    #[cfg(unix)]
    let ended = async {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => signal.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let ended = std::future::pending::<Option<()>>();
    tokio::select! {
        _ = interrupted => {}
        _ = ended => {}
    }
}
