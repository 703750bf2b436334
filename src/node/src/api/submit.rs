//! `POST /api/block` and `POST /api/transaction`: hexadecimal digits in, BIP22's answer out:
//! `{"result":null}` for what was taken, else its word and a sentence.

use super::Api;
use crate::driver::AskError;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest as _, Request as Asked, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use farthing_core::node::{Request, RequestError};
use serde_json::json;
use std::time::Duration;
use tokio::time::timeout;

/// Until all of a body is there: the longest block comes whole at 30 kB a second.
const BODY: Duration = Duration::from_secs(30);

pub(super) async fn block(State(api): State<Api>, asked: Asked) -> Response {
    submit(api, asked, |block| Request::SubmitBlock { block }).await
}

pub(super) async fn transaction(State(api): State<Api>, asked: Asked) -> Response {
    submit(api, asked, |transaction| Request::SubmitTransaction {
        transaction,
    })
    .await
}

/// The body, if it comes in time and is not too long.
pub(crate) async fn whole_body(asked: Asked) -> Result<Bytes, Response> {
    body(asked, BODY).await
}

async fn body(asked: Asked, patience: Duration) -> Result<Bytes, Response> {
    match timeout(patience, Bytes::from_request(asked, &())).await {
        Ok(read) => read.map_err(IntoResponse::into_response),
        Err(_) => {
            let said = format!("expected all of it within {} s\n", patience.as_secs());
            Err((StatusCode::REQUEST_TIMEOUT, said).into_response())
        }
    }
}

async fn submit(api: Api, asked: Asked, request: impl FnOnce(Vec<u8>) -> Request) -> Response {
    let body = match whole_body(asked).await {
        Ok(body) => body,
        Err(refusal) => return refusal,
    };
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

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use futures_util::stream;
    use tokio::time::sleep;

    #[tokio::test]
    async fn waits_for_no_body_that_drips() {
        let drops = stream::unfold((), |()| async {
            sleep(Duration::from_millis(20)).await;
            Some((Ok::<_, std::io::Error>("0"), ()))
        });
        let asked = Asked::new(Body::from_stream(drops));
        let read = timeout(
            Duration::from_secs(10),
            body(asked, Duration::from_millis(200)),
        );
        let refusal = read.await.expect("it is left").unwrap_err();
        assert_eq!(refusal.status(), StatusCode::REQUEST_TIMEOUT);
        let whole = body(Asked::new(Body::from("00")), BODY).await.unwrap();
        assert_eq!(whole, "00");
    }
}
