//! `GET /health`: 200 while the node answers, 503 when it does not.

use super::Api;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use farthing_core::node::{NodeStatus, Request, Response as Answer};
use serde_json::json;
use std::time::Duration;
use tokio::time::timeout;

/// A machine that is busy for longer is not well.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) async fn health(State(api): State<Api>) -> Response {
    let (code, body) = match status(&api).await {
        Some(status) => {
            let miners = api
                .stratum
                .figures()
                .await
                .map(|figures| figures.status.miners);
            let body = json!({
                "status": "ok",
                "network": status.network,
                "height": status.height,
                "tip": status.tip,
                "tipTime": status.tip_time,
                "headers": status.headers,
                "mempool": status.mempool_transactions,
                "peers": status.peers.iter().filter(|peer| peer.ready).count(),
                "miners": miners,
                "uptime": api.started.elapsed().as_secs(),
                "version": env!("CARGO_PKG_VERSION"),
            });
            (StatusCode::OK, body)
        }
        None => {
            let body = json!({ "status": "down", "reason": "the node does not answer" });
            (StatusCode::SERVICE_UNAVAILABLE, body)
        }
    };
    (code, [(CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

/// How the node is; none when it does not answer in time.
pub(super) async fn status(api: &Api) -> Option<NodeStatus> {
    match timeout(PATIENCE, api.node.ask(Request::Status)).await {
        Ok(Ok(Answer::Status(status))) => Some(*status),
        _ => None,
    }
}
