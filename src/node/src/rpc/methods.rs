//! Which name is answered by what.

use super::envelope::Call;
use super::error::{Code, RpcError};
use super::params::Params;
use super::{Rpc, facts, mining};
use serde_json::{Value, json};

/// Every method, with its arguments, as `help` tells it.
const METHODS: [&str; 12] = [
    "getbestblockhash",
    "getblockchaininfo",
    "getblockcount",
    "getblocktemplate {\"rules\":[\"segwit\"],\"longpollid\":\"id\"} or {\"mode\":\"proposal\",\"data\":\"hexdata\"}",
    "getconnectioncount",
    "getmininginfo",
    "getnetworkinfo",
    "help",
    "sendrawtransaction \"hexstring\"",
    "submitblock \"hexdata\"",
    "uptime",
    "validateaddress \"address\"",
];

pub(super) async fn answer(rpc: &Rpc, call: Call) -> Result<Value, RpcError> {
    let Call { method, params } = call;
    match method.as_str() {
        "getbestblockhash" => facts::getbestblockhash(rpc, params).await,
        "getblockchaininfo" => facts::getblockchaininfo(rpc, params).await,
        "getblockcount" => facts::getblockcount(rpc, params).await,
        "getblocktemplate" => mining::getblocktemplate(rpc, params).await,
        "getconnectioncount" => facts::getconnectioncount(rpc, params).await,
        "getmininginfo" => mining::getmininginfo(rpc, params).await,
        "getnetworkinfo" => facts::getnetworkinfo(rpc, params).await,
        "help" => help(params),
        "sendrawtransaction" => mining::sendrawtransaction(rpc, params).await,
        "submitblock" => mining::submitblock(rpc, params).await,
        "uptime" => facts::uptime(rpc, params),
        "validateaddress" => facts::validateaddress(rpc, params),
        _ => {
            let method: String = method.chars().take(60).collect();
            let said = format!("expected a method that help lists, found {method:?}");
            Err(RpcError::new(Code::MethodNotFound, said))
        }
    }
}

fn help(params: Params) -> Result<Value, RpcError> {
    let [_command] = params.read(["command"])?;
    Ok(json!(METHODS.join("\n")))
}
