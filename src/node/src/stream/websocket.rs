//! A page's WebSocket as a stream: which page may open one, and its two halves.
//!
//! Threat: a page of another site, and a name that came to point here. What a page may do needs no
//! authority, and yet a stranger's page shall not mine or relay with this machine's address.

use super::connection::{Ended, Incoming, Outgoing, PIECE};
use crate::serve::{OriginError, check_origin};
use axum::body::Bytes;
use axum::extract::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, WebSocket};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use std::time::Duration;
use tokio::time::timeout;

/// The most bytes that wait in the WebSocket itself.
const MAX_UNSENT: usize = 2 * (PIECE + 16);
/// Until a page has taken the farewell.
const CLOSING: Duration = Duration::from_secs(2);

/// What a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    /// Bytes: any part of the stream.
    Bytes,
    /// A line of text, whether it has its end or not.
    Lines,
}

impl Framing {
    /// The subprotocol that a page may ask for.
    fn subprotocol(self) -> &'static str {
        match self {
            Self::Bytes => "binary",
            Self::Lines => "stratum",
        }
    }
}

/// Why a page has no connection.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UpgradeError {
    #[error(transparent)]
    Origin(#[from] OriginError),
    #[error("expected the subprotocol {expected} or none, found {found}")]
    Subprotocol {
        expected: &'static str,
        found: String,
    },
    #[error("expected a WebSocket: {0}")]
    Upgrade(#[from] WebSocketUpgradeRejection),
    #[error("no place is free: there are too many connections")]
    TooMany,
}

impl IntoResponse for UpgradeError {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::Origin(_) => StatusCode::FORBIDDEN,
            Self::Subprotocol { .. } => StatusCode::BAD_REQUEST,
            Self::Upgrade(_) => StatusCode::UPGRADE_REQUIRED,
            Self::TooMany => StatusCode::SERVICE_UNAVAILABLE,
        };
        (status, format!("{self}\n")).into_response()
    }
}

/// Everything that must hold before a page's request becomes a connection: its WebSocket, with
/// frames of at most so many bytes, and a place.
pub(crate) fn upgrade<P>(
    headers: &HeaderMap,
    asked: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    framing: Framing,
    most: usize,
    place: impl FnOnce() -> Option<P>,
) -> Result<(WebSocketUpgrade, P), UpgradeError> {
    check_origin(headers)?;
    let upgrade = asked?;
    let found: Vec<_> = upgrade.requested_protocols().collect();
    let expected = framing.subprotocol();
    if !found.is_empty() && !found.iter().any(|name| *name == expected) {
        let found = format!("{found:?}");
        return Err(UpgradeError::Subprotocol { expected, found });
    }
    let place = place().ok_or(UpgradeError::TooMany)?;
    let upgrade = upgrade
        .protocols([expected])
        // axum's own bounds are 64 MiB a message, and none for what waits to be sent.
        .max_frame_size(most)
        .max_message_size(most)
        .read_buffer_size(PIECE)
        .write_buffer_size(0)
        .max_write_buffer_size(MAX_UNSENT);
    Ok((upgrade, place))
}

/// Splits a WebSocket for whoever carries it, and tells the page in the end how it ended.
pub(crate) async fn converse(
    socket: WebSocket,
    framing: Framing,
    carry: impl AsyncFnOnce(From, &mut To) -> Ended,
) {
    let (to, from) = socket.split();
    let (from, mut to) = (From { from, framing }, To { to, framing });
    let ended = carry(from, &mut to).await;
    let close = farewell(code(&ended), &ended.to_string());
    // A page that is gone or stalled does not take even this.
    timeout(CLOSING, to.to.send(close)).await.ok();
}

/// The frame that closes a connection, with a sentence. A control frame holds 125 bytes, two of them
/// the code (RFC 6455, section 5.5): a longer sentence ends in an ellipsis.
pub(crate) fn farewell(code: u16, sentence: &str) -> Message {
    const LONGEST: usize = 123;
    const CUT: &str = "…";
    let reason = if sentence.len() <= LONGEST {
        sentence.to_owned()
    } else {
        let end = sentence.floor_char_boundary(LONGEST - CUT.len());
        format!("{}{CUT}", &sentence[..end])
    };
    Message::Close(Some(CloseFrame {
        code,
        reason: reason.into(),
    }))
}

/// RFC 6455's status code. Nobody should depend on it: websockify has others.
fn code(ended: &Ended) -> u16 {
    match ended {
        Ended::PeerLeft => 1000,
        Ended::Stopping => 1001,
        Ended::Text => 1003,
        Ended::Left => 1008,
        // What most often breaks a page's side is a frame past the bound.
        Ended::Broke(_) => 1009,
        Ended::Stalled | Ended::TooSlow => 1011,
    }
}

/// What a page sends.
pub(crate) struct From {
    from: SplitStream<WebSocket>,
    framing: Framing,
}

/// What a page is sent.
pub(crate) struct To {
    to: SplitSink<WebSocket, Message>,
    framing: Framing,
}

impl Incoming for From {
    async fn receive(&mut self) -> Result<Option<Vec<u8>>, Ended> {
        loop {
            let bytes = match self.from.next().await {
                None | Some(Ok(Message::Close(_))) => return Ok(None),
                Some(Ok(Message::Binary(bytes))) => bytes,
                Some(Ok(Message::Text(text))) if self.framing == Framing::Lines => text.into(),
                Some(Ok(Message::Text(_))) => return Err(Ended::Text),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                Some(Err(error)) => return Err(Ended::Broke(error.to_string())),
            };
            let mut bytes = Vec::from(bytes);
            if self.framing == Framing::Lines && !bytes.ends_with(b"\n") {
                bytes.push(b'\n');
            }
            return Ok(Some(bytes));
        }
    }
}

impl Outgoing for To {
    async fn deliver(&mut self, bytes: &[u8]) -> Result<(), Ended> {
        let message = match self.framing {
            Framing::Bytes => Message::Binary(Bytes::copy_from_slice(bytes)),
            // The server's lines are ASCII: wherever one is cut, both parts are text.
            Framing::Lines => Message::Text(String::from_utf8_lossy(bytes).into_owned().into()),
        };
        let sent = self.to.send(message).await;
        sent.map_err(|error| Ended::Broke(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_farewell_fits_into_a_control_frame() {
        let said = |sentence: &str| match farewell(1008, sentence) {
            Message::Close(Some(CloseFrame { code: 1008, reason })) => reason.to_string(),
            other => panic!("{other:?}"),
        };
        let longest = "a".repeat(123);
        assert_eq!(said(&longest), longest);
        assert_eq!(said(&"a".repeat(124)), format!("{}…", "a".repeat(120)));
        let cut = said(&"é".repeat(62));
        assert_eq!(cut, format!("{}…", "é".repeat(60)));
        assert!(cut.len() <= 123);
    }
}
