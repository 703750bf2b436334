//! The one route, and who may ask there.

use super::Rpc;
use super::envelope::{read, write};
use super::login::CHALLENGE;
use super::methods::answer;
use crate::api::whole_body;
use crate::serve::check_host;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{ORIGIN, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::sleep;

/// Room beside a block's digits: the call around them.
const CALL: usize = 4096;
/// A wrong password is answered so late, as Bitcoin Core does it.
const WRONG: Duration = Duration::from_millis(250);

/// Everything that is answered on the port.
pub(crate) fn router(rpc: &Arc<Rpc>) -> Router {
    // No byte of a block weighs less than one unit, and two digits are a byte.
    let weight = usize::try_from(rpc.params.max_block_weight).unwrap_or(usize::MAX);
    Router::new()
        .route("/", post(call))
        .layer(DefaultBodyLimit::max(
            weight.saturating_mul(2).saturating_add(CALL),
        ))
        .layer(from_fn_with_state(Arc::clone(rpc), guard))
        .with_state(Arc::clone(rpc))
}

async fn call(State(rpc): State<Arc<Rpc>>, request: Request) -> Response {
    let body = match whole_body(request).await {
        Ok(body) => body,
        Err(refusal) => return refusal,
    };
    let (head, call) = read(&body);
    let result = match call {
        Ok(call) => answer(&rpc, call).await,
        Err(error) => Err(error),
    };
    write(head, result)
}

/// Before anything is read of a request.
async fn guard(State(rpc): State<Arc<Rpc>>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    if let Err(error) = check_host(headers, &rpc.names) {
        return (StatusCode::MISDIRECTED_REQUEST, format!("{error}\n")).into_response();
    }
    if comes_from_a_page(headers) {
        let said = "expected a program, found a browser: no page may ask here\n";
        return (StatusCode::FORBIDDEN, said).into_response();
    }
    if !rpc.login.admits(headers) {
        sleep(WRONG).await;
        let said = "expected the user and the password of the cookie file or of --rpc-login\n";
        return (
            StatusCode::UNAUTHORIZED,
            [(WWW_AUTHENTICATE, CHALLENGE)],
            said,
        )
            .into_response();
    }
    next.run(request).await
}

/// A browser keeps passwords and sends them along, for whichever page. No page asks here, not even
/// one of our own.
fn comes_from_a_page(headers: &HeaderMap) -> bool {
    headers.contains_key(ORIGIN)
        || headers
            .keys()
            .any(|name| name.as_str().starts_with("sec-fetch-"))
}
