//! The chain, the network, addresses: what programs that mine ask before they begin. A field whose
//! value this node does not keep is left out rather than made up.

use super::Rpc;
use super::error::{Code, RpcError};
use super::params::{Params, text};
use farthing_core::node::{Direction, NodeStatus, Request, Response};
use farthing_core::protocol::PROTOCOL_VERSION;
use serde_json::{Value, json};

pub(super) async fn status(rpc: &Rpc) -> Result<NodeStatus, RpcError> {
    match rpc.node.ask(Request::Status).await? {
        Response::Status(status) => Ok(*status),
        _ => Err(RpcError::new(
            Code::NotConnected,
            "the node does not answer",
        )),
    }
}

pub(super) async fn getbestblockhash(rpc: &Rpc, params: Params) -> Result<Value, RpcError> {
    let [] = params.read([])?;
    Ok(json!(status(rpc).await?.tip))
}

pub(super) async fn getblockcount(rpc: &Rpc, params: Params) -> Result<Value, RpcError> {
    let [] = params.read([])?;
    Ok(json!(status(rpc).await?.height))
}

pub(super) async fn getblockchaininfo(rpc: &Rpc, params: Params) -> Result<Value, RpcError> {
    let [] = params.read([])?;
    let status = status(rpc).await?;
    Ok(json!({
        "chain": status.network,
        "blocks": status.height,
        "headers": status.headers,
        "bestblockhash": status.tip,
        "time": status.tip_time,
        "pruned": false,
        "warnings": [],
    }))
}

pub(super) async fn getconnectioncount(rpc: &Rpc, params: Params) -> Result<Value, RpcError> {
    let [] = params.read([])?;
    let (inbound, outbound) = connections(&status(rpc).await?);
    Ok(json!(inbound + outbound))
}

pub(super) async fn getnetworkinfo(rpc: &Rpc, params: Params) -> Result<Value, RpcError> {
    let [] = params.read([])?;
    let (inbound, outbound) = connections(&status(rpc).await?);
    Ok(json!({
        "version": version_number(env!("CARGO_PKG_VERSION")),
        "subversion": format!("/farthing:{}/", env!("CARGO_PKG_VERSION")),
        "protocolversion": PROTOCOL_VERSION,
        "networkactive": true,
        "connections": inbound + outbound,
        "connections_in": inbound,
        "connections_out": outbound,
        "warnings": [],
    }))
}

/// Those that have shaken hands: who came, and who was dialled.
fn connections(status: &NodeStatus) -> (usize, usize) {
    let ready = status.peers.iter().filter(|peer| peer.ready);
    let (inbound, outbound): (Vec<_>, Vec<_>) =
        ready.partition(|peer| peer.direction == Direction::Inbound);
    (inbound.len(), outbound.len())
}

/// Bitcoin Core's way to write a version as one number: two digits for each part.
fn version_number(version: &str) -> u32 {
    let parts = version.split(['.', '-', '+']).take(3);
    parts.fold(0, |number, part| {
        number * 100 + part.parse::<u32>().unwrap_or_default()
    })
}

pub(super) fn uptime(rpc: &Rpc, params: Params) -> Result<Value, RpcError> {
    let [] = params.read([])?;
    Ok(json!(rpc.started.elapsed().as_secs()))
}

pub(super) fn validateaddress(rpc: &Rpc, params: Params) -> Result<Value, RpcError> {
    let [address] = params.read(["address"])?;
    let address = text("address", address)?;
    Ok(match rpc.params.script_from_address(&address) {
        Ok(script) => json!({
            "isvalid": true,
            "address": address,
            "scriptPubKey": script.to_hex_string(),
            "isscript": false,
            "iswitness": true,
            "witness_version": 16,
            "witness_program": hex::encode(script.as_bytes().get(2..).unwrap_or_default()),
        }),
        Err(error) => json!({ "isvalid": false, "error": error.to_string() }),
    })
}

#[cfg(test)]
mod tests {
    use super::version_number;

    #[test]
    fn writes_a_version_as_one_number() {
        assert_eq!(version_number("0.1.0"), 100);
        assert_eq!(version_number("1.2.3-rc.1"), 10_203);
    }
}
