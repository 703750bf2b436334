//! One connection: what the page says to the other end, a node or a pool, and what that says to the
//! page.
//!
//! Each direction reads only after the other end took what was read before, so that a slow end
//! slows the other down instead of filling this machine's memory. An end that takes nothing, or
//! gives no sign of life, for too long is left.

use super::gate::{Gate, GateError, Gates};
use crate::stream::farewell;
use axum::body::Bytes;
use axum::extract::ws::{Message, WebSocket};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use std::io;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::watch;
use tokio::time::{Instant, interval, sleep_until, timeout, timeout_at};

/// The most bytes of a frame to a page: websockify's.
pub(crate) const MAX_FRAME: usize = 65_536;
/// The most bytes of a frame from a page. A page hands a message over in one, and the largest that
/// a light client has to say is a transaction: nodes relay them up to a weight of 400,000.
pub(crate) const MAX_TAKEN: usize = 1 << 20;

/// How long an end may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Until the page has sent the magic, or a line.
    pub(crate) first_message: Duration,
    /// Until an end takes what is sent to it.
    pub(crate) stalled: Duration,
    /// Between two pings to the page.
    pub(crate) ping_every: Duration,
    /// Until the page gives a sign of life: a message, or a pong.
    pub(crate) page_silent: Duration,
    /// Until the other end does: nodes send a ping every two minutes, pools a job.
    pub(crate) node_silent: Duration,
    /// Connections at the same time.
    pub(crate) connections: usize,
    /// Connections at the same time from one address that is not this machine's own.
    pub(crate) each: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            first_message: Duration::from_secs(60),
            stalled: Duration::from_secs(30),
            ping_every: Duration::from_secs(30),
            page_silent: Duration::from_secs(90),
            node_silent: Duration::from_secs(20 * 60),
            connections: 64,
            each: 16,
        }
    }
}

/// Why a connection ended.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Ended {
    #[error("the page left")]
    PageLeft,
    #[error("the other end closed the connection")]
    NodeLeft,
    #[error("the page does not speak what is carried here: {0}")]
    PageOther(GateError),
    #[error("the other end does not speak what is carried here: {0}")]
    NodeOther(GateError),
    #[error("the page sent text, expected bytes")]
    Text,
    #[error("the connection to the page broke: {0}")]
    PageBroke(axum::Error),
    #[error("the connection to the other end broke: {0}")]
    NodeBroke(io::Error),
    #[error("the page said nothing in the time for a first message")]
    NoFirstMessage,
    #[error("the page takes nothing")]
    PageStalled,
    #[error("the other end takes nothing")]
    NodeStalled,
    #[error("the page gives no sign of life")]
    PageSilent,
    #[error("the other end gives no sign of life")]
    NodeSilent,
    #[error("farthing is stopping")]
    Stopping,
}

impl Ended {
    /// RFC 6455's status code. Nobody should depend on it: websockify has others.
    fn code(&self) -> u16 {
        match self {
            Self::PageLeft | Self::NodeLeft => 1000,
            Self::Stopping => 1001,
            Self::Text => 1003,
            Self::PageOther(_) | Self::NodeOther(_) | Self::NoFirstMessage => 1008,
            // What most often breaks a page's side is a frame past the bound.
            Self::PageBroke(_) => 1009,
            _ => 1011,
        }
    }
}

/// Bytes that passed, each way.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Carried {
    pub(crate) to_node: u64,
    pub(crate) to_page: u64,
}

/// Carries until either end leaves, errs or is left.
pub(crate) async fn carry(
    socket: WebSocket,
    node: TcpStream,
    mut gates: Gates,
    limits: Limits,
    mut stopping: watch::Receiver<bool>,
) -> (Ended, Carried) {
    let (mut to_page, mut from_page) = socket.split();
    let (mut from_node, mut to_node) = node.into_split();
    let mut carried = Carried::default();
    let ended = tokio::select! {
        ended = pump_to_node(&mut from_page, &mut to_node, &mut gates.from_page, limits, &mut carried.to_node) => ended,
        ended = pump_to_page(&mut from_node, &mut to_page, &mut gates.to_page, limits, &mut carried.to_page) => ended,
        _ = stopping.wait_for(|stopping| *stopping) => Ended::Stopping,
    };
    drop((from_node, to_node));
    let close = farewell(ended.code(), &ended.to_string());
    // A page that is gone or stalled does not take even this.
    let sent = async {
        to_page.send(close).await.ok();
        while let Some(Ok(_)) = from_page.next().await {}
    };
    timeout(limits.stalled.min(Duration::from_secs(2)), sent)
        .await
        .ok();
    (ended, carried)
}

async fn pump_to_node(
    page: &mut SplitStream<WebSocket>,
    node: &mut OwnedWriteHalf,
    gate: &mut Gate,
    limits: Limits,
    carried: &mut u64,
) -> Ended {
    let first_message = Instant::now() + limits.first_message;
    loop {
        let message = if gate.is_open() {
            timeout(limits.page_silent, page.next()).await
        } else {
            // A pong is no first message.
            timeout_at(first_message, page.next()).await
        };
        let bytes = match message {
            Err(_) if gate.is_open() => return Ended::PageSilent,
            Err(_) => return Ended::NoFirstMessage,
            Ok(None | Some(Ok(Message::Close(_)))) => return Ended::PageLeft,
            Ok(Some(Err(error))) => return Ended::PageBroke(error),
            Ok(Some(Ok(Message::Ping(_) | Message::Pong(_)))) => continue,
            Ok(Some(Ok(frame))) => match gate.unframe(frame) {
                Some(bytes) => bytes,
                None => return Ended::Text,
            },
        };
        let bytes = match gate.pass(bytes) {
            Ok(bytes) => bytes,
            Err(error) => return Ended::PageOther(error),
        };
        match timeout(limits.stalled, node.write_all(&bytes)).await {
            Err(_) => return Ended::NodeStalled,
            Ok(Err(error)) => return Ended::NodeBroke(error),
            Ok(Ok(())) => *carried += bytes.len() as u64,
        }
    }
}

async fn pump_to_page(
    node: &mut OwnedReadHalf,
    page: &mut SplitSink<WebSocket, Message>,
    gate: &mut Gate,
    limits: Limits,
    carried: &mut u64,
) -> Ended {
    let mut buffer = vec![0; MAX_FRAME];
    let mut pings = interval(limits.ping_every);
    let mut deadline = Instant::now() + limits.node_silent;
    loop {
        let message = tokio::select! {
            read = node.read(&mut buffer) => match read {
                Ok(0) => return Ended::NodeLeft,
                Err(error) => return Ended::NodeBroke(error),
                Ok(count) => match gate.pass(buffer[..count].to_vec()) {
                    Err(error) => return Ended::NodeOther(error),
                    Ok(bytes) => {
                        deadline = Instant::now() + limits.node_silent;
                        *carried += bytes.len() as u64;
                        if bytes.is_empty() {
                            continue;
                        }
                        gate.frame(bytes)
                    }
                },
            },
            _ = pings.tick() => Message::Ping(Bytes::new()),
            () = sleep_until(deadline) => return Ended::NodeSilent,
        };
        match timeout(limits.stalled, page.send(message)).await {
            Err(_) => return Ended::PageStalled,
            Ok(Err(error)) => return Ended::PageBroke(error),
            Ok(Ok(())) => {}
        }
    }
}

#[cfg(test)]
#[path = "carry_tests.rs"]
mod tests;
