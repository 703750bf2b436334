//! `GET /p2p`, upgraded to a WebSocket: a page as a peer. Its binary frames are a stream of bytes, as
//! a bridge's are; one frame may hold several messages or a part of one.

use super::handle::NodeHandle;
use crate::serve::Visitor;
use crate::stream::{Framing, converse, upgrade};
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{Extension, State, WebSocketUpgrade};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use tracing::{debug, warn};

/// The most bytes of a frame from a page: a block weighs at most 400,000.
const MAX_TAKEN: usize = 1 << 19;

/// The handler.
pub(crate) async fn peer_to_peer(
    State(node): State<NodeHandle>,
    Extension(Visitor(address)): Extension<Visitor>,
    headers: HeaderMap,
    asked: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let upgraded = upgrade(&headers, asked, Framing::Bytes, MAX_TAKEN, || node.place());
    let (upgrade, place) = match upgraded {
        Ok(upgraded) => upgraded,
        Err(error) => {
            warn!("{address} is no peer: {error}");
            return error.into_response();
        }
    };
    upgrade
        .on_failed_upgrade(move |error| debug!("{address} is no peer: {error}"))
        .on_upgrade(async move |socket| {
            let carry = async |from, to: &mut _| node.accepted(from, to, address.to_string()).await;
            converse(socket, Framing::Bytes, carry).await;
            drop(place);
        })
}
