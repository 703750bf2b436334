//! `POST /api/block` and `POST /api/transaction`: hexadecimal digits in, BIP22's answer out:
//! `{"result":null}` for what was taken, else its word and a sentence.

use super::Api;
use crate::driver::AskError;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use farthing_core::node::{Request, RequestError};
use serde_json::json;

pub(super) async fn block(State(api): State<Api>, body: Bytes) -> Response {
    submit(api, &body, |block| Request::SubmitBlock { block }).await
}

pub(super) async fn transaction(State(api): State<Api>, body: Bytes) -> Response {
    submit(api, &body, |transaction| Request::SubmitTransaction {
        transaction,
    })
    .await
}

async fn submit(api: Api, body: &[u8], request: impl FnOnce(Vec<u8>) -> Request) -> Response {
    let bytes = match hex::decode(body.trim_ascii()) {
        Ok(bytes) => bytes,
        Err(error) => {
            let message = format!("expected hexadecimal digits: {error}");
            return refused(RequestError {
                code: "rejected".to_owned(),
                message,
            });
        }
    };
    match api.node.ask(request(bytes)).await {
        Ok(_) => Json(json!({ "result": null })).into_response(),
        Err(AskError::Refused(error)) => refused(error),
        Err(error @ AskError::Gone) => {
            (StatusCode::SERVICE_UNAVAILABLE, format!("{error}\n")).into_response()
        }
    }
}

fn refused(error: RequestError) -> Response {
    Json(json!({ "result": error.code, "message": error.message })).into_response()
}
