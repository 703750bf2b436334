//! `GET /api/template[?longpollid=ID]`: what is to be mined next, with the names of BIP22, BIP23 and
//! BIP145. With the id of the last one the answer comes when there is something better, or after a
//! minute.

use super::Api;
use crate::driver::AskError;
use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use farthing_core::node::{Request, Response as Answer};

pub(super) async fn template(State(api): State<Api>, RawQuery(query): RawQuery) -> Response {
    let longpollid = query.as_deref().and_then(longpollid).map(str::to_owned);
    let answer = api.node.ask(Request::Template { longpollid }).await;
    let mut response = match answer {
        Ok(Answer::Template(template)) => Json(*template).into_response(),
        Ok(_) => unavailable(&AskError::Gone),
        Err(error) => unavailable(&error),
    };
    let headers = response.headers_mut();
    headers.insert(
        CACHE_CONTROL,
        axum::http::HeaderValue::from_static("no-store"),
    );
    response
}

fn unavailable(error: &AskError) -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, format!("{error}\n")).into_response()
}

/// An id is letters and digits: nothing in it is escaped.
fn longpollid(query: &str) -> Option<&str> {
    let mut pairs = query.split('&');
    let id = pairs.find_map(|pair| pair.strip_prefix("longpollid="))?;
    (!id.is_empty()).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::longpollid;

    #[test]
    fn finds_the_id() {
        assert_eq!(longpollid("longpollid=ab12"), Some("ab12"));
        assert_eq!(longpollid("rules=segwit&longpollid=ab12&x"), Some("ab12"));
        assert_eq!(longpollid("longpollid="), None);
        assert_eq!(longpollid("xlongpollid=ab12"), None);
    }
}
