//! Miners over TCP, as programs do it, and over `GET /stratum`, upgraded to a WebSocket, as pages do.

use super::handle::StratumHandle;
use crate::serve::Visitor;
use crate::stream::{Framing, accept_each, converse, upgrade};
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{Extension, State, WebSocketUpgrade};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tracing::{debug, warn};

/// The most bytes of a frame from a page: a miner's line has far fewer.
const MAX_TAKEN: usize = 1 << 14;

/// Takes miners in, for ever.
pub(crate) async fn listen(listener: TcpListener, stratum: StratumHandle) {
    let carry = |from, mut to, address: SocketAddr| {
        let stratum = stratum.clone();
        async move {
            stratum.accepted(from, &mut to, address.ip()).await;
        }
    };
    accept_each(listener, || stratum.place(), carry).await;
}

/// The handler.
pub(crate) async fn miner(
    State(stratum): State<StratumHandle>,
    Extension(Visitor(address)): Extension<Visitor>,
    headers: HeaderMap,
    asked: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let upgraded = upgrade(&headers, asked, Framing::Lines, MAX_TAKEN, || {
        stratum.place()
    });
    let (upgrade, place) = match upgraded {
        Ok(upgraded) => upgraded,
        Err(error) => {
            warn!("{address} is no miner: {error}");
            return error.into_response();
        }
    };
    upgrade
        .on_failed_upgrade(move |error| debug!("{address} is no miner: {error}"))
        .on_upgrade(async move |socket| {
            let carry = async |from, to: &mut _| stratum.accepted(from, to, address.ip()).await;
            converse(socket, Framing::Lines, carry).await;
            drop(place);
        })
}
