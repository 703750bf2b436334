//! `GET /p2p`, upgraded to a WebSocket: a page as a peer. Its binary frames are a stream of bytes, as
//! a bridge's are; one frame may hold several messages or a part of one.
//!
//! Threat: a page of another site (a browser lets any page open a WebSocket; only its Origin tells),
//! and a name that came to point here. What a peer may do needs no authority, and yet a stranger's
//! page shall not mine or relay with this machine's address.

use super::connection::{Ended, Incoming, Outgoing, PIECE};
use super::handle::NodeHandle;
use crate::serve::{OriginError, Visitor, check_origin};
use axum::body::Bytes;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, WebSocket};
use axum::extract::{Extension, State, WebSocketUpgrade};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;
use tracing::{debug, warn};

/// The most bytes of a frame from a page: a block weighs at most 400,000.
const MAX_TAKEN: usize = 1 << 19;
/// The most bytes that wait in the WebSocket itself.
const MAX_UNSENT: usize = 2 * (PIECE + 16);
/// Until a page has taken the farewell.
const CLOSING: Duration = Duration::from_secs(2);

/// Why a page is no peer.
#[derive(Debug, thiserror::Error)]
enum PeerError {
    #[error(transparent)]
    Origin(#[from] OriginError),
    #[error("expected the subprotocol binary or none, found {0}")]
    Subprotocol(String),
    #[error("expected a WebSocket: {0}")]
    Upgrade(#[from] WebSocketUpgradeRejection),
    #[error("no place is free: too many peers are connected")]
    TooMany,
}

impl IntoResponse for PeerError {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::Origin(_) => StatusCode::FORBIDDEN,
            Self::Subprotocol(_) => StatusCode::BAD_REQUEST,
            Self::Upgrade(_) => StatusCode::UPGRADE_REQUIRED,
            Self::TooMany => StatusCode::SERVICE_UNAVAILABLE,
        };
        (status, format!("{self}\n")).into_response()
    }
}

/// The handler.
pub(crate) async fn peer_to_peer(
    State(node): State<NodeHandle>,
    Extension(Visitor(address)): Extension<Visitor>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let (upgrade, place) = match admit(&node, &headers, upgrade) {
        Ok(admitted) => admitted,
        Err(error) => {
            warn!("{address} is no peer: {error}");
            return error.into_response();
        }
    };
    upgrade
        .protocols(["binary"])
        // axum's own bounds are 64 MiB a message, and none for what waits to be sent.
        .max_frame_size(MAX_TAKEN)
        .max_message_size(MAX_TAKEN)
        .read_buffer_size(PIECE)
        .write_buffer_size(0)
        .max_write_buffer_size(MAX_UNSENT)
        .on_failed_upgrade(move |error| debug!("{address} is no peer: {error}"))
        .on_upgrade(async move |socket| {
            converse(&node, socket, address.to_string()).await;
            drop(place);
        })
}

fn admit(
    node: &NodeHandle,
    headers: &HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<(WebSocketUpgrade, OwnedSemaphorePermit), PeerError> {
    check_origin(headers)?;
    let upgrade = upgrade?;
    let protocols: Vec<_> = upgrade.requested_protocols().collect();
    if !protocols.is_empty() && !protocols.iter().any(|name| *name == "binary") {
        return Err(PeerError::Subprotocol(format!("{protocols:?}")));
    }
    let place = node.place().ok_or(PeerError::TooMany)?;
    Ok((upgrade, place))
}

async fn converse(node: &NodeHandle, socket: WebSocket, address: String) {
    let (mut to, from) = socket.split();
    let ended = node.accepted(from, &mut to, address).await;
    let close = Message::Close(Some(CloseFrame {
        code: code(&ended),
        reason: ended
            .to_string()
            .chars()
            .take(100)
            .collect::<String>()
            .into(),
    }));
    // A page that is gone or stalled does not take even this.
    timeout(CLOSING, to.send(close)).await.ok();
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

impl Incoming for SplitStream<WebSocket> {
    async fn receive(&mut self) -> Result<Option<Vec<u8>>, Ended> {
        loop {
            match self.next().await {
                None | Some(Ok(Message::Close(_))) => return Ok(None),
                Some(Ok(Message::Binary(bytes))) => return Ok(Some(bytes.into())),
                Some(Ok(Message::Text(_))) => return Err(Ended::Text),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Err(error)) => return Err(Ended::Broke(error.to_string())),
            }
        }
    }
}

impl Outgoing for SplitSink<WebSocket, Message> {
    async fn deliver(&mut self, bytes: &[u8]) -> Result<(), Ended> {
        let message = Message::Binary(Bytes::copy_from_slice(bytes));
        let sent = self.send(message).await;
        sent.map_err(|error| Ended::Broke(error.to_string()))
    }
}
