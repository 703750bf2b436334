//! Which path is answered by what. Before each answer the Host is checked; onto each answer come the
//! security headers.

use super::headers::SecurityHeaders;
use super::origin::check_host;
use super::site::Site;
use crate::api;
use crate::bridge::{Bridge, route};
use crate::driver::{NodeHandle, peer_to_peer};
use crate::stratum::{self, StratumHandle};
use crate::tls::Tls;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HOST, LOCATION};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use farthing_core::params::NetworkParams;
use serde_json::json;
use std::sync::Arc;

/// What answers are made from.
pub(super) struct Shared {
    site: Site,
    names: Vec<String>,
    headers: SecurityHeaders,
    params: NetworkParams,
    node: NodeHandle,
    stratum: StratumHandle,
    bridge: Arc<Bridge>,
    tls: Option<Arc<Tls>>,
}

impl Shared {
    pub(super) fn new(
        site: Site,
        names: Vec<String>,
        params: NetworkParams,
        node: NodeHandle,
        stratum: StratumHandle,
        bridge: Arc<Bridge>,
        tls: Option<Arc<Tls>>,
    ) -> Self {
        Self {
            site,
            names,
            headers: SecurityHeaders::of_the_site(),
            params,
            node,
            stratum,
            bridge,
            tls,
        }
    }
}

/// The whole site.
pub(super) fn site(shared: &Arc<Shared>) -> Router {
    let bridge = Router::new()
        .route("/bridge/{node}", get(route::bridge))
        .route("/pool/{pool}", get(route::pool))
        .with_state(Arc::clone(&shared.bridge));
    let node = Router::new()
        .route("/p2p", get(peer_to_peer))
        .with_state(shared.node.clone());
    let miners = Router::new()
        .route("/stratum", get(stratum::miner))
        .with_state(shared.stratum.clone());
    Router::new()
        .route("/farthing.json", get(offers))
        .route("/trust.crt", get(trust))
        .fallback(page)
        .with_state(Arc::clone(shared))
        .merge(bridge)
        .merge(node)
        .merge(miners)
        .merge(api::routes(&shared.params, &shared.node, &shared.stratum))
        .layer(from_fn_with_state(Arc::clone(shared), guard))
}

/// For whoever comes from elsewhere without TLS, where there is TLS: what to trust, and the way.
pub(super) fn without_tls(shared: &Arc<Shared>) -> Router {
    Router::new()
        .route("/trust.crt", get(trust))
        .fallback(to_https)
        .with_state(Arc::clone(shared))
        .layer(from_fn_with_state(Arc::clone(shared), guard))
}

/// The nodes and the pools that a page may reach from here, our own first.
async fn offers(State(shared): State<Arc<Shared>>) -> Response {
    let own = json!({
        "network": shared.params.name,
        "url": "/p2p",
        "operator": "this site",
        "template": "/api/template",
    });
    let bridged = shared.bridge.offers().await;
    let bridged = bridged.iter().map(|offer| json!(offer));
    let nodes: Vec<_> = std::iter::once(own).chain(bridged).collect();
    let own = json!({
        "name": "this site",
        "url": "/stratum",
        "network": shared.params.name,
    });
    let bridged = shared.bridge.pools().iter().map(|pool| {
        let name = pool.endpoint.to_string();
        json!({ "name": name, "url": format!("/pool/{name}") })
    });
    let pools: Vec<_> = std::iter::once(own).chain(bridged).collect();
    (
        [(CACHE_CONTROL, "no-store")],
        axum::Json(json!({ "nodes": nodes, "pools": pools })),
    )
        .into_response()
}

/// The certificate of our own authority, as machines take one in.
async fn trust(State(shared): State<Arc<Shared>>) -> Response {
    match shared.tls.as_deref().and_then(Tls::authority) {
        Some(authority) => (
            [
                (CONTENT_TYPE, "application/x-x509-ca-cert"),
                (CACHE_CONTROL, "no-store"),
            ],
            authority.certificate().to_vec(),
        )
            .into_response(),
        None => (
            StatusCode::NOT_FOUND,
            "This site has no authority of its own.\n",
        )
            .into_response(),
    }
}

/// Any other path is a file of the site.
async fn page(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    shared.site.answer(request.uri().path(), request.headers())
}

async fn to_https(request: Request) -> Response {
    // The guard has read the Host.
    let host = request
        .headers()
        .get(HOST)
        .and_then(|host| host.to_str().ok());
    let path = request
        .uri()
        .path_and_query()
        .map_or("/", |path| path.as_str());
    let location = format!("https://{}{path}", host.unwrap_or_default());
    match HeaderValue::from_str(&location) {
        Ok(location) => (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, location)]).into_response(),
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}

async fn guard(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let headers = shared.headers.of(request.uri().path());
    let mut response = match check_host(request.headers(), &shared.names) {
        Ok(()) => next.run(request).await,
        Err(error) => (StatusCode::MISDIRECTED_REQUEST, format!("{error}\n")).into_response(),
    };
    response.headers_mut().extend(headers);
    response
}
