//! What the node answers over HTTP, beside the peer-to-peer protocol: templates and submissions as
//! BIP22 and BIP23 have them, its health, its figures. None of it has authority: a peer could do the
//! same.
//!
//! Threat: a page of another site that a browser of this machine has open. Only this site's own
//! pages, and programs that are no browser, are answered.
//!
//! | module | its job |
//! |---|---|
//! | [`template`] | `GET /api/template` |
//! | [`submit`] | `POST /api/block`, `POST /api/transaction` |
//! | [`health`] | `GET /health`: for whatever watches over this process |
//! | [`metrics`] | `GET /metrics`: Prometheus' text |

mod health;
mod metrics;
mod submit;
mod template;

use crate::driver::NodeHandle;
use crate::serve::check_origin;
use crate::stratum::StratumHandle;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use farthing_core::params::NetworkParams;
use std::time::Instant;

pub(crate) use submit::whole_body;

/// What the answers are made from.
#[derive(Debug, Clone)]
struct Api {
    node: NodeHandle,
    stratum: StratumHandle,
    started: Instant,
}

/// Every route.
pub(crate) fn routes(params: &NetworkParams, node: &NodeHandle, stratum: &StratumHandle) -> Router {
    let api = Api {
        node: node.clone(),
        stratum: stratum.clone(),
        started: Instant::now(),
    };
    // No byte weighs less than one unit, and two digits are a byte.
    let longest =
        usize::try_from(params.max_block_weight).map_or(usize::MAX, |weight| 2 * weight + 2);
    Router::new()
        .route("/api/template", get(template::template))
        .route("/api/block", post(submit::block))
        .route("/api/transaction", post(submit::transaction))
        .layer(DefaultBodyLimit::max(longest))
        .route("/health", get(health::health))
        .route("/metrics", get(metrics::metrics))
        .layer(from_fn(own_pages))
        .with_state(api)
}

async fn own_pages(request: Request, next: Next) -> Response {
    match check_origin(request.headers()) {
        Ok(()) => next.run(request).await,
        Err(error) => (StatusCode::FORBIDDEN, format!("{error}\n")).into_response(),
    }
}
