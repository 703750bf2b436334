//! A call and its answer as JSON: JSON-RPC 2.0, and 1.0 as Bitcoin Core has it, where the HTTP status
//! tells of an error too.
//!
//! Threat: one request that asks for a thousand things. A batch is refused.

use super::error::{Code, RpcError};
use super::params::Params;
use axum::Json;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// Which JSON-RPC is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    /// 1.0, or none said.
    One,
    Two,
}

/// What the answer must repeat.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Head {
    pub(super) version: Version,
    /// None: nobody waits for an answer (a notification of JSON-RPC 2.0).
    pub(super) id: Option<Value>,
}

/// A call.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Call {
    pub(super) method: String,
    pub(super) params: Params,
}

/// Reads a request. What it says of itself holds for the answer even where the call is none.
pub(super) fn read(body: &[u8]) -> (Head, Result<Call, RpcError>) {
    let unknown = Head {
        version: Version::One,
        id: Some(Value::Null),
    };
    let mut object = match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => object,
        Ok(Value::Array(_)) => return (unknown, Err(invalid("one call", "a batch"))),
        Ok(_) => return (unknown, Err(invalid("an object", "something else"))),
        Err(error) => {
            let said = format!("expected JSON: {error}");
            return (unknown, Err(RpcError::new(Code::Parse, said)));
        }
    };
    let version = match object.get("jsonrpc").and_then(Value::as_str) {
        Some("2.0") => Version::Two,
        _ => Version::One,
    };
    let id = match object.remove("id") {
        None if version == Version::One => Some(Value::Null),
        id => id,
    };
    let head = Head { version, id };
    if let Some(Value::Array(_) | Value::Object(_) | Value::Bool(_)) = &head.id {
        let head = Head {
            id: Some(Value::Null),
            ..head
        };
        return (
            head,
            Err(invalid("an id that is a number or text", "another")),
        );
    }
    let method = match object.remove("method") {
        Some(Value::String(method)) => method,
        Some(_) => return (head, Err(invalid("a method that is text", "another"))),
        None => return (head, Err(invalid("a method", "none"))),
    };
    let params = match object.remove("params") {
        None | Some(Value::Null) => Params::Ordered(Vec::new()),
        Some(Value::Array(values)) => Params::Ordered(values),
        Some(Value::Object(values)) => Params::Named(values),
        Some(_) => {
            return (
                head,
                Err(invalid("params that are an array or an object", "others")),
            );
        }
    };
    (head, Ok(Call { method, params }))
}

fn invalid(expected: &str, found: &str) -> RpcError {
    let said = format!("expected {expected}, found {found}");
    RpcError::new(Code::InvalidRequest, said)
}

/// The answer to a call.
pub(super) fn write(head: Head, result: Result<Value, RpcError>) -> Response {
    let Some(id) = head.id else {
        return StatusCode::NO_CONTENT.into_response();
    };
    let (status, body) = match (head.version, result) {
        (Version::Two, Ok(result)) => (
            StatusCode::OK,
            json!({ "jsonrpc": "2.0", "result": result, "id": id }),
        ),
        (Version::Two, Err(error)) => (
            StatusCode::OK,
            json!({ "jsonrpc": "2.0", "error": error.json(), "id": id }),
        ),
        (Version::One, Ok(result)) => (
            StatusCode::OK,
            json!({ "result": result, "error": null, "id": id }),
        ),
        (Version::One, Err(error)) => (
            status(error.code),
            json!({ "result": null, "error": error.json(), "id": id }),
        ),
    };
    (status, [(CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

fn status(code: Code) -> StatusCode {
    match code {
        Code::InvalidRequest => StatusCode::BAD_REQUEST,
        Code::MethodNotFound => StatusCode::NOT_FOUND,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(body: &str) -> (Head, Code) {
        let (head, call) = read(body.as_bytes());
        (head, call.unwrap_err().code)
    }

    #[test]
    fn reads_calls_of_either_version() {
        for (body, version, id) in [
            (
                r#"{"method":"help","id":"a"}"#,
                Version::One,
                Some(json!("a")),
            ),
            (
                r#"{"jsonrpc":"1.0","method":"help","params":[],"id":1}"#,
                Version::One,
                Some(json!(1)),
            ),
            (
                r#"{"method":"help","params":null}"#,
                Version::One,
                Some(json!(null)),
            ),
            (
                r#"{"jsonrpc":"2.0","method":"help","params":[],"id":0}"#,
                Version::Two,
                Some(json!(0)),
            ),
            (
                r#"{"jsonrpc":"2.0","method":"help","id":null}"#,
                Version::Two,
                Some(json!(null)),
            ),
            (r#"{"jsonrpc":"2.0","method":"help"}"#, Version::Two, None),
        ] {
            let (head, call) = read(body.as_bytes());
            assert_eq!(head, Head { version, id }, "{body}");
            let params = Params::Ordered(Vec::new());
            assert_eq!(
                call.unwrap(),
                Call {
                    method: "help".to_owned(),
                    params
                }
            );
        }
    }

    #[test]
    fn refuses_what_is_no_call() {
        for body in ["", "{", "[", "\u{feff}{}", &"[".repeat(10_000)] {
            assert_eq!(code(body).1, Code::Parse, "{body:.40}");
        }
        for body in [
            "7",
            "[]",
            r#"[{"method":"help","id":1}]"#,
            "{}",
            r#"{"method":7}"#,
            r#"{"method":"help","params":"x"}"#,
            r#"{"method":"help","id":[1]}"#,
        ] {
            assert_eq!(code(body).1, Code::InvalidRequest, "{body}");
        }
        // Whoever asked learns which call it was.
        let (head, _) = code(r#"{"jsonrpc":"2.0","id":9}"#);
        assert_eq!((head.version, head.id), (Version::Two, Some(json!(9))));
    }

    #[test]
    fn tells_of_errors_as_each_version_does() {
        let answer = |version, id, code| {
            let head = Head { version, id };
            write(head, Err(RpcError::new(code, "why")))
                .status()
                .as_u16()
        };
        let id = || Some(json!(1));
        assert_eq!(answer(Version::One, id(), Code::MethodNotFound), 404);
        assert_eq!(answer(Version::One, id(), Code::InvalidRequest), 400);
        assert_eq!(answer(Version::One, id(), Code::Parameter), 500);
        assert_eq!(answer(Version::Two, id(), Code::Parameter), 200);
        assert_eq!(answer(Version::Two, None, Code::Parameter), 204);
    }
}
