//! One JSON object a line: a request, a notification (a request that wants no answer), an answer.
//!
//! Pools and miners are not strict with JSON-RPC, so reading is tolerant: an id may be null, a number
//! or text; an error may be an array `[code, text, …]`, an object or a text; fields that nobody knows
//! are left out of account. What is written is what most programs expect.

use super::error::{MessageError, Unread, printable};
use super::limits;
use serde_json::{Map, Number, Value, json};

/// The number or name that an answer repeats.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Id {
    /// No answer is wanted.
    #[default]
    Null,
    /// A number, mostly.
    Number(Number),
    /// Text.
    Text(String),
}

impl Id {
    /// A whole number.
    #[must_use]
    pub fn from_u64(number: u64) -> Self {
        Id::Number(number.into())
    }

    /// The whole number that it is, or that its text says: some pools answer with text.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Id::Null => None,
            Id::Number(number) => number.as_u64(),
            Id::Text(text) => text.parse().ok(),
        }
    }

    fn read(value: Option<&Value>) -> Result<Self, MessageError> {
        match value {
            None | Some(Value::Null) => Ok(Id::Null),
            Some(Value::Number(number)) => Ok(Id::Number(number.clone())),
            Some(Value::String(text)) if text.len() <= limits::ID => Ok(Id::Text(text.clone())),
            Some(_) => Err(MessageError::Id),
        }
    }

    fn to_value(&self) -> Value {
        match self {
            Id::Null => Value::Null,
            Id::Number(number) => Value::Number(number.clone()),
            Id::Text(text) => Value::String(text.clone()),
        }
    }
}

/// Why the other side did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteError {
    /// The code, where there is one.
    pub code: Option<i64>,
    /// What it says: cut, printable ASCII.
    pub message: String,
}

/// A line.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    /// Something is asked, or told where the id is null.
    Request {
        /// To be repeated in the answer.
        id: Id,
        /// `mining.notify`, ...
        method: String,
        /// By position.
        params: Vec<Value>,
    },
    /// An answer.
    Response {
        /// Of the request.
        id: Id,
        /// What came of it.
        result: Result<Value, RemoteError>,
    },
}

impl Message {
    /// A request.
    #[must_use]
    pub fn request(id: u64, method: &str, params: Vec<Value>) -> Self {
        Message::Request {
            id: Id::from_u64(id),
            method: method.to_owned(),
            params,
        }
    }

    /// A request that wants no answer.
    #[must_use]
    pub fn notification(method: &str, params: Vec<Value>) -> Self {
        Message::Request {
            id: Id::Null,
            method: method.to_owned(),
            params,
        }
    }

    /// Reads a line.
    ///
    /// # Errors
    /// It is not JSON, or neither a request nor an answer. The id is told where it can be read.
    pub fn read(line: &[u8]) -> Result<Self, Box<Unread>> {
        let fail = |id: Id, error| Box::new(Unread { id, error });
        let value: Value = serde_json::from_slice(line).map_err(|error| {
            let reason = printable(&error.to_string(), limits::TEXT);
            fail(Id::Null, MessageError::Json { reason })
        })?;
        let Value::Object(object) = value else {
            let found = kind(&value);
            return Err(fail(Id::Null, MessageError::Shape { found }));
        };
        let id = Id::read(object.get("id")).map_err(|error| fail(Id::Null, error))?;
        Self::of_object(id.clone(), object).map_err(|error| fail(id, error))
    }

    fn of_object(id: Id, mut object: Map<String, Value>) -> Result<Self, MessageError> {
        match object.remove("method") {
            Some(Value::String(method)) => {
                let params = match object.remove("params") {
                    None | Some(Value::Null) => Vec::new(),
                    Some(Value::Array(params)) => params,
                    // By name: nothing in Stratum is, but the method may need none.
                    Some(Value::Object(_)) => Vec::new(),
                    Some(other) => {
                        return Err(MessageError::Field {
                            what: "params",
                            expected: "a list",
                            found: kind(&other).to_owned(),
                        });
                    }
                };
                return Ok(Message::Request { id, method, params });
            }
            // Some pools write `"method": null` into their answers.
            None | Some(Value::Null) => {}
            Some(other) => {
                return Err(MessageError::Field {
                    what: "method",
                    expected: "text",
                    found: kind(&other).to_owned(),
                });
            }
        }
        let result = object.remove("result");
        let error = object.remove("error");
        if result.is_none() && error.is_none() {
            let found = "an object with neither";
            return Err(MessageError::Shape { found });
        }
        let result = match error.as_ref().and_then(remote_error) {
            Some(error) => Err(error),
            None => Ok(result.unwrap_or(Value::Null)),
        };
        Ok(Message::Response { id, result })
    }

    /// The line, with its end.
    #[must_use]
    pub fn to_line(&self) -> Vec<u8> {
        let value = match self {
            Message::Request { id, method, params } => {
                json!({ "id": id.to_value(), "method": method, "params": params })
            }
            Message::Response { id, result } => match result {
                Ok(result) => json!({ "id": id.to_value(), "result": result, "error": null }),
                Err(error) => json!({
                    "id": id.to_value(),
                    "result": null,
                    "error": [error.code, error.message, null],
                }),
            },
        };
        let mut line = value.to_string().into_bytes();
        line.push(b'\n');
        line
    }
}

/// `null` and `false` are no error.
fn remote_error(value: &Value) -> Option<RemoteError> {
    let text = |value: Option<&Value>| match value {
        Some(Value::String(text)) => printable(text, limits::TEXT),
        None | Some(Value::Null) => "no reason given".to_owned(),
        Some(other) => printable(&other.to_string(), limits::TEXT),
    };
    match value {
        Value::Null | Value::Bool(false) => None,
        Value::Array(parts) if parts.is_empty() => None,
        Value::Array(parts) => Some(RemoteError {
            code: parts.first().and_then(Value::as_i64),
            message: text(parts.get(1).or(match parts.first() {
                Some(Value::String(_)) => parts.first(),
                _ => None,
            })),
        }),
        Value::Object(parts) => Some(RemoteError {
            code: parts.get("code").and_then(Value::as_i64),
            message: text(parts.get("message")),
        }),
        other => Some(RemoteError {
            code: other.as_i64(),
            message: text(Some(other)),
        }),
    }
}

pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Whole numbers without a fraction: some programs read nothing else.
pub(super) fn difficulty_value(number: f64) -> Value {
    /// 2^53: whole numbers up to here are exact.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number < EXACT {
        Value::from(number as u64)
    } else {
        Value::from(number)
    }
}

/// A parameter that is text.
pub(super) fn text<'a>(
    params: &'a [Value],
    at: usize,
    what: &'static str,
) -> Result<&'a str, MessageError> {
    match params.get(at) {
        Some(Value::String(text)) => Ok(text),
        Some(other) => Err(MessageError::Field {
            what,
            expected: "text",
            found: kind(other).to_owned(),
        }),
        None => Err(MessageError::missing(what, "text")),
    }
}

/// A parameter that is a number, or text that says one.
pub(super) fn number(params: &[Value], at: usize, what: &'static str) -> Result<f64, MessageError> {
    let found = match params.get(at) {
        Some(Value::Number(number)) => number.as_f64(),
        Some(Value::String(text)) => text.parse().ok(),
        Some(_) => None,
        None => return Err(MessageError::missing(what, "a number")),
    };
    found.ok_or_else(|| {
        let found = params.get(at).map(Value::to_string).unwrap_or_default();
        MessageError::field(what, "a number", &found)
    })
}
