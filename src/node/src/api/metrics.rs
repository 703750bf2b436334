//! `GET /metrics`: the node's figures in Prometheus' text format (version 0.0.4). They are the
//! machine's own, read when they are asked for.

use super::{Api, health};
use crate::stratum::Figures;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use farthing_core::node::{Direction, NodeStatus};
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

pub(super) async fn metrics(State(api): State<Api>) -> Response {
    let mut text = String::new();
    let status = health::status(&api).await;
    figure(
        &mut text,
        "farthing_up",
        "gauge",
        "Whether the node answers.",
        u64::from(status.is_some()),
    );
    figure(
        &mut text,
        "farthing_uptime_seconds",
        "gauge",
        "Seconds since the start.",
        api.started.elapsed().as_secs(),
    );
    if let Some(status) = status {
        node(&mut text, &status);
    }
    if let Some(figures) = api.stratum.figures().await {
        stratum(&mut text, &figures);
    }
    let counters = api.node.counters();
    let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
    for (name, help, value) in [
        (
            "received_bytes_total",
            "Bytes that peers sent.",
            &counters.received,
        ),
        (
            "sent_bytes_total",
            "Bytes that were sent to peers.",
            &counters.sent,
        ),
        (
            "accepted_total",
            "Connections that came.",
            &counters.accepted,
        ),
        (
            "refused_total",
            "Connections that came when no place was free.",
            &counters.refused,
        ),
        (
            "slow_total",
            "Peers that were left because they did not read.",
            &counters.slow,
        ),
    ] {
        figure(
            &mut text,
            &format!("farthing_p2p_{name}"),
            "counter",
            help,
            read(value),
        );
    }
    let kind = [(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    (StatusCode::OK, kind, text).into_response()
}

fn node(text: &mut String, status: &NodeStatus) {
    for (name, kind, help, value) in [
        (
            "height",
            "gauge",
            "Height up to which blocks are validated.",
            status.height.into(),
        ),
        (
            "headers",
            "gauge",
            "Height of the best header.",
            status.headers.into(),
        ),
        (
            "tip_time_seconds",
            "gauge",
            "Time of the newest block.",
            status.tip_time.into(),
        ),
        (
            "mempool_transactions",
            "gauge",
            "Transactions that wait.",
            status.mempool_transactions,
        ),
        (
            "mempool_bytes",
            "gauge",
            "Their virtual bytes.",
            status.mempool_bytes,
        ),
        (
            "blocks_connected_total",
            "counter",
            "Blocks connected.",
            status.blocks_connected,
        ),
        (
            "blocks_disconnected_total",
            "counter",
            "Blocks disconnected.",
            status.blocks_disconnected,
        ),
        (
            "misbehaving_total",
            "counter",
            "Peers left for breaking the protocol.",
            status.misbehaving,
        ),
    ] {
        figure(text, &format!("farthing_{name}"), kind, help, value);
    }
    let name = "farthing_peers";
    head(text, name, "gauge", "Peers that have shaken hands.");
    for (direction, label) in [
        (Direction::Inbound, "inbound"),
        (Direction::Outbound, "outbound"),
    ] {
        let peers = status.peers.iter();
        let count = peers
            .filter(|peer| peer.ready && peer.direction == direction)
            .count();
        writeln!(text, "{name}{{direction=\"{label}\"}} {count}").ok();
    }
}

fn stratum(text: &mut String, figures: &Figures) {
    let status = &figures.status;
    for (name, kind, help, value) in [
        (
            "connections",
            "gauge",
            "Connections to Stratum.",
            status.connections.into(),
        ),
        (
            "miners",
            "gauge",
            "Of these, connections that mine.",
            status.miners.into(),
        ),
        (
            "blocks_total",
            "counter",
            "Blocks that miners found.",
            status.blocks,
        ),
        (
            "blocks_taken_total",
            "counter",
            "Of these, blocks that the node took.",
            figures.taken,
        ),
        (
            "misbehaving_total",
            "counter",
            "Miners left for breaking a rule or a limit.",
            status.misbehaving,
        ),
        (
            "refused_total",
            "counter",
            "Connections that came when no place was free.",
            figures.refused,
        ),
        (
            "slow_total",
            "counter",
            "Miners that were left because they did not read.",
            figures.slow,
        ),
    ] {
        figure(text, &format!("farthing_stratum_{name}"), kind, help, value);
    }
    let name = "farthing_stratum_shares_total";
    head(text, name, "counter", "Shares, by what became of them.");
    for (what, count) in [
        ("accepted", status.accepted),
        ("rejected", status.rejected),
        ("stale", status.stale),
    ] {
        writeln!(text, "{name}{{result=\"{what}\"}} {count}").ok();
    }
}

fn figure(text: &mut String, name: &str, kind: &str, help: &str, value: u64) {
    head(text, name, kind, help);
    // Writing to a string does not fail.
    writeln!(text, "{name} {value}").ok();
}

fn head(text: &mut String, name: &str, kind: &str, help: &str) {
    writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}").ok();
}
